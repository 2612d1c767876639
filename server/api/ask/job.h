/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"

/*
 * A job is a request that needs the database: its ask, kept until the answer has been sent. It makes one
 * call to the database after another. If the database does not answer, the job replies 503 by itself and
 * ends.
 */
struct job;
struct deed;
struct tries;

/* Receives the result of a call: ${st} is STATUS_OK, or STATUS_REFUSED if the SQL function raised its own
 * error. ${rows} is borrowed until it returns. It must reply and end the job, or make another call. */
typedef void job_take_fn(struct job *job, enum status st, const struct pg_rows *rows);

struct job {
	struct ask ask;
	void *data;          /* of the current step; in ask.arena */
	void *more;          /* of the view, for later, while another step uses ${data} */
	struct tries *tries; /* of an attempt to sign in (tries.h) */
	struct pg_call *call;
	struct deed *deed; /* its transaction; NULL: it writes nothing (yet) */
	job_take_fn *take;
	void (*drop)(struct job *job); /* frees what is not in the arena; NULL: nothing */
	struct job *next, **back;
};

/* A new job with a copy of ${ask}, which the caller must not end any more. Its ${data} are ${size} zeroed
 * bytes in the arena of the ask. */
struct job *job_new(struct ask *ask, size_t size);

/* Makes a call; its result goes to ${take}. Takes over ${args}. Only one call at a time. */
void job_call(struct job *job, const struct pg_stmt *stmt, struct pg_args *args, job_take_fn *take);

/*
 * The same for a statement that changes something. It begins a transaction (deed.h), in which all later
 * calls of the job are made too. The transaction is committed after ${take} has replied; if the request
 * has an Idempotency-Key, the answer is stored with it. A write that runs out of time or is refused
 * changes nothing.
 */
void job_write(
    struct job *job, const struct pg_stmt *stmt, struct pg_args *args, job_take_fn *take);

/* Ends the job. Call it after the reply: a write is committed then, and the reply sent. */
void job_end(struct job *job);

/* Ends the job at once, at any point; what it wrote is rolled back. */
void job_forget(struct job *job);

/* Replies ${status} with ${detail}, and ends the job. Always false, so that a check can end with "return job_problem(…)". */
bool job_problem(struct job *job, unsigned status, const char *detail);

/* True if nothing is wrong with what was sent. Otherwise replies 400 with the faults of the ask, and ends the job. */
bool job_fine(struct job *job);

/* The usual reply to STATUS_REFUSED: ${status} with the message of the SQL function. Ends the job. */
void job_refuse(struct job *job, unsigned status, const struct pg_rows *rows);

/* Forgets all jobs, at the end of the process. */
void job_drop_all(struct api *api);
