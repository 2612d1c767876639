/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/faults.h"
#include "calendars/roster/sheet.h"

/*
 * Several tables in one file, each with a heading line. A later one may have its columns in another order, and a grid
 * also others beside the rota's own. They are brought into one order, so that all rows are read below one line.
 */
struct roster_tables {
	struct arena *arena;
	const struct sheet *sheet;
	struct sheet_row head;  /* the heading line of the first table, which is one row */
	size_t from;            /* the row after it */
	size_t label;           /* of a grid, the column of its dates */
	const char *const *own; /* of a grid, its own columns; NULL: none is named */
	bool list;              /* it is none: a later table must have the same columns */
	/* Whether ${row} is a heading line once more. */
	bool (*is_head)(const void *context, const struct sheet_row *row);
	/* Whether ${row} is one of the rows of a table. */
	bool (*is_row)(const void *context, const struct sheet_row *row);
	const void *context;
};

/* The sheet with the columns of all its tables in one order, and the line of them in ${t}->head. It is the sheet itself
 * if there is one table, or one that is of something else: that refuses the file later. A table that lacks one of the
 * rota's own columns is noted in ${faults}. */
const struct sheet *roster_tables_align(struct roster_tables *t, struct faults *faults);
