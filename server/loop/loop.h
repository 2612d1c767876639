/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "server/base/status.h"

/*
 * One libevent base for each process. Everything asynchronous in the server keeps these six rules
 * (pg.h, redis.h, web/client.h):
 *
 *  1. Starting cannot fail; failure is an answer.
 *  2. The callback runs exactly once, never before the starting call has returned.
 *  3. Cancelling means the callback never runs. Cancelling NULL does nothing.
 *  4. Once the callback has begun, the handle is dead; its first act is to clear the field that
 *     held it.
 *  5. Every call has a time limit; the limit answers STATUS_AGAIN.
 *  6. The arguments of a callback are borrowed until it returns.
 */
struct loop;
struct event_base;

struct loop *loop_new(void);
void loop_free(struct loop *loop); /* runs what loop_free_later still holds */

/* Runs until loop_stop. */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/* For server/pg, server/redis and server/web only. */
struct event_base *loop_base(struct loop *loop);

/* A timer: fires once after ${ms}. The handle is dead when ${fire} begins. */
typedef void loop_fire_fn(void *ctx);
struct loop_timer;
struct loop_timer *loop_after(struct loop *loop, int64_t ms, loop_fire_fn *fire, void *ctx);
void loop_timer_cancel(struct loop_timer *timer);

/* Fires every ${ms} until cancelled, the first time after ${ms}. */
struct loop_timer *loop_every(struct loop *loop, int64_t ms, loop_fire_fn *fire, void *ctx);

/* A descriptor: ${ready} runs each time ${fd} is readable and/or writable until cancelled. The
 * descriptor stays the caller's. */
enum { LOOP_READ = 1, LOOP_WRITE = 2 };
typedef void loop_ready_fn(void *ctx, int what);
struct loop_watch;
struct loop_watch *loop_watch(struct loop *loop, int fd, int what, loop_ready_fn *ready, void *ctx);
void loop_watch_set(struct loop_watch *watch, int what); /* 0: sleep, keeping the handle */
void loop_watch_cancel(struct loop_watch *watch);

/* A signal as an ordinary event, for the life of the loop: ${fire} has no restrictions on what it
 * may do. */
void loop_on_signal(struct loop *loop, int signal, loop_fire_fn *fire, void *ctx);

/* Runs ${fire} in this turn of the loop, after the callback that asks; before any I/O of the next
 * turn. */
void loop_soon(struct loop *loop, loop_fire_fn *fire, void *ctx);

/* Frees ${memory} with ${destroy} at the end of the turn: nothing is freed inside a callback chain
 * that may still use it. */
void loop_free_later(struct loop *loop, void *memory, void (*destroy)(void *memory));

/* The longest that a turn was late recently (a timer that measures itself), milliseconds: the lag
 * metric.
 */
int64_t loop_lag_ms(const struct loop *loop);
