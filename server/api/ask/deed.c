/* SPDX-License-Identifier: MIT */
#include "server/api/ask/deed.h"

#include <stdlib.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/ask/key.h"
#include "server/api/keep/follow.h"
#include "server/base/fatal.h"

/* A write is one transaction: it begins, notes the Idempotency-Key, does its statements, keeps its
 * answer under the key, and commits. The answer is sent after the commit, so that no change is
 * confirmed that was then rolled back; and once this process shows the change, so that the client that
 * asks again with that answer in hand is not told what was before it. A repeated request gets the first
 * answer, so that nothing happens twice. Writes take turns on one connection. */

#define USUAL_LIMIT_MS 5000

struct deed {
	const struct pg_stmt *stmt; /* the first */
	struct pg_args args;
	struct key key;
	struct pg_session session; /* of its transaction */
	struct kept_answer answer;
	bool begun, finishing, committed;
	struct follow_wait *showing; /* committed, and not shown yet */
	struct job *next;            /* of those that wait for their turn */
};

static void next_turn(void *ctx);

/* Takes the body over; an answer that was kept before is replaced. */
void
kept_answer_take(struct kept_answer *kept, unsigned status, const char *extra, struct json_out *out)
{
	kept->status = status;
	buf_reset(&kept->extra);
	if (extra != NULL)
		buf_add_text(&kept->extra, extra);
	buf_free(&kept->body);
	if (out != NULL) {
		kept->body = out->buf;
		out->buf = (struct buf){0};
	}
}

/* ------------------------------------------------------------------------------ what went wrong */

static void
fail(struct job *job, const char *detail)
{
	problem_reply_with(
	    job->ask.exchange, 503, detail, &(struct problem_more){.extra = "Retry-After: 5\r\n"});
	job_forget(job);
}

static void
fail_unchanged(struct job *job)
{
	fail(job, "The database did not do this in time, and nothing was changed. Ask again, "
		  "with the same Idempotency-Key if you gave one.");
}

/* The commit was sent and its answer was lost: neither "done" nor "nothing was changed" would be
 * true. */
static void
fail_unknown(struct job *job)
{
	fail(job, "Whether this took effect is not known: ask again with the same Idempotency-Key, "
		  "or look before you ask again without one.");
}

/* ------------------------------------------------------------------------------- its statements */

static void
on_done(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct job *job = ctx;

	job->call = NULL;
	if (st != STATUS_OK && st != STATUS_REFUSED) {
		fail_unchanged(job);
		return;
	}
	/* A refusal has undone everything, so its answer need not wait. */
	job->ask.kept = st == STATUS_OK ? &job->deed->answer : NULL;
	job->take(job, st, rows);
}

void
deed_call(struct job *job, const struct pg_stmt *stmt, struct pg_args *args)
{
	job->call = pg_call_in(job->deed->session, stmt, args, on_done, job);
}

/* Another request with the key has been here: its answer is sent again, or 422 if it was another
 * request. */
static void
on_key(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct job *job = ctx;

	job->call = NULL;
	if (st != STATUS_OK) {
		fail_unchanged(job);
	} else if (pg_get_bool(rows, 0, API_ANSWER_BEGIN_FIRST)) {
		/* A second call with the key waits at its lock for the end of this transaction. */
		deed_call(job, job->deed->stmt, &job->deed->args);
	} else {
		key_reply_again(&job->deed->key, job->ask.exchange,
		    pg_get_bytes(rows, 0, API_ANSWER_BEGIN_REQUEST),
		    pg_get_bytes(rows, 0, API_ANSWER_BEGIN_ANSWER));
		job_forget(job);
	}
}

static void
on_begun(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct job *job = ctx;
	struct deed *deed = job->deed;
	struct pg_args args = {0};

	(void)rows;
	job->call = NULL;
	if (st != STATUS_OK) {
		fail_unchanged(job);
		return;
	}
	/* The session is that of this transaction: statements of another one, after a lost
	 * connection, are refused. */
	deed->session = pg_session(job->ask.api->deeds);
	if (!deed->key.given) {
		deed_call(job, deed->stmt, &deed->args);
		return;
	}
	pg_text(&args, job->ask.account->name);
	pg_bytea(&args, deed->key.hash, sizeof deed->key.hash);
	job->call = pg_call_in(deed->session, &API_ANSWER_BEGIN, &args, on_key, job);
}

/* -------------------------------------------------------------------------------------- its end */

/* This process shows the change: a client that reads after its write finds it. */
static void
on_shown(void *ctx)
{
	struct job *job = ctx;

	job->deed->showing = NULL;
	kept_answer_send(job->ask.exchange, &job->deed->answer);
	job_forget(job);
}

/* Lets the next write begin, at the end of this turn of the loop: this may be called in the middle of one
 * that ends. */
static void
give_turn(struct job *job)
{
	struct api *api = job->ask.api;

	if (api->deed == job) {
		api->deed = NULL;
		loop_soon(api->loop, next_turn, api);
	}
}

/* If the connection is lost during a commit, it is not known whether it took effect. The answer
 * says so, and the caller may ask with the same key. */
static void
on_committed(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct job *job = ctx;
	struct deed *deed = job->deed;

	(void)rows;
	job->call = NULL;
	if (st != STATUS_OK) {
		fail_unknown(job);
		return;
	}
	deed->committed = true;
	give_turn(job);
	deed->showing = follow_wait(job->ask.api->follow, on_shown, job);
}

static void
commit(struct job *job)
{
	/* A client that got 503 must not find the change made afterwards. */
	if (!web_awaited(job->ask.exchange)) {
		fail_unchanged(job);
		return;
	}
	job->call = pg_call_in(job->deed->session, &PG_COMMIT, NULL, on_committed, job);
}

static void
on_answer_kept(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct job *job = ctx;

	(void)rows;
	job->call = NULL;
	if (st == STATUS_OK)
		commit(job);
	else
		fail_unchanged(job);
}

/* False: nothing was written, and the job ends as any other. */
bool
deed_finishes(struct job *job)
{
	struct deed *deed = job->deed;
	struct pg_args args = {0};
	struct buf sealed = {0};

	/* Replies from here on are sent directly. */
	job->ask.kept = NULL;
	if (deed->answer.status == 0)
		return false;
	INVARIANT(!deed->finishing && job->call == NULL);
	/* From here on the job belongs to the deed. */
	deed->finishing = true;
	if (!deed->key.given) {
		commit(job);
		return true;
	}
	key_seal(&deed->key, &deed->answer, &sealed);
	pg_text(&args, job->ask.account->name);
	pg_bytea(&args, deed->key.hash, sizeof deed->key.hash);
	pg_bytea(&args, deed->key.request, sizeof deed->key.request);
	pg_bytea(&args, sealed.at, sealed.len);
	buf_free(&sealed);
	job->call = pg_call_in(deed->session, &API_ANSWER_KEEP, &args, on_answer_kept, job);
	return true;
}

/* A job may end while it waits for its turn, when the client has gone. */
static void
leave_line(struct api *api, const struct job *job)
{
	struct job **link = &api->deeds_waiting;

	while (*link != NULL && *link != job)
		link = &(*link)->deed->next;
	if (*link == job)
		*link = job->deed->next;
}

void
deed_drop(struct job *job)
{
	struct api *api = job->ask.api;
	struct deed *deed = job->deed;

	leave_line(api, job);
	/* The rollback is queued after the call that the connection is working on. If there is no
	 * transaction it does nothing. */
	if (api->deed == job && !deed->committed)
		pg_rollback(api->deeds);
	give_turn(job);
	/* Committed but not shown yet, and the process ends: the client still learns that it was
	 * done. */
	if (deed->showing != NULL && web_awaited(job->ask.exchange))
		kept_answer_send(job->ask.exchange, &deed->answer);
	follow_wait_cancel(deed->showing);
	pg_args_free(&deed->args);
	key_wipe(&deed->key);
	buf_free(&deed->answer.extra);
	buf_free(&deed->answer.body);
	job->deed = NULL;
	free(deed);
}

/* ------------------------------------------------------------------------------------- its turn */

/* A request whose time limit passed while it waited has been answered: it is not begun any more. */
static void
next_turn(void *ctx)
{
	struct api *api = ctx;
	struct job *job = api->deeds_waiting;
	unsigned limit_ms;

	if (api->deed != NULL || job == NULL)
		return;
	api->deeds_waiting = job->deed->next;
	api->deed = job;
	if (!web_awaited(job->ask.exchange)) {
		fail_unchanged(job);
		return;
	}
	limit_ms = job->deed->stmt->timeout_ms;
	job->call = pg_begin(api->deeds, limit_ms == 0 ? USUAL_LIMIT_MS : limit_ms, on_begun, job);
}

void
deed_write(struct job *job, const struct pg_stmt *stmt, struct pg_args *args)
{
	struct api *api = job->ask.api;
	struct job **link = &api->deeds_waiting;
	struct deed *deed;

	/* A further statement of the same job is part of its transaction. */
	if (job->deed != NULL) {
		deed_call(job, stmt, args);
		return;
	}
	/* The arguments are copied by value: the job may have to wait for its turn. */
	deed = xcalloc(1, sizeof *deed);
	deed->stmt = stmt;
	deed->args = *args;
	*args = (struct pg_args){0};
	if (job->ask.account != NULL) /* a key is an account's */
		key_read(&deed->key, job->ask.account->name, job->ask.exchange);
	job->deed = deed;
	while (*link != NULL)
		link = &(*link)->deed->next;
	*link = job;
	next_turn(api);
}
