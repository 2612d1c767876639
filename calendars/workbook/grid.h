/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/sheet.h"
#include "calendars/workbook/book.h"

/* A worksheet while it is read: first as it stands in its part (worksheet.c), then with what other parts of
 * it say about its cells (grid.c). Internal to this folder; all memory is of the arena of the book. */

/* How many cells a sheet may have, empty ones within it included. */
#define GRID_CELLS_MAX 1000000

struct grid_cell {
	struct cell cell;
	uint32_t fill; /* of struct book_style */
	uint32_t day;  /* of the month, of a number that is shown as a date; 0: it is none */
};

struct grid_row {
	uint32_t line; /* its number in the sheet, from 1 */
	bool hidden;
	bool written; /* one of its cells has a text */
	bool styled;  /* cells that are not there have ${fill}, and not that of their column */
	uint32_t fill;
	uint32_t beyond; /* the last column with a text that is not kept; 0: there is none */
	size_t ncells;
	struct grid_cell *cells; /* at most SHEET_CELLS_MAX */
};

/* Rows and columns from 1, the last included. */
struct grid_range {
	uint32_t row, column, last_row, last_column;
};

struct grid {
	VEC(struct grid_row) rows; /* by line, each once */
	VEC(struct grid_range) merged;
	VEC(struct grid_range) ruled; /* a rule may strike them out */
	struct {
		bool hidden;
		uint32_t fill;
	} columns[SHEET_CELLS_MAX];
	size_t ncells;
};

/* "B12" or "$B$12"; false: it is none, or beyond the 16,384 columns and 1,048,576 rows of a sheet. */
bool grid_cell_at(const char *reference, uint32_t *row, uint32_t *column);

/* "B2:D2", or one cell. */
bool grid_range_at(const char *reference, struct grid_range *out);

/* Reads the cells of ${part} as they stand there, and what is printed round ${sheet}. False: refused. */
bool grid_read(struct book *book, const char *part, struct grid *out, struct sheet *sheet);

/* Reads the comments on the cells of ${part}. False: refused. */
bool grid_read_comments(struct book *book, const char *part, struct grid *grid);

/* Gives merged cells their text; marks what is hidden, or coloured otherwise than its column. False:
 * refused. */
bool grid_finish(struct book *book, struct grid *grid);

/* The row of that line; NULL: there is none. */
struct grid_row *grid_find(const struct grid *grid, uint32_t line);
