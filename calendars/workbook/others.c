/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "calendars/workbook/book.h"
#include "calendars/workbook/grid.h"

/* The sheets that are not read, as rows to look for keys in. */

/* Of all other sheets together. A key has a row for each person; the rest is room for rotas of other months. */
#define OTHERS_CELLS_MAX 200000
#define OTHERS_READ_MAX ((size_t)GRID_CELLS_MAX)
#define OTHERS_MAX 50
#define SCRATCH_MAX_BYTES ((size_t)64 << 20)

struct reading_others {
	struct book *book;
	struct sheet *out;
	size_t cells; /* that are kept */
	size_t read;  /* that have been looked at */
	size_t sheets;
};

static void
keep_row(struct reading_others *reading, const struct grid_row *row)
{
	struct arena *arena = reading->book->arena;
	struct cell *cells;
	size_t count = row->ncells;

	while (count > 0 && *row->cells[count - 1].cell.text == '\0')
		count--;
	reading->out->others.cut |= row->beyond > 0;
	if (count == 0)
		return;
	reading->cells += count;
	if (reading->cells > OTHERS_CELLS_MAX || arena_over(arena)) {
		reading->out->others.cut = true;
		return;
	}
	cells = arena_array(arena, count, sizeof *cells);
	for (size_t i = 0; i < count; i++)
		cells[i].text = arena_strdup(arena, row->cells[i].cell.text);
	*VEC_PUSH(arena, &reading->out->others.rows) =
	    (struct sheet_row){.line = row->line, .ncells = count, .cells = cells};
}

/* What is wrong with such a sheet refuses no workbook, so its faults are its own; and so is its memory, of
 * which little is kept. */
static void
read_other(struct reading_others *reading, const struct book_sheet *other)
{
	struct arena *scratch = arena_new(SCRATCH_MAX_BYTES);
	struct faults faults = {.arena = scratch};
	struct book book = *reading->book;
	struct grid *grid = arena_alloc(scratch, sizeof *grid);
	struct sheet ignored = {.rows = {.items = NULL}};
	struct faults *before = archive_note_in(book.archive, &faults);
	const struct grid_row *row;

	book.arena = scratch;
	book.faults = &faults;
	reading->out->others.cut |= !grid_read(&book, other->part, grid, &ignored);
	archive_note_in(book.archive, before);
	reading->read += grid->ncells;
	VEC_EACH (row, &grid->rows)
		if (!reading->out->others.cut)
			keep_row(reading, row);
	arena_free(scratch);
}

void
book_others_read(struct book *book, const struct book_sheet *chosen, struct sheet *out)
{
	struct reading_others reading = {.book = book, .out = out};
	const struct book_sheet *one;

	VEC_EACH (one, &book->sheets) {
		if (one == chosen || !one->table)
			continue;
		if (++reading.sheets > OTHERS_MAX || reading.read > OTHERS_READ_MAX)
			out->others.cut = true;
		if (out->others.cut)
			return;
		read_other(&reading, one);
	}
}
