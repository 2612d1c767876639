/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_says.h"
#include "calendars/roster/roster_times.h"

/*
 * Pairs of rows about one shift of one person, of which one says that the person is on and the other that
 * the shift is cancelled. Programs write these when a shift was cancelled and booked again, and also when
 * it was booked and then cancelled. Nothing in the rows tells which, so a person must decide.
 */

struct roster_pair {
	const char *key; /* of the shift and the person; NULL: the row names nobody who is known */
	/* Of a cell of a grid, its duty and when it begins; NULL: none. Two cells of one duty on one day may
	 * be of two teams, or a table and its correction. */
	const char *cell;
	enum slot_state state;
	struct event *event;
};
struct roster_pairs {
	VEC(struct roster_pair) list;
};

/* The key of a row with the name ${name}; NULL if that is not one person of the directory. */
const char *roster_pair_key(struct arena *arena, const struct roster_row *row,
    const struct title *name, const struct row_times *times);

/* A copy of ${title} that counts for nobody. */
const struct title *roster_pair_undecided(struct arena *arena, const struct title *title);

/* Makes undecided what is filled in one row and empty in another, and what two cells of a grid say of one duty
 * on one day, and notes it. */
void roster_pairs_settle(
    const struct roster_pairs *pairs, struct arena *arena, struct faults *faults);
