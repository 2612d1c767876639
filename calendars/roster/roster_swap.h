/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_pair.h"
#include "calendars/roster/roster_state.h"
#include "server/base/table.h"

/*
 * Swaps that a cell tells of: "N swap w/ KL". Who has the other shift after it is not said, so that the cell of the
 * other person on that day counts for nobody either.
 */
struct roster_swaps {
	struct table told; /* "20458 kay-lee": days and people */
};

/* Whether ${text} has a word for a swap. */
bool roster_tells_of_swap(const char *text);

/* Looks for a swap in the cells of the row of ${entry}, which was read as ${title} and begins at ${start} of local
 * time. */
void roster_swaps_note(struct roster_swaps *swaps, const struct roster_entry *entry,
    const struct title *title, int64_t start);

/* Makes undecided what those people have on those days, and notes it. */
void roster_swaps_settle(const struct roster_swaps *swaps, const struct roster_pairs *pairs,
    struct arena *arena, struct faults *faults);
