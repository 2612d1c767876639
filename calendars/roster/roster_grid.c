/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_grid.h"

#include "calendars/roster/roster_date.h"
#include "calendars/roster/roster_grid_row.h"
#include "calendars/roster/roster_grid_serials.h"
#include "calendars/roster/roster_grid_twice.h"
#include "server/base/civil.h"
#include "server/base/instant.h"

void
roster_grid_check_weeks(
    const struct rows *rows, enum reading_date_order order, struct faults *faults)
{
	const struct roster_row *row;
	int first = -1;

	VEC_EACH (row, &rows->list) {
		const char *date = row->field[ROSTER_DATE];
		int64_t day;

		if (!rows->weekly || row->grid.at == 0 ||
		    !roster_day(roster_day_part(date), order, &day))
			continue;
		if (first >= 0 && civil_weekday(day) != first) {
			fault_note(
			    faults, FAULT_GRID_WEEK, FAULT_EVENT(NULL, row->line), date, NULL);
			return;
		}
		first = civil_weekday(day);
	}
}

void
roster_grid_read(
    struct rows *rows, struct titles *titles, const struct sheet *sheet, struct faults *faults)
{
	struct grid *g = arena_alloc(titles->arena, sizeof *g);
	const struct sheet_row *row;

	*g = (struct grid){.titles = titles,
	    .arena = titles->arena,
	    .faults = faults,
	    .rows = rows,
	    .sheet = roster_grid_serials(titles->arena, sheet, titles->options->absences),
	    .means = &titles->options->grid,
	    .latest = INSTANT_NONE,
	    .days = {.arena = titles->arena,
		.order = titles->options->date_order == READING_DATES_MDY ? READING_DATES_MDY
									  : READING_DATES_DMY,
		.last = INSTANT_NONE}};
	table_init(&g->codes, g->arena, 16);
	table_init(&g->labels, g->arena, 64);
	table_init(&g->labels_twice, g->arena, 16);
	VEC_EACH (row, &g->sheet->rows) {
		if (sheet_kept(row) > g->width)
			g->width = sheet_kept(row);
	}
	switch (g->means->layout) {
	case READING_DATES_BY_ROLES:
	case READING_WEEKS_BY_ROLES:
	case READING_DATES_BY_HOURS:
		rows->weekly = g->means->layout == READING_WEEKS_BY_ROLES;
		grid_read_down(g);
		break;
	default:
		rows->across = true;
		grid_read_across(g);
	}
	/* At the end, because a day or a person may come a second time in the last row. */
	if (!faults->refused)
		grid_twice_settle(g);
}
