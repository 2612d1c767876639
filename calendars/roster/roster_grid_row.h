/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_grid_days.h"
#include "calendars/roster/roster_head.h"

/* Why nobody counts who stands below a heading. */
struct grid_doubt {
	enum fault fault;
	const char *what, *more;
	bool told; /* it was noted */
};

/* Days; INSTANT_NONE: there is none. */
struct grid_dates {
	int64_t before, after;
};

/* A grid while it is read. */
struct grid {
	struct titles *titles;
	struct arena *arena;
	struct faults *faults;
	struct rows *rows; /* into which its cells go */
	const struct sheet *sheet;
	const struct reading_grid *means;
	struct roster_days days;
	struct roster_head head; /* of the table in hand */
	size_t width;            /* cells of the widest row of the sheet */
	size_t label;            /* the column at which its rows begin: of dates, or of names */
	size_t first_row;        /* the row after the heading line, where days stand below it */
	/* Of each row, the whole dates next to it; NULL: nobody has asked yet (roster_date_between()). */
	struct grid_dates *around;
	const struct sheet_row *row; /* in hand */
	const struct cell *cells;    /* of it, as many as the widest row has */
	const char *above;           /* the last line of one cell */
	const char *section;         /* the last of them at the beginning of a row */
	bool section_told;           /* it has a row already */
	const char *table;           /* the line above the table in hand */
	unsigned
	    head_marks[SHEET_CELLS_MAX]; /* of the heading lines of the table in hand, by column */
	bool heads;                      /* the row in hand is such a line */
	int64_t latest;                  /* the last day of the tables above; INSTANT_NONE: none */
	bool hours_told;                 /* that hours are missing */
	struct table codes;              /* that are unknown and were noted */
	size_t part;                     /* the number of the table in hand */
	uint32_t labelled;               /* the line of the last row with a day, a name or a duty */
	/* the last of the heading lines of the table in hand, where days stand above */
	uint32_t head_line;
	struct grid_doubt *doubts[SHEET_CELLS_MAX]; /* of its columns; NULL: none */
	struct grid_doubt *doubt;                   /* of all of it; NULL: none */
	const char *uppers
	    [SHEET_CELLS_MAX]; /* where rows are days: the headings above its columns; NULL: none */
	const struct sheet_row *weekdays; /* the last line of weekdays beside one of dates */
	bool weekdays_beside;             /* it is that of the table in hand */
	/* The days of rows, or the duties before them; and those that stand more than once. */
	struct table labels, labels_twice;
};

/* Refuses the file. ${what} and ${more} may be NULL. */
void grid_refuse(struct grid *g, enum fault fault, const char *what, const char *more);

/* Keeps ${text}, which tells of somebody and is no shift, as a line of one cell (roster_told.h). */
void grid_take_told(struct grid *g, const char *text);

/* Takes the next row in hand. Returns false if it is no row of shifts: blank, a total, a line of one cell, or one
 * with too many or too few cells; such rows have been added as what they are. */
bool grid_take_row(struct grid *g, const struct sheet_row *row);

/* A row of a roster for the cell ${at} of the row in hand. Its name, date and shift code are to be set. If there
 * are too many the file is refused, and the row is of no list. */
struct roster_row *grid_add(struct grid *g, size_t at) __attribute__((returns_nonnull));

/* Refuses a grid of duties, whose rows begin at ${from}, without one of the rota's own rows. */
void grid_check_rows(struct grid *g, size_t from);

/* The cell ${at} of ${row} on one line; "" if there is none. */
const char *grid_cell(const struct grid *g, const struct sheet_row *row, size_t at);

/* Whether ${text}, read as a title, names a person of the rota's directory. */
bool grid_names_somebody(const struct grid *g, const char *text);

/* Whether ${text} is names of people who are known, and nothing else. */
bool grid_names_only(const struct grid *g, const char *text);

/* Keeps the marks of the heading lines from ${from} to before ${end}: what they show is about the cells below. */
void grid_keep_head_marks(struct grid *g, size_t from, size_t end);

/* Whether ${cell} has no shift: it is empty or has a dash. A formula without a value may have one. */
bool grid_is_empty(const struct cell *cell);

/* Whether ${text} is one of the headings that are the rota's own. */
bool grid_is_own(const struct grid *g, const char *text);

/* The two readers, by where the dates are. */
void grid_read_down(struct grid *g);
void grid_read_across(struct grid *g);
