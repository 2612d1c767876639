/* SPDX-License-Identifier: MIT */
#pragma once

#include <libical/ical.h>

#include "calendars/event.h"

/* Shared by the files that read an event: event.c, event_days.c, event_reader.c, event_repeat.c. */

/* The properties of one event, collected in one pass. libical keeps one cursor for each component,
 * so nested loops over its properties would skip some. */
struct event_properties {
	icalproperty *start, *end, *duration, *recurrence, *uid, *summary, *other_summary, *stamp,
	    *sequence, *status, *busy, *all_day;
	icalproperty *dropped; /* what libical puts in the place of a value that it cannot parse */
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

/* Collects the properties of ${vevent} in ${r}. */
void event_take(struct event_reader *r, icalcomponent *vevent);

/* Marks the event unreadable because of ${fault}; the first reason is kept. event_warn() notes a
 * fault and leaves the event readable. */
void event_fail(struct event_reader *r, enum fault fault, const char *what, const char *more);
void event_warn(struct event_reader *r, enum fault fault, const char *what, const char *more);

/* Notes that the event has times in ${found}, whose daylight-saving time may be in doubt. */
void event_doubt_zone(struct event_reader *r, const struct zone_found *found);

/* The TZID of ${p}, or NULL. */
const char *event_tzid(icalproperty *p);

/* Converts ${time}, written with ${tzid} (NULL: none); ${floating} is the zone of floating times.
 * If it returns false, the event has failed. */
bool event_when(struct event_reader *r, struct icaltimetype time, const char *tzid,
    const struct zone *floating, struct when *out);

struct lasting event_lasting(struct icaldurationtype duration);

/* Makes whole days of an event with X-MICROSOFT-CDO-ALLDAYEVENT:TRUE, and midnight of an end at
 * 23:59. In event_days.c. */
void event_correct_days(struct event_reader *r);

/* ${when} as a day, if ${event} is such an all-day event; else ${when}. */
struct when event_as_day(const struct event *event, struct when when);

/* The seconds to add to ${end}, an instant of ${kind} in ${zone}, to get to midnight if it is at
 * 23:59 or 23:59:59; else 0. */
int64_t event_to_midnight(
    const struct event_context *context, enum when_kind kind, const struct zone *zone, int64_t end);

/* Reads how the event repeats, and which shift of a series it changes. */
void event_read_recurrence(struct event_reader *r);
void event_read_rules(struct event_reader *r);
void event_read_dates(struct event_reader *r);
