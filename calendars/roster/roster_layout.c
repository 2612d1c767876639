/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_layout.h"

#include <string.h>

#include "calendars/roster/roster_cell.h"
#include "calendars/roster/roster_grid_days.h"
#include "calendars/roster/roster_grid_hours.h"
#include "calendars/roster/roster_head.h"
#include "calendars/roster/roster_heading_names.h"
#include "calendars/roster/roster_text.h"
#include "calendars/roster/roster_upper.h"

/* Whether the cell is a heading of a list of shifts: a person, a begin or an end. */
static bool
is_of_shifts(const char *cell)
{
	static const char *const names[] = {"first name", "last name", "surname", "forename",
	    "full name", "employee", "employee name", "staff name:", "name:", "time", "times",
	    NULL};
	enum roster_column column = roster_column_named(cell, true);

	return column == ROSTER_NAME || column == ROSTER_START || column == ROSTER_END ||
	       roster_cell_is_one_of(cell, names);
}

#define LIST_MAX_BYTES 400

static const char *
add(struct arena *arena, const char *list, const char *text)
{
	text = roster_one_line(arena, text);
	if (*text == '\0' || strlen(list) + strlen(text) > LIST_MAX_BYTES)
		return list;
	return arena_printf(arena, "%s%s%s", list, *list != '\0' ? ", " : "", text);
}

/* What the rows below ${at} begin with. */
static const char *
list_rows(struct arena *arena, const struct sheet *sheet, size_t at)
{
	const char *list = "";

	for (size_t i = at + 1; i < sheet->rows.count; i++) {
		if (sheet->rows.items[i].ncells > 0)
			list = add(arena, list, sheet->rows.items[i].cells[0].text);
	}
	return list;
}

/* A list of days or weeks: a date and no person, so that each other column is a duty or a shift, with names
 * below. */
static enum fault
list_fault(const struct titles *titles, const struct sheet_row *row)
{
	static const char *const weeks[] = {"week", "week commencing", "w/c", "wc",
	    "week beginning", "w/b", "week ending", "week starting", NULL};
	enum fault fault = FAULT_CSV_LIST;

	for (size_t i = 0; i < sheet_kept(row); i++) {
		const char *text = roster_one_line(titles->arena, row->cells[i].text);

		if (roster_cell_is_one_of(text, weeks))
			return FAULT_CSV_WEEKS;
		if (roster_grid_says_hours(titles, text))
			fault = FAULT_CSV_HOURS;
	}
	return fault;
}

static enum fault
fault_of_row(const struct titles *titles, const struct sheet_row *row, bool first)
{
	static const char *const day_headings[] = {"date", "day", "week", "week commencing", "w/c",
	    "wc", "week beginning", "w/b", "week ending", "week starting", "days", "dates", NULL};
	size_t days = 0, by_day = 0, others = 0, names = 0, filled = 0;

	for (size_t c = 0; c < sheet_kept(row); c++) {
		const char *cell = row->cells[c].text;

		days += roster_days_is_day(cell);
		by_day += roster_cell_is_one_of(cell, day_headings);
		others += is_of_shifts(cell);
		names += roster_column_named(cell, false) == ROSTER_NAME;
		filled += *cell != '\0';
	}
	if (days == 1 && names == 1 && filled == 2)
		return FAULT_CSV_GRID;
	/* Two days beside each other may be the first and the last day of somebody's leave. */
	if (days >= 3 || (days == 2 && (first || others > 0)))
		return FAULT_CSV_GRID;
	if (by_day > 0 && others == 0 && row->ncells > by_day)
		return list_fault(titles, row);
	return FAULT_CSV_NO_HEADING;
}

/* "Night, Day" above "Date, AMHP, EDT": "Day" is no heading of days there. */
static bool
is_upper_line(const struct titles *titles, const struct sheet *sheet, size_t at, enum fault fault)
{
	enum fault next;

	if (fault == FAULT_CSV_GRID || at + 1 == sheet->rows.count || at + 1 == ROSTER_HEAD_ROWS)
		return false;
	next = fault_of_row(titles, &sheet->rows.items[at + 1], false);
	return next != FAULT_CSV_NO_HEADING && next != FAULT_CSV_GRID;
}

/* A file that is not a list of shifts is refused with the name of what it is, so that the manager learns what to set
 * or to export instead. */
void
roster_layout_find(
    struct roster_layout *out, const struct titles *titles, const struct sheet *sheet)
{
	*out = (struct roster_layout){.fault = FAULT_CSV_NO_HEADING, .line = 1, .columns = ""};
	for (size_t i = 0; i < sheet->rows.count && i < ROSTER_HEAD_ROWS; i++) {
		const struct sheet_row *row = &sheet->rows.items[i];

		out->fault = fault_of_row(titles, row, i == 0);
		if (out->fault == FAULT_CSV_NO_HEADING ||
		    is_upper_line(titles, sheet, i, out->fault))
			continue;
		out->line = row->line;
		out->at = i;
		out->columns = roster_list_columns(titles->arena, i > 0 ? row - 1 : NULL, row);
		if (out->fault == FAULT_CSV_GRID)
			out->rows = list_rows(titles->arena, sheet, i);
		return;
	}
}
