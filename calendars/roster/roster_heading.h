/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_row.h"

/* The heading line of a roster: which column is which. */

/* The column that ${name} names; ROSTER_COLUMNS: none. ${absences}: of a leave calendar. */
enum roster_column roster_column_named(const char *name, bool absences);

/* How a column with the heading ${name} is read that is none of enum roster_column. */
enum roster_extra roster_extra_named(struct titles *titles, const char *name);

/* Marks columns that hold nothing but weekdays as ROSTER_WEEKDAY. Call it once all rows are read. */
void roster_find_weekdays(struct rows *rows);

/* The first rows of a file in which no heading line was found. */
struct roster_head {
	const char *const *cells;
	size_t count;
};

/* What such a file is, if that can be seen: a grid, or a list of days; else FAULT_CSV_NO_HEADING. */
enum fault roster_layout_fault(const struct roster_head *rows, size_t count);
