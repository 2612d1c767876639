/* SPDX-License-Identifier: MIT */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/base/clock.h"
#include "server/loop/loop.h"

/* Runs a loop until something has happened; for tests of functions that answer later. */

#define PATIENCE_MS 120000

struct until {
	struct loop *loop;
	const int *fact;
	int64_t deadline;
};

static inline void
on_look(void *ctx)
{
	struct until *until = ctx;

	if (*until->fact || clock_mono_ms() > until->deadline)
		loop_stop(until->loop);
}

/* Runs ${loop} until ${fact} is not 0. The test fails if that takes longer than PATIENCE_MS. */
static inline void
run_until(struct loop *loop, const int *fact)
{
	struct until until = {
	    .loop = loop, .fact = fact, .deadline = clock_mono_ms() + PATIENCE_MS};
	struct loop_timer *timer = loop_every(loop, 1, on_look, &until);

	loop_run(loop);
	loop_timer_cancel(timer);
	if (!*fact)
		fail_msg("waited in vain");
}

/* Runs ${loop} for ${ms}. Use it only to show that something does not happen. */
static inline void
run_for(struct loop *loop, int64_t ms)
{
	static const int never = 0;
	struct until until = {.loop = loop, .fact = &never, .deadline = clock_mono_ms() + ms};
	struct loop_timer *timer = loop_every(loop, 1, on_look, &until);

	loop_run(loop);
	loop_timer_cancel(timer);
}
