/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_row.h"

/* The heading line of a roster: which column is which. */

/* The column that ${name} names; ROSTER_COLUMNS: none. ${absences}: of a leave calendar. */
enum roster_column roster_column_named(const char *name, bool absences);

/* The column of a roster of shifts that ${name} is where no column is named as that one is: "From", "Member".
 * ROSTER_COLUMNS: none. */
enum roster_column roster_column_spare(const char *name);

/* The heading ${name}, and how its column is read. */
struct roster_heading roster_heading_make(struct titles *titles, const char *name, bool absences);

/* Makes ${heading} one that is none of enum roster_column, whatever its name is. */
void roster_heading_other(struct titles *titles, struct roster_heading *heading);

/* Whether a column with such a heading is about the rows, if each other column of the table is a duty: "Notes",
 * "Confirmed", or nothing. */
bool roster_heading_is_about_row(const struct roster_heading *heading);

/* Finds the columns whose cells are answers. Call it once all rows are read. */
void roster_find_ticks(struct rows *rows);

/* Finds out whether the rows are of different units. Call it once all rows are read. */
void roster_find_units(struct rows *rows);

/* Marks columns that hold nothing but weekdays as ROSTER_WEEKDAY. Call it once all rows are read. */
void roster_find_weekdays(struct rows *rows);
