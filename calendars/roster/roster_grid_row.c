/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_grid_row.h"

#include <string.h>
#include <strings.h>

#include "calendars/roster/roster_cell.h"
#include "calendars/roster/roster_found.h"
#include "calendars/roster/roster_grid.h"
#include "calendars/roster/roster_lines.h"
#include "calendars/roster/roster_people.h"
#include "calendars/roster/roster_settle.h"
#include "calendars/roster/roster_text.h"
#include "calendars/roster/roster_times.h"
#include "calendars/roster/roster_told.h"

void
grid_refuse(struct grid *g, enum fault fault, const char *what, const char *more)
{
	fault_note(
	    g->faults, fault, FAULT_EVENT(NULL, g->row != NULL ? g->row->line : 1), what, more);
}

const char *
grid_cell(const struct grid *g, const struct sheet_row *row, size_t at)
{
	return at < sheet_kept(row) ? roster_one_line(g->arena, row->cells[at].text) : "";
}

bool
grid_is_empty(const struct cell *cell)
{
	return (*cell->text == '\0' && (cell->marks & CELL_NO_VALUE) == 0) ||
	       roster_cell_is_dash(cell->text);
}

bool
grid_is_own(const struct grid *g, const char *text)
{
	/* Headings are compared whole: "AMHP" must not take in "AMHP 2nd", which is another
	 * duty. */
	for (const char *const *own = g->means->own; own != NULL && *own != NULL; own++) {
		if (slice_is_nocase(slice_of(text), *own))
			return true;
	}
	return false;
}

/* Which of the rota's own rows the file lacks; NULL: none. One in which nobody is written is there. */
static const char *
lacks_row(const struct grid *g, size_t from)
{
	for (const char *const *own = g->means->own; own != NULL && *own != NULL; own++) {
		bool found = false;

		for (size_t i = from; i < g->sheet->rows.count && !found; i++)
			found = slice_is_nocase(
			    slice_of(grid_cell(g, &g->sheet->rows.items[i], g->label)), *own);
		if (!found)
			return *own;
	}
	return NULL;
}

void
grid_check_rows(struct grid *g, size_t from)
{
	const char *own = lacks_row(g, from), *list = "";

	if (own == NULL)
		return;
	for (size_t i = from; i < g->sheet->rows.count; i++) {
		const char *text = grid_cell(g, &g->sheet->rows.items[i], g->label);

		if (*text != '\0' && strlen(list) < 500)
			list =
			    arena_printf(g->arena, "%s%s%s", list, *list != '\0' ? ", " : "", text);
	}
	roster_found_note(g->faults, g->titles,
	    &(struct roster_found_at){.sheet = g->sheet,
		.line = &g->sheet->rows.items[from - 1],
		.from = from,
		.label = g->label,
		.layout = g->means->layout});
	grid_refuse(g, FAULT_GRID_ROW, own, list);
}

static size_t
count_cells(const struct sheet_row *row, size_t *only)
{
	size_t count = 0;

	for (size_t i = 0; i < sheet_kept(row); i++) {
		/* A formula without a value counts as filled in: a name may stand there when it
		 * is calculated. */
		if (*row->cells[i].text == '\0' && (row->cells[i].marks & CELL_NO_VALUE) == 0)
			continue;
		*only = i;
		count++;
	}
	return count;
}

/* Where there are too many, the file is refused, and the row is of no list: nobody reads it. */
static struct roster_row *
next_row(struct grid *g)
{
	if (g->rows->list.count < ROSTER_ROWS_MAX)
		return VEC_PUSH(g->arena, &g->rows->list);
	grid_refuse(g, FAULT_TOO_MANY_EVENTS, arena_printf(g->arena, "%d", ROSTER_ROWS_MAX), NULL);
	return arena_alloc(g->arena, sizeof(struct roster_row));
}

static struct roster_row *
add(struct grid *g)
{
	struct roster_row *row = next_row(g);

	row->line = g->row->line;
	/* Of a row of a grid each cell is a shift by itself; grid_take_row() has compared their
	 * number. */
	row->fits = true;
	row->nfields = g->row->ncells;
	row->ncolumns = g->head.ncells;
	row->cells = g->cells;
	row->above = g->above;
	roster_head_fields(&g->head, g->arena, row->cells, row);
	/* After the fields: times in the column "Shift" stand in for Start and End, if those
	 * are empty. */
	roster_shift_as_times(g->titles, row);
	return row;
}

bool
grid_names_somebody(const struct grid *g, const char *text)
{
	const struct title *title = title_read(g->titles, text);

	for (size_t i = 0; i < title->nparts; i++) {
		if (title->parts[i].person != NULL)
			return true;
	}
	return false;
}

bool
grid_names_only(const struct grid *g, const char *text)
{
	return roster_people_only(g->titles, text);
}

/* Colours of a heading line are there to make it one. */
void
grid_keep_head_marks(struct grid *g, size_t from, size_t end)
{
	memset(g->head_marks, 0, sizeof g->head_marks);
	for (size_t i = from; i < end; i++) {
		const struct sheet_row *row = &g->sheet->rows.items[i];

		for (size_t at = 0; at < sheet_kept(row); at++) {
			if (*row->cells[at].text != '\0')
				g->head_marks[at] |=
				    row->cells[at].marks &
				    (CELL_STRUCK | CELL_PART_STRUCK | CELL_NOTED | CELL_HIDDEN);
		}
	}
}

void
grid_take_told(struct grid *g, const char *text)
{
	struct roster_row *added = add(g);

	added->above = text;
	added->alone = true;
}

/* Whether ${text} begins a row without shifts: a day, a duty or a person. "J Jones sick" is such a person in a grid of
 * names; in other grids it is a note about the rota. */
static bool
is_without_shift(struct grid *g, const char *text)
{
	bool force = roster_line_has_force(g->titles, text);

	if (roster_days_is_day(text) || roster_days_number(text) != 0 || grid_is_own(g, text))
		return true;
	if (!grid_names_somebody(g, text) || (force && g->means->layout != READING_NAMES_BY_DATES))
		return false;
	/* Of a person in a grid of names more may be said: "J Jones off sick from Monday". */
	if (force)
		grid_take_told(g, text);
	return true;
}

/* A line of one cell: a day, a duty or a person without any shift; or a note. */
static void
take_line(struct grid *g, size_t at)
{
	const char *text = g->row->cells[at].text;

	/* In the lines below "Absences" stands who is away. */
	if (g->above != NULL && roster_line_tells_of_absence(g->titles, g->above) &&
	    roster_line_names_somebody(g->titles, text)) {
		grid_take_told(g, text);
		return;
	}
	if (at == g->label && !roster_line_corrects(g->titles, text) && is_without_shift(g, text))
		return;
	/* Kept also where it is no heading of people: roster_lines_say() asks whether it casts
	 * doubt on the rows below it. */
	g->above = text;
	if (at == g->label && !g->heads && !roster_line_is_period(text) &&
	    !roster_line_is_note(text)) {
		g->rows->sections =
		    g->rows->sections || (g->section != NULL && strcasecmp(g->section, text) != 0);
		g->section = text;
		g->section_told = false;
	}
	/* A duty of another rota, or a person whom nobody knows. */
	if (at == g->label && !roster_line_has_force(g->titles, text) &&
	    !roster_line_corrects(g->titles, text))
		return;
	add(g)->alone = true;
}

/* "NB", and beside it "Jan Jones off sick", in a row that is shorter than the others. */
static void
take_absences(struct grid *g)
{
	if (roster_days_is_day(grid_cell(g, g->row, g->label)))
		return;
	for (size_t i = 0; i < sheet_kept(g->row); i++) {
		if (roster_line_tells_of_absence(g->titles, g->row->cells[i].text) &&
		    roster_line_names_somebody(g->titles, g->row->cells[i].text))
			grid_take_told(g, g->row->cells[i].text);
	}
}

bool
grid_take_row(struct grid *g, const struct sheet_row *row)
{
	size_t only = 0;
	size_t count = count_cells(row, &only);

	g->row = row;
	g->cells = sheet_cells(g->arena, row, g->width);
	if (count == 0)
		return false;
	/* Asked for each row, since a grid of many columns uses much memory before its end. */
	if (arena_over(g->arena)) {
		grid_refuse(g, FAULT_TOO_MUCH_MEMORY, NULL, NULL);
		return false;
	}
	if (count == 1) {
		take_line(g, only);
		return false;
	}
	/* They become rows without a shift, so that a finding tells of them: nothing is passed
	 * over in silence. */
	if (roster_cells_are_total(g->cells, g->head.nheadings) ||
	    !sheet_fits(g->row, g->head.ncells)) {
		take_absences(g);
		add(g)->fits = sheet_fits(g->row, g->head.ncells);
		return false;
	}
	return true;
}

struct roster_row *
grid_add(struct grid *g, size_t at)
{
	struct roster_row *row = add(g);

	row->grid.at = at + 1;
	row->grid.section = g->section;
	row->grid.table = g->table;
	row->grid.part = g->part;
	row->grid.head_marks = g->head_marks[at];
	row->grid.tell_section = !g->section_told;
	g->section_told = true;
	return row;
}
