/* SPDX-License-Identifier: MIT */
#include "calendars/titles/tokens.h"

#include <string.h>
#include <strings.h>

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "calendars/titles/plain.h"
#include "calendars/titles/shapes.h"

struct cutter {
	struct tokens *out;
	struct arena *arena;
	const char *at;
	bool mail;  /* there is an "@" in the title */
	bool glue;  /* a hyphen is between the last token and this one */
	bool terse; /* the last time was the first part of "9a-5p" */
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static struct token *
push(struct cutter *c, enum token_kind kind, const char *from, size_t len)
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

/* ---- Numbers. */

static size_t
count_digits(const char *at)
{
	size_t n = 0;

	while (is_digit(at[n]))
		n++;
	return n;
}

static int
value_of(const char *at, size_t digits)
{
	int value = 0;

	for (size_t i = 0; i < digits; i++)
		value = value * 10 + (at[i] - '0');
	return value;
}

/* Reads "am" or "pm" after a time, and corrects the hour. Returns its length. */
static size_t
half_day(const char *at, int *hour)
{
	size_t blank = *at == ' ';
	char first = (char)(at[blank] | 0x20);
	char second = (char)(first == 'a' || first == 'p' ? at[blank + 1] | 0x20 : 0);

	/* "13pm" and "0am" are typing slips of times that nobody can know. */
	if (second != 'm' || is_letter(at[blank + 2]) || *hour > 12 || *hour == 0)
		return 0;
	*hour = *hour % 12 + (first == 'p' ? 12 : 0);
	return blank + 2;
}

static bool
is_terse_half(const char *at)
{
	return ((*at | 0x20) == 'a' || (*at | 0x20) == 'p') &&
	       !is_letter(at[1 + ((at[1] | 0x20) == 'm')]);
}

/* Reads "a" or "p" after a time, as in "9a-5p", "8:30a - 4p"; "8a" alone is a grade. */
static size_t
terse_half_day(struct cutter *c, const char *at, int *hour)
{
	const char *next = at + 1;
	size_t digits;
	bool second = c->terse;

	c->terse = false;
	if (!is_terse_half(at) || (at[1] | 0x20) == 'm' || *hour > 12 || *hour == 0)
		return 0;
	next += strspn(next, " ");
	if (!second && *next == '-') {
		next += strspn(next, "-");
		next += strspn(next, " ");
		digits = count_digits(next);
		next += digits;
		if (*next == ':' && count_digits(next + 1) == 2)
			next += 3;
		c->terse = digits > 0 && digits <= 2 && is_terse_half(next);
	}
	if (!second && !c->terse)
		return 0;
	*hour = *hour % 12 + ((*at | 0x20) == 'p' ? 12 : 0);
	return 1;
}

/* The length of "h", "hr" or "hrs"; 0: none of them. */
static size_t
hours_word_len(const char *at)
{
	size_t len = strncmp(at, "hrs", 3) == 0 ? 3 : strncmp(at, "hr", 2) == 0 ? 2 : *at == 'h';

	return is_letter(at[len]) ? 0 : len;
}

/* ":00" of "09:00:00". */
static size_t
seconds_len(const char *at)
{
	return *at == ':' && count_digits(at + 1) == 2 ? 3 : 0;
}

/* 21:00, 21.00, 9pm, 9.30 am, 2100hrs, 24:00 */
static bool
cut_time(struct cutter *c)
{
	const char *at = c->at;
	size_t digits = count_digits(at);
	size_t len = digits;
	int hour = value_of(at, digits < 4 ? digits : 2);
	int minute = 0;
	size_t suffix;
	bool clear = false;

	/* Four digits alone may be a bleep. With "h" they can only be a time. */
	if (digits == 4) {
		hour = value_of(at, 2);
		minute = value_of(at + 2, 2);
		clear = hours_word_len(at + 4) > 0;
	} else if (digits <= 2 && (at[digits] == ':' || at[digits] == '.') &&
		   count_digits(at + digits + 1) == 2) {
		minute = value_of(at + digits + 1, 2);
		len = digits + 3 + seconds_len(at + digits + 3);
		clear = true;
	} else if (digits > 2)
		return false;
	suffix = half_day(at + len, &hour);
	if (suffix == 0)
		suffix = terse_half_day(c, at + len, &hour);
	if (suffix == 0 && hours_word_len(at + len) > 0)
		suffix = hours_word_len(at + len);
	else if (suffix == 0 && !clear)
		return false;
	/* 24:00 is the end of a day; 24:30 is nothing. */
	if (hour > 24 || minute > 59 || (hour == 24 && minute > 0))
		return false;
	push(c, TOKEN_TIME, at, len + suffix)->minutes = hour * 60 + minute;
	return true;
}

static void
cut_number(struct cutter *c)
{
	size_t digits = count_digits(c->at);
	const char *at = c->at;
	struct token *token = push(c, TOKEN_NUMBER, at, digits);
	int value = digits <= 4 ? value_of(at, digits) : -1;

	token->text = arena_strndup(c->arena, at, digits);
	if (digits <= 2 && value <= 24)
		token->minutes = value * 60;
	else if (digits == 4 && value / 100 <= 24 && value % 100 < 60)
		token->minutes = value / 100 * 60 + value % 100;
	/* "09" and "17" are written by the clock of 24 hours; "9" and "11" may be in the
	 * evening. */
	token->vague = digits == 1 || (digits == 2 && *at != '0' && value <= 12);
}

/* ---- Words. */

/* The length of the letter or digit at ${at}, or of a combining mark; 0: it is something else. */
static size_t
letter_len(const char *at)
{
	UChar32 c;
	int32_t len = 0;

	if (is_digit(*at) || (is_letter(*at) && (unsigned char)*at < 0x80))
		return 1;
	if ((unsigned char)*at < 0x80)
		return 0;
	U8_NEXT(at, len, -1, c);
	if (c < 0 || (U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) == 0)
		return 0;
	return (size_t)len;
}

static size_t
goes_on(const char *at)
{
	return *at == '\'' && is_letter(at[1]) ? 1 : letter_len(at);
}

/* "a/l", "w/", "A&E" and "she/her" are one word each. */
static size_t
slashed_len(const char *from, size_t len)
{
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

		if (strncasecmp(from, pairs[i], whole) == 0 && !goes_on(from + whole) &&
		    whole > longest)
			longest = whole;
	}
	return longest > len ? longest - len : 0;
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
	for (const char *p = from; p < at; p++) {
		letters += is_letter(*p);
		capitals += is_upper(*p);
	}
	token = push(c, TOKEN_WORD, from, (size_t)(at - from));
	token->text = plain_fold(c->arena, (struct slice){from, token->len});
	/* Which letters beyond ASCII are capitals does not matter here: a name may be in any
	 * script. */
	token->capital = is_upper(*from) || (unsigned char)*from >= 0x80 || is_digit(*from);
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
	push(c, TOKEN_SYMBOL, from, (size_t)len)->text = arena_strndup(c->arena, from, (size_t)len);
}

static void
cut_mark(struct cutter *c)
{
	const char *at = c->at;
	/* Arrows that are typed, not drawn. */
	bool arrow = (*at == '-' || *at == '=') && at[1] == '>';
	size_t len = arrow ? 2 : 1;

	if (*at == '-' && !arrow && at > c->out->plain && (is_letter(at[-1]) || is_digit(at[-1])) &&
	    (is_letter(at[1]) || is_digit(at[1]))) {
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
	push(c, TOKEN_MARK, at, len)->mark =
	    (char)(arrow ? TOKEN_ARROW : (*at == '~' && len == 1 ? TOKEN_TILDE : *at));
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

	if (is_digit(*at) && (len = shape_date(at, &day)) > 0)
		kind = TOKEN_DATE;
	else if (is_digit(*at) || *at == '+' || *at == '(')
		len = shape_phone(at, &doubtful, &patient);
	else if (is_letter(*at) && (len = shape_url(at)) == 0 && (len = shape_extension(at)) == 0)
		len = shape_postcode(at);
	/* Only if there is an "@" at all: the search runs to the end of the title from every
	 * word. */
	if (len == 0 && c->mail && letter_len(at) > 0)
		len = shape_mail(at);
	if (len == 0)
		return false;
	token = push(c, patient ? TOKEN_PATIENT : kind, at, len);
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
	if (is_digit(*c->at)) {
		if (cut_time(c))
			return;
		/* "2nd", "8a", "3rdline": a number that goes on with letters is a word. */
		if (goes_on(c->at + count_digits(c->at)))
			cut_word(c);
		else
			cut_number(c);
	} else if (letter_len(c->at) > 0)
		cut_word(c);
	else if (*c->at == ' ') {
		c->at++;
		c->glue = false;
	} else if ((unsigned char)*c->at >= 0x80)
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
