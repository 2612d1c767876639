/* SPDX-License-Identifier: MIT */
#include "calendars/workbook/grid.h"

#include <stdlib.h>
#include <string.h>

#include "calendars/roster/roster_text.h"
#include "calendars/workbook/xml.h"
#include "server/base/sorted.h"

#define ROWS_MAX 1048576
#define COLUMNS_MAX 16384
/* Cells that merged ranges are looked for in: ranges of a valid sheet do not overlap. */
#define MERGED_WORK_MAX ((size_t)8000000)

/* ---- References. */

bool
grid_cell_at(const char *reference, uint32_t *row, uint32_t *column)
{
	uint32_t letters = 0;
	int64_t number;

	reference += *reference == '$';
	for (; *reference >= 'A' && *reference <= 'Z' && letters <= COLUMNS_MAX; reference++)
		letters = letters * 26 + (uint32_t)(*reference - 'A') + 1;
	reference += *reference == '$';
	if (letters == 0 || letters > COLUMNS_MAX ||
	    !text_int(slice_of(reference), 1, ROWS_MAX, &number))
		return false;
	*row = (uint32_t)number;
	*column = letters;
	return true;
}

bool
grid_range_at(const char *reference, struct grid_range *out)
{
	const char *colon = strchr(reference, ':');
	char first[24];
	size_t len = colon == NULL ? strlen(reference) : (size_t)(colon - reference);

	/* No reference to a cell is so long, whatever zeros it begins with. */
	if (len >= sizeof first)
		return false;
	memcpy(first, reference, len);
	first[len] = '\0';
	return grid_cell_at(first, &out->row, &out->column) &&
	       grid_cell_at(colon == NULL ? first : colon + 1, &out->last_row, &out->last_column) &&
	       out->row <= out->last_row && out->column <= out->last_column;
}

static bool
is_above(const void *row, const void *line)
{
	return ((const struct grid_row *)row)->line < *(const uint32_t *)line;
}

static size_t
first_from(const struct grid *grid, uint32_t line)
{
	return sorted_first(
	    grid->rows.items, grid->rows.count, sizeof *grid->rows.items, is_above, &line);
}

struct grid_row *
grid_find(const struct grid *grid, uint32_t line)
{
	size_t at = first_from(grid, line);

	return at < grid->rows.count && grid->rows.items[at].line == line ? &grid->rows.items[at]
									  : NULL;
}

/* ---- Merged cells. */

/* Whether the row has a text to the left or the right of ${range}. */
static bool
has_beside(const struct grid_row *row, const struct grid_range *range)
{
	for (size_t i = 0; i < row->ncells; i++)
		if ((i + 1 < range->column || i + 1 > range->last_column) &&
		    *row->cells[i].cell.text != '\0')
			return true;
	return false;
}

/* A line over the whole width, such as "DRAFT" above the table, is about no single column: its text stays
 * in one cell. */
static bool
is_line(const struct grid *grid, const struct grid_range *range, size_t from, size_t to)
{
	if (range->column == range->last_column)
		return false;
	for (size_t i = from; i < to; i++)
		if (has_beside(&grid->rows.items[i], range))
			return false;
	return true;
}

static void
widen(struct book *book, struct grid *grid, struct grid_row *row, size_t count)
{
	struct grid_cell *cells;

	if (count <= row->ncells)
		return;
	cells = arena_array(book->arena, count, sizeof *cells);
	for (size_t i = 0; i < count; i++)
		cells[i] = i < row->ncells
			       ? row->cells[i]
			       : (struct grid_cell){.cell.text = "",
				     .fill = row->styled ? row->fill : grid->columns[i].fill};
	grid->ncells += count - row->ncells;
	row->cells = cells;
	row->ncells = count;
}

static void
spread(struct book *book, struct grid *grid, struct grid_row *row, const struct grid_range *range,
    const struct grid_cell *shown)
{
	size_t end = range->last_column < SHEET_CELLS_MAX ? range->last_column : SHEET_CELLS_MAX;

	/* What stands under a merged cell is not shown. */
	if (*shown->cell.text != '\0')
		widen(book, grid, row, end);
	for (size_t i = range->column - 1; i < end && i < row->ncells; i++)
		row->cells[i] = *shown;
}

/* False: the ranges overlap so often that this is no sheet. */
static bool
merge(struct book *book, struct grid *grid, const struct grid_range *range, size_t *work)
{
	size_t from = first_from(grid, range->row), to = first_from(grid, range->last_row + 1);
	struct grid_cell shown = {.cell.text = ""}, nothing = {.cell.text = ""};
	bool line;

	/* Counted before it is done. Most ranges are narrow, so an eighth of each row is charged. */
	*work += (to - from) * SHEET_CELLS_MAX / 8 + 1;
	if (*work > MERGED_WORK_MAX || range->column > SHEET_CELLS_MAX)
		return *work <= MERGED_WORK_MAX;
	if (from < to && grid->rows.items[from].line == range->row &&
	    range->column <= grid->rows.items[from].ncells)
		shown = grid->rows.items[from].cells[range->column - 1];
	/* The colour of a merged cell is that of all of it, even where its text is not repeated. */
	nothing.fill = shown.fill;
	line = is_line(grid, range, from, to);
	for (size_t i = from; i < to; i++)
		spread(book, grid, &grid->rows.items[i], range, line ? &nothing : &shown);
	if (line && from < to && range->column <= grid->rows.items[from].ncells)
		grid->rows.items[from].cells[range->column - 1] = shown;
	return true;
}

static bool
merge_all(struct book *book, struct grid *grid)
{
	size_t work = 0;

	for (size_t i = 0; i < grid->merged.count; i++) {
		if (merge(book, grid, &grid->merged.items[i], &work) &&
		    grid->ncells <= GRID_CELLS_MAX)
			continue;
		fault_note(book->faults, FAULT_BOOK_TOO_MUCH, FAULT_ANYWHERE,
		    "a million cells in one sheet", NULL);
		return false;
	}
	return true;
}

/* ---- What is hidden, and colours. */

/* What a rule may strike out counts as a part: it is not known whether it does. */
static bool
mark_ruled(struct book *book, struct grid *grid)
{
	const struct grid_range *range;
	size_t work = 0;

	VEC_EACH (range, &grid->ruled) {
		size_t to = first_from(grid, range->last_row + 1);

		for (size_t i = first_from(grid, range->row); i < to; i++) {
			struct grid_row *row = &grid->rows.items[i];
			size_t at = range->column - 1;

			for (; at < range->last_column && at < row->ncells; at++, work++)
				row->cells[at].cell.marks |= CELL_PART_STRUCK;
			if (++work > MERGED_WORK_MAX) {
				fault_note(book->faults, FAULT_BOOK_TOO_MUCH, FAULT_ANYWHERE,
				    "a million cells in one sheet", NULL);
				return false;
			}
		}
	}
	return true;
}

static void
mark_hidden(struct grid *grid)
{
	struct grid_row *row;

	VEC_EACH (row, &grid->rows)
		for (size_t i = 0; i < row->ncells; i++)
			if (row->hidden || grid->columns[i].hidden)
				row->cells[i].cell.marks |= CELL_HIDDEN;
}

static int
compare_fills(const void *left, const void *right)
{
	uint32_t x = *(const uint32_t *)left, y = *(const uint32_t *)right;

	return (x > y) - (x < y);
}

#define MONTHS 12

/* "13/12/2026": a date that has no month where the first number is one. */
static bool
is_day_first(const char *text)
{
	struct slice rest = slice_of(text);
	char mark;
	int day, month;

	return roster_take_digits(&rest, 1, 2, &day) && roster_take_mark(&rest, "/.-", &mark) &&
	       roster_take_digits(&rest, 1, 2, &month) && roster_take_mark(&rest, "/.-", &mark) &&
	       day > MONTHS && month <= MONTHS;
}

/* A program that expects the month first makes a date of "07/12/2026", of 12 July, and leaves "13/12/2026" the
 * text that it is. So dates of days up to the 12th beside such texts, and of no later days, are not certain. */
static void
mark_swapped(struct grid *grid, size_t at)
{
	struct grid_row *row;
	size_t texts = 0, late = 0;

	VEC_EACH (row, &grid->rows) {
		if (at >= row->ncells)
			continue;
		late += row->cells[at].day > MONTHS;
		texts += row->cells[at].day == 0 && is_day_first(row->cells[at].cell.text);
	}
	if (texts == 0 || late > 0)
		return;
	VEC_EACH (row, &grid->rows)
		if (at < row->ncells && row->cells[at].day > 0)
			row->cells[at].cell.marks |= CELL_SWAPPED;
}

#define FILL_NONE_COMMON UINT32_MAX

/* The colour that most of ${fills} have; of two that are as many, none is common, unless one of them is
 * no colour. */
static uint32_t
common_fill(uint32_t *fills, size_t count)
{
	uint32_t common = FILL_NONE_COMMON;
	size_t most = 0;

	/* Sorted, so that equal ones stand side by side. */
	qsort(fills, count, sizeof *fills, compare_fills);
	for (size_t i = 0, end; i < count; i = end) {
		for (end = i; end < count && fills[end] == fills[i];)
			end++;
		if (end - i > most)
			common = fills[i];
		else if (end - i == most && common != 0)
			common = FILL_NONE_COMMON;
		most = end - i > most ? end - i : most;
	}
	return common;
}

/* The cells of one column that its other cells differ from in colour. */
static void
mark_column(struct grid *grid, size_t at, uint32_t *fills)
{
	struct grid_row *row;
	uint32_t common;
	size_t count = 0;

	/* Rows without a text are no rows of the table: programs colour whole columns to the end of the sheet. */
	VEC_EACH (row, &grid->rows)
		if (row->written)
			fills[count++] = at < row->ncells ? row->cells[at].fill
					 : row->styled    ? row->fill
							  : grid->columns[at].fill;
	common = common_fill(fills, count);
	VEC_EACH (row, &grid->rows)
		if (at < row->ncells && row->cells[at].fill != common)
			row->cells[at].cell.marks |= CELL_FILLED;
}

static void
mark_columns(struct book *book, struct grid *grid)
{
	uint32_t *fills = arena_array(book->arena, grid->rows.count, sizeof *fills);
	struct grid_row *row;
	size_t width = 0;

	VEC_EACH (row, &grid->rows)
		width = row->ncells > width ? row->ncells : width;
	for (size_t i = 0; i < width; i++) {
		mark_column(grid, i, fills);
		mark_swapped(grid, i);
	}
}

bool
grid_finish(struct book *book, struct grid *grid)
{
	/* Merging first: it replaces cells, marks included, and what follows marks each by where it stands. */
	if (!merge_all(book, grid) || !mark_ruled(book, grid))
		return false;
	mark_hidden(grid);
	mark_columns(book, grid);
	return true;
}

/* ---- Comments. */

struct reading_comments {
	struct book *book;
	const char *part;
	struct grid *grid;
};

static void
on_comment(void *ctx, const char *element, const char *const *names)
{
	struct reading_comments *reading = ctx;
	const char *reference = xml_value(names, "ref");
	struct grid_range at;
	struct grid_row *row;

	if (strcmp(element, "comment") != 0 && strcmp(element, "threadedComment") != 0)
		return;
	/* Passed over, its cell would count as one that nobody has a word to say about. */
	if (reference == NULL || !grid_range_at(reference, &at)) {
		fault_note(reading->book->faults, FAULT_BOOK_BROKEN, FAULT_ANYWHERE, reading->part,
		    "the cell of a comment cannot be found");
		return;
	}
	/* On a range it stands at the first cell, which merging gives to the others. */
	row = grid_find(reading->grid, at.row);
	if (row != NULL && at.column <= row->ncells)
		row->cells[at.column - 1].cell.marks |= CELL_NOTED;
}

bool
grid_read_comments(struct book *book, const char *part, struct grid *grid)
{
	struct reading_comments reading = {book, part, grid};

	return xml_read(book->archive, book->faults, part,
	    &(struct xml_reader){.on_start = on_comment, .ctx = &reading});
}
