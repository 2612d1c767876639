/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_marks.h"

#include <string.h>

static const enum marks_force force_of[READING_MARK_MEANINGS] = {
    [READING_MARK_UNDECIDED] = MARKS_OPEN,
    [READING_MARK_NOTHING] = MARKS_NONE,
    [READING_MARK_OFF] = MARKS_OFF,
};

enum marks_force
marks_force(const struct reading_marks *means, unsigned marks, const char **why)
{
	const struct {
		unsigned mark;
		enum marks_force force;
		const char *why;
	} all[] = {
	    {CELL_NO_VALUE, MARKS_OPEN, "is a formula without a value, or an error"},
	    {CELL_SWAPPED, MARKS_OPEN,
		"is a date whose day and month may have changed places, as other dates of the column are text"},
	    {CELL_STRUCK, MARKS_OFF, "is struck out"},
	    {CELL_FILLED, force_of[means->fill], "has a colour that others of its column lack"},
	    {CELL_NOTED, force_of[means->comment], "has a comment"},
	    {CELL_HIDDEN, force_of[means->hidden], "is hidden"},
	};
	enum marks_force worst = MARKS_NONE;

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		if ((marks & all[i].mark) == 0 || all[i].force <= worst)
			continue;
		worst = all[i].force;
		*why = all[i].why;
	}
	return worst;
}

/* Whether it is not known what of the cell still holds. In a name titles know, by "~~"; but a comma would
 * turn it round, and the part that is struck out with it. */
static bool
is_torn(const struct roster_heading *heading, const struct cell *cell)
{
	return (cell->marks & CELL_PART_STRUCK) != 0 &&
	       ((heading->column != ROSTER_NAME && !heading->of_grid) ||
		   strchr(cell->text, ',') != NULL || strstr(cell->text, "~~") == NULL);
}

static enum marks_force
force_of_cell(const struct roster_entry *entry, size_t i, const char **why)
{
	const struct roster_heading *heading = &entry->rows->headings[i];
	const struct cell *cell = &entry->row->cells[i];
	enum marks_force force;

	/* In a grid it is another shift. */
	if (heading->of_grid && entry->row->grid.at != i + 1)
		return MARKS_NONE;
	/* What an empty cell shows is shown by the others of its row, too, if it is about the row. */
	if (*cell->text == '\0' && (cell->marks & CELL_NO_VALUE) == 0)
		return MARKS_NONE;
	force = marks_force(&entry->titles->options->marks, cell->marks, why);
	if (force != MARKS_OPEN && is_torn(heading, cell)) {
		*why = "is struck out in part, or by a rule";
		return MARKS_OPEN;
	}
	/* If the name is not struck out, nobody says that it does not hold. */
	if (force == MARKS_OFF && (cell->marks & CELL_STRUCK) != 0 &&
	    heading->column != ROSTER_NAME && !heading->of_grid)
		return MARKS_OPEN;
	return force;
}

enum slot_state
roster_marks_state(const struct roster_entry *entry, enum slot_state state, bool counts)
{
	enum marks_force worst = MARKS_NONE;
	const char *column = "", *what = "";

	for (size_t i = 0; i < entry->rows->nheadings; i++) {
		const char *why = "";
		enum marks_force force = force_of_cell(entry, i, &why);

		if (force <= worst)
			continue;
		worst = force;
		column = entry->rows->headings[i].name;
		what = why;
	}
	if (worst == MARKS_NONE || state == SLOT_OPEN)
		return state;
	/* An absence still takes cover away: who may be away is not counted. */
	if (state == SLOT_AWAY && !entry->titles->options->absences)
		return state;
	fault_note(entry->faults, FAULT_ROW_MARKED, FAULT_EVENT(entry->uid, entry->row->line),
	    column, what);
	/* "Vacant", struck out, is not known to be vacant any more; nor is struck-out leave known to
	 * be none. */
	return worst == MARKS_OFF && counts ? SLOT_EMPTY : SLOT_OPEN;
}
