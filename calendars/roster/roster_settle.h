/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_row.h"

/* What only all rows of a roster together show. */

/* Turns the numbers by which spreadsheets count days into dates, in a column that holds nothing else. */
void roster_settle_serials(struct rows *rows, struct arena *arena);

/* Finds out whether the times are written by 24 hours. */
void roster_settle_clock(struct rows *rows);

/* Marks the rows that count others ("Total"), which are no shifts. */
void roster_settle_totals(struct rows *rows);

/* Whether the ${count} cells are such a row. */
bool roster_cells_are_total(const struct cell *cells, size_t count);
