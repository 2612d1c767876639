/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_says.h"

/* Reads the cell ${text} of the column ${heading}, as strictly as its ${extra} says, and notes in ${slot}
 * what it takes away. A cell never gives cover. */
void roster_column_says(const struct row_says *row, const struct roster_heading *heading,
    const char *text, struct slot *slot);
