/* SPDX-License-Identifier: MIT */
#include "server/api/events/listeners.h"

#include <stdlib.h>
#include <string.h>

#include "server/api/events/listener.h"
#include "server/base/clock.h"
#include "server/base/fatal.h"

#define LOOK_EVERY_MS 1000
#define BEAT_EVERY_MS 15000
#define BEATS_A_TURN 3
#define BEAT_AGAIN_MS 1

/* What a turn of the walk may cost: an event that is looked at counts one, a check of the account
 * and a system call as many as they take longer. About 25 microseconds, which a lookup may wait for
 * at most: the loop looks for requests before each turn. */
#define TURN_WORK 300
#define CHECK_WORK 50
#define SEND_WORK 120

/* A walk past many listeners takes so long, so that they do not all work at once, either. Past few it
 * is over sooner. */
#define WALK_MS 600
#define WALK_LEAST_A_MS 4
#define WALK_REST_MS 10

static void walk_part(void *ctx);
static void on_beat(void *ctx);
static void on_look_timer(void *ctx);

struct listeners *
listeners_open(const struct listeners_options *options)
{
	struct listeners *listeners = xcalloc(1, sizeof *listeners);

	listeners->options = *options;
	event_watch_open(&listeners->watch);
	TAILQ_INIT(&listeners->list);
	listeners->accounts = tallies_new();
	listeners->addresses = tallies_new();
	listeners->accounts_version = -1;
	listeners->look_timer = loop_every(options->loop, LOOK_EVERY_MS, on_look_timer, listeners);
	return listeners;
}

/* ------------------------------------------------------------------------------ one of them */

/* The stream is dead or was closed. */
static void
drop(struct listener *listener)
{
	struct listeners *listeners = listener->of;

	if (listeners->walk == listener)
		listeners->walk = TAILQ_NEXT(listener, entry);
	TAILQ_REMOVE(&listeners->list, listener, entry);
	tallies_leave(listeners->accounts, listener->of_account);
	tallies_leave(listeners->addresses, listener->of_address);
	listeners->count--;
	event_ear_free(&listener->ear);
	free(listener->place);
	free(listener);
}

static void
on_closed(void *ctx)
{
	drop(ctx);
}

static void
hang_up(struct listener *listener)
{
	web_stream_close(listener->stream);
	drop(listener);
}

/* Each is told when to come back, so that the next process is not met by all of them at once. */
void
listeners_end(struct listeners *listeners)
{
	struct listener *listener;

	listeners->options.most = 0;
	while ((listener = TAILQ_FIRST(&listeners->list)) != NULL) {
		listener_dismiss(listener);
		hang_up(listener);
	}
}

void
listeners_close(struct listeners *listeners)
{
	if (listeners == NULL)
		return;
	loop_timer_cancel(listeners->walk_timer);
	loop_timer_cancel(listeners->beat_timer);
	loop_timer_cancel(listeners->look_timer);
	listeners_end(listeners);
	event_watch_close(&listeners->watch);
	tallies_free(listeners->accounts);
	tallies_free(listeners->addresses);
	buf_free(&listeners->out);
	free(listeners);
}

/* ------------------------------------------------------------------------------------- walks */

/* A walk checks of each listener whether it may stay and sends it its events, a part of the list in
 * each turn of the loop. */
static void
walk_from_first(struct listeners *listeners)
{
	listeners->walk = TAILQ_FIRST(&listeners->list);
	listeners->walk_began_ms = clock_mono_ms();
	listeners->walked = 0;
}

static void
walk_begin(struct listeners *listeners)
{
	if (listeners->walk != NULL) {
		listeners->walk_again = true;
		return;
	}
	walk_from_first(listeners);
	if (listeners->walk != NULL && listeners->walk_timer == NULL)
		listeners->walk_timer =
		    loop_after(listeners->options.loop, 0, walk_part, listeners);
}

/* Whether the walk is as far as it should be by now. */
static bool
walk_rests(const struct listeners *listeners)
{
	int64_t ms = clock_mono_ms() - listeners->walk_began_ms + 1;

	return listeners->walked >= ms * WALK_LEAST_A_MS &&
	       listeners->walked * WALK_MS >= ms * listeners->count;
}

static uint32_t
attend(struct listener *listener, struct clock_reading reading)
{
	uint32_t work = CHECK_WORK;

	if (!listener_may_stay(listener, reading)) {
		hang_up(listener);
		return work + SEND_WORK;
	}
	if (listener_tell(listener, &work))
		work += SEND_WORK;
	return work;
}

static void
walk_part(void *ctx)
{
	struct listeners *listeners = ctx;
	struct clock_reading reading = clock_read();
	uint32_t work = 0;

	listeners->walk_timer = NULL;
	while (listeners->walk != NULL && work < TURN_WORK) {
		struct listener *listener = listeners->walk;

		/* First, because attend() may free it. */
		listeners->walk = TAILQ_NEXT(listener, entry);
		listeners->walked++;
		work += attend(listener, reading);
	}
	if (listeners->walk == NULL && listeners->walk_again) {
		listeners->walk_again = false;
		walk_from_first(listeners);
	}
	if (listeners->walk != NULL)
		listeners->walk_timer = loop_after(listeners->options.loop,
		    walk_rests(listeners) ? WALK_REST_MS : 0, walk_part, listeners);
}

/* Also without listeners: one that reconnects here may have been at another process until now. */
void
listeners_look(struct listeners *listeners)
{
	const struct snapshot_store *store = &listeners->options.api->store;
	uint64_t before = event_ring_end(listeners->watch.ring);
	const struct snapshot_region *setup =
	    listeners->watch.seen == NULL ? NULL : listeners->watch.seen->setup;

	if (store->current == NULL)
		return;
	if (setup != store->current->setup ||
	    listeners->accounts_version != store->current->accounts->version)
		listeners->ears++;
	listeners->accounts_version = store->current->accounts->version;
	event_watch_look(&listeners->watch, store, clock_read());
	if (event_ring_end(listeners->watch.ring) != before)
		walk_begin(listeners);
}

static void
on_look_timer(void *ctx)
{
	struct listeners *listeners = ctx;

	listeners_look(listeners);
	walk_begin(listeners);
}

/* -------------------------------------------------------------------------------- heartbeats */

/* ${least_ms} and BEATS_A_TURN spread the heartbeats of listeners that connected together. */
static void
await_beat(struct listeners *listeners, int64_t least_ms)
{
	const struct listener *first = TAILQ_FIRST(&listeners->list);
	int64_t ms;

	if (first == NULL || listeners->beat_timer != NULL)
		return;
	ms = first->beat_ms - clock_mono_ms();
	listeners->beat_timer =
	    loop_after(listeners->options.loop, ms > least_ms ? ms : least_ms, on_beat, listeners);
}

static void
to_the_end(struct listener *listener, int64_t now_ms)
{
	struct listeners *listeners = listener->of;

	if (listeners->walk == listener)
		listeners->walk = TAILQ_NEXT(listener, entry);
	TAILQ_REMOVE(&listeners->list, listener, entry);
	listener->beat_ms = now_ms + BEAT_EVERY_MS;
	TAILQ_INSERT_TAIL(&listeners->list, listener, entry);
}

/* A walk that is under way misses a listener that is moved to the end before the walk has reached it.
 * That does no harm: it is checked and sent its events here. */
static void
on_beat(void *ctx)
{
	struct listeners *listeners = ctx;
	struct clock_reading reading = clock_read();
	int64_t now_ms = clock_mono_ms();
	struct listener *first;

	listeners->beat_timer = NULL;
	for (int i = 0; i < BEATS_A_TURN; i++) {
		first = TAILQ_FIRST(&listeners->list);
		if (first == NULL || first->beat_ms > now_ms)
			break;
		to_the_end(first, now_ms);
		if (listener_may_stay(first, reading))
			listener_beat(first, reading);
		else
			hang_up(first);
	}
	await_beat(listeners, BEAT_AGAIN_MS);
}

/* ----------------------------------------------------------------------------------- opening */

static struct listener *
new_listener(struct listeners *listeners, struct ask *ask, uint32_t place)
{
	struct listener *listener = xcalloc(1, sizeof *listener);

	listener->of = listeners;
	listener->session = ask->session;
	if (ask->token != NULL)
		memcpy(listener->token, ask->token->id, sizeof listener->token);
	if (place != REGION_NONE)
		listener->place = xstrdup(ask->region->places[place].code);
	return listener;
}

static void
refuse(struct ask *ask, unsigned status, const char *detail)
{
	problem_reply_with(
	    ask->exchange, status, detail, &(struct problem_more){.extra = "Retry-After: 30\r\n"});
}

/* Takes the listener's place among those of its account and address. False: answered. */
static bool
count_in(struct listeners *listeners, struct listener *listener, struct ask *ask)
{
	const struct listeners_options *options = &listeners->options;
	struct slice address = slice_of(web_client(ask->exchange));
	const char *from = arena_strndup(ask->arena, address.at, address.len);
	/* The loopback is a proxy in front, and so everybody; any other address leaves room for others. */
	unsigned of_address = ask_is_loopback(address) ? options->most : (options->most + 1) / 2;

	if (listeners->count >= options->most) {
		refuse(
		    ask, 503, "There are too many listeners. Ask again from time to time instead.");
		return false;
	}
	listener->of_account =
	    tallies_enter(listeners->accounts, ask->account->name, options->per_account);
	if (listener->of_account == NULL) {
		refuse(ask, 429,
		    "This account has too many listeners: close some of its pages, or ask again from time to time instead.");
		return false;
	}
	listener->of_address = tallies_enter(listeners->addresses, from, of_address);
	if (listener->of_address == NULL) {
		tallies_leave(listeners->accounts, listener->of_account);
		refuse(ask, 429,
		    "This address has too many listeners. Ask again from time to time instead.");
		return false;
	}
	return true;
}

void
listeners_add(struct listeners *listeners, struct ask *ask, uint32_t place, struct slice position)
{
	struct listener *listener = new_listener(listeners, ask, place);
	/* Copied, because it is in the request, which is freed when the stream begins. */
	struct slice after = position.at == NULL
				 ? position
				 : slice_of(arena_strndup(ask->arena, position.at, position.len));

	/* Makes events of what is shown already, so that they are before this listener's start: it
	 * has just asked for everything. */
	listeners_look(listeners);
	if (!count_in(listeners, listener, ask)) {
		free(listener->place);
		free(listener);
		return;
	}
	listeners->count++;
	listener->beat_ms = clock_mono_ms() + BEAT_EVERY_MS;
	TAILQ_INSERT_TAIL(&listeners->list, listener, entry);
	event_ear_set(&listener->ear, ask->region, ask->account, place);
	listener->ear_of = listeners->ears;
	listener->stream = web_stream_open(ask->exchange, "text/event-stream", on_closed, listener);
	listener_greet(listener, after, ask->reading);
	await_beat(listeners, BEAT_AGAIN_MS);
}

struct listeners_stats
listeners_stats(const struct listeners *listeners)
{
	struct listeners_stats stats = listeners->stats;

	stats.open = listeners->count;
	return stats;
}
