/* SPDX-License-Identifier: MIT */
#include "server/base/clock.h"
#include "server/loop/loop.h"
#include "server/loop/loop_private.h"

/* How late callbacks run, which shows a loop that something blocks. A timer that should fire every
 * 100 ms measures it. Two windows are kept, so that the worst of the last ten seconds is never
 * forgotten too early. */

#define LAG_EVERY_MS 100
#define LAG_WINDOW_MS 10000

/* libevent's timers go by the kernel's coarse clock, whose tick is not counted as our lateness. */
#define LAG_TICK_MS 4

static void
on_lag_timer(void *ctx)
{
	struct loop *loop = ctx;
	int64_t now = clock_mono_ms();
	int64_t late = now - loop->lag_due_ms - LAG_TICK_MS;

	if (now >= loop->lag_window_ends_ms) {
		loop->lag_before_ms = loop->lag_worst_ms;
		loop->lag_worst_ms = 0;
		loop->lag_window_ends_ms = now + LAG_WINDOW_MS;
	}
	if (late > loop->lag_worst_ms)
		loop->lag_worst_ms = late;
	loop->lag_due_ms = now + LAG_EVERY_MS;
}

/* Before the loop runs, time passes that is not lateness. */
void
lag_forget(struct loop *loop)
{
	loop->lag_due_ms = clock_mono_ms() + LAG_EVERY_MS;
}

void
lag_start(struct loop *loop)
{
	lag_forget(loop);
	loop->lag_window_ends_ms = loop->lag_due_ms + LAG_WINDOW_MS;
	loop_every(loop, LAG_EVERY_MS, on_lag_timer, loop);
}

int64_t
loop_lag_ms(const struct loop *loop)
{
	return loop->lag_worst_ms > loop->lag_before_ms ? loop->lag_worst_ms : loop->lag_before_ms;
}
