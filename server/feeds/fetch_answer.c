/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/log.h"
#include "server/feeds/feeds_sql.h"
#include "server/feeds/fetch_private.h"
#include "server/feeds/notes.h"
#include "server/model/guard.h"

/* Judges what the address answered. */

static void
read_written(struct fetch_job *job, const struct read_end *end)
{
	(void)end;
	fetch_finish(job);
}

static void
on_read(void *ctx, const struct read_end *end)
{
	struct fetch_job *job = ctx;

	INVARIANT(job->state == FETCH_READ);
	fetch_after_reading(job, end, read_written, fetch_fail);
}

static void
tell_good(struct fetch_job *job, bool whole)
{
	struct pg_args args = claimed_args(&job->feed);

	fetch_add_good(job, job->feed.seen_body, whole, &args);
	fetch_tell(job, &FEEDS_GOOD, &args);
}

/* Whether what waits for a person is what the address gave last. */
static bool
is_held(const struct fetch_job *job)
{
	const struct claimed *feed = &job->feed;

	/* An upload may be held as well; a 304 is about the address only. */
	return feed->seen_body.at != NULL && feed->held_body.len == BODY_HASH_BYTES &&
	       hash_is(feed->seen_body, (const unsigned char *)feed->held_body.at, BODY_HASH_BYTES);
}

static void
tell_still_held(struct fetch_job *job, bool whole)
{
	struct pg_args args = claimed_args(&job->feed);

	pg_bytea(&args, job->feed.held_body.at, job->feed.held_body.len);
	pg_bool(&args, whole);
	fetch_tell(job, &FEEDS_STILL_HELD, &args);
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
		   fetch_is_current(job, job->feed.seen_with)) {
		tell_good(job, true);
	} else {
		job->state = FETCH_READ;
		/* Borrowed no longer than this turn. */
		body.at = arena_strndup(job->arena, body.at, body.len);
		fetch_start_reading(job, body, on_read);
	}
}

/* A server may call its answer anything. A validator that cannot be sent back counts as none. */
static const char *
validator(struct arena *arena, struct slice value)
{
	if (value.len == 0 || value.len > VALIDATOR_MAX || !text_utf8_valid(value.at, value.len))
		return NULL;
	return arena_strndup(arena, value.at, value.len);
}

void
fetch_unchanged(struct fetch_job *job, bool whole)
{
	if (is_held(job))
		tell_still_held(job, whole);
	else
		tell_good(job, whole);
}

/* The server wants somebody to sign in, or does not let us read it. NULL: it is another answer. */
static const char *
refusal(const struct fetch_job *job, const struct web_got *got)
{
	bool secret = job->feed.secret.at != NULL;

	if (got->status != 401 && got->status != 403)
		return NULL;
	if (secret && got->moved)
		return "Its server sent us on to another one, which wants a secret. The secret of this source is sent to no other server: give the address where the calendar is now, with its secret.";
	if (got->status == 401)
		return secret
			   ? "Its server does not accept the secret of this source (401). Give the right one (secret in the source): it is tried at once."
			   : "Its server wants a user and a password, or a token (401). Give them (secret in the source), or publish the calendar under an address that wants none.";
	return secret
		   ? "Its server knows the secret of this source and does not let its user read the calendar (403). Let that user read it there, or give another secret (secret in the source)."
		   : "Its server does not let us read the calendar (403): it may no longer be published. Publish it again, or give a user and a password, or a token (secret in the source).";
}

bool
fetch_judge_fault(struct fetch_job *job, enum status st, const struct web_got *got)
{
	unsigned wanted = job->feed.is_collection ? 207 : 200;
	const char *refused = st == STATUS_OK ? refusal(job, got) : NULL;
	char sentence[512];

	if (refused == NULL && st == STATUS_OK && got->status == wanted)
		return false;
	web_got_sentence(got, sentence, sizeof sentence);
	job->refused = refused != NULL;
	if (refused != NULL)
		fetch_fail(job, refused);
	else if (job->feed.is_collection && st == STATUS_OK)
		fetch_fail(job,
		    arena_printf(job->arena,
			"%s It is asked by CalDAV: the address must be that of one calendar, not that of an account or of a page.",
			sentence));
	else
		fetch_fail(job, sentence);
	return true;
}

/* Sign-in pages and empty files come with status 200. They are refused before the reader sees them,
 * so that the rota's last good calendar stays. */
static const char *
guard(struct fetch_job *job, const struct web_got *got)
{
	bool roster = !job->feed.is_collection && guard_is_roster(got->body);

	fetch_mean(job, roster ? READING_CSV : READING_ICALENDAR);
	return job->feed.is_collection ? guard_collection(job->arena, got->body, got->type)
				       : guard_body(job->arena, got->body, got->type, roster);
}

static void
judge(struct fetch_job *job, enum status st, const struct web_got *got)
{
	const char *fault;

	/* A 304 that nobody asked for proves nothing (RFC 9110 15.4.5), and is an error below. */
	if (st == STATUS_OK && got->status == 304 && job->asked_if_changed &&
	    !job->feed.is_collection) {
		fetch_unchanged(job, false);
		return;
	}
	if (fetch_judge_fault(job, st, got))
		return;
	fault = guard(job, got);
	if (fault != NULL) {
		fetch_fail(job, fault);
		return;
	}
	job->etag = job->feed.is_collection ? job->tag : validator(job->arena, got->etag);
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

/* Only flagged: a calendar is as good as its bytes, whatever its server thinks the time is. Noted
 * again when it differs by minutes from what was noted. */
static void
note_clock(struct fetch_job *job, const struct web_got *got)
{
	int64_t off = notes_clock_off(got->date, got->age, feeds_now(job->env));
	struct pg_args args;

	/* A Date in the year 9999 must fit the column. */
	if (llabs(off) > INT32_MAX)
		off = off > 0 ? INT32_MAX : -INT32_MAX;
	/* Each note is a row; a clock that drifts by seconds would write one at each fetch. */
	if ((off == 0) == (job->feed.clock_off == 0) &&
	    llabs(off - job->feed.clock_off) <= CLOCK_MOVES_SECONDS)
		return;
	args = claimed_args(&job->feed);
	pg_int4(&args, (int32_t)off);
	job->clock = pg_call(job->env->pg, &FEEDS_CLOCK, &args, on_clock_noted, job);
}

void
fetch_got(void *ctx, enum status st, const struct web_got *got)
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
