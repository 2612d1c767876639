/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"
#include "server/pg/pg.h"

/*
 * Checks of a region file that need the earlier ones: whether a place's code belonged to another
 * place before (codes are never used again), whether the bank holidays that it changes exist, and
 * whether it is of the same kind as the region in force: a practice region always stays one, and no
 * other becomes one, so that neither is taken for the other. Notes are added to those of the
 * reading: another kind of place is a fault, another name a warning.
 */

/* The region in force, and the file. */
struct region_pair {
	const struct region *before, *after;
	bool first; /* nothing was ever put in force */
};

/* Of codes that the region in force has, where the place had ended; and of bank holidays. */
void region_reuse_check(struct arena *arena, const struct ask *ask, const struct region_pair *pair,
    struct region_faults *faults);

/* The argument of API_PLACES_RETIRED: the codes that are new to the region in force. False: there
 * is none, nothing to ask. */
bool region_reuse_ask(const struct ask *ask, const struct region_pair *pair, struct pg_args *args);

/* Takes the answer. */
void region_reuse_take(struct arena *arena, const struct ask *ask, const struct pg_rows *rows,
    const struct region *after, struct region_faults *faults);

/* Whether one of them is no warning. */
bool region_reuse_refuses(const struct region_faults *faults);
