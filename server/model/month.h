/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/base/text.h"
#include "server/base/zone.h"
#include "server/model/report.h"
#include "server/model/span.h"
#include "server/model/sweep.h"

/*
 * The report of a month about one place: hours by state, gaps and whether they were seen coming, what came of ringing,
 * and how long it took until the right person was reached. What is few is not shown (few.h). docs/reports.md says what
 * each number means. Pure.
 *
 *   call      what somebody reported of ringing, and did not take back
 *   answered  the right person answered: reached, or declined
 *   search    the calls from the place for one function, one after the other, until somebody was reached or nothing was
 *             reported for two hours. It belongs to the month in which it begins.
 *   found     a search that ended with somebody reached; it lasted from its first report to that one
 */

/* How long before it began a gap had to be known, to count as seen ahead. */
#define MONTH_AHEAD_SECONDS (72 * 3600)
/* A search ends when nothing was reported for so long. */
#define MONTH_SEARCH_ENDS_SECONDS REPORT_STANDS_SECONDS
/* How far outside the month calls are to be given, so that no search is cut: before it, and after. What a search
 * finds later than that does not count. */
#define MONTH_BEFORE_SECONDS MONTH_SEARCH_ENDS_SECONDS
#define MONTH_AFTER_SECONDS (24 * 3600)

#define MONTH_NONE UINT32_MAX

/* "2026-11" as the time from its first midnight to the next month's, by the clocks of ${zone}. False: it is no month. */
bool month_read(struct slice text, const struct zone *zone, struct span_time *out);
/* The month before the one that ${utc} is in. */
struct span_time month_before(const struct zone *zone, int64_t utc);
/* The month that begins at ${from}: "2026-11". */
#define MONTH_TEXT_MAX 16
void month_text(const struct zone *zone, int64_t from, char out[MONTH_TEXT_MAX]);

/* Functions, services and people are numbers of the caller's. */
struct month_call {
	int64_t at;
	uint32_t
	    function; /* the one that was looked for: its ladder may lead to services of others */
	uint32_t service;
	uint32_t person; /* MONTH_NONE: a line was rung */
	enum report_outcome outcome;
};

struct month_piece { /* of one requirement */
	uint32_t function;
	int64_t start, end;
	enum cover_state state;
};

struct month_gap { /* that began, and is longer than its requirement's tolerance */
	uint32_t function;
	bool unknown; /* it was not known whether somebody was on; else a gap, or too few */
	bool ahead;   /* it was known MONTH_AHEAD_SECONDS before it began */
};

struct month_facts {
	struct span_time counted; /* the month, as far as it is over: pieces are of this time */
	int64_t now;
	const struct month_call *calls; /* by time */
	size_t ncalls;
	const struct month_piece *pieces;
	size_t npieces;
	const struct month_gap *gaps;
	size_t ngaps;
	uint32_t nfunctions;
	const uint32_t *function_of; /* by service */
	uint32_t nservices;
	const char *const *functions, *const
					  *services; /* codes by number; NULL: as their numbers */
};

struct month_count {
	uint32_t value;
	bool hidden; /* it is not to be shown */
};

/* Of a function, of a service, or of all. Of a service there are calls alone. */
struct month_row {
	uint32_t function, service;        /* MONTH_NONE: of all */
	bool any;                          /* there is something to tell */
	int64_t seconds[COVER_STATES];     /* of all requirements */
	uint32_t gaps, gaps_ahead;         /* gap, or too few */
	uint32_t unknowns, unknowns_ahead; /* not known */
	struct month_count calls, answered, wrong_person, no_answer;
	struct month_count searches, found; /* not of a service */
	/* Of what was found, by nearest rank; MONTH_NONE: not shown, or nothing was. */
	uint32_t median_seconds, p90_seconds;
};

struct month {
	struct month_row *functions; /* by function */
	struct month_row *services;  /* by service */
	struct month_row total;
};

/* Memory of ${arena}. */
struct month month_of(struct arena *arena, const struct month_facts *facts);

/* Rows and the row that is their sum. */
struct month_table {
	struct month_row *rows;
	uint32_t nrows;
	struct month_row *total;
	const char *const *names; /* as in few.h; or NULL */
};

/* Sets what is not shown of calls, answered, wrong_person and no_answer, where ${calls} may be hidden already. ${least}
 * as in few.h. Scratch memory of ${arena}. A part of month_of(), for its test. */
void month_hide_calls(struct arena *arena, const struct month_table *table, uint32_t least);

/* ${part} of ${whole} in whole percent, to the nearest, half upwards. -1: one is not shown, or ${whole} is 0. */
int month_percent(struct month_count part, struct month_count whole);
