/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "server/base/instant.h"
#include "server/loop/loop.h"
#include "server/pg/pg.h"

/*
 * Records who saw whose name. Every answer that contains a name or a number of a person is noted here and written
 * to the audit a minute later: which account, by which call, about which place; never the names. To note one costs
 * no system call and no allocation, and cannot fail, so that no lookup is delayed.
 *
 * Equal reads within a minute are one row with a count. Each new one is written to a file of the state directory
 * within a second. So it is not lost if the process ends or the database is away: the next process writes it.
 * At most READS_MAX are kept; beyond that, reads are only counted as dropped.
 */
#define READS_MAX 65536

enum read_route {
	READ_NOW,
	READ_NOW_TEXT,
	READ_COVERAGE,
	READ_HISTORY,
	READ_PEOPLE,
	READ_SHIFTS,
	READ_REGION,
	READ_IMPORT,
	READ_AUDIT,
	READ_OVERRIDES,
	READ_OVERRIDE_PLAN,
	READ_ABSENCES,
	READ_ABSENCE_PLAN,
	READ_DECISIONS,
	READ_FEEDS,
	READ_OVERRIDE_MADE,
	READ_APPROVALS,
	READ_CONTACTS,
	READ_PERSON,
	READ_ROTA,
	READ_PROPOSALS,
	READ_REPORTS,
	READ_NOTES,
	READ_NOW_PAGE,
	READ_SHEET,
	READ_TYPED,
	READ_TONIGHT,
	READ_ROTATION,
	READ_ROTA_CALENDAR,
	READ_SERVICE_CALENDAR,
	READ_PERSON_CALENDAR,
	READ_SWAPS,
	READ_SWAP,
	READ_SWAP_PLAN,
	READ_SWAP_LINK,
	READ_LEAVE,
	READ_LEAVE_PLAN,
	READ_FAIRNESS,
	READ_MY_SHIFTS,
	READ_SUBJECT,
	READ_LADDER,
	READ_REPORT_MADE,
	READ_ROUTES
};
_Static_assert(READ_ROUTES <= 64, "a route has a bit for each");

struct read {
	enum read_route route;
	const char *account;
	const char *what;     /* the place, rota or import; NULL where the route has none */
	const char *function; /* NULL: all */
	int64_t at, known_at; /* INSTANT_NONE: not given */
	int64_t now;          /* by the database's clock */
};

struct reads;

/* Each process has a file of its own in ${directory} (borrowed until reads_close()), whose number nobody else has locked, and takes over what
 * processes that have ended left in theirs. Blocks: for the start. */
struct reads *reads_open(struct loop *loop, struct pg *pg, const char *directory);

/* At the end of the process: what is not written yet stays in the file. */
void reads_close(struct reads *reads);

void reads_note(struct reads *reads, const struct read *read);

struct reads_stats {
	int64_t noted, dropped, waiting;
};
struct reads_stats reads_stats(const struct reads *reads);
