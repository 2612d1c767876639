/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/guard.h"

/* Internal to the guards: rows sorted by what counts as cover, without key and title. */
struct guard_rows {
	const struct merge_row **items;
	size_t count;
};

/* Fewer changed rows in the past are a person's correction. */
#define REWRITTEN_LEAST 3

struct guard_rows guard_rows_sorted(
    struct arena *arena, const struct merge_row *rows, size_t count);

/* Whether ${rows} give the same cover as ${row}, ${later} seconds later. */
bool guard_rows_have(const struct guard_rows *rows, const struct merge_row *row, int64_t later);

/* Whether ${row} is a shift. A row that only says that something could not be read is not. */
bool guard_is_shift(const struct merge_row *row);

/* A sentence if most shifts ahead are exactly an hour out; else NULL. */
const char *guard_shifted(
    struct arena *arena, const struct guard_input *input, const struct guard_rows *reading);
