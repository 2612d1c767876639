/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_grid_line.h"
#include "calendars/roster/roster_state.h"

/*
 * What the other rows of a grid say, where columns are days: "On leave", "Notes", "Status" before a row. Each cell is
 * about the rota's own cells of its day, above and below it.
 */

/* Keeps the cells of ${row}, which begins with ${label} and is not the rota's own, below the days of ${across}. */
void grid_remarks_keep(
    struct grid *g, const struct sheet_row *row, const char *label, const struct grid_line *across);

/* Reads beside the row of ${entry} what other rows have in its column. */
void roster_remarks_say(
    const struct roster_entry *entry, const struct row_says *says, struct slot *slot);
