/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "calendars/workbook/around.h"
#include "calendars/workbook/grid.h"
#include "calendars/workbook/worksheet_cell.h"
#include "calendars/workbook/xml.h"

/* Cells that are given in the part, with and without text. */
#define ELEMENTS_MAX 1000000
#define TEXT_MAX_BYTES                                                                             \
	((size_t)32 << 20) /* of all cells: a shared text may stand in many of them */
#define MERGED_MAX 100000

struct reading_sheet {
	struct book *book;
	const char *part;
	struct grid *grid;
	bool in_rows, all_hidden;
	struct grid_row row;
	VEC(struct grid_cell) cells; /* of the row in hand */
	uint32_t column;             /* of the last cell, from 1 */
	size_t elements, text_bytes;
	const char *ranges;         /* of the rules in hand */
	bool strikes;               /* so does a rule of an extension, whose ranges follow it */
	struct worksheet_cell cell; /* in hand */
	struct sheet *sheet;
	bool in_text;
	struct buf text; /* one that is printed with each page, or the ranges of an extension */
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
	/* Programs show a cell of a style that is missing as one without a style. */
	return (struct book_style){.format = number_format_built_in(0)};
}

/* ---- Columns and rows. */

/* A column less wide, in digits, or a row less high, in points, than the strokes of letters shows nothing of them. */
#define WIDTH_SEEN 0.5
#define HEIGHT_SEEN 2.0

static bool
is_too_thin(const char *size, double seen)
{
	return size != NULL && strtod(size, NULL) < seen;
}

static void
add_columns(struct reading_sheet *reading, const char *const *names)
{
	uint32_t from = xml_number(names, "min", UINT32_MAX, 0);
	uint32_t to = xml_number(names, "max", UINT32_MAX, 0);
	bool hidden = xml_is_true(names, "hidden", false) ||
		      is_too_thin(xml_value(names, "width"), WIDTH_SEEN);

	/* The last one often reaches to the end of the sheet. */
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

	/* A row twice, or before another: programs differ in what they show of it. */
	if (line <= last)
		refuse_broken(reading, "its rows are out of order");
	reading->row = (struct grid_row){.line = line};
	reading->row.hidden = xml_is_true(names, "hidden", reading->all_hidden) ||
			      is_too_thin(xml_value(names, "ht"), HEIGHT_SEEN);
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
	/* Copied, since the next row is read into the same list. */
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
	const char *reference = xml_value(names, "r");
	uint32_t row = reading->row.line, column = reading->column + 1;

	if (reference != NULL && (!grid_cell_at(reference, &row, &column) ||
				     row != reading->row.line || column <= reading->column))
		refuse_broken(reading, "its cells are out of order");
	if (++reading->elements > ELEMENTS_MAX)
		refuse_size(reading, "a million cells in one sheet");
	reading->column = column;
	worksheet_cell_begin(&reading->cell, names, style_of(reading, names, "s"));
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

static void
end_cell(struct reading_sheet *reading)
{
	struct grid_cell beyond = {.cell.text = ""};
	struct grid_cell *cell = reading->column <= SHEET_CELLS_MAX ? place_cell(reading) : &beyond;

	worksheet_cell_take(&reading->cell, cell);
	/* What says something there makes the row too long, and so unreadable; it is not dropped in silence. */
	if (cell == &beyond) {
		if (*cell->cell.text != '\0' || cell->cell.marks != 0)
			reading->row.beyond = reading->column;
		reading->row.written |= reading->row.beyond > 0;
		return;
	}
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

/* The ranges that the rule in hand is about: "A2:A9 C2:C9". */
static void
keep_ranges(struct reading_sheet *reading, const char *const *names)
{
	const char *ranges = xml_value(names, "sqref");

	reading->ranges = arena_strdup(reading->book->arena, ranges != NULL ? ranges : "");
}

static void
add_ranges(struct reading_sheet *reading, const char *at)
{
	while (at != NULL && *at != '\0') {
		size_t len = strcspn(at, " ");
		const char *one = arena_strndup(reading->book->arena, at, len);
		struct grid_range range;

		if (len > 0 && !grid_range_at(one, &range))
			refuse_broken(reading, "the cells of a rule cannot be found");
		else if (reading->grid->ruled.count == MERGED_MAX)
			refuse_size(reading, "100,000 ranges of rules");
		else if (len > 0)
			*VEC_PUSH(reading->book->arena, &reading->grid->ruled) = range;
		if (reading->book->faults->refused)
			return;
		at += len + (at[len] == ' ');
	}
}

/* A rule that strikes out what fits it: what fits only Excel knows. Colours by rules are not looked at: what
 * they follow from stands in the cells. */
static void
add_ruled(struct reading_sheet *reading, const char *const *names)
{
	uint32_t number = xml_number(names, "dxfId", UINT32_MAX, UINT32_MAX);

	if (number < reading->book->rules.count && reading->book->rules.items[number])
		add_ranges(reading, reading->ranges);
}

/* Texts of the sheet that stand in no cell: what is printed with each page, and the ranges of rules whose formula
 * looks at other sheets. Excel writes such a rule into an extension, with its style in it. */
static const char *const texts[] = {"oddHeader", "oddFooter", "evenHeader", "evenFooter",
    "firstHeader", "firstFooter", "sqref", NULL};

static void
end_text(struct reading_sheet *reading, const char *element)
{
	struct slice text = {reading->text.at, reading->text.len};

	if (strcmp(element, "sqref") == 0) {
		if (reading->strikes)
			add_ranges(reading, arena_strndup(reading->book->arena, text.at, text.len));
		reading->strikes = false;
	} else if (text.len > 0) {
		around_add_page_text(reading->book, text, reading->sheet);
	}
	buf_reset(&reading->text);
	reading->in_text = false;
}

static void
on_start(void *ctx, const char *element, const char *const *names)
{
	struct reading_sheet *reading = ctx;

	/* A cell in hand first: its elements have names that the sheet has, too. */
	if (reading->cell.open)
		worksheet_cell_start(&reading->cell, element, names);
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
	else if (strcmp(element, "conditionalFormatting") == 0)
		keep_ranges(reading, names);
	else if (strcmp(element, "cfRule") == 0)
		add_ruled(reading, names);
	else if (strcmp(element, "strike") == 0)
		reading->strikes |= xml_is_true(names, "val", true);
	else
		reading->in_text = text_is_one_of(element, texts);
}

static void
on_end(void *ctx, const char *element)
{
	struct reading_sheet *reading = ctx;

	if (reading->cell.open && strcmp(element, "c") == 0)
		end_cell(reading);
	else if (reading->cell.open)
		worksheet_cell_end(&reading->cell, element);
	else if (reading->in_rows && strcmp(element, "row") == 0)
		end_row(reading);
	else if (strcmp(element, "sheetData") == 0)
		reading->in_rows = false;
	else if (reading->in_text)
		end_text(reading, element);
}

static void
on_text(void *ctx, struct slice text)
{
	struct reading_sheet *reading = ctx;

	if (reading->in_text)
		buf_add(&reading->text, text.at, text.len);
	else
		worksheet_cell_add(&reading->cell, text);
}

bool
grid_read(struct book *book, const char *part, struct grid *out, struct sheet *sheet)
{
	struct reading_sheet reading = {.book = book,
	    .part = part,
	    .grid = out,
	    .sheet = sheet,
	    .cell = {.book = book, .part = part}};
	bool done;

	done = xml_read(book->archive, book->faults, part,
	    &(struct xml_reader){
		.on_start = on_start, .on_end = on_end, .on_text = on_text, .ctx = &reading});
	worksheet_cell_free(&reading.cell);
	buf_free(&reading.text);
	return done;
}
