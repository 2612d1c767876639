/* SPDX-License-Identifier: MIT */
#include "server/feeds/fetch_job.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/civil.h"
#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/instant.h"
#include "server/base/log.h"
#include "server/feeds/claimed.h"
#include "server/feeds/feeds_sql.h"
#include "server/feeds/notes.h"
#include "server/feeds/read_job.h"
#include "server/model/guard.h"

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
enum fetch_state { FETCH_LOAD, FETCH_REREAD, FETCH_FETCH, FETCH_READ, FETCH_TELL };

/* A body of 10 MiB and the reading that a hostile one can make of it. */
#define JOB_MAX_BYTES ((size_t)256 << 20)

enum { LATER_SECONDS = 10, STRANGER_SECONDS = 60, VALIDATOR_MAX = 1000, CLOCK_MOVES_SECONDS = 120 };

struct fetch_job {
	const struct feeds_env *env;
	struct arena *arena;
	struct rulebook *rulebook;
	fetch_done_fn *done;
	void *ctx;
	struct claimed feed;

	enum fetch_state state;
	struct pg_call *call;
	struct pg_call *clock; /* a note beside the story; answered before what follows it */
	struct web_fetch *fetch;
	struct read_job *read;
	struct read_ask ask;

	int64_t fetch_began_ms;
	bool asked_if_changed;
	bool held; /* what came was written as something that a person must decide about */
	const char *etag, *last_modified; /* of what came */
};

/* Whether ${slice} is what the calendar would be read with now. */
static bool
is_current(const struct fetch_job *job, struct slice slice)
{
	return hash_is(slice, job->ask.with.hash, sizeof job->ask.with.hash);
}

static void fetch(struct fetch_job *job);

/* ------------------------------------------------------------------------------------- the end */

static void
arena_destroy(void *arena)
{
	arena_free(arena);
}

static void
let_go(struct fetch_job *job)
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

static void
finish(struct fetch_job *job)
{
	fetch_done_fn *done = job->done;
	void *ctx = job->ctx;

	let_go(job);
	done(ctx, job);
}

void
fetch_job_cancel(struct fetch_job *job)
{
	if (job != NULL)
		let_go(job);
}

static void
on_told(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct fetch_job *job = ctx;

	(void)st;
	(void)rows;
	INVARIANT(job->state == FETCH_TELL);
	job->call = NULL;
	finish(job);
}

static void
tell(struct fetch_job *job, const struct pg_stmt *stmt, struct pg_args *args)
{
	job->state = FETCH_TELL;
	job->call = pg_call(job->env->pg, stmt, args, on_told, job);
}

/* ${seconds} below 0: not before somebody makes it due. */
static void
release(struct fetch_job *job, int32_t seconds)
{
	struct pg_args args = claimed_args(&job->feed);

	if (seconds < 0)
		pg_null(&args);
	else
		pg_int4(&args, seconds);
	tell(job, &FEEDS_RELEASE, &args);
}

static void
fail(struct fetch_job *job, const char *sentence)
{
	struct pg_args args = claimed_args(&job->feed);

	log_event(LOG_WARN, "feed_failing", LOG_STR("rota", job->feed.rota));
	pg_text(&args, sentence);
	if (job->state == FETCH_REREAD)
		pg_bytea(&args, job->ask.with.hash, sizeof job->ask.with.hash);
	else
		pg_bytea(&args, NULL, 0);
	tell(job, &FEEDS_FAILED, &args);
}

/* --------------------------------------------------------------------- reading, of either kind */

static void
add_reading(const struct fetch_job *job, const struct read_found *found, struct pg_args *args)
{
	const struct read_ask *ask = &job->ask;

	if (found->base == 0)
		pg_null(args);
	else
		pg_int8(args, found->base);
	pg_bytea(args, ask->hash, sizeof ask->hash);
	pg_bytea(args, ask->body.at, ask->body.len);
	pg_bytea(args, ask->with.hash, sizeof ask->with.hash);
	pg_text(args, found->document);
}

static const struct pg_stmt *
hold(const struct fetch_job *job, const struct read_found *found, const char *why,
    struct pg_args *args)
{
	add_reading(job, found, args);
	pg_text(args, why);
	pg_text(args, found->diff);
	read_job_add_merge(args, found->merge);
	return &FEEDS_HOLD;
}

static const struct pg_stmt *
apply(const struct fetch_job *job, const struct read_found *found, struct pg_args *args)
{
	add_reading(job, found, args);
	pg_bool(args, job->state == FETCH_READ);
	pg_text(args, job->etag);
	pg_text(args, job->last_modified);
	read_job_add_merge(args, found->merge);
	return &FEEDS_APPLY;
}

static void
add_good(const struct fetch_job *job, struct slice seen_body, bool whole, struct pg_args *args)
{
	pg_bytea(args, seen_body.at, seen_body.len);
	pg_bytea(args, job->ask.with.hash, sizeof job->ask.with.hash);
	pg_text(args, whole ? job->etag : job->feed.etag);
	pg_text(args, whole ? job->last_modified : job->feed.last_modified);
	pg_bool(args, whole);
}

/* What the address gives while an upload stands instead of it: nothing new, nothing else, or for a
 * person to choose. */
static const struct pg_stmt *
write_beside_upload(struct fetch_job *job, const struct read_found *found, struct pg_args *args)
{
	char day[CIVIL_DAY_MAX];

	if (found->merge->nsuperseded + found->merge->nadded == 0)
		return apply(job, found, args);
	if (found->says_as_before) {
		add_good(job, (struct slice){(const char *)job->ask.hash, sizeof job->ask.hash},
		    true, args);
		return &FEEDS_GOOD;
	}
	civil_day_text(found->uploaded_at / 86400, day);
	job->held = true;
	return hold(job, found,
	    arena_printf(job->arena,
		"A calendar that was uploaded here on %s stands instead of the address, which "
		"gives another one now. Confirm it to follow the address again, or discard it to "
		"keep what was uploaded.%s%s",
		day, found->why != NULL ? " " : "", found->why != NULL ? found->why : ""),
	    args);
}

static const struct pg_stmt *
write_found(void *ctx, const struct read_found *found, struct pg_args *args)
{
	struct fetch_job *job = ctx;
	bool fetched = job->state == FETCH_READ;

	*args = claimed_args(&job->feed);
	job->held = false;
	if (fetched && found->uploaded_at != INSTANT_NONE)
		return write_beside_upload(job, found, args);
	/* Bytes that were accepted once are not held again: only our own rules have changed. */
	job->held = fetched && !found->safe;
	return job->held ? hold(job, found, found->why, args) : apply(job, found, args);
}

static void
log_written(const struct fetch_job *job, const struct read_end *end)
{
	const struct merge *merge = end->found->merge;

	if (strcmp(end->answer, "gone") == 0)
		log_event(LOG_WARN, "feed_claim_lost", LOG_STR("rota", job->feed.rota));
	else if (job->held || strcmp(end->answer, "held") == 0)
		log_event(LOG_WARN, "feed_held", LOG_STR("rota", job->feed.rota));
	else
		log_event(LOG_INFO, "feed_applied", LOG_STR("rota", job->feed.rota),
		    LOG_INT("added", (int64_t)merge->nadded),
		    LOG_INT("superseded", (int64_t)merge->nsuperseded));
}

static void
start_reading(struct fetch_job *job, struct slice body, read_done_fn *done)
{
	job->ask.body = body;
	job->ask.stored = job->state == FETCH_REREAD;
	job->ask.fetched = job->state == FETCH_READ;
	job->ask.withheld = job->feed.rules != NULL && job->feed.rules[0] == '\0';
	job->ask.guarded =
	    job->feed.rules == NULL || strcmp(job->feed.rules, reading_digest()) != 0;
	body_hash(body, job->ask.hash);
	job->read = read_job_start(job->env, job->arena, &job->ask, write_found, done, job);
}

/* ----------------------------------------------------------------------------- the stored body */

static void
on_reread_noted(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct fetch_job *job = ctx;

	job->call = NULL;
	if (st == STATUS_OK &&
	    strcmp(pg_get_text(rows, 0, FEEDS_REREAD_FAILED_OUTCOME), "done") == 0)
		fetch(job);
	else
		finish(job);
}

/* The address, if there is one, may have a body that can be read. */
static void
reread_failed(struct fetch_job *job, const char *sentence)
{
	struct pg_args args;

	if (!job->feed.is_fetched) {
		fail(job, sentence);
		return;
	}
	args = claimed_args(&job->feed);
	pg_bytea(&args, job->ask.with.hash, sizeof job->ask.with.hash);
	job->call = pg_call(job->env->pg, &FEEDS_REREAD_FAILED, &args, on_reread_noted, job);
}

/* What the reader's rules would add waits for a person, as if the address had given it. */
static void
note_withheld(struct fetch_job *job)
{
	job->feed.rules = "";
	if (job->feed.held_body.at == NULL)
		job->feed.held_body =
		    (struct slice){(const char *)job->ask.hash, sizeof job->ask.hash};
}

static void
on_reread(void *ctx, const struct read_end *end)
{
	struct fetch_job *job = ctx;

	INVARIANT(job->state == FETCH_REREAD);
	job->read = NULL;
	switch (end->outcome) {
	case READ_WRITTEN:
		log_written(job, end);
		if (end->found->withheld != NULL)
			note_withheld(job);
		/* What came from the address and proved the shifts was that same body: it still
		 * does. Of another one that is not known any more. */
		if (hash_is(job->feed.seen_body, job->ask.hash, sizeof job->ask.hash))
			job->feed.seen_with = (struct slice){
			    (const char *)job->ask.with.hash, sizeof job->ask.with.hash};
		if (job->feed.is_fetched && strcmp(end->answer, "done") == 0)
			fetch(job);
		else
			finish(job);
		return;
	case READ_REFUSED:
	case READ_FAILED:
		reread_failed(job, end->sentence);
		return;
	case READ_LATER:
		log_event(LOG_WARN, "feed_read_later", LOG_STR("rota", job->feed.rota));
		release(job, LATER_SECONDS);
		return;
	case READ_LOST:
		finish(job);
		return;
	}
}

static void
on_loaded(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct fetch_job *job = ctx;

	INVARIANT(job->state == FETCH_LOAD);
	job->call = NULL;
	if (st != STATUS_OK) {
		finish(job);
		return;
	}
	INVARIANT(pg_rows_count(rows) == 1);
	job->state = FETCH_REREAD;
	start_reading(job, claimed_copy_bytes(job->arena, rows, 0, FEEDS_BODY_BYTES), on_reread);
}

static void
load(struct fetch_job *job)
{
	struct pg_args args = {0};

	job->state = FETCH_LOAD;
	pg_bytea(&args, job->feed.body.at, job->feed.body.len);
	job->call = pg_call(job->env->pg, &FEEDS_BODY, &args, on_loaded, job);
}

/* ---------------------------------------------------------------------------- what was fetched */

static void
on_read(void *ctx, const struct read_end *end)
{
	struct fetch_job *job = ctx;

	INVARIANT(job->state == FETCH_READ);
	job->read = NULL;
	switch (end->outcome) {
	case READ_WRITTEN:
		log_written(job, end);
		finish(job);
		return;
	case READ_REFUSED:
	case READ_FAILED:
		fail(job, end->sentence);
		return;
	case READ_LATER:
		log_event(LOG_WARN, "feed_read_later", LOG_STR("rota", job->feed.rota));
		release(job, LATER_SECONDS);
		return;
	case READ_LOST:
		finish(job);
		return;
	}
}

static void
tell_good(struct fetch_job *job, bool whole)
{
	struct pg_args args = claimed_args(&job->feed);

	add_good(job, job->feed.seen_body, whole, &args);
	tell(job, &FEEDS_GOOD, &args);
}

/* Whether what waits for a person is what the address gave last. */
static bool
is_held(const struct fetch_job *job)
{
	const struct claimed *feed = &job->feed;

	return feed->seen_body.at != NULL && feed->held_body.len == BODY_HASH_BYTES &&
	       hash_is(feed->seen_body, (const unsigned char *)feed->held_body.at, BODY_HASH_BYTES);
}

static void
tell_still_held(struct fetch_job *job, bool whole)
{
	struct pg_args args = claimed_args(&job->feed);

	pg_bytea(&args, job->feed.held_body.at, job->feed.held_body.len);
	pg_bool(&args, whole);
	tell(job, &FEEDS_STILL_HELD, &args);
}

static void
take_body(struct fetch_job *job, struct slice body)
{
	unsigned char hash[BODY_HASH_BYTES];

	body_hash(body, hash);
	/* First what is held: it may be the body in force, read again. */
	if (hash_is(job->feed.held_body, hash, sizeof hash)) {
		tell_still_held(job, true);
	} else if (hash_is(job->feed.seen_body, hash, sizeof hash) &&
		   is_current(job, job->feed.seen_with)) {
		tell_good(job, true);
	} else {
		job->state = FETCH_READ;
		/* Borrowed no longer than this turn. */
		body.at = arena_strndup(job->arena, body.at, body.len);
		start_reading(job, body, on_read);
	}
}

/* A server may call its answer anything. What cannot be sent back is none. */
static const char *
validator(struct arena *arena, struct slice value)
{
	if (value.len == 0 || value.len > VALIDATOR_MAX || !text_utf8_valid(value.at, value.len))
		return NULL;
	return arena_strndup(arena, value.at, value.len);
}

static void
judge(struct fetch_job *job, enum status st, const struct web_got *got)
{
	char sentence[512];
	const char *fault;

	if (st == STATUS_OK && got->status == 304 && job->asked_if_changed) {
		if (is_held(job))
			tell_still_held(job, false);
		else
			tell_good(job, false);
		return;
	}
	if (st != STATUS_OK || got->status != 200) {
		web_got_sentence(got, sentence, sizeof sentence);
		fail(job, sentence);
		return;
	}
	fault = guard_body(job->arena, got->body, got->type, false);
	if (fault != NULL) {
		fail(job, fault);
		return;
	}
	job->etag = validator(job->arena, got->etag);
	job->last_modified = validator(job->arena, got->last_modified);
	take_body(job, got->body);
}

static void
on_clock_noted(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct fetch_job *job = ctx;

	(void)st;
	(void)rows;
	job->clock = NULL;
}

/* Only flagged: a calendar is as good as its bytes, whatever its server thinks the time is. Told
 * again when it differs by minutes from what was told. */
static void
note_clock(struct fetch_job *job, const struct web_got *got)
{
	int64_t off = notes_clock_off(got->date, got->age, feeds_now(job->env));
	struct pg_args args;

	if (llabs(off) > INT32_MAX)
		off = off > 0 ? INT32_MAX : -INT32_MAX;
	if ((off == 0) == (job->feed.clock_off == 0) &&
	    llabs(off - job->feed.clock_off) <= CLOCK_MOVES_SECONDS)
		return;
	args = claimed_args(&job->feed);
	pg_int4(&args, (int32_t)off);
	job->clock = pg_call(job->env->pg, &FEEDS_CLOCK, &args, on_clock_noted, job);
}

static void
on_fetched(void *ctx, enum status st, const struct web_got *got)
{
	struct fetch_job *job = ctx;

	INVARIANT(job->state == FETCH_FETCH);
	job->fetch = NULL;
	log_event(LOG_INFO, "feed_fetched", LOG_STR("rota", job->feed.rota),
	    LOG_STR("outcome", status_name(st)), LOG_INT("fault", got->fault),
	    LOG_INT("status", got->status), LOG_INT("bytes", (int64_t)got->body.len),
	    LOG_INT("ms", clock_mono_ms() - job->fetch_began_ms));
	if (st == STATUS_OK)
		note_clock(job, got);
	judge(job, st, got);
}

/* A roster may stand instead of the address; what the address gives is a calendar. */
static void
mean_calendar(struct fetch_job *job)
{
	rulebook_options(job->rulebook, job->arena, rulebook_rota(job->rulebook, job->feed.rota),
	    READING_ICALENDAR, feeds_now(job->env), &job->ask.options);
	job->ask.with = rulebook_read_with(job->rulebook, &job->ask.options);
}

static void
fetch(struct fetch_job *job)
{
	const struct claimed *feed = &job->feed;
	struct web_get get = {
	    .url = feed->url,
	    .accept = "text/calendar, text/plain;q=0.5, */*;q=0.1",
	};

	job->state = FETCH_FETCH;
	if (job->feed.is_roster)
		mean_calendar(job);
	/* "Not modified" says something only while what was last seen is a proof. */
	job->asked_if_changed = !feed->whole_due && is_current(job, feed->seen_with) &&
				(feed->etag != NULL || feed->last_modified != NULL);
	if (job->asked_if_changed) {
		get.etag = feed->etag;
		get.last_modified = feed->last_modified;
	}
	job->fetch_began_ms = clock_mono_ms();
	job->fetch = web_fetch(job->env->web, &get, on_fetched, job);
}

/* --------------------------------------------------------------------------------------- begin */

static void
begin(struct fetch_job *job)
{
	const struct region_rota *rota = rulebook_rota(job->rulebook, job->feed.rota);

	/* Feeds follow the region in force, and the claim asked for ours. */
	if (rota == NULL) {
		log_event(LOG_ERROR, "feed_without_rota", LOG_STR("rota", job->feed.rota));
		release(job, STRANGER_SECONDS);
		return;
	}
	rulebook_options(job->rulebook, job->arena, rota,
	    job->feed.is_roster ? READING_CSV : READING_ICALENDAR, feeds_now(job->env),
	    &job->ask.options);
	job->ask.with = rulebook_read_with(job->rulebook, &job->ask.options);
	if (job->feed.body.at != NULL && !is_current(job, job->feed.read_with))
		load(job);
	else if (job->feed.is_fetched)
		fetch(job);
	else
		release(job, -1);
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
