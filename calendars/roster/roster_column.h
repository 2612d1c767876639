/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_says.h"

/* Reads ${text} from the column ${heading} as its ${extra} says, and notes in ${slot} what it takes
 * away. */
void roster_column_says(const struct row_says *row, const struct roster_heading *heading,
    const char *text, struct slot *slot);
