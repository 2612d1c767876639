/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"
#include "server/pg/pg.h"

/*
 * Checks of a region file that need the set-ups before it: whether the code of a place belonged to another
 * place (codes are never used again: another kind of place is a fault, another name a warning); whether the
 * bank holidays that it changes exist; and whether it is a practice region as the one in force is. A practice
 * region can never become a real one or the reverse, so that nobody takes one for the other. What is found is
 * added to the faults of reading the file.
 */

/* The region in force, and the file. */
struct region_pair {
	const struct region *before, *after;
	bool first; /* nothing was ever put in force */
};

/* Checks everything that needs only the region in force. */
void region_reuse_check(struct arena *arena, const struct ask *ask, const struct region_pair *pair,
    struct region_faults *faults);

/* Appends the argument of API_PLACES_RETIRED: the codes that the region in force does not have, about which only
 * the record knows. False: there are none, so nothing is to be asked. */
bool region_reuse_ask(const struct ask *ask, const struct region_pair *pair, struct pg_args *args);

/* Checks the places in the rows of API_PLACES_RETIRED. */
void region_reuse_take(struct arena *arena, const struct ask *ask, const struct pg_rows *rows,
    const struct region *after, struct region_faults *faults);

/* Whether one of ${faults} is more than a warning. */
bool region_reuse_refuses(const struct region_faults *faults);
