/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_row.h"

/* The headings by which a column of a roster is known: "Staff Name", "Start", "Date". */

/* The column that ${name} names; ROSTER_COLUMNS: none. ${absences}: of a leave calendar. */
enum roster_column roster_column_named(const char *name, bool absences);

/* The column of a roster of shifts that ${name} is where no column is named as that one is: "From", "Member".
 * ROSTER_COLUMNS: none. */
enum roster_column roster_column_spare(const char *name);
