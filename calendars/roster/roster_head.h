/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_row.h"

/* Title lines, addresses and dates of printing stand above a heading line. */
#define ROSTER_HEAD_ROWS 20

/* The heading line of a list of shifts: of one row of the sheet, or of two. */
struct roster_head {
	struct roster_heading *headings;
	size_t nheadings;
	size_t ncells;                 /* of the line; more than headings if it has too many */
	int column_of[ROSTER_COLUMNS]; /* -1: it has none */
	size_t at, end;      /* the first of its rows in the sheet, and the row after it */
	const char *missing; /* the column that it lacks to be a heading line; NULL: none */
	const char *twice;   /* a column that it has twice; NULL: none */
};

/* Finds the heading line among the first rows of ${sheet}. False: there is none; ${out} is then of the row
 * that is most like one. */
bool roster_head_find(struct roster_head *out, struct titles *titles, const struct sheet *sheet);

/* Puts the fields of ${cells}, at least as many as there are headings, into ${row}. */
void roster_head_fields(const struct roster_head *head, struct arena *arena,
    const struct cell *cells, struct roster_row *row);

/* What the headings of ${row} are, whether it is a heading line or not. */
void roster_head_of(struct roster_head *out, struct titles *titles, const struct sheet_row *row);

/* Two rows as one, with ${between} between two texts: "Staff" above "Name", "Shift" above "Start" and, in a cell that
 * was merged with it, above "End". ${fill}: an empty cell of the first row belongs to the one before it. */
struct sheet_row roster_head_join(struct arena *arena, const struct sheet_row *first,
    const struct sheet_row *second, bool fill, const char *between);
