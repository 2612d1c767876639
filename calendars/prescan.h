/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/faults.h"
#include "server/base/arena.h"
#include "server/base/text.h"
#include "server/base/vec.h"

/*
 * Our own look at the raw bytes, before the library sees any. It refuses what is no whole calendar,
 * keeps every limit, and writes clean copies: UTF-8, unfolded, and only the components and
 * properties that reading uses. So the library never meets a bomb it is known to choke on, cuts no
 * list short in silence, and what it cannot read is known here by name. Each event is a copy of its
 * own: read one at a time, ten thousand cost the library the memory of one.
 */

/* A run of a buffer that has a NUL behind it. */
struct scan_text {
	size_t from, len;
};

/* What the clean copy does not carry of a VEVENT, STANDARD or DAYLIGHT. Recurrence rules are in our
 * own hands from the first byte. */
struct scan_part {
	struct scan_text text; /* of a VEVENT: in ${clean} */
	uint32_t line;
	VEC(const char *) rules; /* values of RRULE as written */
	bool exrule, override;   /* it has an EXRULE, a RECURRENCE-ID, readable or not */
	enum fault fault;        /* what makes the part unreadable, or FAULT_NONE */
	const char *what, *more;
	VEC(const char *) junk; /* lines of it that could not be read, by number */
	/* Who was invited and will not come, by name or by the name in the address; "": nobody
	 * knows who. For the comparison with the title; never stored. */
	VEC(const char *) declined;
};

#define SCAN_FIRST_ONSET "X-FIRST-ONSET"

/* A VCALENDAR without its events: what else it says, and its zones. */
struct scan_calendar {
	struct scan_text text; /* in ${frames} */
	size_t first, count;   /* its events */
};

struct scan {
	struct arena *arena;
	struct faults *faults;
	struct buf clean, frames; /* free with scan_free */
	VEC(struct scan_calendar) calendars;
	VEC(struct scan_part) events; /* in the order of the file */
	VEC(struct scan_part)
	onsets; /* of all zones; each zone says in SCAN_FIRST_ONSET where its own begin */
	uint32_t zones;
};

/* Notes what it finds in ${faults}; false if the calendar is refused. */
bool scan_make(struct scan *scan, struct arena *arena, struct faults *faults, struct slice bytes);
void scan_free(struct scan *scan);
