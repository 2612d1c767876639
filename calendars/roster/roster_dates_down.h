/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_head.h"

/*
 * A date over merged cells is saved as CSV in the first of their rows, and the others have none. The rows below a date
 * are of that date if nothing else can be meant: the dates are the first column of the file, each stands there once,
 * and most of them, two at least, have such rows; the rows follow one another, and each has its own times, which begin
 * after those of the row above it (in a list of shifts with a name in each row: not before).
 */

/* ${sheet} with those dates in all of its rows; ${sheet} itself if it has none. ${head} is its heading line, and ${from}
 * the row after it. */
const struct sheet *roster_dates_down(const struct titles *titles, const struct sheet *sheet,
    const struct roster_head *head, size_t from);
