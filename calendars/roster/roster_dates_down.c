/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_dates_down.h"

#include <string.h>

#include "calendars/roster/roster_clock.h"
#include "calendars/roster/roster_date.h"
#include "calendars/roster/roster_grid_days.h"
#include "calendars/roster/roster_times.h"
#include "calendars/titles/shift_codes.h"
#include "server/base/table.h"

#define NO_START (-1)

struct down {
	const struct titles *titles;
	const struct roster_head *head;
	struct sheet *out;
	struct table seen;       /* the dates */
	bool list;               /* each row has a name, and a shift may be of two people */
	const struct cell *date; /* in force; NULL: none, or its rows have ended */
	int64_t last;            /* the start of the row above; NO_START: none */
	uint32_t next;           /* the line on which a row without a date may stand */
	size_t dates, filled;    /* how many there are, and how many have rows without one */
	bool is_filled;          /* the last of them is one of those */
};

/* Dates, and days that are completed by the month and year above a grid. */
static bool
is_date(const char *text)
{
	struct roster_date date;

	return roster_date_read(roster_day_part(text), &date) ||
	       (roster_days_is_day(text) && strpbrk(text, "0123456789") != NULL);
}

/* When the row with ${cells} begins by its own times; NO_START: it has none. */
static int64_t
start_of(const struct down *d, const struct cell *cells)
{
	struct roster_row row = {.line = 0};
	const struct reading_shift_code *code;
	struct roster_clock from, to;

	roster_head_fields(d->head, d->titles->arena, cells, &row);
	roster_shift_as_times(d->titles, &row);
	if (roster_range_read(slice_of(row.field[ROSTER_START]), &from, &to))
		return from.seconds;
	if (roster_clock_read(slice_of(row.field[ROSTER_START]), &from))
		return roster_clock_read(slice_of(row.field[ROSTER_END]), &to) ? from.seconds
									       : NO_START;
	code = shift_codes_find(d->titles, row.field[ROSTER_SHIFT]);
	return code != NULL && code->kind == READING_CODE_HOURS ? code->from : NO_START;
}

/* The line after ${row}, which may have line breaks in its cells. */
static uint32_t
line_after(const struct sheet_row *row)
{
	uint32_t line = row->line + 1;

	for (size_t i = 0; i < sheet_kept(row); i++) {
		for (const char *at = row->cells[i].text; (at = strchr(at, '\n')) != NULL; at++)
			line++;
	}
	return line;
}

static bool
begin_date(struct down *d, const struct sheet_row *row, const struct cell *cells)
{
	d->date = NULL;
	if (!is_date(cells->text))
		return true;
	if (table_put(&d->seen, d->titles->arena, cells->text, 0) != TABLE_NONE)
		return false;
	d->date = cells;
	d->last = start_of(d, cells);
	d->next = line_after(row);
	d->dates++;
	d->is_filled = false;
	return true;
}

/* Takes a row without a date. */
static void
fill(struct down *d, struct sheet_row *row, size_t count)
{
	const struct cell *cells = sheet_cells(d->titles->arena, row, count);
	struct cell *copy;
	int64_t start = d->date != NULL ? start_of(d, cells) : NO_START;

	if (start == NO_START || row->line > d->next || !sheet_fits(row, d->head->ncells) ||
	    (d->list ? start < d->last : start <= d->last)) {
		d->date = NULL;
		return;
	}
	d->last = start;
	d->next = line_after(row);
	d->filled += !d->is_filled;
	d->is_filled = true;
	copy = arena_copy(d->titles->arena, row->cells, sheet_kept(row) * sizeof *copy);
	copy[0] = *d->date;
	row->cells = copy;
}

const struct sheet *
roster_dates_down(const struct titles *titles, const struct sheet *sheet,
    const struct roster_head *head, size_t from)
{
	struct down d = {.titles = titles, .head = head, .last = NO_START};

	if (head->column_of[ROSTER_DATE] != 0 || titles->options->absences)
		return sheet;
	d.list = titles->options->grid.layout == READING_NO_GRID;
	d.out = arena_copy(titles->arena, sheet, sizeof *sheet);
	d.out->rows.items = arena_copy(
	    titles->arena, sheet->rows.items, sheet->rows.count * sizeof *sheet->rows.items);
	table_init(&d.seen, titles->arena, 64);
	for (size_t i = from; i < sheet->rows.count; i++) {
		struct sheet_row *row = &d.out->rows.items[i];
		const struct cell *cells = sheet_cells(titles->arena, row, head->nheadings);

		if (*cells->text == '\0')
			fill(&d, row, head->nheadings);
		else if (!begin_date(&d, row, cells))
			return sheet;
	}
	return d.filled >= 2 && 2 * d.filled > d.dates ? d.out : sheet;
}
