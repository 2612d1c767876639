/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"

/* What was done without a second person, and is reviewed by one afterwards: a list, and the review of one of it.
 * Rights are judged row by row in C, since SQL does not know which places belong to an account. */

struct reviewed_list {
	const char *name;                /* of the array in the answer */
	const struct pg_stmt *statement; /* $1: only ids before it; $2: only those not reviewed */
	unsigned id;                     /* the column */
	bool (*may_see)(const struct ask *ask, const struct pg_rows *rows, size_t row);
	void (*put)(
	    struct json_out *out, const struct ask *ask, const struct pg_rows *rows, size_t row);
};

/* Answers with a page of the rows that the account may see, for the parameters "state", "limit" and "cursor".
 * ${list} outlives the request. */
void reviewed_list(struct ask *ask, const struct reviewed_list *list);

struct reviewed_review {
	const char *what; /* it is, in words, for an id that is no number */
	/* The answer for a number that does not exist, and for one that the account may not review: it must not
	 * tell one from the other. */
	const char *none;
	const struct pg_stmt *look; /* $1 id: what ${may_review} judges, in its row 0 */
	bool (*may_review)(const struct ask *ask, const struct pg_rows *rows);
	/* $1 id, $2 note, $3 account. Column ${refused}: null (reviewed), "absent", "own" (by the account that
	 * did it) or "done" (already). */
	const struct pg_stmt *review;
	unsigned refused;
};

/* Reviews what the path names by "id", with the note of the body. ${review} outlives the request. */
void reviewed_review(struct ask *ask, const struct reviewed_review *review);
