#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "calendars/reading.h"

/*
 * Dates of a roster. A date of three numbers is dd/mm/yyyy or mm/dd/yyyy: which of them, the whole
 * file says, or the rota; a single date never does. 28 Mar 2027 and 2027-03-28 are the same in
 * either order.
 */

/* A date as written, as the days since 1970 that it may be. */
struct roster_date {
	bool is_dmy, is_mdy; /* whether it is a day in that order */
	int64_t dmy, mdy;
};

/* Reads ${text} in both orders; false if it is a date in neither. */
bool roster_date_read(struct slice text, struct roster_date *out);

/* Whether ${date} is one day as dd/mm and another as mm/dd. */
bool roster_date_ambiguous(const struct roster_date *date);
