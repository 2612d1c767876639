/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_grid_serials.h"

#include "calendars/roster/roster_date.h"
#include "calendars/roster/roster_heading_names.h"
#include "server/base/civil.h"

static bool
is_line_of_serials(const struct sheet_row *row, bool absences)
{
	bool names = false, label = false;
	int64_t last = INT64_MIN, day;
	size_t count = 0;

	for (size_t i = 0; i < sheet_kept(row); i++) {
		const char *text = row->cells[i].text;

		if (*text == '\0')
			continue;
		if (!roster_serial(slice_of(text), &day)) {
			/* A second text, or one after a number, is found in rows of people and
			 * not in lines of days. */
			if (label || count > 0)
				return false;
			label = true;
			names = roster_column_named(text, absences) == ROSTER_NAME;
			continue;
		}
		/* Hours and amounts go up and down; days only go up. */
		if (day <= last)
			return false;
		last = day;
		count++;
	}
	/* One number alone may be anything: a year, a telephone extension. */
	return count >= 2 || (count == 1 && names);
}

static void
make_dates(struct arena *arena, struct sheet_row *row)
{
	struct cell *cells = arena_copy(arena, row->cells, sheet_kept(row) * sizeof *cells);

	for (size_t i = 0; i < sheet_kept(row); i++) {
		char text[CIVIL_DAY_MAX];
		int64_t day;

		if (!roster_serial(slice_of(cells[i].text), &day))
			continue;
		civil_day_text(day, text);
		cells[i].text = arena_strdup(arena, text);
	}
	row->cells = cells;
}

const struct sheet *
roster_grid_serials(struct arena *arena, const struct sheet *sheet, bool absences)
{
	struct sheet *out = NULL;

	for (size_t i = 0; !sheet->since_1904 && i < sheet->rows.count; i++) {
		if (!is_line_of_serials(&sheet->rows.items[i], absences))
			continue;
		/* Copied at the first such line only: most files have none, and are used as
		 * they are. */
		if (out == NULL) {
			out = arena_copy(arena, sheet, sizeof *sheet);
			out->rows.items = arena_copy(arena, sheet->rows.items,
			    sheet->rows.count * sizeof *sheet->rows.items);
		}
		make_dates(arena, &out->rows.items[i]);
	}
	return out != NULL ? out : sheet;
}
