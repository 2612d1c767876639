/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_row.h"

/* When a row begins and ends. */
struct row_times {
	/* input */
	struct titles *titles;
	struct faults *faults;
	const struct roster_row *row;
	const struct reading_shift_code *code; /* of the row; NULL: none that the rota knows */
	const char *uid;
	enum reading_date_order order; /* the order of its dates: dd/mm or mm/dd */
	bool by_24;                    /* some time in the file is 13:00 or later */
	bool quiet;                    /* do not note faults: they have been noted already */
	/* output */
	int64_t start, end; /* wall clock */
	bool midnights;     /* from 00:00 to 00:00, and no code says that this is the whole day */
	/* a bank holiday of which it is not known whose hours it has; the times are from the first that may be one to the last */
	bool holiday;
};

/* Reads the times of a row. Returns false after noting what is wrong. */
bool row_times_read(struct row_times *times);

/* Whether the row has a date that is another day in the other order. */
bool row_is_ambiguous(const struct roster_row *row);

/* If the row has no times, and its shift is written by them ("09:00-17:00") and is no code, they are its times. */
void roster_shift_as_times(const struct titles *titles, struct roster_row *row);
