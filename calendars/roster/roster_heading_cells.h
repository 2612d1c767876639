/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_row.h"

/* What the cells below a heading show of its column. Call these once all rows are read. */

/* Finds the columns whose cells are answers. */
void roster_find_ticks(struct rows *rows);

/* Finds out whether the rows are of different units. */
void roster_find_units(struct rows *rows);

/* Marks columns that hold nothing but weekdays as ROSTER_WEEKDAY. */
void roster_find_weekdays(struct rows *rows);
