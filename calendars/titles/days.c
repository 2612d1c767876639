/* SPDX-License-Identifier: MIT */
#include "calendars/titles/days.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MONTH_DAYS_MAX 31

static const struct item *
item_at(const struct items *items, size_t at)
{
	return at < items->list.count ? &items->list.items[at] : NULL;
}

static const char *
text_of(const struct items *items, const struct item *item)
{
	return items->tokens->items.items[item->token].text;
}

static bool
is_text(const struct items *items, const struct item *item, const char *text)
{
	return item->ntokens == 1 && strcmp(text_of(items, item), text) == 0;
}

static bool
is_day(const struct item *item)
{
	return item != NULL &&
	       (item->kind == ITEM_DATE || (item->kind == ITEM_WORD && item->role == WORD_DATE));
}

static bool
is_number(const struct item *item)
{
	return item != NULL && item->kind == ITEM_NUMBER;
}

bool
day_is_known(const struct items *items, size_t at)
{
	const struct item *item = item_at(items, at), *next = item_at(items, at + 1);

	/* "40th" is a birthday, for example. */
	if (atoi(text_of(items, item)) > MONTH_DAYS_MAX)
		return false;
	/* "Now" before a day tells that the shift was moved there, and this event is what is
	 * left. */
	if (is_text(items, item, "now"))
		return !is_day(next) && !item_is_word(next, WORD_SHIFT) && !is_number(next);
	if (!is_text(items, item, "may") && !is_text(items, item, "march"))
		return true;
	/* "J Jones may" is a verb. */
	return at == 0 || !item_is_name(item - 1) || is_number(next);
}

static size_t
names_before(const struct items *items, size_t at)
{
	size_t names = 0;

	for (size_t i = 0; i < at; i++)
		names += item_is_name(&items->list.items[i]);
	return names;
}

/* "1st", "22nd", as the day of a month or a place in a row. */
static bool
is_ordinal(const struct items *items, const struct item *item)
{
	const char *text = text_of(items, item);

	return item->kind == ITEM_WORD && item->ntokens == 1 && *text >= '0' && *text <= '9';
}

void
join_days(struct items *items)
{
	for (size_t i = 1; i + 1 < items->list.count; i++) {
		struct item *item = &items->list.items[i];
		size_t next = i + 1 + is_number(item_at(items, i + 1));

		/* "J Jones - now S Ahmed" */
		if (is_text(items, item, "now") && item_is_name(item + 1) &&
		    names_before(items, i) == 1) {
			item->word = WORD_BY;
			item->role = WORD_NONE;
		}
		if ((item_is_word(item, WORD_TO) || item_is_word(item, WORD_UNTIL)) &&
		    (is_day(item - 1) || is_ordinal(items, item - 1)) &&
		    is_day(item_at(items, next)))
			item->word = WORD_PLAIN;
	}
}

/* Whether ordinals are days of a month here: "J Jones 1st, S Ahmed 2nd Jan". */
static bool
has_month_days(const struct items *items)
{
	for (size_t i = 0; i + 1 < items->list.count; i++) {
		if (is_ordinal(items, &items->list.items[i]) &&
		    item_is_month(items, &items->list.items[i + 1]))
			return true;
	}
	return false;
}

/* 1 for "OOH", 2 for "in hours", 0 for neither. */
static int
half_of_week(const struct items *items, const struct item *item)
{
	const char *text = text_of(items, item), *last;

	if (item->kind != ITEM_WORD)
		return 0;
	last = items->tokens->items.items[item->token + item->ntokens - 1].text;
	if (strncmp(text, "ooh", 3) == 0 ||
	    (strcmp(text, "out") == 0 && strcmp(last, "hours") == 0))
		return 1;
	return strcmp(last, "hours") == 0 && item->ntokens == 2 ? 2 : 0;
}

/* "J Jones OOH, S Ahmed in hours": each has half of the week, and the title does not say which half
 * this event is. */
static void
leave_hours_apart(struct items *items)
{
	size_t names = 0;
	int halves = 0;

	for (size_t i = 0; i < items->list.count; i++) {
		names += item_is_name(&items->list.items[i]);
		halves |= half_of_week(items, &items->list.items[i]);
	}
	/* Left over is the first item only because one is enough. */
	if (names > 1 && halves == 3)
		items->list.items[0].left = true;
}

/* Whether the title says that one person is on in place of another. */
static bool
gives_way(const struct items *items)
{
	static const enum word words[] = {
	    WORD_ABSENCE, WORD_SICK, WORD_NOT, WORD_COVERING, WORD_BY, WORD_SWAPPING, WORD_RELIEF};

	for (size_t i = 0; i < items->list.count; i++) {
		for (size_t j = 0; j < sizeof words / sizeof *words; j++) {
			if (item_is_word(&items->list.items[i], words[j]))
				return true;
		}
	}
	return false;
}

/* "J Jones Mon, S Ahmed Tue", "Sat J Jones / Sun S Ahmed": each person has a day. A day that is for
 * all is before the first name or after the last. */
void
leave_days_apart(struct items *items)
{
	struct item *list = items->list.items;
	size_t names = 0, places = 0, last_place = SIZE_MAX, inner_place = SIZE_MAX, last_day = 0;
	bool ordinals = has_month_days(items);

	for (size_t i = 0; i < items->list.count; i++) {
		if (item_is_name(&list[i])) {
			names++;
			continue;
		}
		if (!is_day(&list[i]) && !item_is_word(&list[i], WORD_HOLIDAY) &&
		    !(ordinals && is_ordinal(items, &list[i])))
			continue;
		places += last_place != names;
		last_place = names;
		last_day = i;
		if (names > 0 && inner_place == SIZE_MAX)
			inner_place = names;
	}
	/* A day between two names is of one of them, unless the title says that one stands in for
	 * the other. */
	if (names > 1 && (places > 1 || (inner_place < names && !gives_way(items))))
		list[last_day].left = true;
	leave_hours_apart(items);
}
