/* SPDX-License-Identifier: MIT */
#include "server/flags/publisher.h"

#include <stdio.h>
#include <stdlib.h>

#include "server/base/backoff.h"
#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/figures.h"
#include "server/base/log.h"
#include "server/base/pulse.h"
#include "server/flags/flags_redis.h"
#include "server/flags/flags_sql.h"
#include "server/pg/pg_clock.h"

#define RETRY_LEAST_MS 100
#define RETRY_MOST_MS 2000
#define SEEK_MS 1000 /* how often one who does not lead asks whether he may */

/*
 *   AWAY -> TOP -> LEADING -> READING -> PUBLISHING -> READING … -> BEATING -> CANARY -> MARKING
 *     -> RESTING -> READING …
 *
 * Every failure leads back to AWAY, where everything begins again by asking both sides where they
 * are: on any error all local state is discarded. A stream whose newest entry is not the one we
 * left leads back to TOP, which finds out what is missing from it.
 */
enum publisher_state {
	PUBLISHER_AWAY, /* a connection is missing, or another process leads; the retry timer brings
			   TOP */
	PUBLISHER_TOP,  /* Redis is asked for its newest flag */
	PUBLISHER_LEADING,    /* the database is asked whether we may lead, and from where on */
	PUBLISHER_READING,    /* the next flags are read; none: BEATING, MARKING or RESTING */
	PUBLISHER_PUBLISHING, /* they are on their way into the stream; then READING or MARKING */
	PUBLISHER_MARKING,    /* the outbox gets the marks of what Redis has; then on as before */
	PUBLISHER_BEATING,    /* the heartbeat is on its way; then MARKING or RESTING */
	PUBLISHER_CANARY,     /* the canary's flag is; then as after the heartbeat */
	PUBLISHER_RESTING,    /* all is published; a hint or the beat brings READING */
};

struct publisher {
	struct loop *loop;
	struct pg *pg;
	struct pg_clock clock;
	struct redis *redis;
	enum publisher_state state;
	struct pg_call *call;
	struct redis_call *command;
	struct loop_timer *retry;
	struct backoff backoff;
	int64_t epoch;
	struct flag_id top;  /* the newest entry of the stream */
	struct flag_id told; /* every flag up to this one has gone through the stream */
	struct flag_id batch[FLAGS_BATCH]; /* what is being published */
	size_t batch_count;                /* 0: the last read found nothing */
	int64_t looked_at;                 /* when that was, by the database's clock */
	size_t unmarked;            /* so many are in the stream and the outbox does not know it */
	struct flags_canary canary; /* the newest that was read, */
	int64_t canary_turn;        /* and which one was published */
	bool leads;
	bool more; /* a hint came while we were busy */
	bool beat_due;
};

static void seek(struct publisher *publisher);
static void read_next(struct publisher *publisher);
static void finish(struct publisher *publisher);

static void
become(struct publisher *publisher, enum publisher_state state)
{
	publisher->state = state;
	pulse_work(state != PUBLISHER_AWAY && state != PUBLISHER_RESTING);
}

static void
on_retry(void *ctx)
{
	struct publisher *publisher = ctx;

	publisher->retry = NULL;
	seek(publisher);
}

static void
retry_in(struct publisher *publisher, int64_t ms)
{
	if (publisher->retry == NULL)
		publisher->retry = loop_after(publisher->loop, ms, on_retry, publisher);
}

static void
on_resigned(void *ctx, enum status st, const struct pg_rows *rows)
{
	/* If it failed, the session is gone, and its lock with it. */
	(void)ctx;
	(void)st;
	(void)rows;
}

/* Gives the lead up, so that a process with better connections may have it, and tries again later. */
static void
stand_down(struct publisher *publisher)
{
	if (publisher->leads)
		log_event(LOG_WARN, "flags_lead_given_up", LOG_INT("epoch", publisher->epoch));
	publisher->leads = false;
	pg_call_cancel(publisher->call);
	publisher->call = NULL;
	redis_call_cancel(publisher->command);
	publisher->command = NULL;
	if (publisher->state >= PUBLISHER_LEADING && pg_connected(publisher->pg))
		pg_call(publisher->pg, &FLAGS_RESIGN, NULL, on_resigned, publisher);
	become(publisher, PUBLISHER_AWAY);
	retry_in(publisher, backoff_next_ms(&publisher->backoff));
}

static void
on_lead(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct publisher *publisher = ctx;
	char after[FLAG_ID_MAX];

	INVARIANT(publisher->state == PUBLISHER_LEADING);
	publisher->call = NULL;
	if (st != STATUS_OK) {
		stand_down(publisher);
		return;
	}
	if (!pg_get_bool(rows, 0, FLAGS_LEAD_LEADS)) {
		publisher->leads = false;
		figure_done(); /* all that one who does not lead has to do */
		become(publisher, PUBLISHER_AWAY);
		retry_in(publisher, SEEK_MS);
		return;
	}
	publisher->epoch = pg_get_int(rows, 0, FLAGS_LEAD_EPOCH);
	publisher->told = (struct flag_id){
	    pg_get_int(rows, 0, FLAGS_LEAD_AFTER_EPOCH), pg_get_int(rows, 0, FLAGS_LEAD_AFTER_SEQ)};
	publisher->leads = true;
	publisher->unmarked = 0; /* unmarked flags are moved after ${told} and are read again */
	flag_id_print(publisher->told, after);
	log_event(LOG_INFO, "flags_lead_taken", LOG_INT("epoch", publisher->epoch),
	    LOG_STR("after", after));
	read_next(publisher);
}

static void
on_top(void *ctx, enum status st, const struct redis_reply *reply)
{
	struct publisher *publisher = ctx;
	struct pg_args args = {0};

	INVARIANT(publisher->state == PUBLISHER_TOP);
	publisher->command = NULL;
	if (st != STATUS_OK || !flags_redis_top_read(reply, &publisher->top)) {
		stand_down(publisher);
		return;
	}
	pg_int8(&args, publisher->top.epoch);
	pg_int8(&args, publisher->top.seq);
	become(publisher, PUBLISHER_LEADING);
	publisher->call = pg_call(publisher->pg, &FLAGS_LEAD, &args, on_lead, publisher);
}

static void
seek(struct publisher *publisher)
{
	if (!pg_connected(publisher->pg) || !redis_connected(publisher->redis))
		return; /* publisher_connections() comes back to it */
	become(publisher, PUBLISHER_TOP);
	publisher->command = flags_redis_top(publisher->redis, on_top, publisher);
}

/* Another process has written to the stream, or it has lost entries: find out its newest entry, and
 * fill it from there. */
static void
stream_changed(struct publisher *publisher, struct flag_id found)
{
	char expected[FLAG_ID_MAX], there[FLAG_ID_MAX];

	flag_id_print(publisher->top, expected);
	flag_id_print(found, there);
	log_event(LOG_WARN, "flags_stream_changed", LOG_STR("expected", expected),
	    LOG_STR("found", there));
	seek(publisher);
}

static void
rest(struct publisher *publisher)
{
	backoff_reset(&publisher->backoff);
	figure_done();
	become(publisher, PUBLISHER_RESTING);
	if (publisher->more)
		read_next(publisher);
}

/* Whether Redis took what was sent. If it did not, the publisher has gone back to an earlier state. */
static bool
is_taken(struct publisher *publisher, enum status st, const struct redis_reply *reply,
    struct flags_redis_done *done)
{
	publisher->command = NULL;
	if (st != STATUS_OK || !flags_redis_done_read(reply, done) ||
	    done->outcome == FLAGS_REDIS_REFUSED) {
		stand_down(publisher);
		return false;
	}
	if (done->outcome == FLAGS_REDIS_UNEXPECTED) {
		stream_changed(publisher, done->top);
		return false;
	}
	return true;
}

static void
on_beaten(void *ctx, enum status st, const struct redis_reply *reply)
{
	struct publisher *publisher = ctx;
	struct flags_redis_done done;

	INVARIANT(publisher->state == PUBLISHER_BEATING);
	if (!is_taken(publisher, st, reply, &done))
		return;
	publisher->beat_due = false;
	finish(publisher);
}

/* A new epoch shows in the head at once, though it may have no flag yet: subscribers learn that
 * a new numbering has begun. */
static void
beat(struct publisher *publisher)
{
	struct flags_beat beat = {publisher->top, publisher->top, publisher->looked_at};

	if (beat.head.epoch < publisher->epoch)
		beat.head = (struct flag_id){.epoch = publisher->epoch};
	become(publisher, PUBLISHER_BEATING);
	publisher->command = flags_redis_beat(publisher->redis, beat, on_beaten, publisher);
}

static void
on_marked(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct publisher *publisher = ctx;

	(void)rows;
	INVARIANT(publisher->state == PUBLISHER_MARKING);
	publisher->call = NULL;
	if (st != STATUS_OK) {
		stand_down(publisher);
		return;
	}
	publisher->unmarked = 0;
	/* Answers and messages that have come meanwhile are read first: a heartbeat vouches for a
	 * read of the outbox that has just ended. */
	if (publisher->batch_count > 0)
		read_next(publisher);
	else
		rest(publisher);
}

static void
mark(struct publisher *publisher)
{
	struct pg_args args = {0};

	pg_int8(&args, publisher->told.epoch);
	pg_int8(&args, publisher->told.seq);
	become(publisher, PUBLISHER_MARKING);
	publisher->call = pg_call(publisher->pg, &FLAGS_MARK, &args, on_marked, publisher);
}

static void
on_published(void *ctx, enum status st, const struct redis_reply *reply)
{
	struct publisher *publisher = ctx;
	struct flags_redis_done done;

	INVARIANT(publisher->state == PUBLISHER_PUBLISHING);
	/* Refused half-way: the entries that got in are there, and the newest one is asked for
	 * again. */
	if (!is_taken(publisher, st, reply, &done))
		return;
	INVARIANT(done.count == publisher->batch_count);
	publisher->top = done.top;
	publisher->told = publisher->batch[done.count - 1];
	publisher->unmarked += done.count;
	/* Marks usually wait until nothing is left to read. Flags that never stop coming would put
	 * them off without end, and flags without a mark are published again under new numbers
	 * after a failover. */
	if (publisher->unmarked >= FLAGS_BATCH)
		mark(publisher);
	else
		read_next(publisher);
}

/* A Redis that refuses it (without the right, say) keeps no flag back: the canary is missed by who waits for it. */
static void
on_canary(void *ctx, enum status st, const struct redis_reply *reply)
{
	struct publisher *publisher = ctx;

	INVARIANT(publisher->state == PUBLISHER_CANARY);
	publisher->command = NULL;
	if (st != STATUS_OK) {
		stand_down(publisher);
		return;
	}
	flags_redis_canary_done(reply);
	publisher->canary_turn = publisher->canary.turn;
	finish(publisher);
}

static void
sing(struct publisher *publisher)
{
	become(publisher, PUBLISHER_CANARY);
	publisher->command =
	    flags_redis_canary(publisher->redis, &publisher->canary, on_canary, publisher);
}

static void
read_canary(struct publisher *publisher, const struct pg_rows *rows)
{
	if (pg_is_null(rows, 0, FLAGS_NEXT_CANARY))
		return;
	publisher->canary.turn = pg_get_int(rows, 0, FLAGS_NEXT_CANARY_TURN);
	publisher->canary.turned_us = pg_get_time_us(rows, 0, FLAGS_NEXT_CANARY_TURNED);
	/* Nobody waits any more for one that is late. */
	if (publisher_now_us(publisher) - publisher->canary.turned_us > FLAGS_CANARY_LATE_US)
		publisher->canary_turn = publisher->canary.turn;
	snprintf(publisher->canary.payload, sizeof publisher->canary.payload, "%s",
	    pg_get_text(rows, 0, FLAGS_NEXT_CANARY));
}

/* The outbox was read to its end, and all of it is published. */
static void
finish(struct publisher *publisher)
{
	if (publisher->beat_due)
		beat(publisher);
	else if (publisher->canary.turn != publisher->canary_turn)
		sing(publisher);
	else if (publisher->unmarked > 0)
		mark(publisher);
	else
		rest(publisher);
}

static void
on_read(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct publisher *publisher = ctx;

	INVARIANT(publisher->state == PUBLISHER_READING);
	publisher->call = NULL;
	if (st != STATUS_OK) {
		stand_down(publisher);
		return;
	}
	pg_clock_answered(&publisher->clock, pg_get_time_us(rows, 0, FLAGS_NEXT_NOW));
	publisher->looked_at = pg_get_time(rows, 0, FLAGS_NEXT_NOW);
	read_canary(publisher, rows);
	publisher->batch_count = pg_is_null(rows, 0, FLAGS_NEXT_EPOCH) ? 0 : pg_rows_count(rows);
	for (size_t row = 0; row < publisher->batch_count; row++)
		publisher->batch[row] = (struct flag_id){
		    pg_get_int(rows, row, FLAGS_NEXT_EPOCH), pg_get_int(rows, row, FLAGS_NEXT_SEQ)};
	if (publisher->batch_count > 0) {
		become(publisher, PUBLISHER_PUBLISHING);
		publisher->command = flags_redis_publish(
		    publisher->redis, publisher->top, rows, on_published, publisher);
	} else {
		finish(publisher);
	}
}

static void
read_next(struct publisher *publisher)
{
	struct pg_args args = {0};

	pg_int8(&args, publisher->told.epoch);
	pg_int8(&args, publisher->told.seq);
	pg_int4(&args, FLAGS_BATCH);
	publisher->more = false;
	become(publisher, PUBLISHER_READING);
	pg_clock_asked(&publisher->clock);
	publisher->call = pg_call(publisher->pg, &FLAGS_NEXT, &args, on_read, publisher);
}

void
publisher_look(struct publisher *publisher)
{
	publisher->more = true;
	if (publisher->state == PUBLISHER_RESTING)
		read_next(publisher);
}

void
publisher_beat(struct publisher *publisher)
{
	publisher->beat_due = true;
	publisher_look(publisher);
}

void
publisher_connections(struct publisher *publisher)
{
	if (!pg_connected(publisher->pg) || !redis_connected(publisher->redis)) {
		if (publisher->state != PUBLISHER_AWAY)
			stand_down(publisher);
	} else if (publisher->state == PUBLISHER_AWAY) {
		loop_timer_cancel(publisher->retry); /* it waited for this */
		publisher->retry = NULL;
		retry_in(publisher, 0);
	}
}

int64_t
publisher_now_us(const struct publisher *publisher)
{
	const struct database_clock *clock = &publisher->clock.clock;

	return clock->known ? database_clock_now_us(clock, clock_read()) : 0;
}

struct publisher *
publisher_new(struct loop *loop, struct pg *pg, struct redis *redis)
{
	struct publisher *publisher = xcalloc(1, sizeof *publisher);

	publisher->loop = loop;
	publisher->pg = pg;
	pg_clock_open(&publisher->clock, pg, &FLAGS_ROLE_CLOCK);
	publisher->redis = redis;
	publisher->beat_due = true;
	backoff_init(&publisher->backoff, RETRY_LEAST_MS, RETRY_MOST_MS);
	publisher_connections(publisher);
	return publisher;
}

void
publisher_free(struct publisher *publisher)
{
	if (publisher == NULL)
		return;
	pg_call_cancel(publisher->call);
	pg_clock_close(&publisher->clock);
	redis_call_cancel(publisher->command);
	loop_timer_cancel(publisher->retry);
	free(publisher);
}
