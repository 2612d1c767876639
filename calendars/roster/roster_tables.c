/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_tables.h"

#include <string.h>

#include "calendars/roster/roster_text.h"

#define NOWHERE SIZE_MAX

/* The table in hand, and the columns of all of them. */
struct align {
	struct roster_tables *t;
	VEC(struct cell) columns;
	size_t ncells; /* of the heading line of the table in hand */
	size_t map[SHEET_CELLS_MAX];
	struct sheet *out;
};

static const char *
text_at(const struct align *a, const struct sheet_row *row, size_t at)
{
	return at < sheet_kept(row) ? roster_one_line(a->t->arena, row->cells[at].text) : "";
}

/* Where ${row} has the heading ${text}; NOWHERE: nowhere. */
static size_t
find(const struct align *a, const struct sheet_row *row, const char *text)
{
	for (size_t i = 0; i < sheet_kept(row); i++) {
		if (slice_is_nocase(slice_of(text_at(a, row, i)), text))
			return i;
	}
	return NOWHERE;
}

/* Of two columns with one heading it is not known which is which in another order. */
static bool
is_each_once(const struct align *a, const struct sheet_row *row)
{
	for (size_t i = 0; i < sheet_kept(row); i++) {
		const char *text = text_at(a, row, i);

		if (*text != '\0' && find(a, row, text) != i)
			return false;
	}
	return row->ncells <= SHEET_CELLS_MAX;
}

/* Whether all headings of ${row} are among those of ${in}. */
static bool
are_among(const struct align *a, const struct sheet_row *row, const struct sheet_row *in)
{
	for (size_t i = 0; i < sheet_kept(row); i++) {
		const char *text = text_at(a, row, i);

		if (*text != '\0' && find(a, in, text) == NOWHERE)
			return false;
	}
	return true;
}

static bool
is_same(const struct align *a, const struct sheet_row *row)
{
	const struct sheet_row *head = &a->t->head;

	for (size_t i = 0; i < sheet_kept(row) || i < sheet_kept(head); i++) {
		if (!slice_is_nocase(slice_of(text_at(a, row, i)), text_at(a, head, i)))
			return false;
	}
	return true;
}

/* Which of the rota's own columns the line ${row} lacks; NULL: none. */
static const char *
lacks(const struct align *a, const struct sheet_row *row)
{
	for (const char *const *own = a->t->own; own != NULL && *own != NULL; own++) {
		if (find(a, row, *own) == NOWHERE)
			return *own;
	}
	return NULL;
}

/* Whether the table with the heading line ${at} is of the same kind as the first. Below "Date, Out, In" stand changes
 * to the rota, and in a list any other column may turn its rows into something else ("Reason" of leave). */
static bool
is_of_kind(const struct align *a, size_t at)
{
	const struct roster_tables *t = a->t;
	const struct sheet_row *row = &t->sheet->rows.items[at];

	if (!is_each_once(a, row))
		return false;
	if (t->list)
		return are_among(a, row, &t->head) && are_among(a, &t->head, row);
	/* A second line of headings may stand above it. */
	if (at > t->from && !t->is_row(t->context, row - 1))
		return false;
	return (t->own != NULL && lacks(a, row) == NULL) || are_among(a, row, &t->head);
}

static size_t
add_column(struct align *a, const char *text)
{
	*VEC_PUSH(a->t->arena, &a->columns) = (struct cell){.text = text};
	return a->columns.count - 1;
}

/* The first column with the heading ${text} that none of the first ${count} columns of the table in hand is; a new one
 * if there is none. Several may have no heading. */
static size_t
find_column(struct align *a, const char *text, size_t count)
{
	for (size_t at = 0; at < a->columns.count; at++) {
		bool taken = false;

		for (size_t i = 0; i < count; i++)
			taken = taken || a->map[i] == at;
		if (!taken && slice_is_nocase(slice_of(a->columns.items[at].text), text))
			return at;
	}
	return add_column(a, text);
}

/* Sets which column of all each column of the line ${row} is. */
static void
map_line(struct align *a, const struct sheet_row *row)
{
	a->ncells = row->ncells;
	for (size_t i = 0; i < sheet_kept(row); i++)
		a->map[i] = find_column(a, text_at(a, row, i), i);
}

/* Whether each table can be brought into the order of the first. */
static bool
find_columns(struct align *a, bool *several)
{
	const struct roster_tables *t = a->t;

	*several = false;
	/* grid_twice_columns() says what such a heading means, by the line above it. */
	if (!is_each_once(a, &t->head))
		return false;
	for (size_t i = 0; i < sheet_kept(&t->head); i++)
		add_column(a, text_at(a, &t->head, i));
	for (size_t i = t->from; i < t->sheet->rows.count; i++) {
		const struct sheet_row *row = &t->sheet->rows.items[i];

		if (!t->is_head(t->context, row) || is_same(a, row))
			continue;
		if (!is_of_kind(a, i))
			return false;
		map_line(a, row);
		*several = true;
	}
	return a->columns.count <= SHEET_CELLS_MAX;
}

static size_t
count_filled(const struct sheet_row *row, size_t *only)
{
	size_t count = 0;

	for (size_t i = 0; i < sheet_kept(row); i++) {
		if (*row->cells[i].text == '\0' && row->cells[i].marks == 0)
			continue;
		*only = i;
		count++;
	}
	return count;
}

/* A row that has too many or too few cells for its own table has them in all of them, too. */
static void
keep_wrong(struct align *a, struct sheet_row *row)
{
	size_t count = a->columns.count + 1;
	struct cell *cells;

	if (row->ncells < a->columns.count || row->ncells > SHEET_CELLS_MAX)
		return;
	cells = arena_array(a->t->arena, count, sizeof *cells);
	for (size_t i = 0; i < count; i++)
		cells[i] = i < sheet_kept(row) ? row->cells[i] : (struct cell){.text = ""};
	cells[count - 1].text = "?";
	*row = (struct sheet_row){row->line, count, cells};
}

static void
add_row(struct align *a, struct sheet_row row)
{
	struct cell *cells;
	size_t only = 0, filled = count_filled(&row, &only);

	if (filled > 1 && !sheet_fits(&row, a->ncells)) {
		keep_wrong(a, &row);
		*VEC_PUSH(a->t->arena, &a->out->rows) = row;
		return;
	}
	cells = arena_array(a->t->arena, a->columns.count, sizeof *cells);
	for (size_t i = 0; i < a->columns.count; i++)
		cells[i].text = "";
	for (size_t i = 0; i < sheet_kept(&row) && filled > 1; i++) {
		if (i < a->ncells)
			cells[a->map[i]] = row.cells[i];
	}
	/* A line of one cell begins where rows begin. */
	if (filled == 1)
		cells[only == 0 || only >= a->ncells ? a->t->label : a->map[only]] =
		    row.cells[only];
	*VEC_PUSH(a->t->arena, &a->out->rows) =
	    (struct sheet_row){row.line, a->columns.count, cells};
}

static void
add_line(struct align *a, const struct sheet_row *row, struct faults *faults)
{
	const char *without = lacks(a, row);

	map_line(a, row);
	if (without != NULL)
		fault_note(faults, FAULT_GRID_TABLE, FAULT_EVENT(NULL, row->line),
		    arena_printf(a->t->arena, "%u", row->line), without);
	*VEC_PUSH(a->t->arena, &a->out->rows) =
	    (struct sheet_row){row->line, a->columns.count, a->columns.items};
}

const struct sheet *
roster_tables_align(struct roster_tables *t, struct faults *faults)
{
	struct align *a = arena_alloc(t->arena, sizeof *a);
	bool several;

	*a = (struct align){.t = t, .columns = {.items = NULL}};
	if (!find_columns(a, &several) || !several)
		return t->sheet;
	a->out = arena_alloc(t->arena, sizeof *a->out);
	*a->out = *t->sheet;
	a->out->rows.items = NULL;
	a->out->rows.count = a->out->rows.capacity = 0;
	map_line(a, &t->head);
	for (size_t i = 0; i < t->sheet->rows.count; i++) {
		const struct sheet_row *row = &t->sheet->rows.items[i];

		if (i + 1 == t->from || (i >= t->from && t->is_head(t->context, row)))
			add_line(a, row, faults);
		else if (i >= t->from)
			add_row(a, *row);
		else
			*VEC_PUSH(t->arena, &a->out->rows) = *row;
	}
	t->head = a->out->rows.items[t->from - 1];
	return a->out;
}
