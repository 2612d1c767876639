/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/sheet.h"

/*
 * The days of a grid. Their dates are often written without the year, or as the number of the day alone,
 * because the month or the year stands once above the grid. They are completed with that, and with nothing
 * else: a year that is written nowhere is not known.
 */
struct roster_days {
	struct arena *arena;
	enum reading_date_order order;
	int year, month;  /* that stand above the grid; 0: none, or several */
	const char *week; /* the date that stands alone above the grid, of a week; NULL: none */
	int64_t last;     /* the day before in the grid; INSTANT_NONE: none */
	bool begins;      /* no day of this table has been read */
};

/* Finds the month and the year in the ${count} rows ${rows} above a table. Rows that say neither change
 * nothing. */
void roster_days_above(struct roster_days *days, const struct sheet_row *rows, size_t count);

/* ${cell} as a date with its year: "Mon 7 December 2026" of "Mon 7". NULL: it is no day, or its month or its
 * year is not known. Days come in their order: after 31 December comes January of the next year. */
const char *roster_days_whole(struct roster_days *days, const char *cell);

/* Takes the month and the year of ${heading}, of the column of the days: "Dec 2026". */
void roster_days_headed(struct roster_days *days, const char *heading);

/* Whether ${cell} is meant as a day: "07/12/2026", "Mon 7", "Tuesday", "7 Dec". A number alone is none. */
bool roster_days_is_day(const char *cell);

/* The day of the month that ${cell} is, as a number alone ("7", "7th"); 0: it is none. */
int roster_days_number(const char *cell);

/* The month that ${word} names, from 1; 0: none. */
int roster_month(struct slice word);
