/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/faults.h"
#include "server/base/arena.h"
#include "server/base/text.h"
#include "server/base/vec.h"

/*
 * The first pass over the raw bytes, before libical sees any. It refuses a calendar that is not
 * complete, enforces every limit, and writes clean copies: UTF-8, unfolded, with only the
 * components and properties that reading uses. So libical never meets input that is known to hang
 * it, never cuts a list short silently, and everything that it cannot read is known here by name.
 * Each event is a separate copy: libical parses one at a time, so ten thousand events need the
 * memory of one.
 */

#define SCAN_FILE_MAX_BYTES ((size_t)10 * 1024 * 1024)

/* A part of a buffer. A NUL follows it. */
struct scan_text {
	size_t from, len;
};

/* What an event says beside its title (asides.h). Compared with the lexicon, and never stored. */
enum scan_aside_kind {
	ASIDE_CATEGORY,
	ASIDE_PLACE,
	ASIDE_COMMENT,
	ASIDE_NOTE,
	ASIDE_STATUS,
	ASIDE_FLAG, /* a property whose name says what its short value answers: "X-CANCELLED:TRUE" */
	ASIDE_UNREAD /* more than is looked at, so that it may say anything */
};

struct scan_aside {
	enum scan_aside_kind kind;
	const char *name; /* of the property */
	const char *text;
};

/* What we keep of a VEVENT, STANDARD or DAYLIGHT beside its clean copy. Recurrence rules never
 * reach libical; rule_parse.c reads them. */
struct scan_part {
	struct scan_text text; /* of a VEVENT: in ${clean} */
	uint32_t line;
	VEC(const char *) rules; /* values of RRULE as written */
	bool exrule, override;   /* it has an EXRULE, a RECURRENCE-ID, readable or not */
	enum fault fault;        /* what makes the part unreadable, or FAULT_NONE */
	const char *what, *more;
	VEC(const char *) junk; /* lines of it that could not be read, by number */
	/* Invited people who declined, accepted only tentatively or passed it on, by name or by the name in the address; "" if nobody knows
	 * who it is. Compared with the title, and never stored. */
	VEC(const char *) declined;
	VEC(struct scan_aside) asides;
};

#define SCAN_FIRST_ONSET "X-FIRST-ONSET"

/* A VCALENDAR without its events: its own properties and its zones. */
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
