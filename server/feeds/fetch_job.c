/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/base/fatal.h"
#include "server/base/log.h"
#include "server/feeds/feeds_sql.h"
#include "server/feeds/fetch_private.h"

/*
 * First what is here already: if the stored body would be read with something else by now (another
 * set-up, another day), it is read again, for an upload that is all there is to do. Then the
 * address is asked, with the validators of what proved the shifts, if that is still a proof.
 *
 *   LOAD the stored body --> REREAD it --+
 *                                        v
 *   claimed -------------------------> FETCH --> good | still held | failed --> TELL --> done
 *                                        |
 *                                        +-----> READ what came, apply or hold it --> done
 *
 * An upload goes from REREAD to TELL, which puts the feed back. A job that loses the database or
 * its claim just ends: the claim runs out, and somebody comes again.
 */
/* A body of 10 MiB and the reading that a hostile one can make of it. */
#define JOB_MAX_BYTES ((size_t)256 << 20)

/* Whether ${slice} is what the calendar would be read with now. */
bool
fetch_is_current(const struct fetch_job *job, struct slice slice)
{
	return hash_is(slice, job->ask.with.hash, sizeof job->ask.with.hash);
}

void
fetch_mean(struct fetch_job *job, enum reading_kind kind)
{
	job->ask.options = rulebook_options(job->rulebook, job->arena,
	    rulebook_rota(job->rulebook, job->feed.rota), kind, feeds_now(job->env));
	job->ask.with = rulebook_read_with(job->rulebook, &job->ask.options);
}

/* ------------------------------------------------------------------------------------- the end */

static void
arena_destroy(void *arena)
{
	arena_free(arena);
}

static void
job_free(struct fetch_job *job)
{
	struct loop *loop = job->env->loop;

	pg_call_cancel(job->call);
	pg_call_cancel(job->clock);
	web_fetch_cancel(job->fetch);
	read_job_cancel(job->read);
	rulebook_unref(job->rulebook);
	/* The job itself is in it. */
	loop_free_later(loop, job->arena, arena_destroy);
}

void
fetch_finish(struct fetch_job *job)
{
	fetch_done_fn *done = job->done;
	void *ctx = job->ctx;

	job_free(job);
	done(ctx, job);
}

void
fetch_job_cancel(struct fetch_job *job)
{
	if (job != NULL)
		job_free(job);
}

static void
on_told(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct fetch_job *job = ctx;

	(void)st;
	(void)rows;
	INVARIANT(job->state == FETCH_TELL);
	job->call = NULL;
	fetch_finish(job);
}

void
fetch_tell(struct fetch_job *job, const struct pg_stmt *stmt, struct pg_args *args)
{
	job->state = FETCH_TELL;
	job->call = pg_call(job->env->pg, stmt, args, on_told, job);
}

/* ${seconds} below 0: not before somebody makes it due. */
void
fetch_release(struct fetch_job *job, int32_t seconds)
{
	struct pg_args args = claimed_args(&job->feed);

	if (seconds < 0)
		pg_null(&args);
	else
		pg_int4(&args, seconds);
	fetch_tell(job, &FEEDS_RELEASE, &args);
}

/* In a few seconds, since there was no reader for the body now. */
static void
read_later(struct fetch_job *job)
{
	log_event(LOG_WARN, "feed_read_later", LOG_STR("rota", job->feed.rota));
	fetch_release(job, LATER_SECONDS);
}

void
fetch_fail(struct fetch_job *job, const char *sentence)
{
	struct pg_args args = claimed_args(&job->feed);

	log_event(LOG_WARN, "feed_failing", LOG_STR("rota", job->feed.rota));
	pg_text(&args, sentence);
	if (job->state == FETCH_REREAD)
		pg_bytea(&args, job->ask.with.hash, sizeof job->ask.with.hash);
	else
		pg_bytea(&args, NULL, 0);
	pg_bool(&args, job->refused);
	if (job->unread)
		pg_bytea(&args, job->ask.with.hash, sizeof job->ask.with.hash);
	else
		pg_bytea(&args, NULL, 0);
	fetch_tell(job, &FEEDS_FAILED, &args);
}

void
fetch_start_reading(struct fetch_job *job, struct slice body, read_done_fn *done)
{
	job->ask.body = body;
	job->ask.stored = job->state == FETCH_REREAD;
	job->ask.fetched = job->state == FETCH_READ;
	job->ask.withheld = job->feed.rules != NULL && job->feed.rules[0] == '\0';
	job->ask.guarded =
	    job->feed.rules == NULL || strcmp(job->feed.rules, reading_digest()) != 0;
	/* Of a stored body there is what is kept of it, under the hash of what came. */
	if (job->ask.stored)
		memcpy(job->ask.hash, job->feed.body.at, sizeof job->ask.hash);
	else
		body_hash(body, job->ask.hash);
	job->read = read_job_start(job->env, job->arena, &job->ask,
	    (struct read_owner){.write = fetch_write_found, .done = done, .ctx = job});
}

void
fetch_after_reading(struct fetch_job *job, const struct read_end *end,
    void (*written)(struct fetch_job *, const struct read_end *),
    void (*failed)(struct fetch_job *, const char *sentence))
{
	job->read = NULL;
	switch (end->outcome) {
	case READ_WRITTEN:
		fetch_log_written(job, end);
		written(job, end);
		return;
	case READ_REFUSED:
	case READ_FAILED:
		job->unread = job->state == FETCH_READ;
		failed(job, end->sentence);
		return;
	case READ_LATER:
		read_later(job);
		return;
	case READ_LOST:
		fetch_finish(job);
		return;
	}
}

/* ----------------------------------------------------------------------------- the stored body */

static void
on_reread_noted(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct fetch_job *job = ctx;

	job->call = NULL;
	if (st == STATUS_OK &&
	    strcmp(pg_get_text(rows, 0, FEEDS_REREAD_FAILED_OUTCOME), "done") == 0)
		fetch_ask(job);
	else
		fetch_finish(job);
}

/* The address, if there is one, may have a body that can be read. */
static void
reread_failed(struct fetch_job *job, const char *sentence)
{
	struct pg_args args;

	if (!job->feed.is_fetched) {
		fetch_fail(job, sentence);
		return;
	}
	args = claimed_args(&job->feed);
	pg_bytea(&args, job->ask.with.hash, sizeof job->ask.with.hash);
	job->call = pg_call(job->env->pg, &FEEDS_REREAD_FAILED, &args, on_reread_noted, job);
}

/* Shifts that the reader's new rules would add wait for a person, as if the address had given
 * them. */
static void
note_withheld(struct fetch_job *job)
{
	job->feed.rules = "";
	if (job->feed.held_body.at == NULL)
		job->feed.held_body =
		    (struct slice){(const char *)job->ask.hash, sizeof job->ask.hash};
}

static void
reread_written(struct fetch_job *job, const struct read_end *end)
{
	if (end->found->withheld != NULL)
		note_withheld(job);
	/* The same body came from the address and proved the shifts: it still does. Of
	 * another one that is not known any more. */
	if (hash_is(job->feed.seen_body, job->ask.hash, sizeof job->ask.hash))
		job->feed.seen_with =
		    (struct slice){(const char *)job->ask.with.hash, sizeof job->ask.with.hash};
	if (job->feed.is_fetched && strcmp(end->answer, "done") == 0)
		fetch_ask(job);
	else
		fetch_finish(job);
}

static void
on_reread(void *ctx, const struct read_end *end)
{
	struct fetch_job *job = ctx;

	INVARIANT(job->state == FETCH_REREAD);
	fetch_after_reading(job, end, reread_written, reread_failed);
}

static void
on_loaded(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct fetch_job *job = ctx;
	struct slice body;

	INVARIANT(job->state == FETCH_LOAD);
	job->call = NULL;
	if (st != STATUS_OK) {
		fetch_finish(job);
		return;
	}
	INVARIANT(pg_rows_count(rows) == 1);
	job->state = FETCH_REREAD;
	body = claimed_copy_bytes(job->arena, rows, 0, FEEDS_BODY_BYTES);
	if (body.at == NULL)
		reread_failed(job, read_not_kept);
	else
		fetch_start_reading(job, body, on_reread);
}

static void
load(struct fetch_job *job)
{
	struct pg_args args = {0};

	job->state = FETCH_LOAD;
	pg_bytea(&args, job->feed.body.at, job->feed.body.len);
	job->call = pg_call(job->env->pg, &FEEDS_BODY, &args, on_loaded, job);
}

/* --------------------------------------------------------------------------------------- begin */

/* Of a calendar of absences only who is away is kept (calendars/kept.h): what else it says may mean something by now, and
 * only its address has it. */
static bool
must_be_whole(const struct fetch_job *job, const struct region_rota *rota)
{
	return rota->absences && job->feed.is_fetched && job->feed.body.at != NULL &&
	       hash_is(job->feed.seen_body, (const unsigned char *)job->feed.body.at,
		   job->feed.body.len);
}

static void
begin(struct fetch_job *job)
{
	const struct region_rota *rota = rulebook_rota(job->rulebook, job->feed.rota);

	/* Feeds follow the region in force, and the claim asked for ours. */
	if (rota == NULL) {
		log_event(LOG_ERROR, "feed_without_rota", LOG_STR("rota", job->feed.rota));
		fetch_release(job, STRANGER_SECONDS);
		return;
	}
	fetch_mean(job, job->feed.is_roster ? READING_CSV : READING_ICALENDAR);
	if (job->feed.body.at != NULL && !fetch_is_current(job, job->feed.read_with) &&
	    !must_be_whole(job, rota))
		load(job);
	else if (job->feed.is_fetched)
		fetch_ask(job);
	else
		fetch_release(job, -1);
}

struct fetch_job *
fetch_job_start(const struct feeds_env *env, const struct pg_rows *rows, size_t row,
    fetch_done_fn *done, void *ctx)
{
	struct arena *arena = arena_new(JOB_MAX_BYTES);
	struct fetch_job *job = arena_alloc(arena, sizeof *job);

	job->env = env;
	job->arena = arena;
	job->rulebook = rulebook_ref(env->rulebook);
	job->done = done;
	job->ctx = ctx;
	job->feed = claimed_copy(arena, rows, row);
	job->ask.rota = job->feed.rota;
	begin(job);
	return job;
}
