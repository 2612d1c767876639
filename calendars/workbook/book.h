/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"
#include "calendars/workbook/archive.h"
#include "calendars/workbook/number_format.h"
#include "server/base/vec.h"

/* What is known of a workbook while a sheet of it is read. Internal to this folder; all memory is of the
 * arena. */

/* One of the sheets that the workbook lists, in the order of their tabs. */
struct book_sheet {
	const char *name, *part; /* "Rota", "xl/worksheets/sheet1.xml" */
	bool visible;
	bool table; /* a sheet of cells, and not of a chart */
};

/* A text of which parts may be struck out. Where the text itself says nothing, the font of the cell
 * does. */
struct book_text {
	const char *text; /* "~~" stands round what is struck out, unless that is all or nothing */
	unsigned marks;   /* CELL_STRUCK, CELL_PART_STRUCK or 0 */
	/* The same, if the font of the cell is struck out. */
	const char *text_in_struck;
	unsigned marks_in_struck;
};

/* How a cell is shown. */
struct book_style {
	struct number_format format;
	uint32_t fill; /* equal for cells of the same colour; 0: none, or white */
	bool struck;
	bool unseen; /* white letters on white */
};

struct book {
	struct arena *arena;
	struct faults *faults;
	struct archive *archive;
	bool since_1904; /* days are counted from 1904 */
	bool stale; /* formulas are to be calculated when it is opened: their values are none */
	VEC(struct book_sheet) sheets;
	VEC(struct book_text) texts; /* the shared strings, by number */
	VEC(struct book_style) styles;
	/* What rules of a sheet (conditional formatting) do to cells, by number: whether they strike
	 * them out. */
	VEC(bool) rules;
};

/* One target of a part: a part may name others. */
struct book_relation {
	const char *id, *target; /* a part */
	const char *type;        /* "worksheet", "comments": the last word of its address */
};
struct book_relations {
	VEC(struct book_relation) list;
};

/* The parts that ${part} names; "" for the whole archive. Empty if it names none. False: refused. */
bool book_relations_read(struct book *book, const char *part, struct book_relations *out);

/* The first of that type; NULL: none. */
const char *book_related(const struct book_relations *relations, const char *type);

/* Reads what the workbook's main part says: its sheets, and how days are counted. Then the parts of texts
 * and styles, if it has them. False: refused. */
bool book_main_read(struct book *book);
bool book_texts_read(struct book *book, const char *part);
bool book_styles_read(struct book *book, const char *part);

struct sheet;

/* Adds the rows of all sheets but ${chosen} to the others of ${out}. A sheet that cannot be read, or is more than
 * others may have, is left out, which is said there: the workbook is not refused for it. */
void book_others_read(struct book *book, const struct book_sheet *chosen, struct sheet *out);
