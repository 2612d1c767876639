#pragma once

#include "calendars/faults.h"
#include "server/base/arena.h"
#include "server/base/text.h"
#include "server/base/vec.h"

/*
 * Our own look at the raw bytes, before the library sees any. It refuses what is no whole calendar,
 * keeps every limit, and writes a clean copy: UTF-8, unfolded, and only the components and
 * properties that reading uses. So the library never meets a bomb it is known to choke on, cuts no
 * list short in silence, and what it cannot read is known here by name.
 */

/* What the clean copy does not carry of a VEVENT, STANDARD or DAYLIGHT. Recurrence rules are in our
 * own hands from the first byte. */
struct scan_part {
	uint32_t line;
	VEC(const char *) rules; /* values of RRULE as written */
	bool exrule, override;   /* it has an EXRULE, a RECURRENCE-ID, readable or not */
	enum fault fault;        /* what makes the part unreadable, or FAULT_NONE */
	const char *what, *more;
	VEC(const char *) junk; /* lines of it that could not be read, by number */
};

#define SCAN_FIRST_ONSET "X-FIRST-ONSET"
struct scan {
	struct arena *arena;
	struct faults *faults;
	struct buf clean;             /* free with scan_free */
	VEC(struct scan_part) events; /* in the order of the file, which the library keeps */
	VEC(struct scan_part)
	onsets; /* of all zones; each zone says in SCAN_FIRST_ONSET where its own begin */
	uint32_t calendars;
};

/* Notes what it finds in ${faults}; false if the calendar is refused. */
bool scan_make(struct scan *scan, struct arena *arena, struct faults *faults, struct slice bytes);
void scan_free(struct scan *scan);
