/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/loop/loop.h"
#include "server/pg/pg.h"
#include "server/redis/redis.h"

/*
 * Behind the fakes of loop.h, pg.h and redis.h: what a simulated process is to them, and what the
 * faults do to it. A process is its loop; when it is killed, its product objects are freed, its
 * connections close, and what it had sent is on its way all the same.
 */

/* ${role}: "coverage", "flags", … for the notes. */
struct loop *host_loop_new(const char *role, unsigned number);
const char *host_name(const struct loop *loop);

/* Frozen: its timers and callbacks wait until it is thawed; the world goes on. */
void host_freeze(struct loop *loop, int64_t us);

/* When its last look at the outbox was answered from: what a heartbeat of it promises. */
void host_saw_outbox(const struct loop *loop, int64_t us);
int64_t host_outbox_seen(const struct loop *loop);

/* Runs ${fire} in the process ${loop}, after ${us} or when it is thawed. */
struct loop_timer *host_after_us(struct loop *loop, int64_t us, loop_fire_fn *fire, void *ctx);

/* ---------------------------------------------------------------------- connections to PostgreSQL
 */

/* Breaks every connection to ${node} (-1: to any); of one process; hints to whoever listens. */
void fake_pg_break_all(int node);
void fake_pg_break_of(const struct loop *loop);
void fake_pg_finish(void); /* what is still on its way at a world's end */
void fake_pg_notify(int node, const char *channel);

/* --------------------------------------------------------------------------- connections to Redis
 */

void fake_redis_break_all(void);
void fake_redis_finish(void);
void fake_redis_break_of(const struct loop *loop);

/* What is published goes to every subscriber; each may lose it or hear it twice. */
void fake_redis_publish(const char *channel, const char *payload, bool flag);

/* Told to the simulated subscriber when the channel has lost one of its messages. */
void fake_redis_on_lost(struct redis *redis, loop_fire_fn *lost, void *ctx);
