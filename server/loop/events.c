/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "server/base/fatal.h"
#include "server/loop/loop.h"
#include "server/loop/loop_private.h"

/* Timers, signals and descriptors: libevent's events with handles that can be cancelled at any
 * time. */

static struct timeval
timeval_of(int64_t ms)
{
	return (struct timeval){.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
}

/* The callback may cancel the timer itself, so that nothing of it is read after the call. A timer
 * that fires once is freed before. */
static void
on_timer(evutil_socket_t fd, short what, void *ctx)
{
	struct loop_timer *timer = ctx;
	loop_fire_fn *fire = timer->fire;
	void *fire_ctx = timer->ctx;

	(void)fd;
	(void)what;
	if (timer->once)
		loop_timer_cancel(timer);
	fire(fire_ctx);
}

/* Signals are kept in the same list: loop_free() ends them all. */
static struct loop_timer *
new_timer(struct loop *loop, int signal, short what, loop_fire_fn *fire, void *ctx)
{
	struct loop_timer *timer = xcalloc(1, sizeof *timer);

	timer->fire = fire;
	timer->ctx = ctx;
	INVARIANT(event_assign(&timer->event, loop->base, signal, what, on_timer, timer) == 0);
	LIST_INSERT_HEAD(&loop->timers, timer, entry);
	return timer;
}

/* An instant that has passed fires in the next turn, never from within this call. */
struct loop_timer *
loop_after(struct loop *loop, int64_t ms, loop_fire_fn *fire, void *ctx)
{
	struct loop_timer *timer = new_timer(loop, -1, 0, fire, ctx);
	struct timeval wait = timeval_of(ms < 0 ? 0 : ms);

	timer->once = true;
	INVARIANT(event_add(&timer->event, &wait) == 0);
	return timer;
}

struct loop_timer *
loop_every(struct loop *loop, int64_t ms, loop_fire_fn *fire, void *ctx)
{
	struct loop_timer *timer = new_timer(loop, -1, EV_PERSIST, fire, ctx);
	struct timeval wait = timeval_of(ms);

	INVARIANT(ms > 0);
	INVARIANT(event_add(&timer->event, &wait) == 0);
	return timer;
}

/* May be called from within the timer's own callback: libevent has taken the event off its queue by
 * then. */
void
loop_timer_cancel(struct loop_timer *timer)
{
	if (timer == NULL)
		return;
	event_del(&timer->event);
	LIST_REMOVE(timer, entry);
	free(timer);
}

void
loop_on_signal(struct loop *loop, int signal, loop_fire_fn *fire, void *ctx)
{
	struct loop_timer *timer = new_timer(loop, signal, EV_SIGNAL | EV_PERSIST, fire, ctx);

	INVARIANT(event_add(&timer->event, NULL) == 0);
}

static void
on_ready(evutil_socket_t fd, short what, void *ctx)
{
	struct loop_watch *watch = ctx;

	(void)fd;
	watch->ready(
	    watch->ctx, ((what & EV_READ) ? LOOP_READ : 0) | ((what & EV_WRITE) ? LOOP_WRITE : 0));
}

/* With nothing to wait for the event is assigned and not added: a watch that rests keeps its
 * descriptor. */
static void
arm(struct loop_watch *watch, struct event_base *base, int fd, int what)
{
	short events = EV_PERSIST;

	if (what & LOOP_READ)
		events |= EV_READ;
	if (what & LOOP_WRITE)
		events |= EV_WRITE;
	INVARIANT(event_assign(&watch->event, base, fd, events, on_ready, watch) == 0);
	/* A descriptor that cannot be watched (a regular file, a closed one) is our own mistake. */
	if (what != 0 && event_add(&watch->event, NULL) != 0)
		fatal("could not watch descriptor %d", fd);
}

struct loop_watch *
loop_watch(struct loop *loop, int fd, int what, loop_ready_fn *ready, void *ctx)
{
	struct loop_watch *watch = xcalloc(1, sizeof *watch);

	watch->ready = ready;
	watch->ctx = ctx;
	arm(watch, loop->base, fd, what);
	LIST_INSERT_HEAD(&loop->watches, watch, entry);
	return watch;
}

void
loop_watch_set(struct loop_watch *watch, int what)
{
	struct event_base *base = event_get_base(&watch->event);
	int fd = event_get_fd(&watch->event);

	event_del(&watch->event);
	arm(watch, base, fd, what);
}

void
loop_watch_cancel(struct loop_watch *watch)
{
	if (watch == NULL)
		return;
	event_del(&watch->event);
	LIST_REMOVE(watch, entry);
	free(watch);
}
