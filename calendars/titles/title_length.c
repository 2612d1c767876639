/* SPDX-License-Identifier: MIT */
#include "calendars/titles/title_length.h"

#include <string.h>

#include "calendars/titles/shift_length.h"
#include "calendars/titles/shift_window.h"
#include "calendars/titles/title_times.h"

/* the longest night of an out-of-hours team, 16:30 to 09:00, and half an hour to spare */
#define SHIFT_HOURS_MAX 17
#define HALF_DAY_HOURS_MAX 8

/* The first words of shifts that are part of a day. */
static bool
is_half_day(const char *text)
{
	static const char *const words[] = {"am", "pm", "morning", "mornings", "afternoon",
	    "afternoons", "eve", "evening", "evenings", "short"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcmp(text, words[i]) == 0)
			return true;
	}
	return false;
}

/* The shortest length that is written: "12h", "8 hour shift"; 0: none. */
static int
written_hours(const struct items *items)
{
	int least = 0;

	for (size_t i = 0; i < items->list.count; i++) {
		struct title_hours hours;
		int length;

		/* The ends of a range are no lengths: "8h-16h". */
		if (title_find_hours(items, items->list.items, items->list.count, i, &hours)) {
			i += hours.len - 1;
			continue;
		}
		length = shift_length(items, i);
		if (length > 0 && (least == 0 || length < least))
			least = length;
	}
	return least;
}

static int
named_hours(const struct items *items)
{
	const char *shift = NULL;

	for (size_t i = 0; i < items->list.count; i++) {
		const struct item *item = &items->list.items[i];
		const char *text;

		if (item->kind != ITEM_WORD || item->word != WORD_SHIFT)
			continue;
		text = shift_word(items, item);
		/* "Early/Late" may be both, which is longer than either. */
		if (shift != NULL && strcmp(shift, text) != 0)
			return 0;
		shift = text;
	}
	if (shift == NULL)
		return 0;
	return is_half_day(shift) ? HALF_DAY_HOURS_MAX : SHIFT_HOURS_MAX;
}

int
title_most_hours(const struct items *items)
{
	int named = named_hours(items), written = written_hours(items);

	/* The shorter of the two, since each of them is said. */
	return named == 0 || (written > 0 && written < named) ? written : named;
}
