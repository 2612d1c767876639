/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_state.h"

/* Makes ${slot}, of a cell of a grid, undecided and notes it, if its hours, its code or its team are not known. */
void roster_grid_says(const struct roster_entry *entry, struct slot *slot);
