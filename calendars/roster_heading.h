/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster_row.h"

/* The heading line of a roster: which column is which. */

/* The column that ${name} names; ROSTER_COLUMNS: none. ${absences}: of a leave calendar. */
enum roster_column roster_column_named(const char *name, bool absences);

/* How a column ${name} is read that is none of those. */
enum roster_extra roster_extra_named(struct titles *titles, const char *name);

/* Columns with nothing but weekdays in them are ROSTER_WEEKDAY. To be called with all rows read. */
void roster_find_weekdays(struct rows *rows);

/* The first rows of a file that has no heading line of a roster, as far as they were kept. */
struct roster_head {
	const char *const *cells;
	size_t count;
};

/* What such a file is, if that can be told: a grid or a list of days; else FAULT_CSV_NO_HEADING. */
enum fault roster_layout_fault(const struct roster_head *rows, size_t count);
