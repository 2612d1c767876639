/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"

/*
 * A call that needs the database: its ask, kept until the answer is out. One call to the database
 * at a time, one after another. If it is away, the job answers 503 by itself and ends.
 */
struct job;
struct deed;
struct tries;
typedef void job_take_fn(
    struct job *job, enum status st, const struct pg_rows *rows); /* OK or REFUSED */

struct job {
	struct ask ask;
	void *data;          /* owned by the current step, in ask.arena */
	void *more;          /* what the view wants back when another step has had it */
	struct tries *tries; /* of a try to sign in (tries.h) */
	struct pg_call *call;
	struct deed *deed; /* its transaction; NULL: it writes nothing (yet) */
	job_take_fn *take;
	void (*drop)(struct job *job); /* frees what is not in the arena; NULL: nothing */
	struct job *next, **back;
};

/* Takes ${ask} over (it must not be ended any more). ${data} is ${size} zeroed bytes in its arena. */
struct job *job_new(struct ask *ask, size_t size);

/* ${take} replies and ends the job, or calls again. */
void job_call(struct job *job, const struct pg_stmt *stmt, struct pg_args *args, job_take_fn *take);

/*
 * The same for a statement that changes something (deed.h): in a transaction that is committed once
 * ${take} has replied, and with it the answer, if the request has an Idempotency-Key. A write that
 * runs out of time, or is refused, changes nothing. Later calls of the job are made in the same
 * transaction.
 */
void job_write(
    struct job *job, const struct pg_stmt *stmt, struct pg_args *args, job_take_fn *take);

/* After the reply. */
void job_end(struct job *job);

/* Ends it at once, whatever it was at; what it wrote is undone. */
void job_forget(struct job *job);

/* The usual reply to STATUS_REFUSED: ${status} with the sentence of the SQL function. Ends the job. */
void job_refuse(struct job *job, unsigned status, const struct pg_rows *rows);

/* At the end of the process: none of them will be answered any more. */
void job_drop_all(struct api *api);
