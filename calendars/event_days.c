/* SPDX-License-Identifier: MIT */
#include <strings.h>

#include "calendars/event_reader.h"

#include "server/base/civil.h"

#define DAY ((int64_t)86400)
#define MINUTE 60

/* The zone whose midnight is meant. For a time in UTC it is the rota's zone: programs convert local
 * times to UTC, and nobody means midnight in UTC. */
static const struct zone *
clock_of(const struct event_context *context, enum when_kind kind, const struct zone *zone)
{
	return kind == WHEN_UTC ? context->days : zone;
}

int64_t
event_to_midnight(
    const struct event_context *context, enum when_kind kind, const struct zone *zone, int64_t end)
{
	int64_t left = DAY - civil_second_of_day(zone_local(clock_of(context, kind, zone), end));

	return left == MINUTE || left == 1 ? left : 0;
}

static void
correct_end(struct event_reader *r)
{
	struct event *event = r->event;
	struct lasting *lasting = &event->lasting;
	int64_t more;

	/* An event without a length that stands at 23:59 is a reminder, and no shift that ends at
	 * midnight. */
	if (lasting->wall + lasting->exact <= 0)
		return;
	more =
	    event_to_midnight(r->context, event->start.kind, event->start.zone, event->first_end);
	if (more == 0)
		return;
	/* The added minute goes where the length is: to the hours of a DURATION, else to the wall
	 * clock, so that each instance of a series ends at midnight. */
	if (lasting->exact != 0)
		lasting->exact += more;
	else
		lasting->wall += more;
	event->first_end += more;
	event_warn(r, FAULT_ENDS_2359, NULL, NULL);
}

/* Outlook and Exchange write an all-day event as midnight to midnight in some zone, with this
 * property beside it. */
static bool
is_marked_all_day(const struct event_reader *r)
{
	icalproperty *p = r->properties.all_day;
	const char *text = p != NULL ? icalproperty_get_x(p) : NULL;

	return text != NULL && strcasecmp(text, "TRUE") == 0;
}

struct when
event_as_day(const struct event *event, struct when when)
{
	int64_t local;

	if (event->midnights == NULL || when.kind == WHEN_DATE || when.kind == WHEN_NONE)
		return when;
	local = zone_local(event->midnights, when_instant(&when, NULL));
	return (struct when){WHEN_DATE, local - civil_second_of_day(local), event->start.zone};
}

/* Midnight to midnight in any zone that the program wrote: those days. */
static void
make_all_day(struct event_reader *r)
{
	struct event *event = r->event;
	const struct zone *zone = clock_of(r->context, event->start.kind, event->start.zone);
	int64_t start = zone_local(zone, when_instant(&event->start, NULL));
	int64_t end = zone_local(zone, event->first_end);

	/* Marked as all-day, but with hours: the hours are what people see, so they count. */
	if (civil_second_of_day(start) != 0 || civil_second_of_day(end) != 0)
		return;
	event->midnights = zone;
	/* The zone no longer matters: a day is a day of the rota. */
	event->unsure = NULL;
	event->start = (struct when){WHEN_DATE, start, r->context->days};
	event->lasting = (struct lasting){.wall = end > start ? end - start : DAY};
	event->first_end = event_end(event, event->lasting, start, NULL);
	event->recurrence = event_as_day(event, event->recurrence);
	if (end == start)
		event_warn(r, FAULT_SAME_DAY_END, NULL, NULL);
}

void
event_correct_days(struct event_reader *r)
{
	if (r->event->start.kind == WHEN_DATE)
		return;
	/* Before the look at midnights: an all-day event may be written as 00:00 to 23:59. */
	correct_end(r);
	if (is_marked_all_day(r))
		make_all_day(r);
}
