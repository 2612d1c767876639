/* SPDX-License-Identifier: MIT */
#include "server/flags/publisher.h"

#include <stdio.h>
#include <stdlib.h>

#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/figures.h"
#include "server/base/log.h"
#include "server/flags/flags_redis.h"
#include "server/flags/flags_sql.h"
#include "server/flags/publisher_state.h"
#include "server/pg/pg_clock.h"

#define RETRY_LEAST_MS 100
#define RETRY_MOST_MS 2000

static void finish(struct publisher *publisher);

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
	publisher_seek(publisher);
}

static void
rest(struct publisher *publisher)
{
	backoff_reset(&publisher->backoff);
	figure_done();
	publisher_become(publisher, PUBLISHER_RESTING);
	if (publisher->more)
		publisher_read_next(publisher);
}

/* Whether Redis took what was sent. If it did not, the publisher has gone back to an earlier state. */
static bool
is_taken(struct publisher *publisher, enum status st, const struct redis_reply *reply,
    struct flags_redis_done *done)
{
	publisher->command = NULL;
	if (st != STATUS_OK || !flags_redis_done_read(reply, done) ||
	    done->outcome == FLAGS_REDIS_REFUSED) {
		publisher_stand_down(publisher);
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
	publisher_become(publisher, PUBLISHER_BEATING);
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
		publisher_stand_down(publisher);
		return;
	}
	publisher->unmarked = 0;
	/* Answers and messages that have come meanwhile are read first: a heartbeat vouches for a
	 * read of the outbox that has just ended. */
	if (publisher->batch_count > 0)
		publisher_read_next(publisher);
	else
		rest(publisher);
}

static void
mark(struct publisher *publisher)
{
	struct pg_args args = {0};

	pg_int8(&args, publisher->told.epoch);
	pg_int8(&args, publisher->told.seq);
	publisher_become(publisher, PUBLISHER_MARKING);
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
		publisher_read_next(publisher);
}

/* A Redis that refuses it (without the right, say) keeps no flag back: the canary is missed by who waits for it. */
static void
on_canary(void *ctx, enum status st, const struct redis_reply *reply)
{
	struct publisher *publisher = ctx;

	INVARIANT(publisher->state == PUBLISHER_CANARY);
	publisher->command = NULL;
	if (st != STATUS_OK) {
		publisher_stand_down(publisher);
		return;
	}
	flags_redis_canary_done(reply);
	publisher->canary_turn = publisher->canary.turn;
	finish(publisher);
}

static void
sing(struct publisher *publisher)
{
	publisher_become(publisher, PUBLISHER_CANARY);
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
		publisher_stand_down(publisher);
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
		publisher_become(publisher, PUBLISHER_PUBLISHING);
		publisher->command = flags_redis_publish(
		    publisher->redis, publisher->top, rows, on_published, publisher);
	} else {
		finish(publisher);
	}
}

void
publisher_read_next(struct publisher *publisher)
{
	struct pg_args args = {0};

	pg_int8(&args, publisher->told.epoch);
	pg_int8(&args, publisher->told.seq);
	pg_int4(&args, FLAGS_BATCH);
	publisher->more = false;
	publisher_become(publisher, PUBLISHER_READING);
	pg_clock_asked(&publisher->clock);
	publisher->call = pg_call(publisher->pg, &FLAGS_NEXT, &args, on_read, publisher);
}

void
publisher_look(struct publisher *publisher)
{
	publisher->more = true;
	if (publisher->state == PUBLISHER_RESTING)
		publisher_read_next(publisher);
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
			publisher_stand_down(publisher);
	} else if (publisher->state == PUBLISHER_AWAY) {
		loop_timer_cancel(publisher->retry); /* it waited for this */
		publisher->retry = NULL;
		publisher_retry_in(publisher, 0);
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
