/* SPDX-License-Identifier: MIT */
#include "calendars/titles/account_numbers.h"

#include <stdlib.h>
#include <string.h>

#include "calendars/titles/named_days.h"
#include "calendars/titles/shift_length.h"
#include "calendars/titles/title_times.h"

#define NUMBER_DIGITS_MAX 4
#define LIST_DIGITS_MAX 2
#define CONTACT_DIGITS_MAX 8

/* Whether the word at ${at} may have a number: one that counts it, or one that is its number. */
static bool
takes_number(const struct items *items, size_t at)
{
	/* "24" is a word, but "24:30" is no time. */
	if (at < items->list.count &&
	    (items->list.items[at].role == WORD_JOIN || items->list.items[at].role == WORD_UNIT ||
		item_token_at(items, at)->kind == TOKEN_NUMBER))
		return false;
	return item_is_word_at(items, at, WORD_PLAIN) || item_is_word_at(items, at, WORD_SHIFT) ||
	       item_is_word_at(items, at, WORD_CONTACT) ||
	       (at < items->list.count && items->list.items[at].kind == ITEM_TEAM);
}

static bool
is_several_shifts(const struct items *items, size_t at)
{
	static const char *const words[] = {"shifts", "slots", "sessions", "duties", "weeks"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcmp(item_token_at(items, at)->text, words[i]) == 0)
			return true;
	}
	return false;
}

static bool
is_of(const struct items *items, size_t at)
{
	return item_is_word_at(items, at, WORD_PLAIN) &&
	       strcmp(item_token_at(items, at)->text, "of") == 0;
}

/* "1 of 2", "night 2 of 3". */
static bool
is_one_of(const struct items *items, size_t at)
{
	const struct item *list = items->list.items;
	size_t first = at > 1 && is_of(items, at - 1) ? at - 2 : at;
	const char *count, *all;

	if (!is_of(items, first + 1) || first + 2 >= items->list.count ||
	    list[first].kind != ITEM_NUMBER || list[first + 2].kind != ITEM_NUMBER)
		return false;
	count = item_token_at(items, first)->text;
	all = item_token_at(items, first + 2)->text;
	return *count != '0' && strlen(all) <= LIST_DIGITS_MAX &&
	       (strlen(count) < strlen(all) ||
		   (strlen(count) == strlen(all) && strcmp(count, all) <= 0));
}

/* The second number of "Night 3/4"; "Day 1/2" may be half of one. */
static bool
is_of_nights(const struct items *items, size_t at)
{
	const char *count, *all = item_token_at(items, at)->text;

	if (at < 3 || !item_is_mark_at(items, at - 1, "/") ||
	    items->list.items[at - 2].kind != ITEM_NUMBER ||
	    !item_is_word_at(items, at - 3, WORD_SHIFT))
		return false;
	count = item_token_at(items, at - 2)->text;
	return strlen(count) == 1 && strlen(all) == 1 && strcmp(count, all) <= 0 && *all > '2';
}

/* "24/7": of the service. "24" is a word of the lexicon. */
static bool
is_always(const struct items *items, size_t at)
{
	return at > 1 && item_is_mark_at(items, at - 1, "/") &&
	       strcmp(item_token_at(items, at - 2)->text, "24") == 0 &&
	       strcmp(item_token_at(items, at)->text, "7") == 0;
}

/* "1/1": whether that is the day of the event is decided by named_days.h. */
static bool
is_short_date(const struct items *items, size_t at)
{
	return named_days_is_short(items, at) || (at > 1 && named_days_is_short(items, at - 2));
}

/* "J Jones (1) S Ahmed (2)": the place of the name in the list. */
static bool
is_place_of_name(const struct items *items, size_t at)
{
	size_t before = 0, names = 0;

	if (at < 2 || !item_is_mark_at(items, at - 1, "(") ||
	    !item_is_mark_at(items, at + 1, ")") || !item_is_name(&items->list.items[at - 2]))
		return false;
	for (size_t i = 0; i < items->list.count; i++) {
		names += item_is_name(&items->list.items[i]);
		before += i < at && item_is_name(&items->list.items[i]);
	}
	return names > 1 && strtoul(item_token_at(items, at)->text, NULL, 10) == before;
}

/* Whether the number at ${at} belongs to something: "AMHP 1", "Tier: 2", "7 Dec", "1) …", "bleep
 * 4471", "+1", "0900". */
static bool
number_is_known(const struct items *items, size_t at)
{
	const struct token *token = item_token_at(items, at);
	bool contact = at > 0 && item_is_word_at(items, at - 1, WORD_CONTACT);

	if (contact || (at > 1 && item_is_mark_at(items, at - 1, ".:#") &&
			   item_is_word_at(items, at - 2, WORD_CONTACT)))
		return token->len <= CONTACT_DIGITS_MAX;
	/* Longer numbers are somebody's: of a case, a patient or a member of staff. */
	if (token->len > NUMBER_DIGITS_MAX)
		return false;
	if (shift_length(items, at) > 0)
		return true;
	/* A leading zero is written for times; "1900" may be a bleep. */
	if (token->len == 4 && token->text[0] == '0' && token->minutes >= 0)
		return true;
	if (at > 0 && (takes_number(items, at - 1) || item_is_mark_at(items, at - 1, "+#")))
		return true;
	if (at > 1 && item_is_mark_at(items, at - 1, ".:#") && takes_number(items, at - 2))
		return true;
	/* in "2 nights", "3 shifts" it is not clear which; "4 hours" is judged at "hours" */
	if (takes_number(items, at + 1) && !item_is_word_at(items, at + 1, WORD_SHIFT) &&
	    !is_several_shifts(items, at + 1))
		return true;
	if (token->len > LIST_DIGITS_MAX)
		return false;
	if (is_one_of(items, at) || is_of_nights(items, at) || is_always(items, at) ||
	    is_short_date(items, at))
		return true;
	if (item_begins_days(items, items->list.items, items->list.count, at))
		return true;
	if (is_place_of_name(items, at))
		return true;
	/* "1) J Jones", "(1) J Jones", "AMHP (1)"; in "J Jones (34)" it may be an age. */
	if (item_is_mark_at(items, at + 1, ")]") &&
	    (at < 2 || !item_is_mark_at(items, at - 1, "([") || takes_number(items, at - 2)))
		return true;
	/* A list: "1. J Jones 2. S Ahmed", "1: J Jones 2: S Ahmed", "2 - S Ahmed". */
	if (items->list.items[0].kind == ITEM_NUMBER && item_is_mark_at(items, 1, ".:") &&
	    item_is_mark_at(items, at + 1, ".:") && at + 2 < items->list.count &&
	    item_is_name(&items->list.items[at + 2]))
		return true;
	/* "1 - J Jones" is the first of a list or of a rank. */
	return at == 0 && item_is_mark_at(items, 1, ".:-") && items->list.count > 2 &&
	       items->list.items[2].kind != ITEM_NUMBER;
}

void
account_numbers(struct items *items)
{
	struct item *list = items->list.items;

	for (size_t i = 0; i < items->list.count; i++)
		list[i].left =
		    list[i].left || (list[i].kind == ITEM_NUMBER && !number_is_known(items, i));
	/* Hours: "9-5", "17 to 21". */
	for (size_t i = 0; i < items->list.count; i++) {
		struct title_hours hours;

		if (!title_find_hours(items, list, items->list.count, i, &hours))
			continue;
		for (size_t j = i; j < i + hours.len; j++)
			list[j].left = false;
		i += hours.len - 1;
	}
}
