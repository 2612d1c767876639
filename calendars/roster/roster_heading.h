/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_row.h"

/* A cell of the heading line of a roster: what its words say of the column below it. */

/* The heading ${name}, and how its column is read. */
struct roster_heading roster_heading_make(struct titles *titles, const char *name, bool absences);

/* Makes ${heading} one that is none of enum roster_column, whatever its name is. */
void roster_heading_other(struct titles *titles, struct roster_heading *heading);

/* Whether a column with such a heading is about the rows, if each other column of the table is a duty: "Notes",
 * "Confirmed", or nothing. */
bool roster_heading_is_about_row(const struct roster_heading *heading);
