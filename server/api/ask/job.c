/* SPDX-License-Identifier: MIT */
#include "server/api/ask/job.h"

#include "server/api/ask/dear.h"
#include "server/api/ask/deed.h"
#include "server/base/fatal.h"

/* The job lies in the arena of its own ask, so that one call frees both. All jobs are in a list, so that
 * they can be ended with the process. */
struct job *
job_new(struct ask *ask, size_t size)
{
	struct job *job = arena_alloc(ask->arena, sizeof *job);
	struct api *api = ask->api;

	job->ask = *ask;
	job->data = arena_alloc(ask->arena, size == 0 ? 1 : size);
	job->next = api->jobs;
	job->back = &api->jobs;
	if (job->next != NULL)
		job->next->back = &job->next;
	api->jobs = job;
	return job;
}

/* Refusals are the view's to answer; without a database the answer is the same everywhere. */
static void
on_rows(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct job *job = ctx;

	job->call = NULL;
	/* What is made of many rows takes long. */
	if (st == STATUS_OK && job->ask.place != NULL) {
		dear_take(job, rows);
		return;
	}
	if (st == STATUS_OK || st == STATUS_REFUSED) {
		job->take(job, st, rows);
		return;
	}
	problem_database_away(job->ask.exchange);
	job_end(job);
}

/* One call at a time: a job is a chain of questions, each of which may depend on the answer to
 * the one before. */
void
job_call(struct job *job, const struct pg_stmt *stmt, struct pg_args *args, job_take_fn *take)
{
	INVARIANT(job->call == NULL);
	job->take = take;
	if (job->deed != NULL)
		deed_call(job, stmt, args);
	else
		job->call = pg_call(job->ask.api->work, stmt, args, on_rows, job);
}

void
job_write(struct job *job, const struct pg_stmt *stmt, struct pg_args *args, job_take_fn *take)
{
	INVARIANT(job->call == NULL);
	job->take = take;
	deed_write(job, stmt, args);
}

void
job_end(struct job *job)
{
	/* A write ends later, after its commit. */
	if (job->deed != NULL && deed_finishes(job))
		return;
	job_forget(job);
}

/* Each part may be missing: a job may be forgotten at any point of its life, such as when its
 * client disconnects while it waits. */
void
job_forget(struct job *job)
{
	struct ask ask;

	pg_call_cancel(job->call);
	if (job->deed != NULL)
		deed_drop(job);
	if (job->drop != NULL)
		job->drop(job);
	/* Copied first: the job lies in the arena that ask_end() frees. */
	ask = job->ask;
	*job->back = job->next;
	if (job->next != NULL)
		job->next->back = job->back;
	ask_end(&ask);
}

bool
job_problem(struct job *job, unsigned status, const char *detail)
{
	problem_reply(job->ask.exchange, status, detail);
	job_end(job);
	return false;
}

bool
job_fine(struct job *job)
{
	const struct ask *ask = &job->ask;

	if (ask->faults.count == 0)
		return true;
	problem_reply_with(ask->exchange, 400, PROBLEM_NOT_UNDERSTOOD,
	    &(struct problem_more){.faults = ask->faults.items, .nfaults = ask->faults.count});
	job_end(job);
	return false;
}

void
job_refuse(struct job *job, unsigned status, const struct pg_rows *rows)
{
	job_problem(job, status, pg_rows_refusal(rows));
}

void
job_drop_all(struct api *api)
{
	while (api->jobs != NULL)
		job_forget(api->jobs);
}
