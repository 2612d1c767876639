/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_grid_tables.h"

#include "calendars/roster/roster_grid_weeks.h"
#include "calendars/roster/roster_settle.h"
#include "calendars/roster/roster_tables.h"
#include "calendars/roster/roster_upper.h"

/* What the two questions below are answered with. */
struct context {
	const struct grid *g;
	struct sheet_row head;
};

static bool
has_date(const struct grid *g, const struct sheet_row *row)
{
	for (size_t i = 0; i < sheet_kept(row); i++) {
		if (grid_is_date(g, row->cells[i].text))
			return true;
	}
	return false;
}

/* A heading of days, and another one of the first table. In a column of shifts "Day" may stand beside a date. */
static bool
is_head(const void *context, const struct sheet_row *row)
{
	const struct context *c = context;
	size_t days = 0, others = 0;

	for (size_t i = 0; i < sheet_kept(row); i++)
		days += roster_is_day_heading(row->cells[i].text);
	/* Cheap questions first: this is asked of every row of the file. */
	if (days == 0 || has_date(c->g, row))
		return false;
	for (size_t i = 0; i < sheet_kept(row); i++) {
		const char *text = grid_cell(c->g, row, i);

		for (size_t j = 0; j < sheet_kept(&c->head) && *text != '\0'; j++)
			others += !roster_is_day_heading(text) &&
				  slice_is_nocase(slice_of(text), grid_cell(c->g, &c->head, j));
	}
	return others > 0;
}

/* A day, a total, or a line of one cell. */
static bool
is_row(const void *context, const struct sheet_row *row)
{
	const struct context *c = context;
	size_t filled = 0;

	for (size_t i = 0; i < sheet_kept(row); i++)
		filled += *row->cells[i].text != '\0';
	return filled <= 1 || has_date(c->g, row) ||
	       roster_cells_are_total(row->cells, sheet_kept(row));
}

void
grid_align(struct grid *g, struct sheet_row *head, const struct sheet_row *upper, size_t from)
{
	struct context context = {g, *head};
	struct roster_tables tables = {.arena = g->arena,
	    .sheet = g->sheet,
	    .head = *head,
	    .from = from,
	    .label = g->label,
	    .own = g->means->own,
	    .is_head = is_head,
	    .is_row = is_row,
	    .context = &context};

	/* Two rows as one are no row of the sheet. */
	if (head->cells != g->sheet->rows.items[from - 1].cells ||
	    roster_upper(g->arena, upper, SHEET_CELLS_MAX) != NULL)
		return;
	g->sheet = roster_tables_align(&tables, g->faults);
	*head = tables.head;
	if (head->ncells > g->width)
		g->width = head->ncells;
}
