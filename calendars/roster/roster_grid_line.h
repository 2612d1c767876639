/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_grid_row.h"

/* The line of days above a table of a grid. */
struct grid_line {
	const char *date[SHEET_CELLS_MAX]; /* by column; NULL: it is none of days */
	int offset[SHEET_CELLS_MAX];       /* so many days after it */
};

enum grid_days {
	GRID_DAYS_NONE,
	GRID_DAYS_WEEKDAYS, /* weekdays alone */
	GRID_DAYS_NUMBERS,  /* days of a month alone */
	GRID_DAYS_DATES
};

/* What kind of line of days ${row} is. */
enum grid_days grid_days_kind(const struct grid *g, const struct sheet_row *row);

/* Whether the numbers of ${numbers} are the days of the dates that ${dates} has in the same columns: the line of days is
 * written twice. */
bool grid_days_are_same(
    const struct grid *g, const struct sheet_row *dates, const struct sheet_row *numbers);

/* Reads ${row}, of the kind ${kind}, with the weekdays in ${weekdays}, which may be NULL. False: a day is not certain,
 * and the file is refused. */
bool grid_days_read(struct grid *g, const struct sheet_row *row, enum grid_days kind,
    const struct sheet_row *weekdays, struct grid_line *out);

/* Compares the days ${across} with the last line of weekdays, if the table in hand has none of its own, and makes the
 * table undecided if one of them is another day of the week. */
void grid_check_weekdays(struct grid *g, const struct grid_line *across);
