/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_state.h"

/* What the cells of a workbook show beside their texts: what is struck out, coloured, hidden, has a comment,
 * or is a formula without a value. None of it makes anybody count. */
enum marks_force {
	MARKS_NONE, /* nothing takes the cell off duty */
	MARKS_OFF,  /* the cell names nobody who is on duty */
	MARKS_OPEN, /* a person must decide */
};

/* The force of ${marks} (of enum cell_mark), of which the rota's manager has said ${means}. ${why} is what
 * the cell shows, in words, if there is a force. That only a part of a text is struck out, and what numbers
 * are, has none here: it is undecided by the column, whatever the manager has said. */
enum marks_force marks_force(const struct reading_marks *means, unsigned marks, const char **why);

/* What is left of ${state} of the row by the marks of its cells; what takes something away is noted in the
 * faults. ${counts}: the row has a name that would be cover. */
enum slot_state roster_marks_state(
    const struct roster_entry *entry, enum slot_state state, bool counts);
