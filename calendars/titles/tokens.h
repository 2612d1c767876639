#pragma once

#include "server/base/arena.h"
#include "server/base/text.h"
#include "server/base/vec.h"

/*
 * A title as words. First it is made plain (NFKC, quotes and dashes of one kind, no emoji, no
 * invisible marks), so that no disguise changes what it says; then it is cut into words, numbers,
 * times and marks.
 */
enum token_kind { TOKEN_WORD, TOKEN_NUMBER, TOKEN_TIME, TOKEN_PHONE, TOKEN_MARK };

#define TOKEN_ARROW '>'

struct token {
	enum token_kind kind;
	const char *text; /* a word: lower case, without accents and apostrophes */
	size_t at, len;   /* in the plain title */
	char mark;        /* : - / , ; ( ) ? ! + & > . and others as they are */
	bool glued;       /* joined to the token before by a hyphen */
	bool capital, all_capitals;
	int minutes; /* of a time; of a number that could be one (17, 0900); else -1 */
	bool vague;  /* such a number that may be morning or evening: 9 */
};

struct tokens {
	const char *plain;
	VEC(struct token) items;
};

void tokens_make(struct tokens *tokens, struct arena *arena, const char *title);
