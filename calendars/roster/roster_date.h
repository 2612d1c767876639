/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "calendars/reading.h"

/*
 * Dates of a roster. A date of three numbers is dd/mm/yyyy or mm/dd/yyyy. The order is a property
 * of the whole file, or of the rota; one date alone does not settle it. 28 Mar 2027 and 2027-03-28
 * are the same in either order.
 */

/* A date as written: the days, counted from 1970, that it may be. */
struct roster_date {
	bool is_dmy, is_mdy; /* whether it is a valid date in that order */
	int64_t dmy, mdy;
};

/* Reads ${text} in both orders; false if it is a date in neither. */
bool roster_date_read(struct slice text, struct roster_date *out);

/* Whether ${date} is one day as dd/mm and another as mm/dd. */
bool roster_date_ambiguous(const struct roster_date *date);

/* HH:MM (also HH:MM:00, HHMM, HH.MM; 24:00, 23:59:59): seconds after midnight. */
bool roster_time(struct slice text, int64_t *seconds);

/* The day of ${text} in one order. */
bool roster_day(struct slice text, enum reading_date_order order, int64_t *days);

/* The part of ${field} that is a date if a time follows it ("28/03/2027 20:00"); else all of it. */
struct slice roster_date_part(const char *field);

/* "Mon", "monday.": 0 (Monday) to 6; -1: none. */
int roster_weekday(const char *text);
