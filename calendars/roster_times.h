/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster_row.h"

/* When a row is. */
struct row_times {
	/* given */
	struct titles *titles;
	struct faults *faults;
	const struct roster_row *row;
	const struct reading_shift_code *code; /* of the row; NULL: none that the rota knows */
	const char *uid;
	enum reading_date_order order; /* of its dates: dd/mm or mm/dd */
	bool quiet;                    /* what is wrong with it has been told */
	/* found */
	int64_t start, end; /* wall clock */
	bool midnights;     /* from 00:00 to 00:00, and no code says that this is a whole day */
};

/* Reads the times of a row; false after telling what is wrong. */
bool row_times_read(struct row_times *times);

/* Whether a date of ${row} is another day in the other order. */
bool row_is_ambiguous(const struct roster_row *row);
