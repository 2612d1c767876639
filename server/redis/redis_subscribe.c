/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "server/base/fatal.h"
#include "server/redis/redis_private.h"

void
redis_subscribe(struct redis *redis, const char *channel, redis_message_fn *message,
    loop_fire_fn *subscribed, void *ctx)
{
	/* Commands and messages do not go together on one connection. */
	INVARIANT(TAILQ_EMPTY(&redis->waiting) && TAILQ_EMPTY(&redis->wire));
	redis->subscriptions = xrealloc(
	    redis->subscriptions, (redis->subscriptions_count + 1) * sizeof *redis->subscriptions);
	redis->subscriptions[redis->subscriptions_count++] = (struct redis_subscription){
	    .channel = xstrdup(channel), .message = message, .subscribed = subscribed, .ctx = ctx};
	redis_conn_kick(redis);
}

/* A new connection has no subscriptions, so that each is asked for again
 * (redis_subscribe_forget()). Messages that were published in between are lost; ${subscribed} is
 * called, and the subscriber reads elsewhere what it missed. */
void
redis_subscribe_send(struct redis *redis)
{
	for (unsigned i = 0; i < redis->subscriptions_count; i++) {
		struct redis_subscription *subscription = &redis->subscriptions[i];

		if (!subscription->asked)
			redis_socket_put(redis,
			    (struct slice[]){SLICE("SUBSCRIBE"), slice_of(subscription->channel)},
			    2);
		subscription->asked = true;
	}
}

void
redis_subscribe_forget(struct redis *redis)
{
	for (unsigned i = 0; i < redis->subscriptions_count; i++)
		redis->subscriptions[i].asked = false;
}

static const struct redis_subscription *
find(const struct redis *redis, struct slice channel)
{
	for (unsigned i = 0; i < redis->subscriptions_count; i++) {
		if (slice_is(channel, redis->subscriptions[i].channel))
			return &redis->subscriptions[i];
	}
	return NULL;
}

/* ["message", channel, payload], ["subscribe", channel, count], ["pong", ""]; an error: we may not. */
void
redis_subscribe_message(struct redis *redis, const struct redis_reply *reply)
{
	const struct redis_subscription *subscription;

	if (reply->kind != REDIS_ARRAY) {
		redis_conn_lose(redis, "redis_connection_lost", "it would not let us subscribe");
		return;
	}
	/* Something this program did not ask for is ignored. */
	if (reply->count != 3 || (subscription = find(redis, reply->items[1].text)) == NULL)
		return;
	if (slice_is(reply->items[0].text, "message"))
		subscription->message(
		    subscription->ctx, reply->items[1].text, reply->items[2].text);
	else if (slice_is(reply->items[0].text, "subscribe") && subscription->subscribed != NULL)
		subscription->subscribed(subscription->ctx);
}

void
redis_subscribe_free(struct redis *redis)
{
	for (unsigned i = 0; i < redis->subscriptions_count; i++)
		free(redis->subscriptions[i].channel);
	free(redis->subscriptions);
}
