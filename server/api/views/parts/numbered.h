/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"

/*
 * Lists of numbered rows of the database, a page at a time. The cursor of a page is the number of the last row that was read for it,
 * shown or not: otherwise rows at the end that the account may not see would be read without end.
 */
struct numbered_page {
	uint32_t limit;
	int64_t cursor; /* the page goes on after the row with this number */
};

/* From the query: limit, cursor; ${first} is the cursor of the first page: INT64_MAX in a list of the newest first. Notes what is wrong. */
struct numbered_page numbered_page(struct ask *ask, int64_t first);

struct numbered_list {
	const char *name; /* of the array in the answer */
	unsigned id;      /* the column with the number */
	/* How many rows the statement gives at most, so that there may be more after them; 0: it was asked for one more than the
	 * page's limit. */
	size_t rows_max;
	/* Whether the account may see a row, where it is not the statement that says it; NULL: all. */
	bool (*may_see)(const struct ask *ask, const struct pg_rows *rows, size_t row);
	void (*put)(
	    struct json_out *out, const struct ask *ask, const struct pg_rows *rows, size_t row);
};

/* Replies with the page of ${rows}; the caller ends the job. Returns how many are shown. */
uint32_t numbered_reply(
    struct job *job, const struct numbered_list *list, uint32_t limit, const struct pg_rows *rows);
