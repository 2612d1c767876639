/* SPDX-License-Identifier: MIT */
#pragma once

#include <libical/ical.h>

#include "calendars/event.h"

/* What the parts of reading an event share: event.c, event_reader.c, event_repeat.c. */

/* The properties of one event, taken out at once: the library has one cursor a component, and
 * nested loops lose values. */
struct event_properties {
	icalproperty *start, *end, *duration, *recurrence, *uid, *summary, *other_summary, *stamp,
	    *sequence, *status, *busy, *all_day;
	VEC(icalproperty *) rdates;
	VEC(icalproperty *) exdates;
	const char *twice;
};

struct event_reader {
	struct event_context *context;
	struct event *event;
	const struct scan_part *scanned;
	struct event_properties properties;
	bool failed;
};

/* Takes the properties out of ${vevent}. */
void event_take(struct event_reader *r, icalcomponent *vevent);

/* The event is unreadable because of ${fault}; the first reason stays. A warning leaves it
 * readable. */
void event_fail(struct event_reader *r, enum fault fault, const char *what, const char *more);
void event_warn(struct event_reader *r, enum fault fault, const char *what, const char *more);

/* The event has times in ${found}, which may be in doubt. */
void event_doubt_zone(struct event_reader *r, const struct zone_found *found);

/* The TZID of ${p}, or NULL. */
const char *event_tzid(icalproperty *p);

/* A time in ${tzid} (NULL: none), floating times in ${floating}. False after failing the event. */
bool event_when(struct event_reader *r, struct icaltimetype time, const char *tzid,
    const struct zone *floating, struct when *out);

struct lasting event_lasting(struct icaldurationtype duration);

/* What "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE" and an end at 23:59 mean. In event_days.c. */
void event_mend_days(struct event_reader *r);

/* ${when} of such an all-day event as the day that it is. */
struct when event_as_day(const struct event *event, struct when when);

/* How much longer than to ${end}, an instant of ${kind} in ${zone}, is meant: until midnight, if it
 * is 23:59 or 23:59:59. */
int64_t event_to_midnight(
    const struct event_context *context, enum when_kind kind, const struct zone *zone, int64_t end);

/* How the event repeats, and what it changes of a series. */
void event_read_recurrence(struct event_reader *r);
void event_read_rules(struct event_reader *r);
void event_read_dates(struct event_reader *r);
