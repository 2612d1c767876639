/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_grid_row.h"

/* The days at which the rows of a grid begin, where they are written with words or without their year. */

/* Whether ${text} is the heading of a column of days or weeks. */
bool roster_is_day_heading(const char *text);

/* Whether ${heading}, of a column of days, says that they are the ends of weeks or shifts: "Week ending (Sunday)", "w/e",
 * "Night ending". */
bool roster_is_end_heading(const char *heading);

/* Whether ${text} is a day of the grid, with a number: "05/01/2026", "Mon 5", "w/c 5 Jan" of weeks. */
bool grid_is_date(const struct grid *g, const char *text);

/* The day in ${cell}, of a week: "05/01/2026" of "w/c 05/01/2026"; all of ${cell} if it has no such words. "w/e" is the
 * end of a week and stays. */
const char *roster_week_day(const char *cell);

/* The date of row ${at}, whose cell ${cell} has none that is certain by itself, by those of the rows around it: "Mon 5
 * Jan" between dates of January 2026. Only one year may make it that weekday, in the order of the dates and soon after
 * or before one of them; of weeks without a weekday, the one on which the others begin. NULL: its year is not known. */
const char *roster_date_between(struct grid *g, size_t at, const char *cell);
