/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_grid_row_hours.h"

#include "calendars/roster/roster_cell.h"
#include "calendars/roster/roster_grid_hours.h"
#include "calendars/roster/roster_grid_twice.h"
#include "calendars/roster/roster_says.h"
#include "calendars/titles/shift_codes.h"

/* Noted once: all shifts of the duty lack them. */
static void
doubt_hours(struct grid *g, struct roster_row *row)
{
	row->grid.doubt = FAULT_GRID_HOURS;
	row->grid.tell = !g->hours_told;
	g->hours_told = true;
}

/* "Nights 17:00-09:00" in a line above the row or above its table, and other hours by the rota. */
static void
doubt_line(struct grid *g, struct roster_row *row, const char *duty)
{
	const char *const lines[] = {g->section, g->table};

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct grid_doubt doubt = {FAULT_GRID_UPPER, duty, lines[i], false};

		if (lines[i] == NULL || roster_grid_says_hours(g->titles, duty) ||
		    !roster_grid_says_other_hours(g->titles, lines[i]))
			continue;
		doubt.told = table_put(&g->codes, g->arena,
				 arena_printf(g->arena, "above %s", lines[i]), 0) != TABLE_NONE;
		grid_doubt_row(row, &doubt);
	}
}

/* "Early" or "E" in the column "Shift" stands for a part of the day, and of which hours is not known until it is a code
 * of the rota. "AMHP" or "On call" there says nothing about hours; "Day" and "Night" are those of the rota, with which
 * they are compared as in every roster. */
static bool
names_shift(const struct grid *g, const struct roster_row *row)
{
	static const char *const whole[] = {"day", "days", "daytime", "day shift", "dayshift",
	    "normal day", "standard day", "core day", "night", "nights", "night shift",
	    "nightshift", "overnight", "full shift", "normal shift", "standard shift", "core shift",
	    NULL};
	const char *shift = row->field[ROSTER_SHIFT];

	return *shift != '\0' && shift_codes_find(g->titles, shift) == NULL &&
	       !roster_cell_is_one_of(shift, whole) &&
	       roster_only_word(g->titles, shift) != WORD_PLAIN;
}

static void
doubt_shift(struct grid *g, struct roster_row *row)
{
	const char *shift = row->field[ROSTER_SHIFT];
	struct grid_doubt doubt = {FAULT_GRID_CODE, shift, NULL, false};

	doubt.told = table_put(&g->codes, g->arena, arena_strdup(g->arena, shift), 0) != TABLE_NONE;
	grid_doubt_row(row, &doubt);
}

void
grid_set_hours(struct grid *g, struct roster_row *row, const char *duty)
{
	const struct reading_shift_code *code =
	    shift_codes_find(g->titles, row->field[ROSTER_SHIFT]);

	/* What tells two cells of one day apart where they are compared with each other. */
	row->grid.slot = duty;
	if (*row->field[ROSTER_START] != '\0' || *row->field[ROSTER_END] != '\0')
		return;
	/* Before the hours of the rota: a code in the row says them for this day alone. */
	if (code != NULL && code->kind == READING_CODE_HOURS)
		return;
	if (!roster_grid_hours(g->titles, duty, &row->grid))
		doubt_hours(g, row);
	else if (names_shift(g, row) && !roster_grid_says_hours(g->titles, duty))
		doubt_shift(g, row);
	else
		doubt_line(g, row, duty);
}
