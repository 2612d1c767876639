/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_state.h"

/* Makes ${slot}, of a cell of a grid, undecided and notes it, if its hours, its code or its team are not known. */
void roster_grid_says(const struct roster_entry *entry, struct slot *slot);

/* Whether the finding of roster_grid_says() that there is no such shift code tells of the cell in ${column}, too. */
bool roster_grid_tells_of(const struct roster_entry *entry, const char *column);

/* Makes ${slot} undecided and notes it, if the row is a day of a week whose cell, read as ${name}, says who has which of its
 * days, and it is not certain whose the day is that begins with ${start} of local time. */
void roster_week_says(
    const struct roster_entry *entry, const struct title *name, int64_t start, struct slot *slot);

/* Whether the row is a day of a week on which its duty is not, by its heading: "AMHP weekdays". */
bool roster_is_off_week(const struct roster_entry *entry, int64_t start);

/* Makes ${slot}, of the row of ${says}, undecided and notes it, if the heading of its duty names days of the week of which
 * that of the row is none, or may be none; has words of doubt or of absence; or names a part of the day in which the
 * rota's hours are not. */
void roster_duty_says(
    const struct roster_entry *entry, const struct row_says *says, struct slot *slot);
