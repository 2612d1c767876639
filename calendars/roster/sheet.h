/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "calendars/event.h"
#include "calendars/reading.h"
#include "calendars/titles/title.h"

/*
 * A table of cells, whatever kind of file it comes from: a CSV file is divided into one (csv.h), and so is
 * a worksheet of a workbook. What the cells mean is read here, for all kinds of files alike.
 */

/* What a cell shows beside its text. A CSV file can show none of it. */
enum cell_mark {
	CELL_STRUCK = 1,    /* all of its text is struck out */
	CELL_FILLED = 2,    /* it has a colour that the other cells of its column lack */
	CELL_NOTED = 4,     /* it has a comment */
	CELL_HIDDEN = 8,    /* its row or its column is hidden */
	CELL_NO_VALUE = 16, /* a formula without a value */
	/* A part of its text is struck out, between "~~"; or a rule may strike it out. */
	CELL_PART_STRUCK = 32,
	CELL_SWAPPED = 64, /* a date of which day and month may have changed places */
	CELL_NUMBER =
	    128, /* a number that is shown as no date and no time, and is none of a workbook */
};

struct cell {
	const char *text; /* UTF-8 without blanks at its ends; "" if it is empty */
	unsigned marks;   /* of enum cell_mark */
};

/* More cells than a year has days: a grid may have a column for each of them. */
#define SHEET_CELLS_MAX 512

struct sheet_row {
	uint32_t line;            /* on which the row begins, from 1 */
	size_t ncells;            /* as many as the row has, also beyond those that are kept */
	const struct cell *cells; /* at most SHEET_CELLS_MAX */
};

/*
 * The rows of the other sheets of a workbook, hidden ones and those after the sheet that is read too, one
 * sheet after the other; empty for a CSV file. They are here for one purpose: a key of initials ("JJ" beside
 * "Jane Jackson") is often kept on a sheet of its own. Look in them for keys, and for nothing else: they have
 * no headings, shifts or dates of this rota, cells have no marks, empty cells at the end of a row are left
 * out, and merged cells have their text only in the first of them. A key can take somebody off duty who is
 * meant otherwise; it never makes anybody count.
 */
struct sheet_others {
	VEC(struct sheet_row) rows;
	bool cut; /* some are too large or cannot be read: there may be keys that are not here */
};

/* Rows without any text may be left out. All of it is of one arena. */
struct sheet {
	VEC(struct sheet_row) rows;
	bool since_1904;  /* numbers in it that are days are not counted from 1900 */
	const char *name; /* of the worksheet; NULL: it has none */
	/* Texts beside the cells: in boxes of drawings, and what is printed with each page. */
	VEC(const char *) around;
	struct sheet_others others;
};

/* The rows of a roster (columns Unit, Staff Name, Grade, Shift, Start, End, Date, Status and
 * others), each as an event whose title has been read. */
struct roster {
	VEC(struct event *) events;
	uint32_t nrows;
	struct reading_date dates[READING_DATES_SHOWN]; /* the first that could be dd/mm or mm/dd */
	size_t ndates;                                  /* 0: it is known which */
};

/* How many cells of ${row} are kept. */
size_t sheet_kept(const struct sheet_row *row);

/* Whether ${row} has as many cells as a heading line of ${ncells}. More shift everything, unless the rest is
 * empty. */
bool sheet_fits(const struct sheet_row *row, size_t ncells);

/* The cells of ${row}, at least ${count}: those that it lacks are empty, so that later looks need no test of their
 * own. */
const struct cell *sheet_cells(struct arena *arena, const struct sheet_row *row, size_t count);

/* Reads ${sheet} into ${out}; memory is of the arena of ${titles}. Nothing is returned: what could not be
 * read is in ${faults}, which also say whether the sheet was refused as a whole. */
void sheet_read(
    struct roster *out, struct titles *titles, const struct sheet *sheet, struct faults *faults);
