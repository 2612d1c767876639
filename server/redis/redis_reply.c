/* SPDX-License-Identifier: MIT */
#include "server/base/fatal.h"
#include "server/redis/redis_private.h"

/* hiredis' replies as ours: the same text, borrowed, in plain structs. */

/* Recursion is bounded: hiredis refuses replies that are nested more deeply than it supports. */
static void
translate(struct arena *arena, const redisReply *from, struct redis_reply *to)
{
	struct redis_reply *items;

	switch (from->type) {
	case REDIS_REPLY_NIL:
		to->kind = REDIS_NIL;
		break;
	case REDIS_REPLY_INTEGER:
		to->kind = REDIS_INT;
		to->num = from->integer;
		break;
	case REDIS_REPLY_ARRAY:
		items = arena_array(arena, from->elements, sizeof *items);
		for (size_t i = 0; i < from->elements; i++)
			translate(arena, from->element[i], &items[i]);
		to->kind = REDIS_ARRAY;
		to->items = items;
		to->count = from->elements;
		break;
	default:
		to->kind = from->type == REDIS_REPLY_ERROR ? REDIS_ERROR : REDIS_TEXT;
		to->text = (struct slice){from->str, from->len};
	}
}

/* AUTH and PING: anything but an error will do. */
static void
greet(struct redis *redis, const struct redis_reply *reply)
{
	char why[256];

	if (reply->kind == REDIS_ERROR) {
		snprintf(why, sizeof why, "%.*s",
		    (int)(reply->text.len < 255 ? reply->text.len : 255), reply->text.at);
		redis_conn_lose(redis, "redis_connect_failed", why);
		return;
	}
	if (--redis->greetings == 0)
		redis_conn_greeted(redis);
}

/* The state alone decides what a reply belongs to, as the protocol has no ids. */
static void
deliver(struct redis *redis, const redisReply *from)
{
	struct arena *arena = arena_new(0);
	struct redis_reply reply = {0};

	translate(arena, from, &reply);
	if (redis->state == REDIS_GREETING)
		greet(redis, &reply);
	else if (redis->subscriptions_count > 0)
		redis_subscribe_message(redis, &reply);
	else
		redis_call_reply(redis, &reply);
	arena_free(arena);
}

/* A callback may close or lose the connection, which removes the reader: so that is checked again
 * before each reply. */
void
redis_reply_take(struct redis *redis)
{
	while (redis->reader != NULL) {
		void *reply = NULL;

		if (redisReaderGetReply(redis->reader, &reply) != REDIS_OK) {
			redis_conn_lose(
			    redis, "redis_connection_lost", "what it sent is not Redis' protocol");
			return;
		}
		if (reply == NULL) {
			if (redis->unanswered_bytes > REDIS_REPLY_MAX)
				redis_conn_lose(
				    redis, "redis_connection_lost", "a reply was too big");
			return;
		}
		redis->unanswered_bytes = 0;
		deliver(redis, reply);
		freeReplyObject(reply);
	}
}
