/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/guard.h"

/* Inside the guards: rows by what counts as cover, whatever key and title they go by. */
struct guard_rows {
	const struct merge_row **items;
	size_t count;
};

/* Fewer rows that are over are somebody's correction, not a past made up anew. */
#define REWRITTEN_LEAST 3

struct guard_rows guard_rows_sorted(
    struct arena *arena, const struct merge_row *rows, size_t count);

/* Whether ${rows} have the cover that ${row} gives, ${later} seconds later. */
bool guard_rows_have(const struct guard_rows *rows, const struct merge_row *row, int64_t later);

/* Rows that only say that something could not be read are nobody's shifts. */
bool guard_is_shift(const struct merge_row *row);

/* What is to be said where most shifts that lie ahead are exactly an hour out; NULL: they are not.
 */
const char *guard_shifted(
    struct arena *arena, const struct guard_input *input, const struct guard_rows *reading);
