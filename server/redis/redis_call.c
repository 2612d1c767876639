/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "server/base/fatal.h"
#include "server/redis/redis_private.h"

/* The queue: calls that wait to be sent, then those whose replies will come in the order they were
 * sent. */

static void
free_call(struct redis_call *call)
{
	loop_timer_cancel(call->timer);
	redisFreeCommand(call->bytes);
	free(call);
}

/* The call is freed before the callback, which may close the connection. */
static void
answer(struct redis_call *call, enum status st, const struct redis_reply *reply)
{
	redis_done_fn *done = call->done;
	void *ctx = call->ctx;

	free_call(call);
	if (done != NULL)
		done(ctx, st, reply);
}

/* Waiting still: it is answered and never sent. On the wire: the replies would be off by one from
 * then on, so the connection is closed, and whatever was on the wire is lost with it. */
static void
on_limit(void *ctx)
{
	struct redis_call *call = ctx;

	call->timer = NULL;
	if (call->bytes == NULL) {
		redis_conn_lose(call->redis, "redis_connection_lost", "no reply in time");
		return;
	}
	TAILQ_REMOVE(&call->redis->waiting, call, entry);
	answer(call, STATUS_AGAIN, NULL);
}

static struct redis_call *
enqueue(struct redis *redis, const struct slice *argv, size_t argc, redis_done_fn *done, void *ctx)
{
	struct redis_call *call = xcalloc(1, sizeof *call);

	call->bytes = redis_command_new(argv, argc, &call->len);
	call->redis = redis;
	call->done = done;
	call->ctx = ctx;
	TAILQ_INSERT_TAIL(&redis->waiting, call, entry);
	call->timer = loop_after(redis->loop, redis->command_ms, on_limit, call);
	redis_conn_kick(redis);
	return call;
}

/* Calls and subscriptions do not share a connection, since replies and messages could not be
 * distinguished by their order. */
struct redis_call *
redis_call(
    struct redis *redis, const struct slice *argv, size_t argc, redis_done_fn *done, void *ctx)
{
	INVARIANT(!redis->closed && argc > 0 && done != NULL);
	INVARIANT(redis->subscriptions_count == 0);
	return enqueue(redis, argv, argc, done, ctx);
}

void
redis_call_cancel(struct redis_call *call)
{
	if (call == NULL)
		return;
	INVARIANT(call->done != NULL);
	call->done = NULL;
	if (call->bytes == NULL)
		return; /* its reply will come and must be counted; its limit stays */
	TAILQ_REMOVE(&call->redis->waiting, call, entry);
	free_call(call);
}

/* Only so many calls are on the wire at once; the others wait, where a limit or a cancellation
 * costs no connection. */
void
redis_call_send(struct redis *redis)
{
	struct redis_call *call;

	while (
	    redis->wire_count < REDIS_WIRE_MAX && (call = TAILQ_FIRST(&redis->waiting)) != NULL) {
		TAILQ_REMOVE(&redis->waiting, call, entry);
		buf_add(&redis->out, call->bytes, call->len);
		redisFreeCommand(call->bytes);
		call->bytes = NULL;
		TAILQ_INSERT_TAIL(&redis->wire, call, entry);
		redis->wire_count++;
	}
}

void
redis_call_reply(struct redis *redis, const struct redis_reply *reply)
{
	struct redis_call *call = TAILQ_FIRST(&redis->wire);

	if (call == NULL) {
		redis_conn_lose(redis, "redis_connection_lost", "it sent a reply to nothing");
		return;
	}
	TAILQ_REMOVE(&redis->wire, call, entry);
	redis->wire_count--;
	answer(call, STATUS_OK, reply);
}

/* Calls on the wire may have been carried out or not; the caller gets STATUS_AGAIN and must be able
 * to do them twice. Calls that were not sent stay in the queue for the next connection. */
void
redis_call_lost(struct redis *redis)
{
	struct redis_calls lost = TAILQ_HEAD_INITIALIZER(lost);
	struct redis_call *call;

	/* Off the connection first: an answer may close it. */
	TAILQ_CONCAT(&lost, &redis->wire, entry);
	redis->wire_count = 0;
	while ((call = TAILQ_FIRST(&lost)) != NULL) {
		TAILQ_REMOVE(&lost, call, entry);
		/* An answer before this one closed the connection: the others' owners are not
		 * called any more. */
		if (redis->closed)
			call->done = NULL;
		answer(call, STATUS_AGAIN, NULL);
	}
}

static void
free_list(struct redis_calls *calls)
{
	struct redis_call *call;

	while ((call = TAILQ_FIRST(calls)) != NULL) {
		TAILQ_REMOVE(calls, call, entry);
		free_call(call);
	}
}

void
redis_call_free_all(struct redis *redis)
{
	free_list(&redis->waiting);
	free_list(&redis->wire);
}

void
redis_call_ping(struct redis *redis)
{
	/* Nobody waits for the answer; its time limit is what it is for. */
	enqueue(redis, &SLICE("PING"), 1, NULL, NULL);
}
