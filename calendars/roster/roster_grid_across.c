/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "calendars/roster/roster_cell.h"
#include "calendars/roster/roster_clock.h"
#include "calendars/roster/roster_date.h"
#include "calendars/roster/roster_grid_head.h"
#include "calendars/roster/roster_grid_hours.h"
#include "calendars/roster/roster_grid_row_hours.h"
#include "calendars/roster/roster_grid_twice.h"
#include "calendars/roster/roster_lines.h"
#include "calendars/roster/roster_remarks.h"
#include "calendars/roster/roster_says.h"
#include "calendars/roster/roster_times.h"
#include "calendars/titles/shift_codes.h"
#include "server/base/instant.h"

/* Grids whose columns are days, and whose rows are people or duties. Each table in the file has a line of days of
 * its own, as of another week or month. */

static bool
is_leave(enum word word)
{
	return word == WORD_ABSENCE || word == WORD_SICK || word == WORD_NOISE ||
	       word == WORD_HOLIDAY;
}

static bool
is_away(enum word word)
{
	return word == WORD_ABSENCE || word == WORD_SICK;
}

/* Words by which somebody is not away, or somebody else is: "not sick", "leave cancelled", "leave cover". */
static bool
is_against_leave(enum word word)
{
	return word == WORD_NOT || word == WORD_NO || word == WORD_CANCELLED ||
	       word == WORD_COVER || word == WORD_RELIEF || word == WORD_COVERING ||
	       word == WORD_TAKING || word == WORD_SWAPPING || word == WORD_BY;
}

/* Of a calendar of leave, whether ${text} says that somebody is away. It may say more: "sick (hip)", "AL am". Who may be
 * away must not be taken for present. */
static bool
says_away(struct titles *titles, const char *text)
{
	return is_leave(roster_only_word(titles, text)) ||
	       (roster_any_word(titles, text, is_away) &&
		   !roster_any_word(titles, text, is_against_leave));
}

/* Whether the shift code ${code} is one of another rota. */
static bool
is_foreign(const struct grid *g, const struct reading_shift_code *code)
{
	if (g->means->own == NULL || code == NULL || code->kind != READING_CODE_HOURS)
		return false;
	for (const char *const *own = g->means->own; *own != NULL; own++) {
		if (shift_codes_find(g->titles, *own) == code)
			return false;
	}
	return true;
}

/* A code that the rota does not know: it may be a shift, and of which hours is not known. */
static void
doubt_code(struct grid *g, struct roster_row *row, const char *text)
{
	bool seen = table_get(&g->codes, text) != TABLE_NONE;

	row->grid.doubt = FAULT_GRID_CODE;
	row->grid.tell = !seen;
	if (!seen)
		table_put(&g->codes, g->arena, arena_strdup(g->arena, text), 0);
}

/* "09:00-17:00" in the cell of a person. Where the rota has codes of its own, those hours may be another rota's. */
static bool
says_hours(const struct grid *g, struct roster_row *row)
{
	struct roster_clock from, to;

	if (g->means->own != NULL ||
	    !roster_range_read(slice_of(row->field[ROSTER_SHIFT]), &from, &to) ||
	    !roster_clocks_agree(&from, &to, false))
		return false;
	roster_shift_as_times(g->titles, row);
	return row->shift_is_times;
}

static void
add_code(struct grid *g, size_t at, const char *date, int offset)
{
	const char *text = grid_cell(g, g->row, at);
	const struct reading_shift_code *code = shift_codes_find(g->titles, text);
	bool absences = g->titles->options->absences;
	bool leave = code != NULL ? code->kind == READING_CODE_ABSENCE
		     : absences   ? says_away(g->titles, text)
				  : is_leave(roster_only_word(g->titles, text));
	struct roster_row *row;

	/* In a calendar of leave the shifts are passed over. */
	/* A shift of another rota is no statement about this one: the person may have both. */
	if (is_foreign(g, code) || (absences && !leave))
		return;
	row = grid_add(g, at);
	row->field[ROSTER_DATE] = date;
	row->field[ROSTER_SHIFT] = text;
	/* Columns of times beside a grid of codes are those of something else, such as a base. */
	row->field[ROSTER_START] = row->field[ROSTER_END] = "";
	row->grid.offset = offset;
	if (code != NULL || absences || says_hours(g, row))
		return;
	row->grid.timed = true;
	row->grid.hours = (struct reading_hours){true, 0, 86400};
	if (!leave)
		doubt_code(g, row, text);
}

static void
add_name(struct grid *g, size_t at, const char *date, int offset)
{
	struct roster_row *row = grid_add(g, at);

	row->field[ROSTER_NAME] = g->cells[at].text;
	row->field[ROSTER_DATE] = date;
	row->grid.offset = offset;
	grid_set_hours(g, row, grid_cell(g, g->row, g->label));
}

/* Below a day, or beside a duty, that stands more than once. */
static void
doubt_row(struct grid *g, struct roster_row *row, size_t at)
{
	const char *label = grid_cell(g, g->row, g->label);
	struct grid_doubt twice = {FAULT_GRID_LABEL, label, NULL, false};

	grid_doubt_row(row, g->doubts[at]);
	grid_doubt_row(row, g->doubt);
	if (g->means->layout == READING_ROLES_BY_DATES && grid_is_label_twice(g, label))
		grid_doubt_row(row, &twice);
}

static bool
is_day_column(const void *of, size_t at)
{
	const struct grid_line *across = of;

	return across->date[at] != NULL;
}

static void
read_row(struct grid *g, const struct sheet_row *row, const struct grid_line *across)
{
	bool roles = g->means->layout == READING_ROLES_BY_DATES;
	const char *label = grid_cell(g, row, g->label);

	grid_doubt_above(g, row, is_day_column, across);
	/* Directly below the days, a row without a beginning is about all of them: "draft" below one. */
	if (roles && (*label != '\0' ? !grid_is_own(g, label) : g->labelled < g->head_line))
		grid_remarks_keep(g, row, label, across);
	/* A duty of another rota, however wrong its row is. */
	if (roles && *label != '\0' && !grid_is_own(g, label) &&
	    !roster_line_has_force(g->titles, label)) {
		/* "Nights 17:00-09:00" alone is about the duties below it. */
		if (roster_grid_says_hours(g->titles, label) && grid_count_filled(row) == 1)
			g->section = label;
		return;
	}
	if (!grid_take_row(g, row))
		return;
	/* Below the people stands what their codes mean. */
	if (roles ? !grid_is_own(g, label) : shift_codes_find(g->titles, label) != NULL)
		return;
	for (size_t i = 0; i < g->head.nheadings; i++) {
		size_t before = g->rows->list.count;

		if (across->date[i] == NULL || grid_is_empty(&g->cells[i]))
			continue;
		if (roles)
			add_name(g, i, across->date[i], across->offset[i]);
		else
			add_code(g, i, across->date[i], across->offset[i]);
		if (g->rows->list.count > before)
			doubt_row(g, &g->rows->list.items[before], i);
	}
}

/* Whether the row ${at} is a line of one cell above a table. */
static bool
leads_to_head(const struct grid *g, size_t at)
{
	size_t end = at;

	while (end < g->sheet->rows.count && grid_lines_above(g, end + 1) > end - at)
		end++;
	return end > at && end < g->sheet->rows.count &&
	       grid_days_kind(g, &g->sheet->rows.items[end]) != GRID_DAYS_NONE;
}

/* The line above the table that begins in the row ${at}; NULL: none. */
static const char *
title_above(const struct grid *g, size_t at)
{
	const struct sheet_row *row;

	if (grid_lines_above(g, at) == 0)
		return NULL;
	row = &g->sheet->rows.items[at - 1];
	for (size_t i = 0; i < sheet_kept(row); i++) {
		if (*grid_cell(g, row, i) != '\0')
			return grid_cell(g, row, i);
	}
	return NULL;
}

/* Two tables of the same days are of two teams: which of them is this rota's is said above it. One without a line
 * above goes on with the table before it, as on the next page. */
static void
note_table(struct grid *g, const struct grid_line *across, size_t at)
{
	const char *title = title_above(g, at);
	int64_t latest = g->latest;

	for (size_t i = 0; i < g->head.nheadings; i++) {
		int64_t day;

		if (across->date[i] == NULL ||
		    !roster_day(roster_day_part(across->date[i]), g->days.order, &day))
			continue;
		day += across->offset[i];
		g->rows->overlap = g->rows->overlap ||
				   (title != NULL && g->latest != INSTANT_NONE && day <= g->latest);
		latest = latest == INSTANT_NONE || day > latest ? day : latest;
	}
	g->latest = latest;
	/* As on the next page of a print: the heading of the people goes on. */
	if (title == NULL && g->table != NULL)
		return;
	g->section = NULL;
	g->section_told = false;
	g->table = title;
}

void
grid_read_across(struct grid *g)
{
	struct grid_line *across = arena_alloc(g->arena, sizeof *across);
	size_t first = 0;

	for (size_t i = 0; i < g->sheet->rows.count && !g->faults->refused;) {
		size_t end = grid_head_read(g, i, across);

		g->heads = end == 0 && leads_to_head(g, i);
		if (end == 0 && g->rows->headings != NULL && !g->faults->refused)
			read_row(g, &g->sheet->rows.items[i], across);
		if (end == 0) {
			i++;
			continue;
		}
		if (first == 0) {
			g->rows->top = roster_line_top(g->titles, g->sheet, i);
			first = end;
		}
		grid_head_keep(g);
		note_table(g, across, i);
		grid_keep_head_marks(g, i, end);
		g->head_line = g->sheet->rows.items[end - 1].line;
		grid_twice_days(g, across);
		grid_twice_labels(g, end);
		grid_check_weekdays(g, across);
		g->part++;
		i = end;
	}
	if (g->faults->refused)
		return;
	if (first == 0)
		grid_refuse(g, FAULT_GRID_DATES, "", NULL);
	else if (g->means->layout == READING_ROLES_BY_DATES)
		grid_check_rows(g, first);
}
