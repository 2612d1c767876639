/* SPDX-License-Identifier: MIT */
#include "calendars/roster/sheet.h"

#include <string.h>

#include "calendars/roster/roster_heading.h"
#include "calendars/roster/roster_lines.h"
#include "calendars/roster/roster_row.h"
#include "calendars/roster/roster_text.h"

#define ROWS_MAX 50000
/* Enough to recognize a title line or two above a grid. */
#define HEAD_MAX 6 /* rows that are looked at where no heading line is found */

struct parse {
	bool absences; /* a leave calendar */
	struct titles *titles;
	struct rows *rows;
	struct faults *faults;
	struct arena *arena;
	const struct sheet_row *row; /* in hand */
	size_t ncolumns;             /* of the heading */
	int column_of[ROSTER_COLUMNS];
	bool headed;
	bool codes; /* the rota has shift codes */
	const struct sheet_row
	    *head[HEAD_MAX]; /* the first rows, while no heading line was found */
	size_t nhead;
	const char *missing; /* of the first of them */
	const char *above;   /* the last line that has one cell only */
};

size_t
sheet_kept(const struct sheet_row *row)
{
	return row->ncells < SHEET_CELLS_MAX ? row->ncells : SHEET_CELLS_MAX;
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
	for (size_t i = 0; i < sheet_kept(row); i++) {
		if (*row->cells[i].text != '\0')
			return false;
	}
	return true;
}

/* Leave has whole days (a date and no times), or a first and a last day (no date). */
static bool
can_do_without(const struct parse *p, enum roster_column column)
{
	bool times = p->column_of[ROSTER_START] >= 0 && p->column_of[ROSTER_END] >= 0;

	if (!p->absences)
		return false;
	/* find_missing() asks for the date first, so that it is there when it asks for a time. */
	return column == ROSTER_DATE ? times : column == ROSTER_START || column == ROSTER_END;
}

/* The column that the row in hand lacks to be a heading line; NULL: none. */
static const char *
find_missing(struct parse *p)
{
	static const struct {
		enum roster_column column;
		const char *name;
	} needed[] = {{ROSTER_NAME, "Staff Name"}, {ROSTER_DATE, "Date"}, {ROSTER_START, "Start"},
	    {ROSTER_END, "End"}};

	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
		/* Where codes give the hours, a roster may do without times. */
		if (p->codes && p->column_of[ROSTER_SHIFT] >= 0 &&
		    (needed[i].column == ROSTER_START || needed[i].column == ROSTER_END))
			continue;
		if (p->column_of[needed[i].column] < 0 && !can_do_without(p, needed[i].column))
			return needed[i].name;
	}
	return NULL;
}

/* Excel wraps long headings within the cell, so a heading may hold a line break. */
static const char *
heading_at(struct parse *p, size_t i)
{
	return roster_one_line(p->arena, p->row->cells[i].text);
}

static void
read_heading(struct parse *p)
{
	size_t count = sheet_kept(p->row);

	p->rows->headings = arena_array(p->arena, count, sizeof *p->rows->headings);
	p->rows->nheadings = count;
	for (size_t i = 0; i < count; i++) {
		enum roster_column column;

		p->rows->headings[i] =
		    roster_heading_make(p->titles, heading_at(p, i), p->absences);
		column = p->rows->headings[i].column;
		if (column == ROSTER_COLUMNS)
			continue;
		/* Two columns of one name: which of them a person keeps up to date is not known. */
		if (p->column_of[column] >= 0)
			refuse(p, FAULT_CSV_COLUMN_TWICE, p->row->cells[i].text);
		p->column_of[column] = (int)i;
	}
	p->ncolumns = p->row->ncells;
}

/* The cells of the row in hand, at least ${count}. A row that is too short is unreadable (fits()); its cells
 * are empty here, so that later looks need no test of their own. */
static const struct cell *
cells_of_row(struct parse *p, size_t count)
{
	struct cell *cells;

	if (sheet_kept(p->row) >= count)
		return p->row->cells;
	cells = arena_array(p->arena, count, sizeof *cells);
	for (size_t i = 0; i < count; i++)
		cells[i] = i < p->row->ncells ? p->row->cells[i] : (struct cell){.text = ""};
	return cells;
}

/* The first row is the heading line; if it is none, the next few say what the file is. */
static void
look_for_heading(struct parse *p)
{
	if (p->nhead == 0) {
		read_heading(p);
		p->missing = find_missing(p);
		p->headed = p->missing == NULL;
	}
	if (!p->headed && p->nhead < HEAD_MAX)
		p->head[p->nhead++] = p->row;
}

/* Whether the row in hand is a heading line once more, by how many known headings it has. */
static bool
is_heading(struct parse *p)
{
	size_t known = 0;

	for (size_t i = 0; i < sheet_kept(p->row); i++) {
		/* No heading begins with a number, as dates and times do: no copies of those. */
		if (*p->row->cells[i].text < '0' || *p->row->cells[i].text > '9')
			known +=
			    roster_column_named(heading_at(p, i), p->absences) != ROSTER_COLUMNS;
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
		const char *now = i < count ? heading_at(p, i) : "";

		if (!slice_is_nocase(slice_of(now), was)) {
			refuse(p, FAULT_CSV_HEADING_CHANGES, number(p, p->row->line));
			return;
		}
	}
}

/* In words what the file is that has no heading line of a roster. */
static void
refuse_layout(struct parse *p)
{
	enum fault fault = roster_layout_fault(p->head, p->nhead);
	const char *has = "";

	for (size_t i = 0; p->nhead > 0 && i < sheet_kept(p->head[0]); i++)
		has = arena_printf(
		    p->arena, "%s%s%s", has, i > 0 ? ", " : "", p->head[0]->cells[i].text);
	/* The finding is about the heading line. */
	fault_note(p->faults, fault, FAULT_EVENT(NULL, 1),
	    fault != FAULT_CSV_NO_HEADING ? NULL
	    : p->missing != NULL          ? p->missing
					  : "Date",
	    fault == FAULT_CSV_NO_HEADING ? has : NULL);
}

/* More fields than headings shift everything, unless the rest is empty. */
static bool
fits(const struct parse *p)
{
	if (p->row->ncells > SHEET_CELLS_MAX || p->row->ncells < p->ncolumns)
		return false;
	for (size_t i = p->ncolumns; i < p->row->ncells; i++) {
		if (*p->row->cells[i].text != '\0')
			return false;
	}
	return true;
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
	row->fits = fits(p);
	row->nfields = p->row->ncells;
	row->ncolumns = p->ncolumns;
	row->cells = cells_of_row(p, p->rows->nheadings);
	row->alone = only_cell(p) != NULL;
	if (row->alone)
		p->above = only_cell(p);
	row->above = p->above;
	for (int column = 0; column < ROSTER_COLUMNS; column++) {
		int at = p->column_of[column];

		row->field[column] =
		    at >= 0 && (size_t)at < p->row->ncells ? p->row->cells[at].text : "";
	}
}

static void
read_row(struct parse *p, const struct sheet_row *row)
{
	p->row = row;
	if (is_blank(row))
		return;
	if (!p->headed)
		look_for_heading(p);
	else if (p->rows->list.count == ROWS_MAX)
		refuse(p, FAULT_TOO_MANY_EVENTS, number(p, ROWS_MAX));
	else if (is_heading(p))
		compare_heading(p);
	else
		add_row(p);
	if (arena_over(p->arena))
		refuse(p, FAULT_TOO_MUCH_MEMORY, NULL);
}

/* Divides the rows into the heading line and those below it. */
static void
read_rows(struct parse *p, const struct sheet *sheet)
{
	const struct sheet_row *row;

	VEC_EACH (row, &sheet->rows) {
		read_row(p, row);
		if (p->faults->refused)
			return;
	}
	if (!p->headed)
		refuse_layout(p);
}

void
sheet_read(
    struct roster *out, struct titles *titles, const struct sheet *sheet, struct faults *faults)
{
	struct rows rows = {.list = {.items = NULL}};
	struct parse p = {.absences = titles->options->absences,
	    .titles = titles,
	    .rows = &rows,
	    .faults = faults,
	    .arena = titles->arena,
	    .codes = titles->options->nshift_codes > 0};

	*out = (struct roster){.nrows = 0};
	for (int column = 0; column < ROSTER_COLUMNS; column++)
		/* No column is known before the heading line. */
		p.column_of[column] = -1;
	read_rows(&p, sheet);
	if (faults->refused)
		return;
	/* After all rows: one word that is no weekday makes the column an ordinary one. */
	roster_find_weekdays(&rows);
	roster_find_ticks(&rows);
	roster_find_units(&rows);
	rows.below = roster_line_below(titles, &rows);
	out->nrows = (uint32_t)rows.list.count;
	if (rows.list.count == 0)
		fault_note(faults, FAULT_NO_EVENTS, FAULT_ANYWHERE, NULL, NULL);
	roster_read_rows(out, titles, faults, &rows);
}
