/* SPDX-License-Identifier: MIT */
#pragma once

#include <libical/ical.h>

#include "calendars/faults.h"
#include "calendars/prescan.h"
#include "calendars/questions.h"
#include "calendars/rule.h"
#include "calendars/zones.h"

/*
 * A VEVENT as its owner meant it: when it starts, how long it lasts by the wall clock, how it
 * repeats. Either all of it is understood or it is unreadable and says why.
 */
enum when_kind { WHEN_NONE, WHEN_DATE, WHEN_LOCAL, WHEN_UTC };

/* An event may last a leap year. */
#define EVENT_MAX_SECONDS ((int64_t)366 * 86400)

/* A time as written: wall clock of a zone. A DATE is its midnight, UTC time the wall clock of UTC.
 */
struct when {
	enum when_kind kind;
	int64_t local;
	const struct zone *zone;
};

/* An end is so much wall clock behind a start, and then so many exact seconds (RFC 5545 3.3.6: days
 * are nominal, hours exact). */
struct lasting {
	int64_t wall, exact;
};

struct rdate {
	struct when start;
	bool has_end; /* a PERIOD */
	struct lasting lasting;
};

enum event_status { EVENT_PLAIN, EVENT_CONFIRMED, EVENT_TENTATIVE, EVENT_CANCELLED };

struct event {
	const char *uid, *summary;
	uint32_t line, order;
	int64_t sequence, dtstamp; /* INT64_MIN: none */
	struct when start, recurrence;
	struct lasting lasting;
	int64_t first_end; /* the end of the start itself, to the second */
	bool is_override, this_and_future;
	const struct scan_part *scanned;
	VEC(struct rule) rules;
	VEC(struct rdate) rdates;
	VEC(struct when) exdates;
	enum event_status status;
	bool away; /* marked "out of office" */
	const struct zone
	    *midnights;  /* whole days that were written as times of this zone, or NULL */
	bool superseded; /* another event of its UID may stand in its place: undecided */
	bool two_titles; /* that differ: undecided */
	bool shares_uid; /* with events at other times */
	const struct zone_found
	    *unsure;               /* a zone of its times that is in doubt in summer, or NULL */
	const struct title *title; /* already read (a roster's row); NULL: by its summary */
	bool unreadable;
};

/* What the events of one VCALENDAR are read by. */
struct event_context {
	struct arena *arena;
	struct faults *faults;
	struct zones *zones;
	struct questions *questions;
	const struct zone *floating;             /* of times without a zone */
	const struct zone_found *floating_named; /* by the calendar; NULL: the rota's own */
	const struct zone *days;                 /* of whole days: the rota's own */
	bool cancelled;                          /* METHOD:CANCEL */
	uint32_t listed_lies;
	uint32_t floated; /* how many events had times without a zone */
	const struct zone *zone_used;
	bool zones_differ;
};

/* Reads ${vevent}; what is wrong with it goes to the findings. */
struct event *event_read(struct event_context *context, icalcomponent *vevent,
    const struct scan_part *scanned, uint32_t order);

/* The instant of ${when}. */
int64_t when_instant(const struct when *when, enum zone_fit *fit);

/* The end of an instance that starts at wall clock ${local} of ${event}'s zone. */
int64_t event_end(
    const struct event *event, struct lasting lasting, int64_t local, enum zone_fit *fit);
