/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "server/base/arena.h"

/*
 * Number formats. In a workbook a date is a number like any other: only the format of its cell says
 * that it is shown as a date.
 */
enum number_shown {
	NUMBER_PLAIN,
	NUMBER_DATE,      /* with the day of the month: 7/12, Mon 7 December 2026 */
	NUMBER_MONTH,     /* December 2026 */
	NUMBER_WEEKDAY,   /* Monday */
	NUMBER_TIME,      /* 21:00 */
	NUMBER_DATE_TIME, /* 07/12/2026 21:00 */
	NUMBER_ELAPSED,   /* 28:00: hours that are not those of a clock */
	NUMBER_UNSEEN,    /* nothing is shown */
};

struct number_format {
	enum number_shown shown;
	unsigned
	    digits; /* NUMBER_PLAIN: the fewest that are shown, as in 0930; 0: as many as it has */
};

/* The format that workbooks do not define, but know by the number ${id}. */
struct number_format number_format_built_in(unsigned id);

/* The format of a code such as "dd/mm/yyyy hh:mm". */
struct number_format number_format_of(const char *code);

/* ${value} under ${format} as text: "2026-12-07", "December 2026", "Monday", "21:00" (with seconds if it
 * has any), "2026-12-07 21:00", "28:00", "46363", "0930". ${since_1904}: days are counted from 1 January
 * 1904, as old workbooks of Macintosh computers do. A value that is no date is a plain number. */
const char *number_text(
    struct arena *arena, struct number_format format, double value, bool since_1904);
