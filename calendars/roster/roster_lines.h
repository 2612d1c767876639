/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_state.h"

/* Lines of a roster that have one cell only: what people write above and below the rows. */

/* Whether ${above} takes the rows below it off duty or casts doubt on them: "Cancelled shifts". */
bool roster_line_is_against(struct titles *titles, const char *above);

/* The same, or casts doubt on all rows of the file: "DRAFT". */
bool roster_line_has_force(struct titles *titles, const char *line);

/* Whether ${line} begins as a note to the readers does ("Please note", "Remember"), so that it is no heading of people. */
bool roster_line_is_note(const char *line);

/* Whether ${line} says which days the rows below it are of, and nothing else: "Week 2", "December 2026". */
bool roster_line_is_period(const char *line);

/* The name of ${sheet}, or a text beside its cells, that says that it is a draft, cancelled, or one of leave,
 * as the name of a calendar does. NULL: there is none. */
const char *roster_line_around(const struct titles *titles, const struct sheet *sheet);

/* A line below the last row of ${rows} that casts doubt on the whole roster: "DRAFT - do not use".
 * NULL: there is none. */
const char *roster_line_below(struct titles *titles, const struct rows *rows);

/* The same among the ${count} rows above the heading line. */
const char *roster_line_top(struct titles *titles, const struct sheet *sheet, size_t count);

/* Makes ${slot} undecided, and notes it, if a line above the row, or one about the whole file, casts doubt on it. */
void roster_lines_say(
    const struct roster_entry *entry, const struct title *name, struct slot *slot);

/* Whether ${line} explains a code or a mark: "AL = annual leave", "* provisional". */
bool roster_line_is_legend(const char *line);
