/* SPDX-License-Identifier: MIT */
#include "server/loop/loop.h"

#include <stdlib.h>

#include "server/base/fatal.h"
#include "server/base/pulse.h"
#include "server/loop/loop_private.h"

#define QUEUE_FIRST 16

/*
 * A turn is one pass of libevent (wait, then every callback that is due), then what was asked for
 * "soon", then the frees. libevent's own deferred callbacks would give no place for the frees, so
 * the turns are ours.
 */

/* Without locks, because a loop belongs to one thread. Without the environment, so that no variable
 * can choose another backend. */
static struct event_base *
new_base(void)
{
	struct event_config *config = event_config_new();
	struct event_base *base = NULL;

	if (config != NULL) {
		event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
		event_config_set_flag(config, EVENT_BASE_FLAG_IGNORE_ENV);
		base = event_base_new_with_config(config);
		event_config_free(config);
	}
	if (base == NULL)
		fatal("could not make an event loop");
	return base;
}

struct loop *
loop_new(void)
{
	struct loop *loop = xcalloc(1, sizeof *loop);

	loop->base = new_base();
	LIST_INIT(&loop->timers);
	LIST_INIT(&loop->watches);
	lag_start(loop);
	return loop;
}

/* Callbacks that soon callbacks ask for are still of this turn. The list may grow and move while it
 * is walked, so that it is read by index. */
static void
run_soon(struct loop *loop)
{
	for (size_t i = 0; i < loop->soon_count; i++)
		loop->soon[i].fire(loop->soon[i].ctx);
	loop->soon_count = 0;
}

static void
run_later(struct loop *loop)
{
	for (size_t i = 0; i < loop->later_count; i++)
		loop->later[i].destroy(loop->later[i].memory);
	loop->later_count = 0;
}

/* The timer of lag.c sees to ten turns a second, so that a pulse that stands still means a loop that does. A
 * destructor may ask for something soon, too. */
static void
end_turn(struct loop *loop)
{
	pulse_turn();
	do {
		run_soon(loop);
		run_later(loop);
	} while (loop->soon_count > 0);
}

/* Memory that is to be freed later is freed first: its destructors may still cancel timers and
 * watches. */
void
loop_free(struct loop *loop)
{
	struct loop_timer *timer;
	struct loop_watch *watch;

	if (loop == NULL)
		return;
	INVARIANT(!loop->running);
	run_later(loop);
	while ((timer = LIST_FIRST(&loop->timers)) != NULL)
		loop_timer_cancel(timer);
	while ((watch = LIST_FIRST(&loop->watches)) != NULL)
		loop_watch_cancel(watch);
	event_base_free(loop->base);
	free(loop->soon);
	free(loop->later);
	free(loop);
}

/* Callbacks that were asked for before the start come first. loop_stop() ends it after the current
 * turn. */
void
loop_run(struct loop *loop)
{
	INVARIANT(!loop->running);
	loop->running = true;
	lag_forget(loop);
	end_turn(loop);
	while (!loop->stopped) {
		if (event_base_loop(loop->base, EVLOOP_ONCE) < 0)
			fatal("the event loop failed");
		end_turn(loop);
	}
	/* What follows closes files and may write them. */
	pulse_long(PULSE_LONG_SECONDS);
	loop->stopped = false;
	loop->running = false;
}

void
loop_stop(struct loop *loop)
{
	loop->stopped = true;
}

struct event_base *
loop_base(struct loop *loop)
{
	return loop->base;
}

void
loop_soon(struct loop *loop, loop_fire_fn *fire, void *ctx)
{
	if (loop->soon_count == loop->soon_capacity) {
		loop->soon_capacity = loop->soon_capacity ? loop->soon_capacity * 2 : QUEUE_FIRST;
		loop->soon = xrealloc(loop->soon, loop->soon_capacity * sizeof *loop->soon);
	}
	loop->soon[loop->soon_count++] = (struct soon){fire, ctx};
}

void
loop_free_later(struct loop *loop, void *memory, void (*destroy)(void *memory))
{
	if (loop->later_count == loop->later_capacity) {
		loop->later_capacity =
		    loop->later_capacity ? loop->later_capacity * 2 : QUEUE_FIRST;
		loop->later = xrealloc(loop->later, loop->later_capacity * sizeof *loop->later);
	}
	loop->later[loop->later_count++] = (struct later){memory, destroy};
}
