/* SPDX-License-Identifier: MIT */
#include "calendars/titles/tokens.h"

#include <string.h>
#include <strings.h>

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "calendars/titles/characters.h"
#include "calendars/titles/plain.h"
#include "calendars/titles/shapes.h"
#include "calendars/titles/token_cut.h"

/* "SAs shift" is left alone: short names with an "s" are other words. */
#define OWNER_MIN 3

struct token *
token_push(struct cutter *c, enum token_kind kind, const char *from, size_t len)
{
	struct token *token = VEC_PUSH(c->arena, &c->out->items);

	token->kind = kind;
	token->at = (size_t)(from - c->out->plain);
	token->len = len;
	token->minutes = -1;
	token->glued = c->glue;
	/* Never NULL, so that every comparison of words may be made without looking at the kind
	 * first. */
	token->text = "";
	c->glue = false;
	c->at = from + len;
	return token;
}

/* ---- Words. */

/* The length of the letter or digit at ${at}, or of a combining mark; 0: it is something else. */
static size_t
letter_len(const char *at)
{
	UChar32 c;
	int32_t len = 0;

	if (char_is_digit(*at) || (char_is_letter(*at) && (unsigned char)*at < 0x80))
		return 1;
	if ((unsigned char)*at < 0x80)
		return 0;
	U8_NEXT(at, len, -1, c);
	if ((U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) == 0)
		return 0;
	return (size_t)len;
}

static size_t
goes_on(const char *at)
{
	return *at == '\'' && char_is_letter(at[1]) ? 1 : letter_len(at);
}

/* "a/l", "w/", "A&E" and "she/her" are one word each. */
static size_t
slashed_len(const char *from, size_t len)
{
	/* Those that begin with another one come after it. */
	static const char *const pairs[] = {"she/her", "she/hers", "he/him", "he/his", "they/them",
	    "they/theirs", "she/they", "he/they", "she/her/hers", "he/him/his"};
	const char *at = from + len;
	size_t longest = 0;

	if (len == 1 && strncasecmp(from, "a&e", 3) == 0 && !goes_on(from + 3))
		return 2;
	if (*at != '/')
		return 0;
	if (len == 1 && letter_len(at + 1) == 1 && !goes_on(at + 2))
		return 2;
	if (len == 1 && (*from | 0x20) == 'w')
		return 1;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		size_t whole = strlen(pairs[i]);

		if (strncasecmp(from, pairs[i], whole) == 0 && !goes_on(from + whole))
			longest = whole;
	}
	return longest > len ? longest - len : 0;
}

/* The length of the apostrophe of "Jones' shift", which no letter follows. */
static size_t
owner_len(const struct cutter *c, const char *at)
{
	bool quoted = false;

	/* "'J Jones' on call" */
	for (size_t i = 0; i < c->out->items.count; i++)
		quoted = quoted != (c->out->items.items[i].mark == '\'');
	return !quoted && (at[-1] | 0x20) == 's' && at[0] == '\'' && at[1] == ' ' &&
	       char_is_letter(at[2]);
}

/* Of a word that ends with "'s", with the apostrophe of "Jones'", or with an "s": the word without it. */
static const char *
owner_of(struct arena *arena, const char *from, size_t len, bool *apostrophe)
{
	size_t cut = 0;

	*apostrophe = len > 2 && (from[len - 1] == '\'' || from[len - 2] == '\'');
	if (len > 2 && from[len - 1] != '\'')
		cut = (from[len - 1] | 0x20) != 's' ? 0 : *apostrophe ? 2 : len > OWNER_MIN;
	if (cut == 0 && !(len > 2 && from[len - 1] == '\''))
		return NULL;
	return plain_fold(arena, (struct slice){from, len - cut});
}

static void
cut_word(struct cutter *c)
{
	const char *from = c->at;
	const char *at = from;
	struct token *token;
	size_t capitals = 0;
	size_t letters = 0;

	/* By characters, not bytes: a letter with an accent is two bytes and more. */
	for (size_t len = 1; len > 0; at += len)
		len = goes_on(at);
	at += slashed_len(from, (size_t)(at - from));
	at += owner_len(c, at);
	for (const char *p = from; p < at; p++) {
		letters += char_is_letter(*p);
		capitals += char_is_upper(*p);
	}
	token = token_push(c, TOKEN_WORD, from, (size_t)(at - from));
	token->text = plain_fold(c->arena, (struct slice){from, token->len});
	token->owner = owner_of(c->arena, from, token->len, &token->apostrophe);
	/* Which letters beyond ASCII are capitals does not matter here: a name may be in any
	 * script. */
	token->capital =
	    char_is_upper(*from) || (unsigned char)*from >= 0x80 || char_is_digit(*from);
	token->all_capitals = letters > 1 && capitals == letters;
}

static void
cut_symbol(struct cutter *c)
{
	const char *from = c->at;
	int32_t len = 0;
	UChar32 symbol;

	U8_NEXT(from, len, -1, symbol);
	(void)symbol;
	token_push(c, TOKEN_SYMBOL, from, (size_t)len)->text =
	    arena_strndup(c->arena, from, (size_t)len);
}

/* '[' or ']' for a brace that has its other half: "{AMHP}" is read like "[AMHP]". Else the mark as it
 * is. */
static char
bracket_of(const struct cutter *c)
{
	const char *at = c->at;

	if (*at == '{')
		return (char)(at[1 + strcspn(at + 1, "()[]{}")] == '}' ? '[' : '{');
	if (*at != '}')
		return *at;
	while (at > c->out->plain && strchr("()[]{}", at[-1]) == NULL)
		at--;
	return (char)(at > c->out->plain && at[-1] == '{' ? ']' : '}');
}

static void
cut_mark(struct cutter *c)
{
	const char *at = c->at;
	/* Arrows that are typed, not drawn. */
	bool arrow = (*at == '-' || *at == '=') && at[1] == '>';
	size_t len = arrow ? 2 : 1;
	char bracket = bracket_of(c);

	if (*at == '-' && !arrow && at > c->out->plain &&
	    (char_is_letter(at[-1]) || char_is_digit(at[-1])) &&
	    (char_is_letter(at[1]) || char_is_digit(at[1]))) {
		/* The hyphen of "Smith-Jones" and "24-26" is no token, but the words around it are
		 * not free: see "glued". */
		c->glue = true;
		c->at++;
		return;
	}
	if (*at == '-' && at[1] == '-') {
		while (at[len] == '-')
			len++;
	}
	/* A single "~" means "about", and casts doubt. */
	if (*at == '~' && at[1] == '~')
		len = 2;
	token_push(c, TOKEN_MARK, at, len)->mark =
	    (char)(arrow ? TOKEN_ARROW : (*at == '~' && len == 1 ? TOKEN_TILDE : bracket));
}

/* Cuts what has a known shape: addresses; dates before telephone numbers, because some dates look
 * like these. */
static bool
cut_shape(struct cutter *c)
{
	const char *at = c->at;
	struct token *token;
	bool doubtful = false, patient = false;
	struct shape_day day = {0, 0, 0};
	size_t len = 0;
	enum token_kind kind = TOKEN_ADDRESS;

	if (char_is_digit(*at) && (len = shape_date(at, &day)) > 0)
		kind = TOKEN_DATE;
	else if (char_is_digit(*at) || *at == '+' || *at == '(')
		len = shape_phone(at, &doubtful, &patient);
	else if (char_is_letter(*at) && (len = shape_url(at)) == 0 &&
		 (len = shape_extension(at)) == 0)
		len = shape_postcode(at);
	/* Only if there is an "@" at all: the search runs to the end of the title from every
	 * word. */
	if (len == 0 && c->mail && letter_len(at) > 0)
		len = shape_mail(at);
	if (len == 0)
		return false;
	token = token_push(c, patient ? TOKEN_PATIENT : kind, at, len);
	token->doubtful = doubtful;
	token->day = day.day;
	token->month = day.month;
	token->year = day.year;
	return true;
}

static void
cut(struct cutter *c)
{
	if (cut_shape(c))
		return;
	if (char_is_digit(*c->at)) {
		if (token_cut_time(c))
			return;
		/* "2nd", "8a", "3rdline": a number followed by letters is a word. */
		if (goes_on(c->at + digits_count(c->at)))
			cut_word(c);
		else
			token_cut_number(c);
	} else if (letter_len(c->at) > 0)
		cut_word(c);
	else if (*c->at == ' ') {
		c->at++;
		c->glue = false;
	} else if (*c->at == '\'' && strncasecmp(c->at + 1, "til ", 4) == 0)
		c->at++; /* "'til 9pm" */
	else if ((unsigned char)*c->at >= 0x80)
		cut_symbol(c);
	else
		cut_mark(c);
}

void
tokens_make(struct tokens *tokens, struct arena *arena, const char *title)
{
	struct cutter c = {.out = tokens, .arena = arena};

	*tokens = (struct tokens){.plain = plain_text(arena, title)};
	c.at = tokens->plain;
	c.mail = strchr(c.at, '@') != NULL;
	while (*c.at != '\0')
		cut(&c);
}

const char *
tokens_text(const struct tokens *tokens, struct arena *arena, size_t at, size_t len)
{
	const struct token *first = &tokens->items.items[at];
	const struct token *last = &tokens->items.items[at + len - 1];

	return arena_strndup(arena, tokens->plain + first->at, last->at + last->len - first->at);
}
