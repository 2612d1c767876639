/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_grid_line.h"

/* The lines above the tables of a grid whose columns are days. */

/* How many cells of ${row} are filled in. */
size_t grid_count_filled(const struct sheet_row *row);

/* How many rows directly above ${at} have one cell at most. */
size_t grid_lines_above(const struct grid *g, size_t at);

/* Reads the line of days at ${at}, which may have a line of weekdays, or the same days once more, beside it. Returns
 * the row after them; 0: it is none, or the file is refused. */
size_t grid_head_read(struct grid *g, size_t at, struct grid_line *across);

/* Keeps one line of headings for all rows of the file: a later table has the same columns, but for its days. One with
 * others refuses the file. */
void grid_head_keep(struct grid *g);
