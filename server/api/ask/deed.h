/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/json_out.h"
#include "server/base/text.h"

/*
 * A write, as one transaction of its own: the key it came with, what it does, and its answer, all
 * or nothing. One at a time in a process, on a connection that nobody else uses. The answer is sent
 * once it is committed; until then running out of time, a lost connection or a client that got 503
 * undoes all of it. Of a commit whose answer is lost nobody knows: The 503 says so, and asking
 * again with the key gives the outcome.
 */
struct job;
struct pg_stmt;
struct pg_args;

/* An answer that waits for its commit. */
struct kept_answer {
	unsigned status; /* 0: there is none yet */
	struct buf extra, body;
};

/* Takes over the bytes of ${out} (NULL: no body). */
void kept_answer_take(
    struct kept_answer *kept, unsigned status, const char *extra, struct json_out *out);

/* Of job.c: the first statement; one after it; whether job_end must wait for the commit; the end,
 * which undoes what is not committed. */
void deed_write(struct job *job, const struct pg_stmt *stmt, struct pg_args *args);
void deed_call(struct job *job, const struct pg_stmt *stmt, struct pg_args *args);
bool deed_finishes(struct job *job);
void deed_drop(struct job *job);
