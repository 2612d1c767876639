/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/loop/loop.h"
#include "server/pg/pg.h"
#include "server/redis/redis.h"

/*
 * The simulated process as the fakes of loop.h, pg.h and redis.h know it, and the effect of faults
 * on it. A process is its loop: if it is killed, its objects are freed and its connections close;
 * what it had sent still arrives.
 */

/* ${role}: "coverage", "flags", … for notes. */
struct loop *host_loop_new(const char *role, unsigned number);
const char *host_name(const struct loop *loop);

/* Freezes the process: its timers and callbacks wait, while the world goes on. */
void host_freeze(struct loop *loop, int64_t us);

/* Notes the state of the outbox from which its last query was answered; a heartbeat promises this. */
void host_saw_outbox(const struct loop *loop, int64_t us);
int64_t host_outbox_seen(const struct loop *loop);

/* Runs ${fire} in the process ${loop} after ${us}, or later if it is frozen. */
struct loop_timer *host_after_us(struct loop *loop, int64_t us, loop_fire_fn *fire, void *ctx);

/* -------------------------------------------------------------------- connections to PostgreSQL */

/* Breaks every connection to ${node} (-1: to all nodes); breaks those of one process; sends a hint
 * to all listeners. */
void fake_pg_break_all(int node);
void fake_pg_break_of(const struct loop *loop);
void fake_pg_finish(void); /* drops what is still on its way when a world ends */
void fake_pg_notify(int node, const char *channel);

/* ------------------------------------------------------------------------- connections to Redis */

void fake_redis_break_all(void);
void fake_redis_finish(void);
void fake_redis_break_of(const struct loop *loop);

/* Publishes to every subscriber; each may lose the message or get it twice. */
void fake_redis_publish(const char *channel, const char *payload, bool flag);

/* ${lost} is called when the channel has lost a message to the simulated subscriber. */
void fake_redis_on_lost(struct redis *redis, loop_fire_fn *lost, void *ctx);
