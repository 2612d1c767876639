/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/base/text.h"
#include "server/base/zone.h"

/*
 * Writes a calendar that others subscribe to (RFC 5545, RFC 7986): its head, its events, its end. Pure: the
 * same input has the same bytes. Texts are UTF-8.
 */
struct ical_calendar {
	const char *uid;         /* of the calendar, the same in every answer */
	const char *name;        /* what programs show: NAME and X-WR-CALNAME */
	const char *description; /* or NULL */
	const struct zone *zone; /* whose wall clock the times are in */
	int64_t from, until;     /* no event is outside; the VTIMEZONE is of this time */
	int refresh_minutes;     /* how often a subscriber should ask */
};

/* What an event states. It is the event's STATUS: some programs draw what is not confirmed in another way. */
enum ical_status { ICAL_CONFIRMED, ICAL_TENTATIVE, ICAL_CANCELLED };

struct ical_event {
	const char *uid; /* the same while it is the same thing */
	int64_t start, end;
	int64_t changed; /* when what it shows last changed: DTSTAMP, LAST-MODIFIED, SEQUENCE */
	enum ical_status status;
	const char *summary;
	const char *description; /* or NULL */
	const char *category;    /* for programs, or NULL: "ON-CALL" */
};

void ical_begin(struct buf *out, const struct ical_calendar *calendar);
void ical_event(
    struct buf *out, const struct ical_calendar *calendar, const struct ical_event *event);
void ical_end(struct buf *out);

/* The SEQUENCE of what changed at ${changed}: it grows with time, and fits into the 31 bits of an INTEGER
 * until 2088. */
int64_t ical_sequence(int64_t changed);
