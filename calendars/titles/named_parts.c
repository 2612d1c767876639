/* SPDX-License-Identifier: MIT */
#include "calendars/titles/named_parts.h"

#include <stdlib.h>
#include <string.h>

#include "calendars/titles/named_days.h"

#define MONTH_DAYS_MAX 31
#define MONTHS 12

static const struct item *
item_at(const struct items *items, size_t at)
{
	return at < items->list.count ? &items->list.items[at] : NULL;
}

static const struct token *
token_at(const struct items *items, size_t at)
{
	return &items->tokens->items.items[items->list.items[at].token];
}

static bool
is_kind(const struct items *items, size_t at, enum item_kind kind)
{
	return at < items->list.count && items->list.items[at].kind == kind;
}

static bool
begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

bool
named_is_text(const struct items *items, size_t at, const char *text)
{
	return is_kind(items, at, ITEM_WORD) && items->list.items[at].ntokens == 1 &&
	       strcmp(token_at(items, at)->text, text) == 0;
}

static bool
is_one_of(const struct items *items, size_t at, const char *const *words)
{
	for (; *words != NULL; words++) {
		if (begins(token_at(items, at)->text, *words))
			return true;
	}
	return false;
}

unsigned
named_weekdays(const struct items *items, size_t at)
{
	static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
	static const char *const ends[] = {"weekend", "wkend", "wknd", NULL};
	static const char *const week[] = {"weekday", "wkday", NULL};
	static const char *const nights[] = {"weeknight", NULL};

	if (!is_kind(items, at, ITEM_WORD))
		return 0;
	/* Phrases of the lexicon, too: "weekend nights", "weekend on call". */
	if (is_one_of(items, at, ends) ||
	    (strcmp(token_at(items, at)->text, "w/") == 0 && items->list.items[at].ntokens == 2))
		return NAMED_WEEKEND;
	if (is_one_of(items, at, week))
		return 0x1f;
	if (is_one_of(items, at, nights))
		return 0x5f; /* a night before a working day, too */
	/* Only where the lexicon takes it for a day: "sun" begins other words as well. */
	for (unsigned i = 0; i < 7 && items->list.items[at].role == WORD_DATE; i++) {
		if (begins(token_at(items, at)->text, days[i]))
			return 1u << i;
	}
	return 0;
}

int
named_week(const struct items *items, size_t at)
{
	static const char *const begins_on[] = {"w/c", "wc", "w/b", "wb", "commencing", NULL};

	if (!is_kind(items, at, ITEM_WORD) || items->list.items[at].role != WORD_DATE)
		return 0;
	if (strcmp(token_at(items, at)->text, "week") == 0 && items->list.items[at].ntokens == 2)
		return begins(token_at(items, at)[1].text, "end") ? -1 : 1;
	if (named_is_text(items, at, "w/e"))
		return -1;
	return is_one_of(items, at, begins_on);
}

int
named_month(const struct items *items, size_t at)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	const struct item *item = item_at(items, at);
	int month = 0;

	if (item == NULL || !item_is_month(items, item))
		return 0;
	/* One of them is it, or it would be no month. */
	while (strncmp(token_at(items, at)->text, months + month * 3, 3) != 0)
		month++;
	return month + 1;
}

/* The number that ${token} begins with, if it has one or two digits; else 0. */
static int
short_number(const struct token *token, size_t *digits)
{
	*digits = strspn(token->text, "0123456789");
	return *digits == 1 || *digits == 2 ? atoi(token->text) : 0;
}

int
named_day_number(const struct items *items, size_t at)
{
	static const char *const endings[] = {"", "st", "nd", "rd", "th"};
	size_t digits;
	int day;

	if (!(is_kind(items, at, ITEM_NUMBER) || is_kind(items, at, ITEM_WORD)) ||
	    items->list.items[at].ntokens != 1)
		return 0;
	day = short_number(token_at(items, at), &digits);
	if (day > MONTH_DAYS_MAX)
		return 0;
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		if (strcmp(token_at(items, at)->text + digits, endings[i]) == 0)
			return day;
	}
	return 0;
}

bool
named_is_ordinal_day(const struct items *items, size_t at)
{
	return is_kind(items, at, ITEM_WORD) && items->list.items[at].role == WORD_DATE;
}

size_t
named_year(const struct items *items, size_t at, int *year)
{
	int value;

	if (!is_kind(items, at, ITEM_NUMBER) || token_at(items, at)->len != 4)
		return 0;
	value = atoi(token_at(items, at)->text);
	/* "1900" after a month is a time, and 2130 after one may be. */
	if (value < 2000 || value > 2099)
		return 0;
	*year = value;
	return 1;
}

bool
named_days_is_short(const struct items *items, size_t at)
{
	static const char *const others[] = {"1/2", "1/3", "2/3", "1/4", "3/4", "24/7"};
	const struct item *slash = item_at(items, at + 1);
	const char *plain;

	/* "Night 3/4" is the third of four */
	if (!is_kind(items, at, ITEM_NUMBER) || !is_kind(items, at + 2, ITEM_NUMBER) ||
	    slash->kind != ITEM_MARK || slash->mark != '/' || named_day_number(items, at) == 0 ||
	    named_day_number(items, at + 2) == 0 || named_day_number(items, at + 2) > MONTHS ||
	    (at > 0 && items->list.items[at - 1].kind == ITEM_WORD &&
		items->list.items[at - 1].word == WORD_SHIFT))
		return false;
	plain = items->tokens->plain + token_at(items, at)->at;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		if (begins(plain, others[i]))
			return false;
	}
	/* "1/2/3" is none */
	return !(is_kind(items, at + 3, ITEM_MARK) && items->list.items[at + 3].mark == '/') &&
	       !(at > 0 && is_kind(items, at - 1, ITEM_MARK) &&
		   items->list.items[at - 1].mark == '/');
}
