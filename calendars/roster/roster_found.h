/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/faults.h"
#include "calendars/roster/sheet.h"

/* What a grid has of which a person must say which part is the rota's (struct reading_found). */

/* Where it is in a sheet. */
struct roster_found_at {
	const struct sheet *sheet;
	const struct sheet_row *line;  /* of its headings */
	const struct sheet_row *upper; /* the line above that; NULL: none */
	size_t from;                   /* the row below them */
	size_t label;                  /* where columns are days, the column at which rows begin */
	/* READING_NO_GRID: days are columns, and what rows are is not set */
	enum reading_layout layout;
};

/* Puts it into ${faults}, of which one refuses the file. */
void roster_found_note(
    struct faults *faults, struct titles *titles, const struct roster_found_at *at);
