/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "calendars/reading.h"

/*
 * Dates of a roster. A date of three numbers is dd/mm/yyyy or mm/dd/yyyy. The order is a property
 * of the whole file, or of the rota; one date alone does not settle it. 28 Mar 2027, 2027-03-28 and
 * 20270328 are the same in either order. A year of two digits is one of this century, and must end the date.
 */

/* A date as written: the days, counted from 1970, that it may be. */
struct roster_date {
	bool is_dmy, is_mdy; /* whether it is a valid date in that order */
	int64_t dmy, mdy;
	int weekday;  /* written beside it: 0 (Monday) to 6; -1: none. It may contradict the date */
	bool holiday; /* "BH" stands beside it */
	enum roster_short_year {
		ROSTER_YEAR_LONG,
		ROSTER_YEAR_LAST, /* of two digits, and the first number is no year */
		ROSTER_YEAR_OPEN, /* of two digits, and the first number may be the year: 27-01-26 */
	} year;
};

/* Reads ${text} in both orders; false if it is a date in neither. A weekday may stand before or after it, and
 * "BH" or "bank holiday" after it. */
bool roster_date_read(struct slice text, struct roster_date *out);

/* Whether ${date} is one day as dd/mm and another as mm/dd. */
bool roster_date_ambiguous(const struct roster_date *date);

/* The day of ${text} in one order. */
bool roster_day(struct slice text, enum reading_date_order order, int64_t *days);

/* The day of a number by which spreadsheets count days from 1900, of the years 2020 to 2036. Others could
 * be a date without marks. Only a whole column of such numbers is one of dates. */
bool roster_serial(struct slice text, int64_t *days);

/* ${field}, a day, without the midnight that spreadsheets write after it: "2026-12-07 00:00:00". */
struct slice roster_day_part(const char *field);

/* The part of ${field} that is a date if a time follows it ("28/03/2027 20:00"); else all of it. */
struct slice roster_date_part(const char *field);

/* "Mon", "monday.": 0 (Monday) to 6; -1: none. */
int roster_weekday(const char *text);
