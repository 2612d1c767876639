/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/faults.h"
#include "calendars/roster/sheet.h"
#include "server/base/table.h"

/* A row of a roster, as text by column. */
enum roster_column {
	ROSTER_UNIT,
	ROSTER_NAME,
	ROSTER_GRADE,
	ROSTER_SHIFT,
	ROSTER_START,
	ROSTER_END,
	ROSTER_DATE,
	ROSTER_STATUS,
	/* Parts of the others, where a file has these instead (roster_columns_settle()). */
	ROSTER_FIRST_NAME,
	ROSTER_LAST_NAME,
	ROSTER_START_DATE,
	ROSTER_END_DATE,
	ROSTER_TIMES, /* start and end in one cell: "09:00-17:00" */
	ROSTER_COLUMNS
};

/* How a column is read that is none of enum roster_column. */
enum roster_extra {
	ROSTER_NO_EXTRA, /* it is one of enum roster_column */
	ROSTER_TEXT,     /* every word must be understood: Notes, and headings that are not known */
	ROSTER_FLAG,     /* as ROSTER_TEXT; its heading is a word of rotas, too: "Cancelled?" */
	ROSTER_PART,     /* as ROSTER_FLAG, but the word is a part of its heading: "Cancelled on" */
	ROSTER_LOOSE,    /* numbers, sites: only words that take somebody off duty have force */
	ROSTER_WEEKDAY,  /* the weekday of the row's date */
	ROSTER_OTHER     /* a column of a grid that is another rota's */
};

struct roster_heading {
	const char *name;
	const char *says;          /* the same in words: "Cancelled" of "is_cancelled?" */
	enum roster_column column; /* ROSTER_COLUMNS: none */
	enum roster_extra extra;
	bool affirms; /* it says that somebody is on duty: "Confirmed" */
	bool ticked;  /* its cells are answers: what is no yes is a no (roster_find_ticks) */
	bool of_grid; /* its cells are shifts of a grid, each of its own */
	bool several; /* ROSTER_UNIT: the rows are of different units (roster_find_units) */
	bool people;  /* of a grid: names below it are about those people (roster_people.h) */
};

/* A shift that is a cell of a grid. */
struct roster_cell_shift {
	size_t at;           /* its column, from 1; 0: the row is of no grid, or not of one cell */
	const char *slot;    /* what tells it from others of its day: the heading of its duty */
	const char *upper;   /* the heading above that, where rows are days; NULL: none */
	const char *section; /* the line of one cell under which its row stands; NULL: none */
	const char *table;   /* the line above its table; NULL: none */
	int offset;          /* so many days after the date of the row */
	bool timed;          /* the row has no times of its own: these, in seconds of the day */
	struct reading_hours hours, weekend, bank_holiday;
	size_t part;         /* the number of its table */
	unsigned head_marks; /* of the heading of its column, and of the day that stands there */
	enum fault doubt;    /* why nobody counts whom it names; FAULT_NONE: nothing */
	const char *what, *more; /* the words of that; NULL: its own */
	bool tell;               /* note it: it was not noted yet */
	bool tell_section;       /* the same of the section */
};

struct roster_row {
	uint32_t line;
	bool fits; /* it has as many fields as there are headings */
	size_t nfields, ncolumns;
	const char *field[ROSTER_COLUMNS];
	const struct cell *cells; /* by heading */
	const char *above;        /* the last line above it that has one cell only; NULL: none */
	bool alone;               /* it is such a line itself */
	bool total;               /* it counts what is above it */
	bool shift_is_times;      /* its shift is written by its times: "09:00-17:00" */
	struct roster_cell_shift grid; /* of a cell of a grid */
};

/* A cell of a row of a grid that is not the rota's own, where columns are days: it is read beside the rota's cells of
 * its column as a cell of such a column is where rows are days. */
struct roster_remark {
	const struct roster_heading *heading; /* made of what the row begins with */
	const char *text;
	size_t next; /* the one before it of the same column of the same table, from 1; 0: none */
};

/* A whole file, divided into rows. */
struct rows {
	VEC(struct roster_row) list;
	struct roster_heading *headings;
	size_t nheadings;
	bool by_24;        /* some time in it is 13:00 or later */
	const char *below; /* a line of one cell below the last row that casts doubt on the file;
			      NULL: none */
	const char *top;   /* the same above the heading line */
	/* Of each person whom a line of one cell says to be away: that line, by its place in ${list}. */
	struct table told_away;
	const char *around; /* a name or a text round the whole sheet that does so */
	bool sections;      /* of a grid: its people stand under several lines of one cell */
	bool overlap;       /* of a grid: it has two tables of the same days */
	bool weekly;        /* the date of a row is the first day of a week */
	bool across;        /* of a grid: its columns are days */
	VEC(struct roster_remark) remarks;
	/* the last of them, from 1, of each table and column (roster_remarks.h) */
	struct table remarked;
	const struct roster_key *key; /* of initials, of the file itself; empty where it has none */
};

/* Makes an event of each row, with its title read, in ${out}. A row that cannot be read is noted in
 * ${faults} with its line, and makes no event. */
void roster_read_rows(
    struct roster *out, struct titles *titles, struct faults *faults, const struct rows *rows);
