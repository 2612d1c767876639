/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_layout.h"

#include "calendars/roster/roster_cell.h"
#include "calendars/roster/roster_date.h"
#include "calendars/roster/roster_head.h"
#include "calendars/roster/roster_heading.h"

/* Whether the cell is a day: "07/12/2026", "Mon 7", "Tuesday", "7 Dec". */
static bool
is_day(const char *cell)
{
	struct slice text = slice_of(cell);
	struct roster_date date;
	char first[16];
	size_t len = 0;

	if (roster_date_read(text, &date))
		return true;
	while (len < text.len && len + 1 < sizeof first && text.at[len] != ' ') {
		first[len] = text.at[len];
		len++;
	}
	first[len] = '\0';
	if (roster_weekday(first) >= 0)
		return true;
	/* "7 Dec", and "7 December" at most: a cell that begins with a number and goes on at length
	 * is a note. */
	return text.len <= 12 && len > 0 && len < text.len && len <= 2 && first[0] >= '0' &&
	       first[0] <= '9' && text.at[len + 1] >= 'A';
}

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

/* A file that is not a list of shifts is refused with the name of what it is, so that the manager learns what
 * to export instead. The two layouts most often sent are a grid, with days as headings and people as rows,
 * and a list of days, with duties as headings and names as cells. */
enum fault
roster_layout_fault(const struct sheet_row *rows, size_t count)
{
	static const char *const day_headings[] = {"date", "day", "week", "week commencing", "w/c",
	    "wc", "week beginning", "w/b", "week ending", "days", "dates", NULL};

	for (size_t i = 0; i < count && i < ROSTER_HEAD_ROWS; i++) {
		size_t days = 0, by_day = 0, others = 0;

		for (size_t c = 0; c < sheet_kept(&rows[i]); c++) {
			const char *cell = rows[i].cells[c].text;

			days += is_day(cell);
			by_day += roster_cell_is_one_of(cell, day_headings);
			others += is_of_shifts(cell);
		}
		/* Two days beside each other may be the first and the last day of somebody's leave. */
		if (days >= 3 || (days == 2 && (i == 0 || others > 0)))
			return FAULT_CSV_GRID;
		/* A date and no person: each other column is a duty or a shift, with names
		 * below. */
		if (by_day > 0 && others == 0 && rows[i].ncells > by_day)
			return FAULT_CSV_LIST;
	}
	return FAULT_CSV_NO_HEADING;
}
