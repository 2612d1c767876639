/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/json_out.h"
#include "server/base/text.h"

/*
 * A deed is a write as one transaction: the Idempotency-Key of its request, its statements and its answer
 * are committed together or not at all. A process has one deed at a time, on a connection that nothing
 * else uses. The answer is sent after the commit. Until then the transaction is rolled back if its time
 * runs out, if the connection is lost, or if the client has been told 503. If the connection is lost
 * during the commit, nobody knows whether it took effect: the 503 says so, and the same request with the
 * same key is answered with the outcome.
 */
struct job;
struct pg_stmt;
struct pg_args;

/* An answer that is kept until its transaction has been committed. */
struct kept_answer {
	unsigned status; /* 0: there is none yet */
	struct buf extra, body;
};

/* Makes this the kept answer, in place of one before. Takes over the bytes of ${out} (NULL: no body);
 * copies ${extra}. */
void kept_answer_take(
    struct kept_answer *kept, unsigned status, const char *extra, struct json_out *out);

/* The rest is for job.c alone, and takes over ${args}. */

/* Makes the first statement of a job's deed, or one more. */
void deed_write(struct job *job, const struct pg_stmt *stmt, struct pg_args *args);
/* Makes one more statement in the transaction of a job that has a deed. */
void deed_call(struct job *job, const struct pg_stmt *stmt, struct pg_args *args);
/* Begins the commit, if there is an answer to keep. True: the deed ends the job later. */
bool deed_finishes(struct job *job);
/* Frees the deed; rolls back what is not committed. */
void deed_drop(struct job *job);
