/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/views/coverage/months.h"

/* The lines of a month, as text: JSON, CSV and the page are made of them, so that they have the same numbers. */

enum month_cell {
	MONTH_PLACE,
	MONTH_ABOUT, /* "place", "function" or "service" */
	MONTH_FUNCTION,
	MONTH_SERVICE,
	MONTH_HOURS_COVERED,
	MONTH_HOURS_SHORT,
	MONTH_HOURS_GAP,
	MONTH_HOURS_UNKNOWN,
	MONTH_HOURS_NOT_COMMISSIONED,
	MONTH_GAPS,
	MONTH_GAPS_AHEAD,
	MONTH_UNKNOWNS,
	MONTH_UNKNOWNS_AHEAD,
	MONTH_CALLS,
	MONTH_ANSWERED,
	MONTH_WRONG_PERSON,
	MONTH_NO_ANSWER,
	MONTH_ANSWERED_PERCENT,
	MONTH_WRONG_PERSON_PERCENT,
	MONTH_SEARCHES,
	MONTH_FOUND,
	MONTH_FOUND_MEDIAN,
	MONTH_FOUND_P90,
	MONTH_HIDDEN, /* the names of the counts that are not shown */
	MONTH_CELLS
};
const char *month_cell_name(enum month_cell cell); /* "hours_covered", … */

/* A cell is text, a number, or nothing: it is of another kind of line, or it is not shown. */
struct month_cells {
	const char *text[MONTH_HOURS_COVERED]; /* or NULL */
	int64_t numbers[MONTH_CELLS];          /* hours in seconds; -1: nothing */
	const char *hidden;                    /* or NULL */
};

struct month_lines {
	const struct month_cells *items;
	size_t count;
};

/* Memory of the arena of ${ask}. */
struct month_lines month_lines_of(struct ask *ask, const struct months *months);

/* Begins a page (ask/plain_page.h) with the lines, to be read without scripts and printed. */
void month_page(
    struct buf *out, struct ask *ask, const struct months *months, struct month_lines lines);

/* Adds the lines as an array. */
void month_lines_put(struct json_out *out, const char *key, struct month_lines lines);
