/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "calendars/workbook/grid.h"
#include "calendars/workbook/rich_text.h"
#include "calendars/workbook/xml.h"

/* Cells that are given in the part, with and without text. */
#define ELEMENTS_MAX 1000000
#define TEXT_MAX_BYTES                                                                             \
	((size_t)32 << 20) /* of all cells: a shared text may stand in many of them */
#define MERGED_MAX 100000
#define NUMBER_MAX_BYTES 40

struct reading_sheet {
	struct book *book;
	const char *part;
	struct grid *grid;
	bool in_rows, all_hidden;
	struct grid_row row;
	VEC(struct grid_cell) cells; /* of the row in hand */
	uint32_t column;             /* of the last cell, from 1 */
	size_t elements, text_bytes;
	/* The cell in hand. */
	bool in_cell, formula, valued, taking;
	const char *type;
	struct book_style style;
	struct buf value;
	bool inside; /* its text stands in the cell itself */
	struct rich_text rich;
};

static void
refuse_broken(struct reading_sheet *reading, const char *why)
{
	fault_note(reading->book->faults, FAULT_BOOK_BROKEN, FAULT_ANYWHERE, reading->part, why);
}

static void
refuse_size(struct reading_sheet *reading, const char *what)
{
	fault_note(reading->book->faults, FAULT_BOOK_TOO_MUCH, FAULT_ANYWHERE, what, NULL);
}

static struct book_style
style_of(const struct reading_sheet *reading, const char *const *names, const char *name)
{
	uint32_t number = xml_number(names, name, UINT32_MAX, 0);

	if (number < reading->book->styles.count)
		return reading->book->styles.items[number];
	return (struct book_style){.fill = 0};
}

/* ---- Columns and rows. */

static void
add_columns(struct reading_sheet *reading, const char *const *names)
{
	uint32_t from = xml_number(names, "min", UINT32_MAX, 0);
	uint32_t to = xml_number(names, "max", UINT32_MAX, 0);
	const char *width = xml_value(names, "width");
	bool hidden =
	    xml_is_true(names, "hidden", false) || (width != NULL && strtod(width, NULL) == 0);

	for (uint32_t i = from; i > 0 && i <= to && i <= SHEET_CELLS_MAX; i++) {
		reading->grid->columns[i - 1].hidden = hidden;
		reading->grid->columns[i - 1].fill = style_of(reading, names, "style").fill;
	}
}

static void
start_row(struct reading_sheet *reading, const char *const *names)
{
	uint32_t last = reading->row.line;
	uint32_t line = xml_number(names, "r", 1048576, xml_value(names, "r") ? 0 : last + 1);
	const char *height = xml_value(names, "ht");

	/* A row twice, or before another: programs differ in what they show of it. */
	if (line <= last)
		refuse_broken(reading, "its rows are out of order");
	reading->row = (struct grid_row){.line = line};
	reading->row.hidden = xml_is_true(names, "hidden", reading->all_hidden) ||
			      (height != NULL && strtod(height, NULL) == 0);
	reading->row.styled = xml_is_true(names, "customFormat", false);
	reading->row.fill = style_of(reading, names, "s").fill;
	reading->cells.count = 0;
	reading->column = 0;
}

static void
end_row(struct reading_sheet *reading)
{
	struct arena *arena = reading->book->arena;
	size_t size = reading->cells.count * sizeof *reading->cells.items;

	reading->row.ncells = reading->cells.count;
	if (size > 0)
		reading->row.cells = arena_copy(arena, reading->cells.items, size);
	*VEC_PUSH(arena, &reading->grid->rows) = reading->row;
	reading->grid->ncells += reading->cells.count;
	if (reading->grid->ncells > GRID_CELLS_MAX)
		refuse_size(reading, "a million cells in one sheet");
	if (arena_over(arena))
		fault_note(
		    reading->book->faults, FAULT_TOO_MUCH_MEMORY, FAULT_ANYWHERE, NULL, NULL);
}

/* ---- Cells. */

static void
start_cell(struct reading_sheet *reading, const char *const *names)
{
	const char *reference = xml_value(names, "r"), *type = xml_value(names, "t");
	uint32_t row = reading->row.line, column = reading->column + 1;

	if (reference != NULL && (!grid_cell_at(reference, &row, &column) ||
				     row != reading->row.line || column <= reading->column))
		refuse_broken(reading, "its cells are out of order");
	if (++reading->elements > ELEMENTS_MAX)
		refuse_size(reading, "a million cells in one sheet");
	reading->column = column;
	reading->in_cell = true;
	reading->formula = reading->valued = reading->inside = false;
	reading->type = arena_strdup(reading->book->arena, type != NULL ? type : "n");
	reading->style = style_of(reading, names, "s");
	buf_reset(&reading->value);
}

/* A cell of the row that is not in the file looks as its row does, or its column. */
static uint32_t
fill_of_missing(const struct reading_sheet *reading, size_t at)
{
	return reading->row.styled ? reading->row.fill : reading->grid->columns[at].fill;
}

static struct grid_cell *
place_cell(struct reading_sheet *reading)
{
	struct arena *arena = reading->book->arena;
	struct grid_cell *cell = NULL;

	while (reading->cells.count < reading->column) {
		size_t at = reading->cells.count;

		cell = VEC_PUSH(arena, &reading->cells);
		/* The memory is used again for each row. */
		*cell = (struct grid_cell){.cell.text = "", .fill = fill_of_missing(reading, at)};
	}
	return cell;
}

static const char *
number_of(struct reading_sheet *reading, const char *text)
{
	struct arena *arena = reading->book->arena;
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end != '\0' || !isfinite(value) || strlen(text) > NUMBER_MAX_BYTES) {
		refuse_broken(reading, "a number in it is none");
		return "";
	}
	return number_text(arena, reading->style.format, value, reading->book->since_1904);
}

/* "2026-11-30T21:00:00Z", as Strict Open XML has dates, in the manner of number_text(). */
static const char *
iso_of(struct reading_sheet *reading, const char *text)
{
	struct arena *arena = reading->book->arena;
	char *copy = arena_strdup(arena, text);
	char *clock = strchr(copy, 'T');

	if (clock == NULL)
		return copy;
	*clock = ' ';
	clock[1 + strcspn(clock + 1, ".Zz")] = '\0';
	if (strcmp(clock, " 00:00:00") == 0)
		*clock = '\0';
	else if (strlen(clock) == 9 && strcmp(clock + 6, ":00") == 0)
		clock[6] = '\0';
	return copy;
}

static struct book_text
shared(struct reading_sheet *reading, const char *text)
{
	int64_t number;

	if (text_int(slice_of(text), 0, INT32_MAX, &number) &&
	    (size_t)number < reading->book->texts.count)
		return reading->book->texts.items[number];
	refuse_broken(reading, "it names a text that is not there");
	return (struct book_text){"", 0, "", 0};
}

static void
set_text(struct reading_sheet *reading, struct cell *cell, struct book_text text)
{
	bool struck = reading->style.struck;

	cell->text = struck ? text.text_in_struck : text.text;
	if (*cell->text != '\0')
		cell->marks |= struck ? text.marks_in_struck : text.marks;
}

/* A value that is one piece: the font of the cell is the font of all of it. */
static void
set_value(struct reading_sheet *reading, struct cell *cell, const char *text)
{
	set_text(reading, cell, (struct book_text){text, 0, text, CELL_STRUCK});
}

static void
set_by_type(struct reading_sheet *reading, struct cell *cell)
{
	const char *value = reading->value.at != NULL ? reading->value.at : "";
	const char *type = reading->type;
	struct arena *arena = reading->book->arena;

	if (reading->inside)
		set_text(reading, cell, rich_text_take(&reading->rich));
	else if (strcmp(type, "str") == 0 || strcmp(type, "inlineStr") == 0)
		set_value(reading, cell, rich_text_plain(arena, slice_of(value)));
	else if (*value == '\0')
		cell->text = "";
	else if (strcmp(type, "s") == 0)
		set_text(reading, cell, shared(reading, value));
	else if (strcmp(type, "b") == 0)
		set_value(reading, cell, strcmp(value, "0") == 0 ? "FALSE" : "TRUE");
	else if (strcmp(type, "e") == 0)
		set_value(reading, cell, rich_text_plain(arena, slice_of(value)));
	else if (strcmp(type, "d") == 0)
		set_value(reading, cell, iso_of(reading, value));
	else if (strcmp(type, "n") == 0)
		set_value(reading, cell, number_of(reading, value));
	else
		refuse_broken(reading, "it has a cell of an unknown kind");
}

/* Whether it is not known what the cell has to show: an error, or a formula that was not calculated. An
 * empty text is a value. */
static bool
is_unknown(const struct reading_sheet *reading)
{
	if (strcmp(reading->type, "e") == 0)
		return true;
	if (!reading->formula)
		return false;
	return reading->book->stale || !reading->valued ||
	       (reading->value.len == 0 && strcmp(reading->type, "str") != 0);
}

static void
end_cell(struct reading_sheet *reading)
{
	struct grid_cell *cell;

	reading->in_cell = false;
	if (reading->column > SHEET_CELLS_MAX) {
		if (reading->value.len > 0 || reading->inside)
			reading->row.beyond = reading->column;
		return;
	}
	cell = place_cell(reading);
	cell->fill = reading->style.fill;
	set_by_type(reading, &cell->cell);
	if (is_unknown(reading))
		cell->cell.marks |= CELL_NO_VALUE;
	if (reading->formula && reading->book->stale)
		cell->cell.text = "";
	if (reading->style.format.shown == NUMBER_UNSEEN && *cell->cell.text != '\0')
		cell->cell.marks |= CELL_HIDDEN;
	reading->text_bytes += strlen(cell->cell.text);
	if (reading->text_bytes > TEXT_MAX_BYTES)
		refuse_size(reading, "32 MB of text in one sheet");
	reading->row.written |= *cell->cell.text != '\0' || (cell->cell.marks & CELL_NO_VALUE) != 0;
}

/* ---- The part. */

static void
add_merged(struct reading_sheet *reading, const char *const *names)
{
	const char *reference = xml_value(names, "ref");
	struct grid_range range;

	if (reference == NULL || !grid_range_at(reference, &range))
		refuse_broken(reading, "its merged cells cannot be found");
	else if (reading->grid->merged.count == MERGED_MAX)
		refuse_size(reading, "100,000 merged ranges");
	else
		*VEC_PUSH(reading->book->arena, &reading->grid->merged) = range;
}

static void
start_in_cell(struct reading_sheet *reading, const char *element, const char *const *names)
{
	if (strcmp(element, "f") == 0) {
		reading->formula = true;
	} else if (strcmp(element, "v") == 0) {
		reading->valued = reading->taking = true;
	} else if (strcmp(element, "is") == 0) {
		reading->inside = true;
		rich_text_begin(&reading->rich, reading->book->arena);
	} else if (reading->inside) {
		rich_text_start(&reading->rich, element, names);
	}
}

static void
on_start(void *ctx, const char *element, const char *const *names)
{
	struct reading_sheet *reading = ctx;

	if (reading->in_cell)
		start_in_cell(reading, element, names);
	else if (reading->in_rows && strcmp(element, "c") == 0)
		start_cell(reading, names);
	else if (reading->in_rows && strcmp(element, "row") == 0)
		start_row(reading, names);
	else if (strcmp(element, "sheetData") == 0)
		reading->in_rows = true;
	else if (strcmp(element, "col") == 0)
		add_columns(reading, names);
	else if (strcmp(element, "sheetFormatPr") == 0)
		reading->all_hidden = xml_is_true(names, "zeroHeight", false);
	else if (strcmp(element, "mergeCell") == 0)
		add_merged(reading, names);
}

static void
on_end(void *ctx, const char *element)
{
	struct reading_sheet *reading = ctx;

	if (reading->in_cell && strcmp(element, "c") == 0)
		end_cell(reading);
	else if (reading->in_cell && reading->inside)
		rich_text_end(&reading->rich, element);
	else if (reading->in_rows && strcmp(element, "row") == 0)
		end_row(reading);
	else if (strcmp(element, "sheetData") == 0)
		reading->in_rows = false;
	reading->taking = false;
}

static void
on_text(void *ctx, struct slice text)
{
	struct reading_sheet *reading = ctx;

	if (reading->taking)
		buf_add(&reading->value, text.at, text.len);
	else if (reading->inside)
		rich_text_add(&reading->rich, text);
}

bool
grid_read(struct book *book, const char *part, struct grid *out)
{
	struct reading_sheet reading = {.book = book, .part = part, .grid = out};
	bool done;

	done = xml_read(book->archive, book->faults, part,
	    &(struct xml_reader){
		.on_start = on_start, .on_end = on_end, .on_text = on_text, .ctx = &reading});
	buf_free(&reading.value);
	rich_text_free(&reading.rich);
	return done;
}
