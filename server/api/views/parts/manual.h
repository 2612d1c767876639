/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"

/* Overrides and absences: what listing them and taking them back have
 * in common. */

/* Which of them are wanted: those that touch [from, to), the page after ${after}. */
struct manual_wanted {
	int64_t from, to, after;
	uint32_t limit;
};

/* From the query: from (now), to (${ahead} seconds from now), limit, cursor; notes what is wrong. */
struct manual_wanted manual_wanted_read(struct ask *ask, int64_t ahead);

typedef void manual_put_fn(
    struct json_out *out, const struct ask *ask, const struct pg_rows *rows, size_t row);

struct manual_list {
	const char *name; /* of the array */
	manual_put_fn *put;
	enum read_route route;
	const char *what; /* of the read, or NULL */
};

/* Asks ${stmt} (the caller's arguments, then from, to, after, limit) and answers a page of it.
 * Notes that names were seen, unless the account sees none. Takes ${ask} over. */
void manual_list_ask(struct ask *ask, const struct pg_stmt *stmt, struct pg_args *args,
    const struct manual_wanted *wanted, const struct manual_list *list);

/* The call that takes one back: asks ${stmt} for the one whose number the path has, a "${kind}",
 * and hands its row, if there is one, to ${found}. */
void manual_find(struct ask *ask, const char *kind, const struct pg_stmt *stmt, job_take_fn *found);

/* ${found} has nothing against it: ${stmt} with the number and the account, and an answer. */
void manual_withdraw(struct job *job, const struct pg_stmt *stmt);

/* Answers once it is withdrawn, or with what the database has against it. */
void manual_withdrawn(struct job *job, enum status st, const struct pg_rows *rows);

/* ${found} has: ${status} and ${why}. */
void manual_refuse(struct job *job, unsigned status, const char *why);

/* Somebody of a row, {"id", "name"}; null without ${id}, and for who may not see names. */
void manual_put_person(
    struct json_out *out, const struct ask *ask, const char *key, const char *id);
