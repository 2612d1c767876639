/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/faults.h"
#include "calendars/roster/sheet.h"

/* What a file is in which no heading line was found, by its first rows. */
struct roster_layout {
	enum fault fault; /* which says so: a grid, or a list of days; else FAULT_CSV_NO_HEADING */
	uint32_t line;    /* of its headings */
	size_t at;        /* the row with them */
	/* its headings, and what its rows begin with, for the one who must say which are */
	const char *columns;
	const char *rows; /* the rota's; NULL where it does not matter */
};
void roster_layout_find(
    struct roster_layout *out, const struct titles *titles, const struct sheet *sheet);
