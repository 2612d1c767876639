/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_grid_row.h"

/* The columns of a grid whose rows are days or weeks. */

/* Whether the column with ${heading} is one of the rota's own. If none is named, those are that say hours. */
bool grid_is_own_column(const struct grid *g, const char *heading);

/* Sets what ${heading}, which is not the rota's own, is: that of another duty, or about the rota's shifts of the day.
 * ${of_names}: what it is of are names. */
void grid_settle_other(const struct grid *g, struct roster_heading *heading, bool of_names);

/* Sets what each column below the heading line ${row} is; ${from} is the row after it. Columns that are neither the
 * rota's own nor about the whole row are those of other rotas. */
void grid_settle_columns(struct grid *g, const struct sheet_row *row, size_t from);
