/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_grid_twice.h"

#include <string.h>

#include "calendars/roster/roster_date.h"
#include "calendars/roster/roster_grid_hours.h"
#include "calendars/roster/roster_lines.h"
#include "calendars/roster/roster_people.h"
#include "calendars/roster/roster_upper.h"

#define LIST_MAX_BYTES 500

void
grid_doubt_row(struct roster_row *row, struct grid_doubt *doubt)
{
	if (doubt == NULL || row->grid.doubt != FAULT_NONE)
		return;
	/* A row that says its hours needs none of a heading. */
	if (doubt->fault == FAULT_GRID_UPPER && !row->grid.timed)
		return;
	row->grid.doubt = doubt->fault;
	row->grid.what = doubt->what;
	row->grid.more = doubt->more;
	row->grid.tell = !doubt->told;
	doubt->told = true;
}

static bool
same(const char *a, const char *b)
{
	return slice_is_nocase(slice_of(a), b);
}

/* ---- Columns. */

/* All columns with the heading of column ${at}, as "column" may name them. */
static const char *
list_of_same(const struct grid *g, const struct sheet_row *upper, size_t at)
{
	const struct roster_heading *headings = g->head.headings;
	const char *list = "";

	for (size_t i = 0; i < g->head.nheadings && strlen(list) < LIST_MAX_BYTES; i++) {
		const char *above = roster_upper(g->arena, upper, i);

		if (!same(headings[i].name, headings[at].name))
			continue;
		list = arena_printf(g->arena, "%s%s%s%s%s", list, *list != '\0' ? ", " : "",
		    above != NULL ? above : "", above != NULL ? " / " : "", headings[i].name);
	}
	return list;
}

static struct grid_doubt *
doubt_of(const struct grid *g, enum fault fault, const char *what, const char *more)
{
	struct grid_doubt *doubt = arena_alloc(g->arena, sizeof *doubt);

	*doubt = (struct grid_doubt){fault, what, more, false};
	return doubt;
}

/* Another column with the heading of column ${at}, the first of them; ${at}: there is none. */
static size_t
another(const struct grid *g, size_t at)
{
	for (size_t i = 0; i < g->head.nheadings; i++) {
		if (i != at && same(g->head.headings[i].name, g->head.headings[at].name))
			return i;
	}
	return at;
}

void
grid_twice_columns(struct grid *g, const struct sheet_row *upper)
{
	for (size_t i = 0; i < g->head.nheadings; i++) {
		const char *name = g->head.headings[i].name,
			   *above = roster_upper(g->arena, upper, i);

		g->doubts[i] = NULL;
		g->uppers[i] = above;
		if (g->head.headings[i].column != ROSTER_NAME)
			continue;
		/* The second of them shares the doubt of the first, so that one finding tells
		 * of both. */
		if (another(g, i) < i)
			g->doubts[i] = g->doubts[another(g, i)];
		else if (another(g, i) > i)
			g->doubts[i] =
			    doubt_of(g, FAULT_GRID_HEADING, name, list_of_same(g, upper, i));
		else if (above != NULL && !roster_grid_says_hours(g->titles, name) &&
			 roster_grid_says_other_hours(g->titles, above))
			g->doubts[i] = doubt_of(g, FAULT_GRID_UPPER, name, above);
	}
}

/* ---- Lines of days, and labels of rows. */

static bool
day_of(const struct grid *g, const struct grid_line *across, size_t at, int64_t *day)
{
	if (across->date[at] == NULL ||
	    !roster_day(roster_day_part(across->date[at]), g->days.order, day))
		return false;
	*day += across->offset[at];
	return true;
}

void
grid_twice_days(struct grid *g, struct grid_line *across)
{
	struct table seen;

	table_init(&seen, g->arena, g->head.nheadings);
	for (size_t i = 0; i < g->head.nheadings; i++) {
		const char *key;
		uint32_t was;
		int64_t day;

		g->doubts[i] = NULL;
		if (!day_of(g, across, i, &day))
			continue;
		key = arena_printf(g->arena, "%lld", (long long)day);
		was = table_get(&seen, key);
		if (was == TABLE_NONE) {
			table_put(&seen, g->arena, key, (uint32_t)i);
			continue;
		}
		/* Neither counts: which of the two columns is kept up to date is not known. */
		g->doubts[i] = g->doubts[was] = doubt_of(g, FAULT_GRID_DAY, across->date[i], NULL);
	}
}

static const char *
key_of(const struct grid *g, const char *text)
{
	char *key = arena_strdup(g->arena, text);

	for (char *at = key; *at != '\0'; at++) {
		if (*at >= 'A' && *at <= 'Z')
			/* Only letters of ASCII: others would need tables, and duties are
			 * seldom told apart by them. */
			*at |= 0x20;
	}
	return key;
}

void
grid_twice_labels(struct grid *g, size_t from)
{
	table_init(&g->labels, g->arena, 16);
	table_init(&g->labels_twice, g->arena, 16);
	for (size_t i = from; i < g->sheet->rows.count; i++) {
		const struct sheet_row *row = &g->sheet->rows.items[i];
		const char *label = grid_cell(g, row, g->label);

		/* Each table by itself: the same duties stand before the rows of every week. */
		if (grid_days_kind(g, row) != GRID_DAYS_NONE)
			return;
		if (!grid_is_own(g, label))
			continue;
		label = key_of(g, label);
		if (table_get(&g->labels, label) != TABLE_NONE)
			table_put(&g->labels_twice, g->arena, label, 0);
		table_put(&g->labels, g->arena, label, 0);
	}
}

bool
grid_is_label_twice(const struct grid *g, const char *label)
{
	return table_get(&g->labels_twice, key_of(g, label)) != TABLE_NONE;
}

/* ---- Rows without a beginning. */

/* A second name below the first: both are on. Numbers are totals, and "Ring switchboard" is about nobody. */
static bool
says_no_more(const struct grid *g, const struct cell *cell)
{
	if (grid_is_empty(cell) || cell->text[strspn(cell->text, "0123456789., ")] == '\0')
		return true;
	if (g->means->layout == READING_NAMES_BY_DATES)
		return false;
	return roster_people_bare(g->titles, cell->text) ||
	       (!roster_line_has_force(g->titles, cell->text) &&
		   !grid_names_somebody(g, cell->text));
}

static void
doubt_line(struct grid *g, uint32_t line, size_t at, struct grid_doubt *doubt)
{
	for (size_t i = g->rows->list.count; i > 0; i--) {
		struct roster_row *row = &g->rows->list.items[i - 1];

		if (row->line < line)
			return;
		if (row->line == line && row->grid.at == at + 1)
			grid_doubt_row(row, doubt);
	}
}

void
grid_doubt_above(struct grid *g, const struct sheet_row *row,
    bool (*is_shift)(const void *of, size_t at), const void *of)
{
	const char *label = grid_cell(g, row, g->label);

	if (*label != '\0') {
		g->labelled = row->line;
		return;
	}
	for (size_t i = 0; i < g->head.nheadings && i < sheet_kept(row); i++) {
		struct grid_doubt doubt = {FAULT_GRID_BELOW, grid_cell(g, row, i), NULL, false};

		if (is_shift(of, i) && !says_no_more(g, &row->cells[i]))
			doubt_line(g, g->labelled, i, &doubt);
	}
}

/* ---- Days of rows, and people. */

static const char *
day_key(const struct grid *g, const char *date)
{
	int64_t day;

	return roster_day(roster_day_part(date), g->days.order, &day)
		   ? arena_printf(g->arena, "%lld", (long long)day)
		   : NULL;
}

void
grid_twice_note_date(struct grid *g, const char *date)
{
	const char *key = date != NULL ? day_key(g, date) : NULL;

	if (key == NULL)
		return;
	if (table_get(&g->labels, key) != TABLE_NONE)
		table_put(&g->labels_twice, g->arena, key, 0);
	table_put(&g->labels, g->arena, key, 0);
}

static void
settle_dates(struct grid *g)
{
	struct grid_doubt doubt = {.fault = FAULT_GRID_DAY};
	struct roster_row *row;

	for (size_t i = 0; i < g->rows->list.count; i++) {
		const char *key;

		row = &g->rows->list.items[i];
		/* Rows that say their own hours are shifts of one day, one after the other. */
		if (row->grid.at == 0 || !row->grid.timed)
			continue;
		key = day_key(g, row->field[ROSTER_DATE]);
		doubt.what = row->field[ROSTER_DATE];
		if (key != NULL && table_get(&g->labels_twice, key) != TABLE_NONE)
			grid_doubt_row(row, &doubt);
	}
}

static const char *
person_key(const struct grid *g, const struct roster_row *row)
{
	return arena_printf(g->arena, "%zu %s", row->grid.part, key_of(g, row->field[ROSTER_NAME]));
}

/* The row of each person in each table; a second one may be of another person of that name, or of another team. */
static void
settle_people(struct grid *g)
{
	struct grid_doubt doubt = {.fault = FAULT_GRID_PERSON};
	struct table lines, twice;

	table_init(&lines, g->arena, g->rows->list.count);
	table_init(&twice, g->arena, 16);
	for (size_t i = 0; i < g->rows->list.count; i++) {
		const struct roster_row *row = &g->rows->list.items[i];
		uint32_t was = TABLE_NONE;

		if (row->grid.at != 0 && *row->field[ROSTER_NAME] != '\0')
			was = table_put(&lines, g->arena, person_key(g, row), row->line);
		/* All shifts of one row have its line, and are no second row of the person. */
		if (was != TABLE_NONE && was != row->line)
			table_put(&twice, g->arena, person_key(g, row), 0);
	}
	for (size_t i = 0; i < g->rows->list.count && twice.count > 0; i++) {
		struct roster_row *row = &g->rows->list.items[i];

		doubt.what = row->field[ROSTER_NAME];
		if (row->grid.at != 0 && table_get(&twice, person_key(g, row)) != TABLE_NONE)
			grid_doubt_row(row, &doubt);
	}
}

void
grid_twice_settle(struct grid *g)
{
	if (g->means->layout == READING_NAMES_BY_DATES)
		settle_people(g);
	else if (g->means->layout != READING_ROLES_BY_DATES)
		settle_dates(g);
}
