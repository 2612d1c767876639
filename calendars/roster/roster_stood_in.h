/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_pair.h"
#include "calendars/roster/roster_state.h"

/*
 * People of whom a row says that another has their shift: "Cover for: J Jones", "S Ahmed (covering J Jones)", "J Jones
 * off". Programs leave the row of the one who is not there in the file, and she has nothing in those hours.
 */
struct roster_absent {
	const char *person;
	int64_t start, end; /* local time of the row that says so */
	uint32_t next;      /* another of the same person: its place in the list, from 1; 0: none */
};

struct roster_stood_in {
	VEC(struct roster_absent) list;
	struct table first; /* of each person: the place in the list, from 1 */
};

/* Looks for such people in the cells of the row of ${entry}, which was read as ${title} and is of ${times}. */
void roster_stood_in_note(struct roster_stood_in *in, const struct roster_entry *entry,
    const struct title *title, const struct row_times *times);

/* Makes undecided what they have in those hours, and notes it. */
void roster_stood_in_settle(const struct roster_stood_in *in, const struct roster_pairs *pairs,
    struct arena *arena, struct faults *faults);
