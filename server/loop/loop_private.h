/* SPDX-License-Identifier: MIT */
#pragma once

#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "server/loop/loop.h"

/* Shared by the files of this folder only. */

struct soon {
	loop_fire_fn *fire;
	void *ctx;
};

struct later {
	void *memory;
	void (*destroy)(void *memory);
};

/* A timer and a signal are the same thing to the loop: an event with a callback. */
struct loop_timer {
	struct event event;
	LIST_ENTRY(loop_timer) entry;
	loop_fire_fn *fire;
	void *ctx;
	bool once;
};

struct loop_watch {
	struct event event;
	LIST_ENTRY(loop_watch) entry;
	loop_ready_fn *ready;
	void *ctx;
};

LIST_HEAD(loop_timers, loop_timer);
LIST_HEAD(loop_watches, loop_watch);

struct loop {
	struct event_base *base;
	bool running, stopped;

	/* The end of a turn. */
	struct soon *soon;
	size_t soon_count, soon_capacity;
	struct later *later;
	size_t later_count, later_capacity;

	/* The events that libevent still holds when the loop is freed. */
	struct loop_timers timers;
	struct loop_watches watches;

	/* Lateness: this window's worst and the last one's. */
	int64_t lag_due_ms, lag_worst_ms, lag_before_ms, lag_window_ends_ms;
};

/* lag.c */
void lag_start(struct loop *loop);
void lag_forget(struct loop *loop); /* the time before a run is not late */
