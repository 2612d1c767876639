/* SPDX-License-Identifier: MIT */
#include "calendars/workbook/workbook.h"

#include <string.h>

#include "calendars/workbook/around.h"
#include "calendars/workbook/grid.h"

#define FILE_MAX_BYTES ((size_t)10 * 1024 * 1024)
#define NAMED_MAX 20 /* sheets that a finding names */

bool
workbook_begins(struct slice bytes)
{
	return bytes.len >= 4 && memcmp(bytes.at, "PK\x03\x04", 4) == 0;
}

/* What an archive is that has no workbook of Excel in it; FAULT_NONE: it has one. */
static enum fault
kind_of(const struct archive *archive)
{
	static const struct {
		const char *part;
		enum fault fault;
	} kinds[] = {
	    {"xl/workbook.xml", FAULT_NONE},
	    {"xl/workbook.bin", FAULT_BOOK_BINARY},
	    {"word/document.xml", FAULT_DOCUMENT},
	    {"content.xml", FAULT_BOOK_OTHER},
	    {"Index/Document.iwa", FAULT_BOOK_OTHER},
	    {"Index.zip", FAULT_BOOK_OTHER},
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (archive_has(archive, kinds[i].part))
			return kinds[i].fault;
	/* The main part may have any name; then the relations of the archive say which it is. */
	return archive_has(archive, "_rels/.rels") ? FAULT_NONE : FAULT_ARCHIVE;
}

/* ---- Which sheet. */

/* The names of the sheets of cells but for ${but}: "Key", "Leave", …; NULL: there is none. */
static const char *
names_of(struct book *book, const struct book_sheet *but)
{
	const struct book_sheet *one;
	const char *names = NULL;
	size_t count = 0;

	VEC_EACH (one, &book->sheets) {
		if (one == but || !one->table)
			continue;
		if (++count > NAMED_MAX)
			return arena_printf(book->arena, "%s, …", names);
		names = names == NULL ? arena_printf(book->arena, "\"%s\"", one->name)
				      : arena_printf(book->arena, "%s, \"%s\"", names, one->name);
	}
	return names;
}

static const struct book_sheet *
choose(struct book *book, const char *wanted)
{
	const struct book_sheet *one;
	struct slice name = wanted == NULL ? SLICE("") : slice_trim(slice_of(wanted));
	const char *names;

	VEC_EACH (one, &book->sheets) {
		if (!one->table)
			continue;
		/* Excel takes names for the same whatever their case. A sheet that the rota names may be hidden. */
		if (wanted == NULL ? one->visible
				   : slice_is_nocase(slice_trim(slice_of(one->name)),
					 arena_strndup(book->arena, name.at, name.len)))
			return one;
	}
	names = names_of(book, NULL);
	names = names != NULL ? names : "none";
	if (wanted == NULL)
		fault_note(book->faults, FAULT_BOOK_NO_SHEET, FAULT_ANYWHERE, names, NULL);
	else
		fault_note(book->faults, FAULT_BOOK_SHEET_UNKNOWN, FAULT_ANYWHERE, wanted, names);
	return NULL;
}

/* ---- The sheet as a table. */

static size_t
width_of(const struct grid *grid)
{
	const struct grid_row *row;
	size_t width = 0;

	/* Columns of colours alone are none. */
	VEC_EACH (row, &grid->rows)
		for (size_t i = row->ncells; row->written && i > width; i--)
			if (*row->cells[i - 1].cell.text != '\0' ||
			    (row->cells[i - 1].cell.marks & CELL_NO_VALUE) != 0)
				width = i;
	return width;
}

/* As many as all rows have; one with a text beyond the cells that are kept has all of those. */
static size_t
kept_of(const struct grid_row *row, size_t width)
{
	return row->beyond > 0 ? SHEET_CELLS_MAX : width;
}

static void
add_row(struct book *book, struct sheet *out, const struct grid_row *row, size_t width)
{
	size_t kept = kept_of(row, width);
	struct cell *cells = arena_array(book->arena, kept, sizeof *cells);

	for (size_t i = 0; i < kept; i++)
		cells[i] = i < row->ncells ? row->cells[i].cell : (struct cell){.text = ""};
	*VEC_PUSH(book->arena, &out->rows) = (struct sheet_row){
	    .line = row->line, .ncells = row->beyond > 0 ? row->beyond : width, .cells = cells};
}

/* In a sheet a row ends with its last text; as a table all rows are as wide. */
static bool
lay_out(struct book *book, const struct grid *grid, struct sheet *out)
{
	const struct grid_row *row;
	size_t width = width_of(grid), cells = 0;

	VEC_EACH (row, &grid->rows)
		cells += row->written ? kept_of(row, width) : 0;
	if (cells > GRID_CELLS_MAX) {
		fault_note(book->faults, FAULT_BOOK_TOO_MUCH, FAULT_ANYWHERE,
		    "a million cells in one sheet", NULL);
		return false;
	}
	/* What a row has only from a merged cell above it makes no row. */
	VEC_EACH (row, &grid->rows)
		if (row->written)
			add_row(book, out, row, width);
	return true;
}

static bool
read_sheet(struct book *book, const struct book_sheet *chosen, struct sheet *out)
{
	struct grid *grid = arena_alloc(book->arena, sizeof *grid);
	struct book_relations relations;
	const struct book_relation *one;

	out->name = chosen->name;
	if (!grid_read(book, chosen->part, grid, out) ||
	    !book_relations_read(book, chosen->part, &relations))
		return false;
	/* Before the grid is finished, as a comment on a merged cell is about all of it. */
	VEC_EACH (one, &relations.list) {
		if (strcmp(one->type, "drawing") == 0 &&
		    !around_read_drawing(book, one->target, out))
			return false;
		if ((strcmp(one->type, "comments") == 0 ||
			strcmp(one->type, "threadedComment") == 0) &&
		    !grid_read_comments(book, one->target, grid))
			return false;
	}
	return grid_finish(book, grid) && lay_out(book, grid, out);
}

static void
read_book(struct book *book, const char *wanted, struct sheet *out)
{
	const struct book_sheet *chosen;
	const char *others;

	if (kind_of(book->archive) != FAULT_NONE) {
		fault_note(book->faults, kind_of(book->archive), FAULT_ANYWHERE, NULL, NULL);
		return;
	}
	if (!book_main_read(book))
		return;
	out->since_1904 = book->since_1904;
	chosen = choose(book, wanted);
	if (chosen == NULL || !read_sheet(book, chosen, out))
		return;
	book_others_read(book, chosen, out);
	others = names_of(book, chosen);
	if (others != NULL)
		fault_note(book->faults, FAULT_BOOK_SHEETS, FAULT_ANYWHERE, chosen->name, others);
}

bool
workbook_read(struct sheet *out, const struct reading_options *options, struct slice bytes,
    struct arena *arena, struct faults *faults)
{
	struct book book = {.arena = arena, .faults = faults};

	*out = (struct sheet){.rows = {.items = NULL}};
	if (bytes.len > FILE_MAX_BYTES) {
		fault_note(faults, FAULT_TOO_LONG, FAULT_ANYWHERE, "10 MB", NULL);
		return false;
	}
	book.archive = archive_open(bytes, faults);
	if (book.archive == NULL)
		return false;
	read_book(&book, options->sheet, out);
	archive_close(book.archive);
	return !faults->refused;
}
