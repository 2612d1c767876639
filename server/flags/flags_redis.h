/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/flags/flag_id.h"
#include "server/pg/pg.h"
#include "server/redis/redis.h"

/*
 * The commands that the flags role sends to Redis. Publishing and the heartbeat are scripts, because each must read
 * the newest entry and act on it in one step: if the newest entry is not the one that the caller expects, nothing
 * is changed and the caller learns which one it is. So neither a Redis that has lost its data nor a second
 * publisher that is late can make a hole in the stream or change its order.
 */

#define FLAGS_BATCH 100

/* Asks for the newest entry. */
struct redis_call *flags_redis_top(struct redis *redis, redis_done_fn *done, void *ctx);

/* Its answer. False if that was none (an error, or not our stream). */
bool flags_redis_top_read(const struct redis_reply *reply, struct flag_id *top);

/*
 * Appends the rows of FLAGS_NEXT to the stream, and publishes those that never were, expecting
 * ${top} as the newest entry. A flag whose codes or payload cannot be sent is our bug: fatal.
 */
struct redis_call *flags_redis_publish(struct redis *redis, struct flag_id top,
    const struct pg_rows *rows, redis_done_fn *done, void *ctx);

/* A heartbeat: it expects ${top} as the newest entry of the stream, and says at ${now} that ${head}
 * is the newest flag. */
struct flags_beat {
	struct flag_id top, head;
	int64_t now;
};
struct redis_call *flags_redis_beat(
    struct redis *redis, struct flags_beat beat, redis_done_fn *done, void *ctx);

/*
 * The newest flag of the canary, which goes a way of its own: "TURN MICROSECONDS PAYLOAD", into a stream and to a channel
 * that have the name FLAGS_CANARY. No subscriber may read either.
 */
#define FLAGS_CANARY "crisiscover:canary"
#define FLAGS_CANARY_LATE_US INT64_C(5000000)
struct flags_canary {
	int64_t turn, turned_us; /* when its rota changed, by the database's clock */
	char payload[2049];
};
struct redis_call *flags_redis_canary(
    struct redis *redis, const struct flags_canary *canary, redis_done_fn *done, void *ctx);
/* Its answer: logged if it is an error. */
void flags_redis_canary_done(const struct redis_reply *reply);
/* What was published, as it comes to who listens. False: it is not one. */
bool flags_redis_canary_read(struct slice message, struct flags_canary *out);

/* The answer of either script. */
enum flags_redis_outcome {
	FLAGS_REDIS_DONE,
	FLAGS_REDIS_UNEXPECTED, /* the newest entry was another than the one expected: nothing was
				   done */
	FLAGS_REDIS_REFUSED,    /* it would not, after ${count} flags; logged */
};
struct flags_redis_done {
	size_t count;       /* flags that are in the stream now, from the first on */
	struct flag_id top; /* the newest entry now */
	enum flags_redis_outcome outcome;
};

/* False if the reply is an error or makes no sense; it is logged. */
bool flags_redis_done_read(const struct redis_reply *reply, struct flags_redis_done *done);
