/* SPDX-License-Identifier: MIT */
#include "calendars/titles/title_when.h"

#include "calendars/titles/shift_length.h"
#include "calendars/titles/shift_window.h"
#include "calendars/titles/title_length.h"
#include "calendars/titles/title_times.h"

#include "server/base/civil.h"

#define DAY ((int64_t)86400)
#define HALF_DAY (DAY / 2)
#define MINUTE 60

#define NO_TIME 0
#define SEVERAL_TIMES (-1)

/* Finds the times that are neither hours from one to another nor lengths. */
static void
find_lone_times(struct title_when *when, const struct items *items)
{
	for (size_t i = 0; i < items->list.count; i++) {
		struct title_hours hours;
		int minutes = item_token_at(items, i)->minutes + 1;

		if (title_find_hours(items, items->list.items, items->list.count, i, &hours)) {
			i += hours.len - 1;
			continue;
		}
		if (items->list.items[i].kind != ITEM_TIME || shift_length_is_written(items, i))
			continue;
		if (when->time == NO_TIME)
			when->time = minutes;
		else if (when->last_time == NO_TIME)
			when->last_time = minutes;
		else
			when->last_time = SEVERAL_TIMES;
	}
}

struct title_when
title_when_of(const struct titles *titles, const struct items *items)
{
	struct title_when when = {
	    .days = named_days_of(titles, items),
	    .most_hours = title_most_hours(items),
	    .part = shift_window(items),
	};

	find_lone_times(&when, items);
	return when;
}

static int64_t
overlap(int64_t start, int64_t end, int64_t from, int64_t to)
{
	from = from > start ? from : start;
	to = to < end ? to : end;
	return to > from ? to - from : 0;
}

/* Whether nearly all of the event is within the hours in which such a shift can be. Rotas differ in
 * when a shift begins, but none has its nights or its lates from 09:00 to 21:00. */
static bool
is_in_part(const struct title_hours_of_day *part, int64_t start, int64_t end)
{
	/* The day before, too: a night that began yesterday is still one at 02:00. */
	int64_t midnight = civil_day_of(start) * DAY, within = 0;

	if (part->from == part->to)
		return true;
	for (int64_t day = midnight - DAY; day < end; day += DAY)
		within += overlap(start, end, day + (int64_t)part->from * MINUTE,
		    day + (int64_t)part->to * MINUTE + (part->to < part->from ? DAY : 0));
	return within * 4 > (end - start) * 3;
}

/* The hours must be those of the event: "9-9" may be of the morning or of the evening, which the
 * event tells unless it is so long that it holds both. */
static bool
is_on_clock(const struct title_when *when, int64_t start, int64_t end)
{
	int64_t from = (int64_t)when->clock_from * MINUTE, to = (int64_t)when->clock_to * MINUTE;
	int64_t turn = when->clock == TITLE_HALF_CLOCK ? HALF_DAY : DAY;

	return when->clock == TITLE_NO_CLOCK ||
	       (end - start <= turn && (start - from) % turn == 0 && (end - to) % turn == 0);
}

/* "J Jones 9am" is of a shift that begins or ends then; in "J Jones 5pm" she may come later, or have an
 * appointment. */
static bool
has_edge(const struct title_when *when, int64_t start, int64_t end)
{
	bool begins = start % DAY == (int64_t)(when->time - 1) * MINUTE;
	bool ends = end % DAY == (int64_t)(when->time - 1) * MINUTE % DAY;

	if (when->time == NO_TIME || when->last_time == SEVERAL_TIMES)
		return when->time == NO_TIME;
	if (when->last_time == NO_TIME || when->last_time == when->time)
		return begins || ends;
	return begins && end % DAY == (int64_t)(when->last_time - 1) * MINUTE % DAY;
}

enum fault
title_when_fault(const struct title_when *when, int64_t start, int64_t end)
{
	/* The gravest first: one finding is enough for an event. */
	if (!named_days_fit(&when->days, start, end))
		return FAULT_OTHER_DAY;
	if (!is_on_clock(when, start, end) || !has_edge(when, start, end))
		return FAULT_TITLE_TIMES;
	if (when->most_hours > 0 && end - start > (int64_t)when->most_hours * 60 * MINUTE)
		return FAULT_SHORTER_SHIFT;
	return is_in_part(&when->part, start, end) ? FAULT_NONE : FAULT_OTHER_SHIFT;
}
