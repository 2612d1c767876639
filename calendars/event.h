/* SPDX-License-Identifier: MIT */
#pragma once

#include <libical/ical.h>

#include "calendars/faults.h"
#include "calendars/prescan.h"
#include "calendars/questions.h"
#include "calendars/rule.h"
#include "calendars/zones.h"

#include "server/base/instant.h"

/*
 * A VEVENT in the terms of its owner: when it starts, how long it lasts on the wall clock, and how
 * it repeats. An event is either understood completely, or it is unreadable and a finding says why.
 */
enum when_kind { WHEN_NONE, WHEN_DATE, WHEN_LOCAL, WHEN_UTC };

/* A year's event may include 29 February. */
#define EVENT_MAX_SECONDS ((int64_t)366 * 86400)

/* A time as written: the wall clock of a zone. A DATE is its midnight; a time in UTC is the wall
 * clock of UTC. */
struct when {
	enum when_kind kind;
	int64_t local;
	const struct zone *zone;
};

/* A length: add ${wall} to the wall clock of the start, then add ${exact} seconds to the instant
 * (RFC 5545 3.3.6: days are nominal, hours are exact). */
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
	int64_t sequence, dtstamp; /* INSTANT_NONE: none */
	struct when start, recurrence;
	struct lasting lasting;
	int64_t first_end; /* instant at which the instance at DTSTART ends, exactly as written */
	bool is_override, this_and_future;
	const struct scan_part *scanned;
	VEC(struct rule) rules;
	VEC(struct rdate) rdates;
	VEC(struct when) exdates;
	enum event_status status;
	bool away;     /* marked "out of office" */
	bool proposal; /* METHOD:COUNTER and the like: nothing that is agreed */
	const char *calendar, *calendar_note; /* name and description of its calendar, or NULL */
	const struct zone *midnights; /* whole days written as times of this zone; NULL: not so */
	bool rival;      /* another version of it may be the one in force: nobody counts by
					 it, but who is away stays away */
	bool two_ends;   /* an end and a duration that disagree: as ${rival} */
	bool superseded; /* another event with its UID may replace it: undecided */
	bool two_titles; /* two titles that differ: undecided */
	bool ended;      /* by a rule that ends before it begins: undecided */
	bool shares_uid; /* with events at other times */
	/* a zone of its times that has doubtful summer times, or NULL */
	const struct zone_found *unsure;
	const struct title *title; /* of a row of a roster; NULL: read ${summary} */
	bool unreadable;
};

/* What all events of one VCALENDAR share. */
struct event_context {
	struct arena *arena;
	struct faults *faults;
	struct zones *zones;
	struct questions *questions;
	const struct zone *floating;             /* the zone of times without a zone */
	const struct zone_found *floating_named; /* from the calendar; NULL: the rota's own */
	const struct zone *days;                 /* the zone of whole days: the rota's own */
	bool cancelled;                          /* METHOD:CANCEL */
	bool proposal;                           /* METHOD:COUNTER and the like */
	const char *calendar, *calendar_note;    /* its name and description, or NULL */
	uint32_t listed_lies;
	uint32_t floated; /* how many events had times without a zone */
	const struct zone *zone_used;
	bool zones_differ;
};

/* Reads ${vevent}. Faults are noted in the context's faults; an event that cannot be read has
 * ${unreadable} set. The event lives in the context's arena. */
struct event *event_read(struct event_context *context, icalcomponent *vevent,
    const struct scan_part *scanned, uint32_t order);

/* The instant of ${when}. */
int64_t when_instant(const struct when *when, enum zone_fit *fit);

/* The end of an instance of ${event} that starts at the wall clock ${local}. */
int64_t event_end(
    const struct event *event, struct lasting lasting, int64_t local, enum zone_fit *fit);
