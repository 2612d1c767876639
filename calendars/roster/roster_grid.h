/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_row.h"

/*
 * Grids: each cell is a shift, and what it is about stands in the heading of its column and at the beginning
 * of its row. The rota's options say how the grid is laid out and which part of it is this rota's.
 *
 * Makes a row of a roster of each cell that is this rota's, with its own heading line, in ${rows}. What is
 * wrong with the whole grid is noted in ${faults}, and refuses it.
 */
void roster_grid_read(
    struct rows *rows, struct titles *titles, const struct sheet *sheet, struct faults *faults);

/* Notes a fault that refuses the file if its rows are weeks that do not begin on the same day of the week. */
void roster_grid_check_weeks(
    const struct rows *rows, enum reading_date_order order, struct faults *faults);

/* The most shifts of one file. */
#define ROSTER_ROWS_MAX 50000
