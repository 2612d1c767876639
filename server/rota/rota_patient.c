/* SPDX-License-Identifier: MIT */
#include "server/rota/rota_patient.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "calendars/titles/items.h"
#include "calendars/titles/plain.h"
#include "calendars/titles/title.h"
#include "server/base/text.h"

/* As many digits as the shortest date of birth has: "1 Jan 85". */
#define DIGITS_MIN 3
/* Of an NHS number, and of the shortest telephone number with its 0. */
#define NUMBER_DIGITS 10

/* What the reader of titles finds in a text. */
struct found {
	bool number, birth;
	bool word; /* of records and patients */
};

/* ------------------------------------------------------------------- numbers, parted from others */

static size_t
digits_at(const char *at)
{
	return strspn(at, "0123456789");
}

static bool
is_mark(char at)
{
	return at != '\0' && strchr("./_,: -", at) != NULL;
}

/* "943.476.5919": the groups of an NHS number. */
static bool
is_grouped(const char *at)
{
	return digits_at(at) == 3 && is_mark(at[3]) && digits_at(at + 4) == 3 && is_mark(at[7]) &&
	       digits_at(at + 8) == 4;
}

/* Digits that one telephone number may be of: "+44 (0)1632 960-456". */
struct run {
	size_t digits;
	bool dialled; /* begins as a telephone number does */
};

static bool
goes_on(char at)
{
	return at != '\0' && strchr(" -()+", at) != NULL;
}

static bool
is_dialled(const char *text, const char *at)
{
	return *at == '0' || (at > text && at[-1] == '+') ||
	       (digits_at(at) == 2 && strncmp(at, "44", 2) == 0);
}

/* Copies the digits at ${at}, with a mark before them if they are no part of the number before. Returns how many
 * bytes were read. */
static size_t
add_group(struct buf *out, const char *text, const char *at, struct run *run)
{
	bool grouped = is_grouped(at);
	size_t len = digits_at(at);
	bool dialling = run->dialled && run->digits < NUMBER_DIGITS;

	/* A telephone number is whole before another begins: what follows it is not its end. */
	if (run->digits > 0 && !dialling &&
	    (grouped || len == NUMBER_DIGITS || run->digits >= NUMBER_DIGITS)) {
		buf_add(out, "; ", 2);
		*run = (struct run){0};
	}
	if (at > text && isalpha((unsigned char)at[-1]))
		buf_add(out, " ", 1);
	if (run->digits == 0)
		run->dialled = is_dialled(text, at);
	if (grouped && !dialling) {
		buf_printf(out, "%.3s %.3s %.4s", at, at + 4, at + 8);
		len = 12;
		run->digits += NUMBER_DIGITS;
	} else {
		buf_add(out, at, len);
		run->digits += len;
	}
	if (run->digits >= NUMBER_DIGITS && isalpha((unsigned char)at[len]))
		buf_add(out, " ", 1);
	return len;
}

/* With a mark between telephone numbers and other numbers, and blanks where a number is joined to a word or its
 * groups to each other. */
static void
add_apart(struct buf *out, const char *text)
{
	struct run run = {0};

	buf_add_text(out, "");
	for (const char *at = text; *at != '\0';) {
		if (isdigit((unsigned char)*at)) {
			at += add_group(out, text, at, &run);
			continue;
		}
		if (!goes_on(*at))
			run = (struct run){0};
		buf_add(out, at++, 1);
	}
}

/* One in five or six hashes of 64 hexadecimal digits has ten decimal ones in a row, and one in eleven of such runs
 * the check digit of an NHS number. */
#define DIGEST_MIN 32

static bool
is_digest(const char *at, size_t len)
{
	static const char hex[] = "0123456789abcdefABCDEF-";

	return len >= DIGEST_MIN && strspn(at, hex) == len && strspn(at, "0123456789-") < len;
}

/* ${text} with an "x" for each byte of a digest, which no person wrote. */
static char *
without_digests(struct arena *arena, const char *text)
{
	char *out = arena_strdup(arena, text);

	for (char *at = out; *at != '\0';) {
		char *end = at;

		while (isalnum((unsigned char)*end) || *end == '-')
			end++;
		if (is_digest(at, (size_t)(end - at)))
			memset(at, 'x', (size_t)(end - at));
		at = end > at ? end : at + 1;
	}
	return out;
}

/* --------------------------------------------------------------------------- what a text speaks of */

static const struct token *
token_of(const struct items *items, size_t at)
{
	return item_token_at(items, at);
}

/* "tel 1632 960111", "mob: 7700 900123", without the 0. NHS numbers begin with a 4 or a 6, those that are made up
 * with a 9: these are none's telephone. */
static bool
is_rung(const struct items *items, size_t at)
{
	static const char *const words[] = {"ring", "call", "dial", "line", "text", NULL};
	const char first = items->tokens->plain[token_of(items, at)->at];

	if (strchr("469", first) != NULL)
		return false;
	while (at > 0 && item_is_any_mark(&items->list.items[at - 1], ":.#("))
		at--;
	return at > 0 && (item_is_word_at(items, at - 1, WORD_CONTACT) ||
			     text_is_one_of(token_of(items, at - 1)->text, words));
}

/* "12031985": eight digits that are a day, a month and a year. */
static bool
is_joined_date(const char *at)
{
	int day, month, year;

	return digits_at(at) == 8 && sscanf(at, "%2d%2d%4d", &day, &month, &year) == 3 &&
	       day >= 1 && day <= 31 && month >= 1 && month <= 12 && year >= 1900 && year < 2100;
}

/* "DOB 12/03/21", "12 Mar 21 DOB", "DOB 12031921": a date whose year alone would not tell. */
static bool
says_birth(const struct items *items)
{
	static const char *const words[] = {"dob", "d", "born", "date", NULL};
	bool word = false, dob = false, date = false, any = false;

	for (size_t i = 0; i < items->list.count; i++) {
		const struct item *item = &items->list.items[i];
		const char *text = token_of(items, i)->text;
		bool dated = item->kind == ITEM_DATE || item_is_month(items, item) ||
			     is_joined_date(items->tokens->plain + token_of(items, i)->at);

		word = word || (item_is_word(item, WORD_PATIENT) && text_is_one_of(text, words));
		/* No other word says that of a date before it. */
		dob = dob || (word && strcmp(text, "dob") == 0);
		any = any || dated;
		date = date || (word && dated);
	}
	return date || (dob && any);
}

/* "ward opened in March 1985", "cover since 2019-04-01": what the date before ${at} is of. */
static bool
is_of_a_thing(const struct items *items, size_t at)
{
	static const char *const words[] = {"since", "opened", "built", "founded", "established",
	    "agreed", "renewed", "dated", "updated", "revised", "version", "issued", "signed",
	    "commissioned", NULL};
	static const char *const small[] = {"in", "on", "of", "from", "the", NULL};

	while (at > 0 &&
	       (text_is_one_of(token_of(items, at - 1)->text, small) ||
		   item_is_month(items, &items->list.items[at - 1]) ||
		   isdigit((unsigned char)items->tokens->plain[token_of(items, at - 1)->at])))
		at--;
	return at > 0 && text_is_one_of(token_of(items, at - 1)->text, words);
}

/* The reader of titles itself, with no rota's own words: a list of words kept here would differ from it sooner or
 * later. */
static void
find(struct arena *arena, const char *text, struct found *found)
{
	static const struct reading_options nothing;
	struct titles titles;
	struct tokens tokens;
	struct items items;

	titles_init(&titles, arena, &nothing);
	tokens_make(&tokens, arena, text);
	items_make(&items, &titles, &tokens);
	for (size_t i = 0; i < items.list.count; i++) {
		const struct item *item = &items.list.items[i];
		bool number =
		    item->kind == ITEM_PATIENT && token_of(&items, i)->kind == TOKEN_PATIENT;

		found->number |= number && !is_rung(&items, i);
		found->birth |= item->kind == ITEM_PATIENT && !number && !is_of_a_thing(&items, i);
		found->word |= item_is_word(item, WORD_PATIENT);
	}
	found->birth |= says_birth(&items);
}

static struct found
read(const char *text)
{
	struct arena *arena = arena_new(0);
	struct found found = {0};
	struct buf apart = {0};

	text = without_digests(arena, text);
	find(arena, text, &found);
	/* As the reader sees it: numbers may be written with wide digits, or with dashes and blanks of many
	 * kinds. */
	add_apart(&apart, plain_text(arena, text));
	find(arena, apart.at, &found);
	buf_free(&apart);
	arena_free(arena);
	return found;
}

bool
rota_speaks_of_patient(const char *text)
{
	struct found found = read(text);

	return found.number || found.birth || found.word;
}

/* Whether ${text} has digits enough, in the groups that a number or a date has. A region file of a country has
 * hundreds of thousands of names and codes, such as X06000001, which need no reading. */
static bool
may_tell(const char *text)
{
	size_t digits = 0, groups = 0, len = 0;
	bool parted = false, year = false;

	for (; *text != '\0'; text++) {
		bool digit = isdigit((unsigned char)*text) != 0;

		if ((unsigned char)*text >= 0x80)
			return true;
		digits += digit;
		groups += digit && len == 0;
		len = digit ? len + 1 : 0;
		year = year || len == 4;
		parted = parted || !isalnum((unsigned char)*text);
	}
	/* "12/3/85", "1 Jan 85"; in one group "March 1985" alone. */
	return digits >= NUMBER_DIGITS || (groups > 1 && digits >= DIGITS_MIN) || (year && parted);
}

enum rota_patient
rota_patient_in(const char *text)
{
	struct found found;

	if (!may_tell(text))
		return ROTA_PATIENT_NONE;
	found = read(text);
	return found.number  ? ROTA_PATIENT_NUMBER
	       : found.birth ? ROTA_PATIENT_BIRTH
			     : ROTA_PATIENT_NONE;
}
