/* SPDX-License-Identifier: MIT */
/* server/loop/loop.h on simulated time. */
#include <stdio.h>
#include <stdlib.h>

#include "server/base/fatal.h"
#include "tests/simulation/host.h"
#include "tests/simulation/sim.h"

struct loop {
	char name[24];
	int64_t frozen_until;
	int64_t *
	    outbox_seen; /* allocated by itself, so that code that knows only the process can set it */
	struct loop_timer *timers;
};

struct loop_timer {
	struct loop *loop;
	struct loop_timer *next, **before;
	struct sim_event *event;
	int64_t every_us;
	loop_fire_fn *fire;
	void *ctx;
};

struct loop *
host_loop_new(const char *role, unsigned number)
{
	struct loop *loop = xcalloc(1, sizeof *loop);

	loop->outbox_seen = xcalloc(1, sizeof *loop->outbox_seen);
	snprintf(loop->name, sizeof loop->name, "%s%u", role, number);
	return loop;
}

const char *
host_name(const struct loop *loop)
{
	return loop->name;
}

void
host_freeze(struct loop *loop, int64_t us)
{
	loop->frozen_until = sim_now_us() + us;
}

void
host_saw_outbox(const struct loop *loop, int64_t us)
{
	*loop->outbox_seen = us;
}

int64_t
host_outbox_seen(const struct loop *loop)
{
	return *loop->outbox_seen;
}

static void
unlink_timer(struct loop_timer *timer)
{
	*timer->before = timer->next;
	if (timer->next != NULL)
		timer->next->before = timer->before;
	free(timer);
}

static void
on_time(void *ctx)
{
	struct loop_timer *timer = ctx;
	loop_fire_fn *fire = timer->fire;
	void *theirs = timer->ctx;

	timer->event = NULL;
	if (timer->loop->frozen_until > sim_now_us()) {
		timer->event = sim_after(timer->loop->frozen_until - sim_now_us(), on_time, timer);
		return;
	}
	if (timer->every_us > 0)
		timer->event = sim_after(timer->every_us, on_time, timer);
	else
		unlink_timer(timer);
	fire(theirs);
}

struct loop_timer *
host_after_us(struct loop *loop, int64_t us, loop_fire_fn *fire, void *ctx)
{
	struct loop_timer *timer = xcalloc(1, sizeof *timer);

	*timer = (struct loop_timer){
	    .loop = loop, .next = loop->timers, .before = &loop->timers, .fire = fire, .ctx = ctx};
	if (timer->next != NULL)
		timer->next->before = &timer->next;
	loop->timers = timer;
	timer->event = sim_after(us, on_time, timer);
	return timer;
}

struct loop_timer *
loop_after(struct loop *loop, int64_t ms, loop_fire_fn *fire, void *ctx)
{
	return host_after_us(loop, ms * 1000, fire, ctx);
}

struct loop_timer *
loop_every(struct loop *loop, int64_t ms, loop_fire_fn *fire, void *ctx)
{
	struct loop_timer *timer = host_after_us(loop, ms * 1000, fire, ctx);

	timer->every_us = ms * 1000;
	return timer;
}

void
loop_timer_cancel(struct loop_timer *timer)
{
	if (timer == NULL)
		return;
	sim_cancel(timer->event);
	unlink_timer(timer);
}

void
loop_soon(struct loop *loop, loop_fire_fn *fire, void *ctx)
{
	host_after_us(loop, 0, fire, ctx);
}

void
loop_free(struct loop *loop)
{
	while (loop->timers != NULL)
		loop_timer_cancel(loop->timers);
	free(loop->outbox_seen);
	free(loop);
}
