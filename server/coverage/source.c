/* SPDX-License-Identifier: MIT */
#include "server/coverage/source.h"

#include "server/base/instant.h"
#include "server/coverage/coverage_sql.h"
#include "server/model/freshness.h"

/* Nothing was read and nothing expires: a rota that has no row of a source says nothing. */
struct source
source_none(void)
{
	return (struct source){.horizon = INSTANT_NEVER, .trusted_until = INSTANT_END};
}

/* No source is trusted until 1970 exactly, so this value equals none that was read and forces
 * another check of the source. */
struct source
source_unlike_any(void)
{
	return (struct source){.horizon = INSTANT_NEVER, .trusted_until = 0};
}

/* Both statements give what a source is in three columns, one after the other. */
enum { LAST_GOOD_AT = 1, HORIZON };
_Static_assert(COVERAGE_MARKS_LAST_GOOD_AT == COVERAGE_MARKS_AGES + LAST_GOOD_AT &&
		   COVERAGE_MARKS_HORIZON == COVERAGE_MARKS_AGES + HORIZON,
    "as source_read takes them");
_Static_assert(COVERAGE_SHIFTS_LAST_GOOD_AT == COVERAGE_SHIFTS_AGES + LAST_GOOD_AT &&
		   COVERAGE_SHIFTS_HORIZON == COVERAGE_SHIFTS_AGES + HORIZON,
    "as source_read takes them");

/* trusted_until is computed at ${now}, so that a source that has just become too old differs from
 * the one seen before although its row is the same. */
struct source
source_read(const struct pg_rows *rows, size_t row, unsigned column, int64_t now)
{
	bool ages = pg_get_bool(rows, row, column);
	int64_t last_good = pg_get_time_or(rows, row, column + LAST_GOOD_AT, INSTANT_NEVER);

	return (struct source){
	    .horizon = pg_get_time_or(rows, row, column + HORIZON, INSTANT_NEVER),
	    .trusted_until = freshness_trusted_until(ages, last_good, now),
	};
}

bool
source_same(const struct source *a, const struct source *b)
{
	return a->horizon == b->horizon && a->trusted_until == b->trusted_until;
}
