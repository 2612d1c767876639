/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"

/* Overrides and absences, both made here by people: what their lists and their withdrawals have in
 * common. */

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

/* Begins a withdrawal: asks ${stmt} for the row with the number in the path. If there is one, it goes to
 * ${found}; otherwise replies 404 with the word ${kind}. Takes ${ask} over. */
void manual_find(struct ask *ask, const char *kind, const struct pg_stmt *stmt, job_take_fn *found);

/* To be called by ${found} if it may be withdrawn: runs ${stmt} with the number and the account, and
 * replies. */
void manual_withdraw(struct job *job, const struct pg_stmt *stmt);

/* Replies after a withdrawal, or with the refusal of the database. A job_take_fn. */
void manual_withdrawn(struct job *job, enum status st, const struct pg_rows *rows);

/* Adds a person of a row as {"id", "name"}; null if ${id} is NULL or the account may not see names. */
void manual_put_person(
    struct json_out *out, const struct ask *ask, const char *key, const char *id);
