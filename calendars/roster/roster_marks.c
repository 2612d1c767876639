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

/* Whether letters have combining strokes through them (U+0335 to U+0338), as no name and no time has. */
static bool
has_strokes(const char *text)
{
	for (; (text = strchr(text, '\xcc')) != NULL; text++)
		if (text[1] >= '\xb5' && text[1] <= '\xb8')
			return true;
	return false;
}

/* Why it is not known what the cell says, whatever the manager has said of marks; NULL: it is known. What is
 * struck out in part may be a correction, a slip of the hand, or half of one. Numbers that are no dates or
 * times of the workbook were typed as something else: 9.3 is 9:30 or 9:18. */
static const char *
why_not_known(const struct roster_heading *heading, const struct cell *cell)
{
	int64_t day;

	if ((cell->marks & CELL_PART_STRUCK) != 0 || has_strokes(cell->text))
		return "is struck out in part, or by a rule";
	if ((cell->marks & CELL_NUMBER) == 0)
		return NULL;
	switch (heading->column) {
	case ROSTER_START:
	case ROSTER_END:
	case ROSTER_TIMES:
		return "is a plain number, which is no time of a workbook";
	case ROSTER_DATE:
	case ROSTER_START_DATE:
	case ROSTER_END_DATE:
		/* The days of a month may be numbers, with the month above them. */
		return text_int(slice_of(cell->text), 1, 31, &day)
			   ? NULL
			   : "is a plain number, which is no date of a workbook";
	default:
		return NULL;
	}
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
	if (force != MARKS_OPEN && why_not_known(heading, cell) != NULL) {
		*why = why_not_known(heading, cell);
		return MARKS_OPEN;
	}
	/* If the name is not struck out, nobody says that it does not hold. */
	if (force == MARKS_OFF && (cell->marks & CELL_STRUCK) != 0 &&
	    heading->column != ROSTER_NAME && !heading->of_grid)
		return MARKS_OPEN;
	return force;
}

/* Of the heading of its column, or of its day there. A heading that is struck out may be a duty that is no more. */
static enum marks_force
force_of_head(const struct roster_entry *entry, const char **why)
{
	unsigned marks = entry->row->grid.head_marks;
	enum marks_force force = marks_force(&entry->titles->options->marks, marks, why);

	if ((marks & (CELL_STRUCK | CELL_PART_STRUCK)) == 0)
		return force;
	*why = "is struck out, or a part of it";
	return MARKS_OPEN;
}

enum slot_state
roster_marks_state(const struct roster_entry *entry, enum slot_state state, bool counts)
{
	enum marks_force worst = MARKS_NONE;
	const char *column = "", *what = "";
	size_t at = entry->row->grid.at;

	for (size_t i = 0; i < entry->rows->nheadings; i++) {
		const char *why = "";
		enum marks_force force = force_of_cell(entry, i, &why);

		if (force <= worst)
			continue;
		worst = force;
		column = entry->rows->headings[i].name;
		what = why;
	}
	if (at > 0) {
		const char *why = "";
		enum marks_force force = force_of_head(entry, &why);

		if (force > worst) {
			worst = force;
			column = entry->rows->headings[at - 1].name;
			what = why;
		}
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
