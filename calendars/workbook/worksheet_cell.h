/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/workbook/grid.h"
#include "calendars/workbook/rich_text.h"

/* One cell of a worksheet while its part is parsed. Give it the events of the parser between the start and
 * the end of the element <c>. Used again for each cell. */
struct worksheet_cell {
	struct book *book;
	const char *part;
	bool open;
	bool formula, valued;
	bool taking; /* in <v> */
	bool inside; /* its text stands in the cell itself */
	const char *type;
	struct book_style style;
	struct buf value;
	struct rich_text rich;
};

void worksheet_cell_begin(
    struct worksheet_cell *cell, const char *const *names, struct book_style style);
void worksheet_cell_start(
    struct worksheet_cell *cell, const char *element, const char *const *names);
void worksheet_cell_end(struct worksheet_cell *cell, const char *element);
void worksheet_cell_add(struct worksheet_cell *cell, struct slice text);

/* What it shows, in ${out}. A value that no program writes is noted in the faults of the book. */
void worksheet_cell_take(struct worksheet_cell *cell, struct grid_cell *out);

/* Frees what it holds outside the arena. */
void worksheet_cell_free(struct worksheet_cell *cell);
