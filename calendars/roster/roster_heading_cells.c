/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_heading_cells.h"

#include <string.h>

#include "calendars/roster/roster_cell.h"
#include "calendars/roster/roster_date.h"

/* Whether all cells of column ${at} are answers, yes or no. A column of nothing but "1" is not taken for
 * one: it may hold numbers of staff. */
static bool
has_answers(const struct rows *rows, size_t at)
{
	const struct roster_row *row;
	bool some = false;

	VEC_EACH (row, &rows->list) {
		const char *cell = row->cells[at].text;

		if (!row->fits || roster_cell_is_dash(cell) || *cell == '\0')
			continue;
		if (!roster_cell_is_yes(cell) && !roster_cell_is_no(cell))
			return false;
		some = some || strcmp(cell, "1") != 0;
	}
	return some;
}

/* A column of ticks that is empty all the way down was never used, and denies nothing. */
static bool
is_filled_in(const struct rows *rows, size_t at)
{
	const struct roster_row *row;

	VEC_EACH (row, &rows->list) {
		if (row->fits && *row->cells[at].text != '\0')
			return true;
	}
	return false;
}

void
roster_find_ticks(struct rows *rows)
{
	for (size_t i = 0; i < rows->nheadings; i++) {
		struct roster_heading *heading = &rows->headings[i];

		if (heading->affirms || roster_heading_is_availability(heading))
			heading->ticked = is_filled_in(rows, i);
		else if (heading->extra == ROSTER_TEXT && !roster_heading_is_note(heading))
			heading->ticked = has_answers(rows, i);
	}
}

/* What stands in brackets, or on a second line of the cell, is a detail: "Alder (ward office)" is the unit
 * "Alder". */
static struct slice
unit_of(const char *cell)
{
	return slice_trim((struct slice){cell, strcspn(cell, "(\r\n")});
}

/* Whether the cells of column ${at} are of more than one unit. Empty ones are of none. */
static bool
has_several(const struct rows *rows, size_t at)
{
	const struct roster_row *row;
	struct slice first = {NULL, 0};

	VEC_EACH (row, &rows->list) {
		struct slice unit = unit_of(row->cells[at].text);

		if (!row->fits || row->alone || unit.len == 0)
			continue;
		if (first.len > 0 &&
		    (first.len != unit.len || strncasecmp(first.at, unit.at, unit.len) != 0))
			return true;
		first = unit;
	}
	return false;
}

void
roster_find_units(struct rows *rows)
{
	for (size_t i = 0; i < rows->nheadings; i++) {
		if (rows->headings[i].column == ROSTER_UNIT)
			rows->headings[i].several = has_several(rows, i);
	}
}

void
roster_find_weekdays(struct rows *rows)
{
	const struct roster_row *row;

	for (size_t i = 0; i < rows->nheadings; i++) {
		struct roster_heading *heading = &rows->headings[i];
		size_t days = 0, others = 0;

		if (heading->extra == ROSTER_NO_EXTRA)
			continue;
		VEC_EACH (row, &rows->list) {
			bool day = row->fits && roster_weekday(row->cells[i].text) >= 0;

			days += day;
			/* Empty cells prove nothing. */
			others += row->fits && !day && *row->cells[i].text != '\0';
		}
		if (days > 0 && others == 0)
			heading->extra = ROSTER_WEEKDAY;
	}
}
