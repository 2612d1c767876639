/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_grid_head.h"

#include "calendars/roster/roster_heading.h"

size_t
grid_count_filled(const struct sheet_row *row)
{
	size_t filled = 0;

	for (size_t i = 0; i < sheet_kept(row); i++)
		filled += *row->cells[i].text != '\0';
	return filled;
}

size_t
grid_lines_above(const struct grid *g, size_t at)
{
	size_t lines = 0;

	while (lines < at && grid_count_filled(&g->sheet->rows.items[at - lines - 1]) <= 1)
		lines++;
	return lines;
}

static void
forget(struct grid *g, enum roster_column column)
{
	int at = g->head.column_of[column];

	/* The column stays, and is read like any other: "cancelled" in it must not be lost. */
	if (at >= 0)
		roster_heading_other(g->titles, &g->head.headings[at]);
	g->head.column_of[column] = -1;
}

/* The column at which rows begin: of the names, or else the first that is none of days. */
static size_t
find_label(const struct grid *g, const struct grid_line *across)
{
	const struct roster_head *head = &g->head;
	size_t at = 0;

	if (g->means->layout == READING_NAMES_BY_DATES) {
		if (head->column_of[ROSTER_NAME] >= 0)
			return (size_t)head->column_of[ROSTER_NAME];
		if (head->column_of[ROSTER_FIRST_NAME] >= 0)
			return (size_t)head->column_of[ROSTER_FIRST_NAME];
	}
	while (at < head->nheadings && across->date[at] != NULL)
		at++;
	return at;
}

static void
settle_headings(struct grid *g, const struct grid_line *across)
{
	struct roster_head *head = &g->head;

	g->label = find_label(g, across);
	if (g->means->layout == READING_ROLES_BY_DATES) {
		/* The name is in the cell. */
		forget(g, ROSTER_NAME);
		forget(g, ROSTER_FIRST_NAME);
		forget(g, ROSTER_LAST_NAME);
	} else {
		/* The shift is in the cells below the days. A column "Shift" beside them is
		 * read as text. */
		forget(g, ROSTER_SHIFT);
		/* All columns may be days: then the names are not in the file. */
		if (head->column_of[ROSTER_NAME] < 0 && head->column_of[ROSTER_FIRST_NAME] < 0 &&
		    g->label < head->nheadings)
			head->column_of[ROSTER_NAME] = (int)g->label;
	}
	head->column_of[ROSTER_DATE] = head->column_of[ROSTER_START_DATE] = -1;
	for (size_t i = 0; i < head->nheadings; i++) {
		struct roster_heading *heading = &head->headings[i];

		/* The cells of days are shifts of their own, and say nothing about the other
		 * shifts of their row. */
		heading->of_grid = across->date[i] != NULL;
		if (!heading->of_grid && i != g->label)
			continue;
		heading->column = i == g->label ? ROSTER_NAME : ROSTER_COLUMNS;
		heading->extra = ROSTER_NO_EXTRA;
	}
}

void
grid_head_keep(struct grid *g)
{
	struct rows *rows = g->rows;

	if (rows->headings == NULL) {
		rows->headings = arena_array(g->arena, g->width, sizeof *rows->headings);
		rows->nheadings = g->width;
		for (size_t i = 0; i < g->width; i++)
			rows->headings[i] =
			    i < g->head.nheadings
				? g->head.headings[i]
				: (struct roster_heading){
				      .name = "", .says = "", .column = ROSTER_COLUMNS};
		return;
	}
	for (size_t i = 0; i < g->head.nheadings; i++) {
		struct roster_heading *was = &rows->headings[i];
		const struct roster_heading *now = &g->head.headings[i];

		if (slice_is_nocase(slice_of(now->name), was->name) ||
		    (i == g->label && was->column == ROSTER_NAME) ||
		    ((was->of_grid || *was->name == '\0') &&
			(now->of_grid || *now->name == '\0'))) {
			/* The days of the table in hand stand in the line of headings, as
			 * findings name them. */
			if (now->of_grid)
				*was = *now;
			continue;
		}
		grid_refuse(
		    g, FAULT_CSV_HEADING_CHANGES, arena_printf(g->arena, "%u", g->row->line), NULL);
		return;
	}
}

/* Whether the days of ${row}, of the kind ${kind}, stand again in the row below it, of the kind ${next}: once as dates,
 * and once as the numbers of their days. */
static bool
is_written_twice(
    const struct grid *g, const struct sheet_row *row, enum grid_days kind, enum grid_days next)
{
	if (kind == GRID_DAYS_DATES && next == GRID_DAYS_NUMBERS)
		return grid_days_are_same(g, row, row + 1);
	return kind == GRID_DAYS_NUMBERS && next == GRID_DAYS_DATES &&
	       grid_days_are_same(g, row + 1, row);
}

size_t
grid_head_read(struct grid *g, size_t at, struct grid_line *across)
{
	const struct sheet_row *rows = g->sheet->rows.items, *row = &rows[at];
	const struct sheet_row *weekdays = NULL, *beside = NULL;
	enum grid_days kind = grid_days_kind(g, row), next = GRID_DAYS_NONE;
	size_t end = at + 1,
	       above = at == 0 || g->rows->headings == NULL ? at : grid_lines_above(g, at);
	bool good;

	if (kind == GRID_DAYS_NONE)
		return 0;
	g->weekdays_beside = false;
	if (end < g->sheet->rows.count)
		next = grid_days_kind(g, &rows[end]);
	if ((kind == GRID_DAYS_WEEKDAYS) != (next == GRID_DAYS_WEEKDAYS) &&
	    next != GRID_DAYS_NONE) {
		weekdays = kind == GRID_DAYS_WEEKDAYS ? row : &rows[end];
		g->weekdays = weekdays;
		g->weekdays_beside = true;
		beside = weekdays;
		row = kind == GRID_DAYS_WEEKDAYS ? &rows[end] : row;
		kind = kind == GRID_DAYS_WEEKDAYS ? next : kind;
		end++;
	} else if (is_written_twice(g, row, kind, next)) {
		beside = kind == GRID_DAYS_DATES ? &rows[end] : row;
		row = kind == GRID_DAYS_DATES ? row : &rows[end];
		kind = GRID_DAYS_DATES;
		end++;
	}
	g->row = row;
	/* Of a later table only the lines directly above it: what stands above the first is of
	 * the first. */
	roster_days_above(&g->days, rows + at - above, above);
	good = grid_days_read(g, row, kind, weekdays, across);
	if (!good)
		return 0;
	/* Where the names are is said in either of the two. */
	roster_head_of(&g->head, g->titles, row);
	if (beside != NULL && g->head.column_of[ROSTER_NAME] < 0) {
		struct sheet_row both = roster_head_join(
		    g->arena, beside < row ? beside : row, beside < row ? row : beside, false, " ");

		roster_head_of(&g->head, g->titles, &both);
	}
	/* The other of the two lines may be longer, and then has columns without a day. */
	for (size_t i = sheet_kept(row); i < g->head.nheadings; i++)
		across->date[i] = NULL;
	settle_headings(g, across);
	return end;
}
