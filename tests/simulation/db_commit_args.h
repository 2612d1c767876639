/* SPDX-License-Identifier: MIT */
#pragma once

#include "tests/simulation/db.h"
#include "tests/simulation/fake_pg.h"

/* Of db_commit.c: the arguments of coverage_commit, the columns of the types of those that are arrays,
 * and the commit under way. */

enum commit_arg {
	A_NOW,
	A_STALE,
	A_CHECK,
	A_REGION,
	A_SWEPT_TO,
	A_DEMANDS,
	A_ENDED,
	A_BEGUN,
	A_GAPS,
	A_MARKS,
	A_SOURCES,
	A_COUNT
};

/* The columns of each type. */
enum { DEMAND_REQUIREMENT, DEMAND_PLACE, DEMAND_FUNCTION, DEMAND_VERSION, DEMAND_NEXT };
enum { OF_DEMAND }; /* the first of the next three */
enum { ENDED_START = OF_DEMAND + 1 };
enum {
	SPAN_START = OF_DEMAND + 1,
	SPAN_END,
	SPAN_STATE,
	SPAN_CAUSE,
	SPAN_PRESENT,
	SPAN_REQUIRED,
	SPAN_SHIFTS
};
enum {
	GAP_ID = OF_DEMAND + 1,
	GAP_EVENT,
	GAP_FLAG,
	GAP_START,
	GAP_END,
	GAP_STATE,
	GAP_CAUSE,
	GAP_PRESENT,
	GAP_REQUIRED,
	GAP_SEVERITY,
	GAP_MARKS,
	GAP_GROUP,
	GAP_ALERTS_SENT,
	GAP_TO
};
enum { MARK_ROTA, MARK_N };
enum { SOURCE_ROTA, SOURCE_HORIZON, SOURCE_TRUSTED };

enum { GROUPS = 2048 };

struct commit {
	struct db *db;
	const struct pg_arg *args;
	int demands[DB_DEMANDS]; /* by the commit's numbers, from 0 */
	int64_t moment;
	int64_t ended, written, opened, closed, flags;
	struct {
		char id[64];
		bool led;      /* something was told of its leader */
		int64_t known; /* gaps that came to it, of which people need not be told */
	} groups[GROUPS];
	size_t ngroups;
};

static inline int64_t
number(const struct commit *commit, enum commit_arg arg, size_t i, unsigned field)
{
	return arg_field(&commit->args[arg], i, field)->number;
}

static inline const char *
text(const struct commit *commit, enum commit_arg arg, size_t i, unsigned field)
{
	return arg_field(&commit->args[arg], i, field)->text;
}

static inline size_t
count_of(const struct commit *commit, enum commit_arg arg)
{
	return arg_records_count(&commit->args[arg]);
}

static inline int
demand_at(const struct commit *commit, enum commit_arg arg, size_t i)
{
	return commit->demands[number(commit, arg, i, OF_DEMAND) - 1];
}
