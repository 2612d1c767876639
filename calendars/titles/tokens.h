/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"
#include "server/base/text.h"
#include "server/base/vec.h"

/*
 * A title as words. First it is made plain (entities and tags of HTML understood, NFKC, quotes and
 * dashes of one kind, no invisible marks, what is crossed out between "~~"), so that no disguise
 * changes what it says; then it is cut into words, numbers, times, addresses and marks. Nothing of
 * it but blanks is in no token.
 */
enum token_kind {
	TOKEN_WORD,
	TOKEN_SYMBOL, /* a picture, say: what it says only a list of words knows */
	TOKEN_NUMBER,
	TOKEN_TIME,
	TOKEN_DATE,
	TOKEN_ADDRESS, /* a telephone number, mail, page or postcode */
	TOKEN_PATIENT, /* the number of a patient */
	TOKEN_MARK
};

#define TOKEN_ARROW '>'
#define TOKEN_STRIKE '~' /* "~~"; a single "~" is another mark */
#define TOKEN_TILDE '^'

struct token {
	enum token_kind kind;
	const char *text; /* a word: lower case, without accents and apostrophes */
	size_t at, len;   /* in the plain title */
	char mark;        /* : - / , ; ( ) ? ! + & > . and others as they are */
	bool glued;       /* joined to the token before by a hyphen */
	bool capital, all_capitals;
	bool doubtful; /* an address that may be another number */
	int minutes;   /* of a time; of a number that could be one (17, 0900); else -1 */
	int year;      /* of a date that says it; else 0 */
	bool vague;    /* such a number that may be morning or evening: 9 */
};

struct tokens {
	const char *plain;
	VEC(struct token) items;
};

void tokens_make(struct tokens *tokens, struct arena *arena, const char *title);
