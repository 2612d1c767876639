/* SPDX-License-Identifier: MIT */
#include "server/api/ask/tries.h"

#include "server/api/api_sql.h"
#include "server/api/ask/deed.h"
#include "server/base/figures.h"

/* If each process counted alone, N processes would allow N times the tries. */

struct tries {
	struct limits_try attempt;
	struct limits_shared shared;
	bool waits;   /* it was told to wait */
	bool counted; /* there were failures, so that a good try has something to forget */
	tries_step_fn *next;
};

void
tries_reply_wait(struct ask *ask, int64_t seconds)
{
	figure_add(FIGURE_LOGINS_TOO_MANY, 1);
	problem_reply_with(ask->exchange, 429,
	    "There were too many tries. Wait for as long as Retry-After says (in seconds).",
	    &(struct problem_more){
		.extra = arena_printf(ask->arena, "Retry-After: %lld\r\n", (long long)seconds)});
}

static void
send_keys(const struct tries *tries, size_t from, struct pg_args *args)
{
	struct slice keys[2];

	for (size_t i = from; i < tries->shared.count; i++)
		keys[i - from] =
		    (struct slice){(const char *)tries->shared.keys[i], LIMITS_KEY_BYTES};
	pg_bytea_array(args, keys, tries->shared.count - from);
}

/* It cannot be refused: the statement only reads. */
static void
on_wait(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct tries *tries = job->tries;
	int64_t seconds = pg_get_int(rows, 0, API_TRIES_WAIT_SECONDS);

	(void)st;
	tries->counted = pg_get_bool(rows, 0, API_TRIES_WAIT_COUNTED);
	if (seconds == 0) {
		tries->next(job);
		return;
	}
	tries->waits = true;
	/* A try that must wait is not counted. */
	limits_void(job->ask.api->limits, &tries->attempt);
	tries_reply_wait(&job->ask, seconds);
	job_end(job);
}

void
tries_begin(struct job *job, const struct limits_try *attempt, tries_step_fn *next)
{
	struct tries *tries = arena_alloc(job->ask.arena, sizeof *tries);
	struct pg_args args = {0};

	*tries = (struct tries){.attempt = *attempt, .next = next};
	limits_share(job->ask.api->session_key, attempt, &tries->shared);
	job->tries = tries;
	send_keys(tries, 0, &args);
	job_call(job, &API_TRIES_WAIT, &args, on_wait);
}

bool
tries_waits(const struct job *job)
{
	return job->tries != NULL && job->tries->waits;
}

static void
on_noted(struct job *job, enum status st, const struct pg_rows *rows)
{
	(void)st;
	(void)rows;
	job->tries->next(job);
}

void
tries_failed(struct job *job, tries_step_fn *next)
{
	struct tries *tries = job->tries;
	struct pg_args args = {0};

	figure_add(FIGURE_LOGINS_CREDENTIAL, 1);
	/* A failure counted within the job's transaction would be rolled back with it, so the
	 * transaction is dropped first. */
	if (job->deed != NULL) {
		deed_drop(job);
		job->ask.kept = NULL;
	}
	tries->next = next;
	send_keys(tries, 0, &args);
	pg_int8_array(&args, tries->shared.free_tries, tries->shared.count);
	pg_int8_array(&args, tries->shared.wait_max, tries->shared.count);
	job_call(job, &API_TRIES_FAILED, &args, on_noted);
}

/* The count of the address stays: it is often that of a whole hospital, and one person who can sign in says
 * nothing about the others. */
void
tries_good(struct job *job, tries_step_fn *next)
{
	struct tries *tries = job->tries;
	struct pg_args args = {0};

	tries->next = next;
	if (!tries->counted || tries->shared.naddresses == tries->shared.count) {
		next(job);
		return;
	}
	send_keys(tries, tries->shared.naddresses, &args);
	job_call(job, &API_TRIES_GOOD, &args, on_noted);
}
