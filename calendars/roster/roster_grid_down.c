/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "calendars/roster/roster_cell.h"
#include "calendars/roster/roster_date.h"
#include "calendars/roster/roster_grid_hours.h"
#include "calendars/roster/roster_grid_twice.h"
#include "calendars/roster/roster_heading.h"
#include "calendars/roster/roster_lines.h"
#include "calendars/roster/roster_upper.h"

/* Grids whose rows are days or weeks, and whose columns are duties. */

#define WEEK 7

static const char *const day_headings[] = {"date", "dates", "day", "days", "week",
    "week commencing", "week commencing:", "w/c", "wc", "week beginning", "w/b", "week starting",
    "week of", "week ending", "w/e", NULL};

static bool
is_week_ending(const char *heading)
{
	static const char *const names[] = {"week ending", "w/e", NULL};

	return roster_cell_is_one_of(heading, names);
}

/* Whether the column with ${heading} is one of the rota's own. If none is named, those are that say hours. */
static bool
is_own(const struct grid *g, const char *heading)
{
	if (g->means->own != NULL)
		return grid_is_own(g, heading);
	return roster_grid_says_hours(g->titles, heading);
}

static size_t
count_own(const struct grid *g, const struct sheet_row *row)
{
	size_t count = 0, filled = 0;

	for (size_t i = 0; i < sheet_kept(row); i++) {
		filled += *row->cells[i].text != '\0';
		count += is_own(g, grid_cell(g, row, i));
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

/* The first cell of column ${at} below the row ${from} that is filled in. */
static const char *
first_below(const struct grid *g, size_t from, size_t at)
{
	for (size_t i = from; i < g->sheet->rows.count; i++) {
		const char *text = grid_cell(g, &g->sheet->rows.items[i], at);

		if (*text != '\0')
			return text;
	}
	return "";
}

/* A weekday alone is no date. */
static bool
is_date_cell(const char *text)
{
	return (roster_days_is_day(text) && strpbrk(text, "0123456789") != NULL) ||
	       roster_days_number(text) != 0;
}

/* The column of dates: by its heading and what is below it, else by that alone. */
static bool
find_dates(const struct grid *g, const struct sheet_row *head, size_t from, size_t *out)
{
	for (int named = 1; named >= 0; named--) {
		for (size_t i = 0; i < sheet_kept(head); i++) {
			const char *heading = grid_cell(g, head, i);

			if (is_own(g, heading) ||
			    (named && !roster_cell_is_one_of(heading, day_headings)) ||
			    !is_date_cell(first_below(g, from, i)))
				continue;
			*out = i;
			return true;
		}
	}
	return false;
}

/* Whether most of what is filled in below is a weekday. "Fri (bank holiday)" is none, and the others are checked
 * against their dates all the same. */
static bool
has_weekdays(const struct grid *g, size_t from, size_t at)
{
	size_t days = 0, filled = 0;

	for (size_t i = from; i < g->sheet->rows.count; i++) {
		const char *text = grid_cell(g, &g->sheet->rows.items[i], at);

		filled += *text != '\0';
		days += roster_weekday(text) >= 0;
	}
	return 2 * days > filled;
}

/* A duty of those who come if the first cannot. In a list such a heading would cast doubt on the row. */
static bool
is_reserve(const struct roster_heading *heading)
{
	static const char *const names[] = {
	    "backup", "back-up", "back up", "standby", "stand-by", "stand by", "reserve", NULL};

	return roster_cell_is_one_of(heading->says, names);
}

/* What each column is. Columns that are neither the rota's own nor about the whole row are those of other
 * rotas. */
static void
settle_headings(struct grid *g, const struct sheet_row *row, size_t from)
{
	struct roster_head *head = &g->head;

	for (size_t i = 0; i < head->nheadings; i++) {
		struct roster_heading *heading = &head->headings[i];
		bool own = is_own(g, grid_cell(g, row, i));

		if (own || i == g->label) {
			heading->column = own ? ROSTER_NAME : ROSTER_DATE;
			heading->extra = ROSTER_NO_EXTRA;
			heading->of_grid = own;
		} else if (heading->column == ROSTER_COLUMNS && has_weekdays(g, from, i)) {
			heading->extra = ROSTER_WEEKDAY;
		} else if (heading->column == ROSTER_NAME || heading->column == ROSTER_DATE ||
			   heading->column == ROSTER_FIRST_NAME ||
			   heading->column == ROSTER_LAST_NAME ||
			   (heading->column == ROSTER_COLUMNS &&
			       (is_reserve(heading) || !roster_heading_is_about_row(heading)))) {
			heading->column = ROSTER_COLUMNS;
			heading->extra = ROSTER_OTHER;
			heading->of_grid = true;
		}
	}
	head->column_of[ROSTER_NAME] = head->column_of[ROSTER_FIRST_NAME] =
	    head->column_of[ROSTER_LAST_NAME] = -1;
	head->column_of[ROSTER_DATE] = (int)g->label;
	head->column_of[ROSTER_START_DATE] = -1;
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

static void
refuse_without(struct grid *g, const char *list)
{
	if (g->means->own != NULL)
		grid_refuse(g, FAULT_GRID_COLUMN, *g->means->own, list);
	else
		grid_refuse(g, FAULT_GRID_NO_HOURS, list, NULL);
}

static bool
has_day_heading(const struct grid *g, const struct sheet_row *row)
{
	for (size_t i = 0; i < sheet_kept(row); i++) {
		if (roster_cell_is_one_of(grid_cell(g, row, i), day_headings))
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
	refuse_without(g, strchr(list, ',') != NULL ? list : "");
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
		grid_refuse(g, FAULT_GRID_COLUMN, lacks(g, &row),
		    roster_list_columns(g->arena, upper, &row));
		return false;
	}
	roster_head_of(&g->head, g->titles, &row);
	if (!find_dates(g, &row, *from, &g->label)) {
		grid_refuse(g, FAULT_GRID_DATES, roster_list_columns(g->arena, upper, &row), NULL);
		return false;
	}
	settle_headings(g, &row, *from);
	grid_twice_columns(g, upper);
	g->rows->headings = g->head.headings;
	g->rows->nheadings = g->head.nheadings;
	/* The rows above the line, of two rows as well. */
	roster_days_above(&g->days, g->sheet->rows.items, *from - 1);
	g->rows->top = roster_line_top(g->titles, g->sheet, *from - 1);
	return true;
}

/* A heading line again, as on each printed page. Under another one stand other duties. */
static bool
is_head_again(struct grid *g, const struct sheet_row *row)
{
	const char *date = grid_cell(g, row, g->label);

	if (*date == '\0' || is_date_cell(date))
		return false;
	if (!slice_is_nocase(slice_of(date), g->head.headings[g->label].name) &&
	    !roster_cell_is_one_of(date, day_headings) && count_own(g, row) == 0)
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

/* A week is the same duty on seven days. */
static void
add_cell(struct grid *g, size_t at, const char *date)
{
	int days = g->rows->weekly ? WEEK : 1;
	int first =
	    g->rows->weekly && is_week_ending(g->head.headings[g->label].name) ? 1 - WEEK : 0;

	for (int i = 0; i < days; i++) {
		struct roster_row *row = grid_add(g, at);

		if (row == NULL)
			return;
		row->field[ROSTER_NAME] = g->cells[at].text;
		row->field[ROSTER_DATE] = date;
		row->grid.offset = first + i;
		grid_set_hours(g, row, g->head.headings[at].name);
		grid_doubt_row(row, g->doubts[at]);
	}
}

static void
read_row(struct grid *g, const struct sheet_row *row)
{
	const char *date;
	bool some = false;

	if (is_head_again(g, row))
		return;
	/* Also of a day without shifts, for the order of the days. */
	date = roster_days_whole(&g->days, grid_cell(g, row, g->label));
	grid_twice_note_date(g, date);
	if (!grid_take_row(g, row))
		return;
	for (size_t i = 0; i < g->head.nheadings; i++) {
		if (g->head.headings[i].column != ROSTER_NAME || grid_is_empty(&g->cells[i]))
			continue;
		/* The row is then unreadable in words. */
		add_cell(g, i, date != NULL ? date : g->cells[g->label].text);
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
	for (size_t i = from; i < g->sheet->rows.count && !g->faults->refused; i++)
		read_row(g, &g->sheet->rows.items[i]);
}
