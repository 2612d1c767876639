/* SPDX-License-Identifier: MIT */
#include <sodium.h>

#include "server/address/address_box.h"
#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/log.h"
#include "server/feeds/feeds_sql.h"
#include "server/feeds/fetch_private.h"
#include "server/feeds/notes.h"
#include "server/model/guard.h"

/* Nothing is wrong with the calendar or its server, so the sentence says whose part it is. */
#define NOT_OPENED                                                                                      \
	"Its address cannot be opened with this server's key. The server's administrator puts the key " \
	"file (setting address_open_key) back from its backup, or gives the address again."

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

static void
judge(struct fetch_job *job, enum status st, const struct web_got *got)
{
	char sentence[512];
	const char *fault;

	/* A 304 that nobody asked for proves nothing (RFC 9110 15.4.5), and is an error below. */
	if (st == STATUS_OK && got->status == 304 && job->asked_if_changed) {
		if (is_held(job))
			tell_still_held(job, false);
		else
			tell_good(job, false);
		return;
	}
	if (st != STATUS_OK || got->status != 200) {
		web_got_sentence(got, sentence, sizeof sentence);
		fetch_fail(job, sentence);
		return;
	}
	/* Sign-in pages and empty files come with status 200. They are refused before the reader
	 * sees them, so that the rota's last good calendar stays. */
	fault = guard_body(job->arena, got->body, got->type, false);
	if (fault != NULL) {
		fetch_fail(job, fault);
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

/* A roster may be in force instead of the address; what the address gives is a calendar. */
static void
mean_calendar(struct fetch_job *job)
{
	job->ask.options = rulebook_options(job->rulebook, job->arena,
	    rulebook_rota(job->rulebook, job->feed.rota), READING_ICALENDAR, feeds_now(job->env));
	job->ask.with = rulebook_read_with(job->rulebook, &job->ask.options);
}

/* The keys are read for each fetch and wiped after it: another pair is taken up at once, and they are
 * in memory no longer than they are used. */
static enum status
open_address(const struct fetch_job *job, char address[ADDRESS_MAX_BYTES + 1])
{
	struct address_open_keys keys;
	const char *path = job->env->address_open_path;
	enum status st = address_open_keys_read(path, &keys);
	const char *fault = address_key_fault(st);

	if (st == STATUS_OK) {
		st = address_open(&keys, job->feed.box, address);
		fault = "has no key that opens it";
	}
	sodium_memzero(&keys, sizeof keys);
	if (st != STATUS_OK)
		log_event(LOG_ERROR, "address_not_opened", LOG_STR("rota", job->feed.rota),
		    LOG_STR("path", path), LOG_STR("fault", fault));
	return st;
}

/* libcurl copies the address. */
static void
fetch(struct fetch_job *job, struct web_get *get)
{
	char address[ADDRESS_MAX_BYTES + 1];

	job->state = FETCH_FETCH;
	if (open_address(job, address) != STATUS_OK) {
		fetch_fail(job, NOT_OPENED);
		return;
	}
	get->url = address;
	job->fetch_began_ms = clock_mono_ms();
	job->fetch = web_fetch(job->env->web, get, on_fetched, job);
	sodium_memzero(address, sizeof address);
}

void
fetch_ask(struct fetch_job *job)
{
	const struct claimed *feed = &job->feed;
	struct web_get get = {
	    .accept = "text/calendar, text/plain;q=0.5, */*;q=0.1",
	};

	if (job->feed.is_roster)
		mean_calendar(job);
	/* "Not modified" says something only while what was last seen is a proof. */
	job->asked_if_changed = !feed->whole_due && fetch_is_current(job, feed->seen_with) &&
				(feed->etag != NULL || feed->last_modified != NULL);
	if (job->asked_if_changed) {
		get.etag = feed->etag;
		get.last_modified = feed->last_modified;
	}
	fetch(job, &get);
}
