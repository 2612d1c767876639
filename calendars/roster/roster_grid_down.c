/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "calendars/roster/roster_cell.h"
#include "calendars/roster/roster_date.h"
#include "calendars/roster/roster_dates_down.h"
#include "calendars/roster/roster_duty.h"
#include "calendars/roster/roster_found.h"
#include "calendars/roster/roster_grid_columns.h"
#include "calendars/roster/roster_grid_row_hours.h"
#include "calendars/roster/roster_grid_tables.h"
#include "calendars/roster/roster_grid_twice.h"
#include "calendars/roster/roster_grid_weeks.h"
#include "calendars/roster/roster_heading.h"
#include "calendars/roster/roster_lines.h"
#include "calendars/roster/roster_told.h"
#include "calendars/roster/roster_upper.h"

/* Grids whose rows are days or weeks, and whose columns are duties. */

#define WEEK 7

static size_t
count_own(const struct grid *g, const struct sheet_row *row)
{
	size_t count = 0, filled = 0;

	for (size_t i = 0; i < sheet_kept(row); i++) {
		filled += *row->cells[i].text != '\0';
		count += grid_is_own_column(g, grid_cell(g, row, i));
	}
	/* The name of the duty alone is a title. */
	return filled >= 2 ? count : 0;
}

/* The heading line, and the row after it; 0: there is none. It is the row with most of the rota's own headings, or the
 * two rows that have more of them ("Night AMHP", "Night / AMHP"); and of those the first. */
static size_t
find_head(struct grid *g, struct sheet_row *out, const struct sheet_row **upper)
{
	const struct sheet_row *rows = g->sheet->rows.items;
	size_t count =
	    g->sheet->rows.count < ROSTER_HEAD_ROWS ? g->sheet->rows.count : ROSTER_HEAD_ROWS;
	size_t best = 0, end = 0;

	for (size_t way = 0; way < 5; way++) {
		for (size_t i = 0; i + (way > 0) < count; i++) {
			struct sheet_row row = rows[i];

			if (way > 0)
				row = roster_head_join(g->arena, &rows[i], &rows[i + 1],
				    way % 2 == 0, way < 3 ? " " : " / ");
			if (count_own(g, &row) <= best)
				continue;
			best = count_own(g, &row);
			end = i + 1 + (way > 0);
			*out = row;
			*upper = i > 0 ? &rows[i - 1] : NULL;
		}
	}
	return end;
}

/* Whether there is a date in column ${at} below the row ${from}; without ${any} only the first cell counts that is
 * filled in. */
static bool
has_dates(const struct grid *g, size_t from, size_t at, bool any)
{
	for (size_t i = from; i < g->sheet->rows.count; i++) {
		const char *text = grid_cell(g, &g->sheet->rows.items[i], at);

		if (grid_is_date(g, text))
			return true;
		if (*text != '\0' && !any)
			return false;
	}
	return false;
}

/* How well ${heading} names the days of the rows. */
enum day_rank { DAY_NEVER, DAY_BESIDE, DAY_PERHAPS, DAY_NAMED };

static enum day_rank
rank_of_days(const struct grid *g, const char *heading)
{
	if (grid_is_own_column(g, heading))
		return DAY_NEVER;
	if (roster_is_day_heading(heading))
		return DAY_NAMED;
	/* "Starts, Ends", "Updated, Duty on" */
	return roster_is_end_heading(heading) ||
		       roster_heading_make(g->titles, heading, false).extra == ROSTER_LOOSE
		   ? DAY_BESIDE
		   : DAY_PERHAPS;
}

/* The column of dates: by its heading and what is below it, else by that alone, if no other such column has dates. */
static bool
find_dates(const struct grid *g, const struct sheet_row *head, size_t from, size_t *out)
{
	size_t count = 0;

	for (enum day_rank rank = DAY_NAMED; rank > DAY_NEVER && count == 0; rank--) {
		for (size_t i = 0; i < sheet_kept(head); i++) {
			if (rank_of_days(g, grid_cell(g, head, i)) != rank ||
			    !has_dates(g, from, i, rank == DAY_NAMED && g->rows->weekly))
				continue;
			*out = count++ == 0 ? i : *out;
		}
		if (rank == DAY_NAMED && count > 0)
			return true;
	}
	return count == 1;
}

/* Which of the rota's own columns the heading line lacks; NULL: none. */
static const char *
lacks(const struct grid *g, const struct sheet_row *head)
{
	for (const char *const *own = g->means->own; own != NULL && *own != NULL; own++) {
		bool found = false;

		for (size_t i = 0; i < sheet_kept(head) && !found; i++)
			found = slice_is_nocase(slice_of(grid_cell(g, head, i)), *own);
		if (!found)
			return *own;
	}
	return NULL;
}

/* Notes what the grid has below the heading line ${line}. */
static void
note_found(struct grid *g, const struct sheet_row *line, const struct sheet_row *upper)
{
	roster_found_note(g->faults, g->titles,
	    &(struct roster_found_at){
		.sheet = g->sheet, .line = line, .upper = upper, .layout = g->means->layout});
}

static void
refuse_without(struct grid *g, const char *list)
{
	if (g->row != NULL && list != NULL)
		note_found(g, g->row, g->row > g->sheet->rows.items ? g->row - 1 : NULL);
	/* The first sheet of a workbook may be a page of words. */
	list = list != NULL ? list : "none, as no line of it has headings";
	if (g->means->own != NULL)
		grid_refuse(g, FAULT_GRID_COLUMN, *g->means->own, list);
	else
		grid_refuse(g, FAULT_GRID_NO_HOURS, list, NULL);
}

static bool
has_day_heading(const struct grid *g, const struct sheet_row *row)
{
	for (size_t i = 0; i < sheet_kept(row); i++) {
		if (roster_is_day_heading(grid_cell(g, row, i)))
			return true;
	}
	return false;
}

/* The headings of a grid without any of the rota's own columns: the first row with more than one cell, and of those
 * one that says where its days are. */
static void
refuse_columns(struct grid *g)
{
	const struct sheet_row *rows = g->sheet->rows.items;
	const char *list = "";

	for (int named = 1; named >= 0 && strchr(list, ',') == NULL; named--) {
		for (size_t i = 0; i < g->sheet->rows.count && strchr(list, ',') == NULL; i++) {
			if (named && !has_day_heading(g, &rows[i]))
				continue;
			g->row = &rows[i];
			list = roster_list_columns(g->arena, i > 0 ? &rows[i - 1] : NULL, &rows[i]);
		}
	}
	refuse_without(g, strchr(list, ',') != NULL ? list : NULL);
}

/* Whether a line above the heading line ${row}, which ends before ${from}, is one too: the rows below it would be lost. */
static bool
is_second_head(struct grid *g, const struct sheet_row *row, size_t from)
{
	const struct sheet_row *rows = g->sheet->rows.items;
	size_t end = from - (row->cells == rows[from - 1].cells ? 1 : 2);

	for (size_t i = 0; i < end; i++) {
		if (count_own(g, &rows[i]) > 0 && has_day_heading(g, &rows[i]))
			return true;
	}
	return false;
}

/* Below "Night ending" stands the day after that of the shift; of weeks it is counted back. And a duty of weeks whose
 * heading names days of them is on those alone, which is told once. */
static void
heed_headings(struct grid *g)
{
	const char *label = g->head.headings[g->label].name;

	if (!g->rows->weekly && roster_is_end_heading(label)) {
		g->doubt = arena_alloc(g->arena, sizeof *g->doubt);
		*g->doubt = (struct grid_doubt){FAULT_GRID_ENDS, label, NULL, false};
	}
	for (size_t i = 0; g->rows->weekly && i < g->head.nheadings; i++) {
		const struct roster_heading *heading = &g->head.headings[i];

		if (heading->column == ROSTER_NAME &&
		    (roster_duty_names_days(g->titles, heading->name) ||
			(g->uppers[i] != NULL && roster_duty_names_days(g->titles, g->uppers[i]))))
			fault_note(g->faults, FAULT_GRID_DUTY_WEEK, FAULT_EVENT(NULL, g->row->line),
			    heading->name, NULL);
	}
}

static bool
read_head(struct grid *g, size_t *from)
{
	const struct sheet_row *upper = NULL;
	struct sheet_row row;

	*from = find_head(g, &row, &upper);
	if (*from == 0) {
		refuse_columns(g);
		return false;
	}
	g->row = &g->sheet->rows.items[*from - 1];
	if (lacks(g, &row) != NULL) {
		note_found(g, &row, upper);
		grid_refuse(g, FAULT_GRID_COLUMN, lacks(g, &row),
		    roster_list_columns(g->arena, upper, &row));
		return false;
	}
	if (is_second_head(g, &row, *from)) {
		grid_refuse(
		    g, FAULT_CSV_HEADING_CHANGES, arena_printf(g->arena, "%u", g->row->line), NULL);
		return false;
	}
	if (!find_dates(g, &row, *from, &g->label)) {
		grid_refuse(g, FAULT_GRID_DATES, roster_list_columns(g->arena, upper, &row), NULL);
		return false;
	}
	grid_align(g, &row, upper, *from);
	roster_head_of(&g->head, g->titles, &row);
	grid_settle_columns(g, &row, *from);
	grid_twice_columns(g, upper);
	heed_headings(g);
	grid_keep_head_marks(
	    g, *from - (row.cells == g->sheet->rows.items[*from - 1].cells ? 1 : 2), *from);
	if (!g->rows->weekly)
		g->sheet = roster_dates_down(g->titles, g->sheet, &g->head, *from);
	g->rows->headings = g->head.headings;
	g->rows->nheadings = g->head.nheadings;
	/* The rows above the line, of two rows as well. */
	roster_days_above(&g->days, g->sheet->rows.items, *from - 1);
	roster_days_headed(&g->days, g->head.headings[g->label].name);
	g->rows->top = roster_line_top(g->titles, g->sheet, *from - 1);
	return true;
}

/* A heading line again, as on each printed page. Under another one stand other duties. */
static bool
is_head_again(struct grid *g, const struct sheet_row *row)
{
	const char *date = grid_cell(g, row, g->label);

	if (*date == '\0' || grid_is_date(g, date))
		return false;
	if (!slice_is_nocase(slice_of(date), g->head.headings[g->label].name) &&
	    !roster_is_day_heading(date) && count_own(g, row) == 0)
		return false;
	g->row = row;
	for (size_t i = 0; i < g->head.nheadings; i++) {
		if (!slice_is_nocase(slice_of(grid_cell(g, row, i)), g->head.headings[i].name)) {
			grid_refuse(g, FAULT_CSV_HEADING_CHANGES,
			    arena_printf(g->arena, "%u", row->line), NULL);
			break;
		}
	}
	return true;
}

/* A week is the same duty on seven days; one whose date is not known is unreadable, once. */
static void
add_cell(struct grid *g, size_t at, const char *date)
{
	int days = g->rows->weekly && date != NULL ? WEEK : 1;
	int first = g->rows->weekly && roster_is_end_heading(g->head.headings[g->label].name)
			? 1 - WEEK
			: 0;

	for (int i = 0; i < days; i++) {
		struct roster_row *row = grid_add(g, at);

		row->field[ROSTER_NAME] = g->cells[at].text;
		row->field[ROSTER_DATE] = date != NULL ? date : g->cells[g->label].text;
		row->grid.offset = first + i;
		row->grid.upper = g->uppers[at];
		grid_set_hours(g, row, g->head.headings[at].name);
		grid_doubt_row(row, g->doubts[at]);
		grid_doubt_row(row, g->doubt);
	}
}

/* The date of the row ${at}; NULL: it is not certain. */
static const char *
date_of_row(struct grid *g, size_t at)
{
	const char *cell = grid_cell(g, &g->sheet->rows.items[at], g->label);
	const char *date;

	/* Below "Week ending" the two words contradict each other. */
	if (g->rows->weekly && !roster_is_end_heading(g->head.headings[g->label].name))
		cell = roster_week_day(cell);
	date = roster_days_whole(&g->days, cell);
	if (date == NULL && g->days.year == 0 && *cell != '\0')
		date = roster_date_between(g, at, cell);
	return date;
}

static bool
is_own_column(const void *of, size_t at)
{
	const struct grid *g = of;

	return g->head.headings[at].column == ROSTER_NAME;
}

static void
read_row(struct grid *g, size_t at)
{
	const struct sheet_row *row = &g->sheet->rows.items[at];
	const char *date;
	bool some = false;

	if (is_head_again(g, row))
		return;
	grid_doubt_above(g, row, is_own_column, g);
	/* Also of a day without shifts, for the order of the days. */
	date = date_of_row(g, at);
	grid_twice_note_date(g, date);
	if (!grid_take_row(g, row))
		return;
	for (size_t i = 0; i < g->head.nheadings; i++) {
		if (g->head.headings[i].column != ROSTER_NAME || grid_is_empty(&g->cells[i]))
			continue;
		/* "NB" instead of a day, and beside it "Jan Jones off sick". */
		if (date == NULL && roster_line_tells_of_absence(g->titles, g->cells[i].text))
			grid_take_told(g, g->cells[i].text);
		add_cell(g, i, date);
		some = true;
	}
	/* "Cancelled", and in the column of notes why. */
	if (!some && date == NULL)
		g->above = g->cells[g->label].text;
}

void
grid_read_down(struct grid *g)
{
	size_t from;

	if (!read_head(g, &from))
		return;
	g->first_row = from;
	for (size_t i = from; i < g->sheet->rows.count && !g->faults->refused; i++)
		read_row(g, i);
}
