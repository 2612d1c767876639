/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/sheet.h"

/* ${sheet}, which is a grid, with the numbers in its lines of days as dates: a program that writes no formats
 * writes 46363 for 7 December 2026. A line of days has nothing but such numbers, each later than the one before
 * it, after its first cell; one number alone is a day only beside a heading of names. In ${arena}; ${sheet}
 * itself if it has none, or counts days from another year. */
const struct sheet *roster_grid_serials(
    struct arena *arena, const struct sheet *sheet, bool absences);
