/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/backoff.h"
#include "server/flags/flags_redis.h"
#include "server/flags/publisher.h"
#include "server/pg/pg_clock.h"

/* What the files of the publisher share. For these only. */

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

/* publisher_lead.c: how a process comes to lead. */
void publisher_become(struct publisher *publisher, enum publisher_state state);
/* Asks both sides where they are, if both are connected. */
void publisher_seek(struct publisher *publisher);
void publisher_retry_in(struct publisher *publisher, int64_t ms);
/* Gives the lead up, so that a process with better connections may have it, and tries again later. */
void publisher_stand_down(struct publisher *publisher);

/* publisher.c: the work of the one that leads. It begins with what comes after ${told}. */
void publisher_read_next(struct publisher *publisher);
