/* SPDX-License-Identifier: MIT */
#include "server/api/events/event_words.h"
#include "server/api/events/listener.h"

/* What a listener is sent. */

/* Spreads the reconnections of the thousands of listeners that lose a process at once. */
#define RETRY_MIN_MS 1000
#define RETRY_SPREAD_MS 4000

#define SECOND_US INT64_C(1000000)

static unsigned
retry_ms(const struct listeners *listeners)
{
	/* 617 has no factor in common with the spread, so all of its values are used. */
	return RETRY_MIN_MS + (unsigned)(listeners->stats.sent * 617 % RETRY_SPREAD_MS);
}

/* Sends the scratch buffer. It holds all that was left to send, so its last event may carry the
 * position up to which everything is sent. */
static void
send_out(struct listener *listener)
{
	struct listeners *listeners = listener->of;
	char position[EVENT_POSITION_MAX];

	event_ring_position(listeners->watch.ring, listeners->watch.shown_us, position);
	event_words_identify(&listeners->out, position);
	listeners->stats.sent++;
	web_stream_send(listener->stream, (struct slice){listeners->out.at, listeners->out.len});
}

static void
add_news(struct listener *listener, uint32_t *looked)
{
	struct listeners *listeners = listener->of;

	listener->heard = event_ring_hear(
	    listeners->watch.ring, &listener->ear, listener->heard, &listeners->out, looked);
}

static void
add_heartbeat(struct listeners *listeners, struct clock_reading reading)
{
	const struct snapshot_store *store = &listeners->options.api->store;

	event_words_heartbeat(&listeners->out,
	    &(struct event_age){
		.now = snapshot_store_now(store, reading),
		.as_of = snapshot_store_as_of(store, reading),
		.confidence = confidence_name(snapshot_store_confidence(store, reading)),
		.practice = store->current->setup->region->practice,
	    });
}

bool
listener_tell(struct listener *listener, uint32_t *looked)
{
	buf_reset(&listener->of->out);
	add_news(listener, looked);
	if (listener->of->out.len == 0)
		return false;
	send_out(listener);
	return true;
}

void
listener_beat(struct listener *listener, struct clock_reading reading)
{
	uint32_t looked = 0;

	buf_reset(&listener->of->out);
	add_news(listener, &looked);
	add_heartbeat(listener->of, reading);
	send_out(listener);
}

void
listener_greet(struct listener *listener, struct slice position, struct clock_reading reading)
{
	struct listeners *listeners = listener->of;
	struct event_watch *watch = &listeners->watch;
	uint32_t looked = 0;

	buf_reset(&listeners->out);
	buf_printf(&listeners->out, "retry: %u\n\n", retry_ms(listeners));
	add_heartbeat(listeners, reading);
	listener->heard = event_ring_end(watch->ring);
	if (position.at != NULL) {
		int64_t now = snapshot_store_now(&listeners->options.api->store, reading);

		if (!event_ring_resume(
			watch->ring, position, (now + 1) * SECOND_US, &listener->heard))
			buf_add_text(&listeners->out, EVENT_RESET);
	}
	add_news(listener, &looked);
	send_out(listener);
}

void
listener_dismiss(struct listener *listener)
{
	struct listeners *listeners = listener->of;

	buf_reset(&listeners->out);
	buf_printf(&listeners->out, "retry: %u\n\n", retry_ms(listeners));
	listeners->stats.sent++;
	web_stream_send(listener->stream, (struct slice){listeners->out.at, listeners->out.len});
}
