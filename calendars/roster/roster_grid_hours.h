/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_row.h"

/* The hours of the duty with the heading ${heading}, into ${out}: those that it says itself, by times or by a
 * shift code of the rota ("AMHP 09:00-17:00", "AMHP Night"), else those of the rota's grid, else of its
 * all-day rule. False: none of them says it; ${out} is then the whole day. */
bool roster_grid_hours(
    const struct titles *titles, const char *heading, struct roster_cell_shift *out);

/* Whether ${heading} says hours itself. */
bool roster_grid_says_hours(const struct titles *titles, const char *heading);

/* Whether ${upper}, above the heading of a duty that says no hours, says others than the rota has for it. */
bool roster_grid_says_other_hours(const struct titles *titles, const char *upper);
