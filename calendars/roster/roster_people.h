/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_says.h"

/*
 * Columns of a grid in which other people stand: "On leave", "Trainee". In a list such a column is about the person of
 * its row. In a grid whose cells are names it is about those whom it names.
 */

/* Whether names below ${heading}, a column of a grid, can only be those of people who are away, do something else or
 * learn. False also where they may be those who come instead: "Covered by", "Leave cover". */
bool roster_people_are_below(struct titles *titles, const struct roster_heading *heading);

/* Whether those below ${heading}, a column of a grid, may come instead of those beside them: "Leave cover", "Locum",
 * "Actual". */
bool roster_people_may_replace(struct titles *titles, const struct roster_heading *heading);

/* Whether ${text} is names of people who are known, and nothing else. */
bool roster_people_only(struct titles *titles, const char *text);

/* The same without any word beside the names: "now Kay Lee" says more. */
bool roster_people_bare(struct titles *titles, const char *text);

/* Reads ${text}, a cell of such a column. False: it is more than names, or of people who are not known, and has to be
 * read as about the row. Otherwise ${slot} is undecided if it names the person of the row. */
bool roster_people_say(const struct row_says *row, const struct roster_heading *heading,
    const char *text, struct slot *slot);
