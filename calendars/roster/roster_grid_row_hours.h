/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_grid_row.h"

/* Sets the hours of ${row} by the heading ${duty}, unless it has times of its own. */
void grid_set_hours(struct grid *g, struct roster_row *row, const char *duty);
