/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"
#include "server/base/text.h"
#include "server/base/vec.h"

/*
 * Cuts a title into tokens. First the title is normalised, so that different encodings of one text
 * read the same: entities and tags of HTML are decoded, NFKC is applied, quotes and dashes become
 * one kind, invisible marks are removed, and crossed-out text is put between "~~". Then it is cut
 * into words, numbers, times, addresses and marks. Every character but a blank is in some token.
 */
enum token_kind {
	TOKEN_WORD,
	TOKEN_SYMBOL, /* such as a picture; only the lexicon knows its meaning */
	TOKEN_NUMBER,
	TOKEN_TIME,
	TOKEN_DATE,
	TOKEN_ADDRESS, /* a telephone number, mail, page or postcode */
	TOKEN_PATIENT, /* a patient's number */
	TOKEN_MARK
};

#define TOKEN_ARROW '>'
#define TOKEN_STRIKE '~' /* "~~"; a single "~" is another mark */
#define TOKEN_TILDE '^'

struct token {
	enum token_kind kind;
	const char *text;  /* for a word: lower case, without accents and apostrophes */
	const char *owner; /* of "Jones's", "Ahmed's", "Ahmeds": "jones", "ahmed"; else NULL */
	bool apostrophe;   /* the owner is written with one */
	size_t at, len;    /* in the normalised title */
	char mark;         /* : - / , ; ( ) ? ! + & > . and others as they are */
	bool glued;        /* a hyphen joins it to the token before */
	bool capital, all_capitals;
	bool doubtful; /* an address that may be some other number */
	int minutes;   /* minutes of the day, for a time or a number that could be one (17, 0900);
			  else -1 */
	int day, month, year; /* of a date; the year is 0 if there is none */
	bool vague;           /* a time that may be morning or evening: 9 */
};

struct tokens {
	const char *plain;
	VEC(struct token) items;
};

void tokens_make(struct tokens *tokens, struct arena *arena, const char *title);

/* Tokens ${at} to ${at} + ${len} - 1 as they are written in the normalised title. */
const char *tokens_text(const struct tokens *tokens, struct arena *arena, size_t at, size_t len);
