/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_grid_row.h"

/* Brings the later tables of a grid whose rows are days into the order of the first (roster_tables.h), if its heading
 * line ${head}, the row before ${from}, is one row without another line of headings, ${upper}, above it. Sets ${head} to
 * the line of all columns. */
void grid_align(struct grid *g, struct sheet_row *head, const struct sheet_row *upper, size_t from);
