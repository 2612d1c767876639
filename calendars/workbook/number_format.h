/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "server/base/arena.h"

/*
 * Number formats. In a workbook a date is a number like any other: only the format of its cell says
 * that it is shown as a date, and what words are shown with it. What is read of a cell is what people see in
 * it: no day of which only the month is shown, and no words left out.
 */
enum number_shown {
	NUMBER_PLAIN,
	NUMBER_CALENDAR, /* a date, or pieces of one: 7/12, Mon 7 December 2026, December 2026, Monday */
	NUMBER_TIME,      /* 21:00 */
	NUMBER_DATE_TIME, /* 07/12/2026 21:00 */
	NUMBER_ELAPSED,   /* 28:00: hours that are not those of a clock */
	NUMBER_WORDS,     /* words alone, whatever the value is */
	NUMBER_UNSEEN,    /* nothing is shown */
};

enum number_piece {
	PIECE_YEAR = 1,
	PIECE_MONTH = 2,
	PIECE_DAY = 4,
	PIECE_WEEKDAY = 8,
	PIECE_HOUR = 16,
	PIECE_MINUTE = 32,
	PIECE_SECOND = 64,
};

#define NUMBER_ALL_DECIMALS 255

/* One of the parts of a format between ";". */
struct number_section {
	enum number_shown shown;
	unsigned pieces;   /* of enum number_piece */
	unsigned digits;   /* NUMBER_PLAIN: the fewest that are shown, as in 0930; 0: as it has */
	unsigned decimals; /* NUMBER_PLAIN: how many at most */
	bool percent;
	bool text;      /* it shows texts, too */
	bool white;     /* its letters are white */
	char if_is[3];  /* the values that it is for: "<", ">=", "<>", …; "": no condition */
	double if_than; /* "<" than this */
	/* What is shown before and after the value, and is no mark between the pieces of a date. */
	const char *before, *after;
};

struct number_format {
	size_t count; /* at least one */
	const struct number_section *sections;
};

/* The format that workbooks do not define, but know by the number ${id}. */
struct number_format number_format_built_in(unsigned id);

/* The format of a code such as "dd/mm/yyyy hh:mm"; it lives in ${arena}. */
struct number_format number_format_of(struct arena *arena, const char *code);

/* The number of 1 January 1970, where days are counted from 1900. */
#define NUMBER_1970 25569

/* What a cell shows. */
struct number_text {
	const char *text;
	bool unseen; /* nothing: it is there, and not shown */
	/* A number that nothing tells to be a date or a time: neither the format nor, as 0.375 and 46363 do,
	 * the number itself. */
	bool plain;
};

/* ${value} under ${format}: "2026-12-07" if day and month are shown, else the pieces that are ("December
 * 2026", "Monday 7", "2026"), "21:00" (with seconds if it has any), "2026-12-07 21:00", "28:00", "46363",
 * "0930"; with the words of the format ("w/e 2026-12-07"). ${since_1904}: days are counted from 1 January
 * 1904, as old workbooks of Macintosh computers do. A value that is no date is a plain number. */
struct number_text number_show(
    struct arena *arena, struct number_format format, double value, bool since_1904);

/* A text under ${format}, which may have words for texts as well, or hide them. */
struct number_text number_show_text(
    struct arena *arena, struct number_format format, const char *text);
