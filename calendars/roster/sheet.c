/* SPDX-License-Identifier: MIT */
#include "calendars/roster/sheet.h"

#include <string.h>

#include "calendars/roster/roster_dates_down.h"
#include "calendars/roster/roster_found.h"
#include "calendars/roster/roster_grid.h"
#include "calendars/roster/roster_grid_serials.h"
#include "calendars/roster/roster_head.h"
#include "calendars/roster/roster_heading_cells.h"
#include "calendars/roster/roster_heading_names.h"
#include "calendars/roster/roster_key.h"
#include "calendars/roster/roster_layout.h"
#include "calendars/roster/roster_lines.h"
#include "calendars/roster/roster_row.h"
#include "calendars/roster/roster_settle.h"
#include "calendars/roster/roster_tables.h"
#include "calendars/roster/roster_text.h"
#include "calendars/roster/roster_times.h"
#include "calendars/roster/roster_told.h"

struct parse {
	struct titles *titles;
	struct rows *rows;
	struct faults *faults;
	struct arena *arena;
	const struct sheet_row *row; /* in hand */
	struct roster_head head;
	const char *above; /* the last line that has one cell only */
};

size_t
sheet_kept(const struct sheet_row *row)
{
	return row->ncells < SHEET_CELLS_MAX ? row->ncells : SHEET_CELLS_MAX;
}

bool
sheet_fits(const struct sheet_row *row, size_t ncells)
{
	if (row->ncells > SHEET_CELLS_MAX || row->ncells < ncells)
		return false;
	for (size_t i = ncells; i < row->ncells; i++) {
		if (*row->cells[i].text != '\0')
			return false;
	}
	return true;
}

const struct cell *
sheet_cells(struct arena *arena, const struct sheet_row *row, size_t count)
{
	struct cell *cells;

	if (sheet_kept(row) >= count)
		return row->cells;
	cells = arena_array(arena, count, sizeof *cells);
	for (size_t i = 0; i < count; i++)
		cells[i] = i < row->ncells ? row->cells[i] : (struct cell){.text = ""};
	return cells;
}

static void
refuse(struct parse *p, enum fault fault, const char *what)
{
	fault_note(p->faults, fault, FAULT_EVENT(NULL, p->row->line), what, NULL);
}

static const char *
number(struct parse *p, size_t value)
{
	return arena_printf(p->arena, "%zu", value);
}

static bool
is_blank(const struct sheet_row *row)
{
	/* What is beyond the cells that are kept is not known. */
	if (row->ncells > SHEET_CELLS_MAX)
		return false;
	for (size_t i = 0; i < sheet_kept(row); i++) {
		/* A formula without a value may stand for a shift. */
		if (*row->cells[i].text != '\0' || (row->cells[i].marks & CELL_NO_VALUE) != 0)
			return false;
	}
	return true;
}

/* Excel wraps long headings within the cell, so a heading may hold a line break. */
static const char *
heading_at(const struct parse *p, const struct sheet_row *row, size_t i)
{
	return roster_one_line(p->arena, row->cells[i].text);
}

static bool
is_known(const struct parse *p, const char *heading)
{
	bool absences = p->titles->options->absences;

	return roster_column_named(heading, absences) != ROSTER_COLUMNS ||
	       (!absences && roster_column_spare(heading) != ROSTER_COLUMNS);
}

/* Whether ${row} is a heading line once more, by how many known headings it has. */
static bool
is_heading(const void *context, const struct sheet_row *row)
{
	const struct parse *p = context;
	size_t known = 0;

	for (size_t i = 0; i < sheet_kept(row); i++) {
		/* No heading begins with a number, as dates and times do: no copies of those. */
		if (*row->cells[i].text < '0' || *row->cells[i].text > '9')
			known += is_known(p, heading_at(p, row, i));
	}
	/* One or two of the names may be the content of a row. */
	return known >= 3;
}

/* A heading again on each printed page is passed over. Rows below another one would be read by the
 * columns of the first: "Yes" under "Cancelled" as a status. */
static void
compare_heading(struct parse *p)
{
	size_t count = sheet_kept(p->row);

	for (size_t i = 0; i < count || i < p->rows->nheadings; i++) {
		const char *was = i < p->rows->nheadings ? p->rows->headings[i].name : "";
		const char *now = i < count ? heading_at(p, p->row, i) : "";

		if (!slice_is_nocase(slice_of(now), was)) {
			refuse(p, FAULT_CSV_HEADING_CHANGES, number(p, p->row->line));
			return;
		}
	}
}

/* The parts of a grid, for the one who must say which are the rota's. */
static void
note_found(struct parse *p, const struct sheet *sheet, const struct roster_layout *layout)
{
	static const struct {
		enum fault fault;
		enum reading_layout layout;
	} all[] = {{FAULT_CSV_LIST, READING_DATES_BY_ROLES},
	    {FAULT_CSV_WEEKS, READING_WEEKS_BY_ROLES}, {FAULT_CSV_HOURS, READING_DATES_BY_HOURS}};
	struct roster_found_at at = {.sheet = sheet,
	    .line = &sheet->rows.items[layout->at],
	    .upper = layout->at > 0 ? &sheet->rows.items[layout->at - 1] : NULL,
	    .from = layout->at + 1};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		if (all[i].fault == layout->fault)
			at.layout = all[i].layout;
	}
	roster_found_note(p->faults, p->titles, &at);
}

/* Of a roster of leave, what is no heading may be why somebody is away, which no finding says. */
static const char *
quoted(const struct parse *p, const struct sheet_row *row, size_t i)
{
	return p->titles->options->absences && !is_known(p, heading_at(p, row, i))
		   ? "?"
		   : row->cells[i].text;
}

/* In words what the file is that has no heading line of a roster. */
static void
refuse_layout(struct parse *p, const struct sheet *sheet)
{
	const struct sheet_row *row = sheet->rows.count > 0 ? &sheet->rows.items[p->head.at] : NULL;
	struct roster_layout layout;
	const char *has = "";

	sheet = roster_grid_serials(p->arena, sheet, p->titles->options->absences);
	roster_layout_find(&layout, p->titles, sheet);
	if (layout.fault != FAULT_CSV_NO_HEADING) {
		note_found(p, sheet, &layout);
		fault_note(p->faults, layout.fault, FAULT_EVENT(NULL, layout.line), layout.columns,
		    layout.rows);
		return;
	}
	for (size_t i = 0; row != NULL && i < sheet_kept(row); i++)
		has = arena_printf(p->arena, "%s%s%s", has, i > 0 ? ", " : "", quoted(p, row, i));
	fault_note(p->faults, FAULT_CSV_NO_HEADING, FAULT_EVENT(NULL, row != NULL ? row->line : 1),
	    p->head.missing, has);
}

/* What a line has that has one cell only, such as "Cancelled shifts"; else NULL. */
static const char *
only_cell(const struct parse *p)
{
	const char *only = NULL;

	for (size_t i = 0; i < sheet_kept(p->row); i++) {
		if (*p->row->cells[i].text == '\0')
			continue;
		if (only != NULL)
			return NULL;
		only = p->row->cells[i].text;
	}
	return only;
}

static void
add_row(struct parse *p)
{
	struct roster_row *row = VEC_PUSH(p->arena, &p->rows->list);

	row->line = p->row->line;
	row->fits = sheet_fits(p->row, p->head.ncells);
	row->nfields = p->row->ncells;
	row->ncolumns = p->head.ncells;
	row->cells = sheet_cells(p->arena, p->row, p->rows->nheadings);
	row->alone = only_cell(p) != NULL;
	if (row->alone)
		p->above = only_cell(p);
	row->above = p->above;
	roster_head_fields(&p->head, p->arena, row->cells, row);
	roster_shift_as_times(p->titles, row);
}

static void
read_row(struct parse *p, const struct sheet_row *row)
{
	p->row = row;
	if (is_blank(row))
		return;
	if (p->rows->list.count == ROSTER_ROWS_MAX)
		refuse(p, FAULT_TOO_MANY_EVENTS, number(p, ROSTER_ROWS_MAX));
	/* Before it is read as a row: "Date" is no date, and would be one more finding on each
	 * page. */
	else if (is_heading(p, row))
		compare_heading(p);
	else
		add_row(p);
	if (arena_over(p->arena))
		refuse(p, FAULT_TOO_MUCH_MEMORY, NULL);
}

/* Brings later tables into the order of the first, whose heading line is one row. */
static const struct sheet *
align(struct parse *p, const struct sheet *sheet)
{
	struct roster_tables tables = {.arena = p->arena,
	    .sheet = sheet,
	    .head = sheet->rows.items[p->head.at],
	    .from = p->head.end,
	    .list = true,
	    .is_head = is_heading,
	    .context = p};
	const struct sheet *aligned = sheet;

	if (p->head.end == p->head.at + 1)
		aligned = roster_tables_align(&tables, p->faults);
	/* The same line, which may have got columns without a heading. */
	/* The rows keep their places; only the cells were moved. */
	if (aligned != sheet)
		roster_head_find(&p->head, p->titles, aligned);
	return aligned;
}

/* Divides the sheet into the heading line, what is above it, and the rows below it. */
static void
read_rows(struct parse *p, const struct sheet *sheet)
{
	if (!roster_head_find(&p->head, p->titles, sheet)) {
		refuse_layout(p, sheet);
		return;
	}
	sheet = align(p, sheet);
	sheet = roster_dates_down(p->titles, sheet, &p->head, p->head.end);
	p->row = &sheet->rows.items[p->head.at];
	if (p->head.twice != NULL)
		refuse(p, FAULT_CSV_COLUMN_TWICE, p->head.twice);
	p->rows->headings = p->head.headings;
	p->rows->nheadings = p->head.nheadings;
	for (size_t i = p->head.end; i < sheet->rows.count && !p->faults->refused; i++)
		read_row(p, &sheet->rows.items[i]);
	p->rows->top = roster_line_top(p->titles, sheet, p->head.at);
}

void
sheet_read(
    struct roster *out, struct titles *titles, const struct sheet *sheet, struct faults *faults)
{
	struct rows rows = {.list = {.items = NULL}};
	struct roster_key key = {.others = {.items = NULL}};
	struct parse p = {
	    .titles = titles, .rows = &rows, .faults = faults, .arena = titles->arena};

	*out = (struct roster){.nrows = 0};
	if (titles->options->grid.layout != READING_NO_GRID)
		roster_grid_read(&rows, titles, sheet, faults);
	else
		read_rows(&p, sheet);
	if (faults->refused)
		return;
	/* After all rows: one word that is no weekday makes the column an ordinary one. */
	roster_settle_totals(&rows);
	roster_find_weekdays(&rows);
	roster_find_ticks(&rows);
	roster_find_units(&rows);
	/* Read from 1900, they would be days four years earlier. */
	if (!sheet->since_1904)
		roster_settle_serials(&rows, titles->arena);
	roster_settle_clock(&rows);
	rows.below = roster_line_below(titles, &rows);
	roster_lines_find_people(titles, &rows);
	if (!titles->options->absences)
		rows.around = roster_line_around(titles, sheet);
	roster_key_find(&key, titles, sheet);
	rows.key = &key;
	out->nrows = (uint32_t)rows.list.count;
	if (rows.list.count == 0)
		fault_note(faults, FAULT_NO_EVENTS, FAULT_ANYWHERE, NULL, NULL);
	roster_read_rows(out, titles, faults, &rows);
}
