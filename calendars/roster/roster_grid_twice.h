/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_grid_line.h"

/*
 * A heading, a label or a day that stands more than once in a grid may be of two teams, or of the day and of the
 * night: what is below or beside it counts for nobody, also where only one of them is filled in.
 */

/* Finds those of the rota's own columns, with the line ${upper} above the heading line; NULL: there is none. A
 * column below other hours than the rota's is found as well. */
void grid_twice_columns(struct grid *g, const struct sheet_row *upper);

/* Finds the days that stand more than once in a line of days. */
void grid_twice_days(struct grid *g, struct grid_line *across);

/* Finds the rota's own duties that stand more than once before the rows from ${from} to the next line of days. */
void grid_twice_labels(struct grid *g, size_t from);

/* Whether ${label} is one of those; "": of any. */
bool grid_is_label_twice(const struct grid *g, const char *label);

/* Notes that the row in hand is of ${date}, whether it has shifts or not. */
void grid_twice_note_date(struct grid *g, const char *date);

/* Makes undecided the rows whose day stands more than once and that say no hours of their own, and the people who
 * have several rows of one table. */
void grid_twice_settle(struct grid *g);

/* Makes ${row} undecided for ${doubt}, unless it is already. ${doubt} may be NULL. */
void grid_doubt_row(struct roster_row *row, struct grid_doubt *doubt);

/* Notes the line of ${row}, if it has a day, a name or a duty. If it has none, the cells of the last row that had one
 * are undecided in those columns in which ${row} says more than who else is on duty: "sick", "now P Smith", a code.
 * ${is_shift}: whether a column has shifts. */
void grid_doubt_above(struct grid *g, const struct sheet_row *row,
    bool (*is_shift)(const void *of, size_t at), const void *of);
