/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_state.h"

/* What lines of one cell tell of people: who is away, and who has a shift instead of another. */

/* Whether somebody whom the rota knows is named in ${line}, whatever else stands in it. */
bool roster_line_names_somebody(struct titles *titles, const char *line);

/* Whether ${line} names somebody who is known and says that she has a shift instead of another: "7th now Kay Lee". */
bool roster_line_corrects(struct titles *titles, const char *line);

/* Whether ${line} tells that somebody is away: "Absences", "J Jones off sick". */
bool roster_line_tells_of_absence(struct titles *titles, const char *line);

/* Finds in the lines of one cell who is said to be away. Call it once all rows are read. */
void roster_lines_find_people(struct titles *titles, struct rows *rows);

/* The line that tells that somebody whom the row of ${entry} names is away; NULL: none. */
const char *roster_told_away(const struct roster_entry *entry, const struct title *name);
