/* SPDX-License-Identifier: MIT */
/*
 * server/redis/redis.h between a simulated process and the model of Redis. Calls travel as those of
 * fake_pg.c; a subscriber hears what is published while it is connected, in order, but for what the
 * channel loses or repeats.
 */
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "tests/simulation/host.h"
#include "tests/simulation/sim.h"
#include "tests/simulation/stream.h"

enum { CALL_LIMIT_MS = 2000 };

struct request {
	struct request *next, **before; /* all of the world */
	struct redis_call *call;        /* NULL: nobody waits */
	struct redis *redis;            /* NULL: the connection is gone */
	const struct loop *client;
	bool lost;
	struct loop_timer *answering;
	char **argv;
	size_t argc;
	struct redis_reply *reply;
};

struct redis_call {
	struct redis *redis;
	struct redis_call *next;
	redis_done_fn *done;
	void *ctx;
	struct loop_timer *limit;
	struct request *request;
};

struct message {
	struct redis *redis;
	struct message *next;
	char *channel, *payload;
	int64_t at;
};

struct redis {
	struct loop *loop;
	struct redis *next, **before;
	bool connected;
	struct redis_call *calls; /* in order; a reply comes for the first */
	struct loop_timer *attempt;
	redis_state_fn *state;
	void *state_ctx;
	const char *channel; /* NULL: no subscriber */
	bool heard;          /* the subscription is in force at the server */
	redis_message_fn *message;
	loop_fire_fn *subscribed, *lost;
	void *subscribed_ctx, *lost_ctx;
	struct message *messages; /* on their way, in order */
	int64_t last_at;          /* when the last of them arrives */
};

static struct redis *all;
static struct request *requests;

static int64_t
a_while(void)
{
	return sim_odds(60) ? sim_between(20000, 3000000) : sim_between(50, 5000);
}

/* ---------------------------------------------------------------------------------- connecting */

static void
on_late(void *ctx)
{
	struct redis *redis = ctx;

	redis->heard = redis->connected;
}

static void
on_attempt(void *ctx)
{
	struct redis *redis = ctx;

	redis->attempt = NULL;
	if (!stream_up()) {
		redis->attempt =
		    host_after_us(redis->loop, sim_between(50000, 1000000), on_attempt, redis);
		return;
	}
	redis->connected = true;
	if (redis->channel != NULL) {
		/* The fault: the confirmation comes before the subscription is in force. */
		if (sim_faulty("reads-before-subscribed"))
			host_after_us(redis->loop, 200000, on_late, redis);
		else
			redis->heard = true;
		redis->subscribed(redis->subscribed_ctx);
	}
	if (redis->state != NULL)
		redis->state(redis->state_ctx, true);
}

struct redis *
redis_open(struct loop *loop, const struct redis_options *options, const char **reason)
{
	struct redis *redis = xcalloc(1, sizeof *redis);

	(void)options;
	(void)reason;
	*redis = (struct redis){.loop = loop, .next = all, .before = &all};
	if (all != NULL)
		all->before = &redis->next;
	all = redis;
	redis->attempt = host_after_us(loop, a_while(), on_attempt, redis);
	return redis;
}

bool
redis_connected(const struct redis *redis)
{
	return redis->connected;
}

void
redis_on_state(struct redis *redis, redis_state_fn *state, void *ctx)
{
	redis->state = state;
	redis->state_ctx = ctx;
}

void
redis_subscribe(struct redis *redis, const char *channel, redis_message_fn *message,
    loop_fire_fn *subscribed, void *ctx)
{
	redis->channel = channel;
	redis->message = message;
	redis->subscribed = subscribed;
	redis->subscribed_ctx = ctx;
}

void
fake_redis_on_lost(struct redis *redis, loop_fire_fn *lost, void *ctx)
{
	redis->lost = lost;
	redis->lost_ctx = ctx;
}

/* -------------------------------------------------------------------------------------- calls */

static void
request_free(struct request *request)
{
	if (request->call != NULL)
		request->call->request = NULL;
	for (size_t i = 0; i < request->argc; i++)
		free(request->argv[i]);
	*request->before = request->next;
	if (request->next != NULL)
		request->next->before = request->before;
	free(request->argv);
	stream_reply_free(request->reply);
	free(request);
}

/* Nobody waits for its answer any more; the command may still take effect. */
static void
leave(struct request *request)
{
	if (request == NULL)
		return;
	request->call->request = NULL;
	request->call = NULL;
	request->redis = NULL;
	request->client = NULL;
	if (request->answering != NULL) {
		loop_timer_cancel(request->answering);
		request_free(request);
	}
}

static void
take_out(struct redis_call *call)
{
	struct redis_call **at = &call->redis->calls;

	while (*at != call)
		at = &(*at)->next;
	*at = call->next;
	loop_timer_cancel(call->limit);
	leave(call->request);
	free(call);
}

static void
answer(struct redis_call *call, enum status st, const struct redis_reply *reply)
{
	redis_done_fn *done = call->done;
	void *ctx = call->ctx;

	take_out(call);
	done(ctx, st, reply);
}

static void
on_answer(void *ctx)
{
	struct request *request = ctx;
	struct redis_call *call = request->call;
	struct redis_reply *reply = request->reply;

	request->reply = NULL;
	request_free(request);
	if (call != NULL)
		answer(call, STATUS_OK, reply);
	stream_reply_free(reply);
}

static void
on_server(void *ctx)
{
	struct request *request = ctx;

	if (request->lost || !stream_up()) {
		request_free(request);
		return;
	}
	request->reply = stream_run(request->client, request->argv, request->argc);
	if (request->call == NULL) {
		request_free(request);
		return;
	}
	request->answering = host_after_us(request->redis->loop, a_while(), on_answer, request);
}

static void
on_limit(void *ctx)
{
	struct redis_call *call = ctx;

	call->limit = NULL;
	answer(call, STATUS_AGAIN, NULL);
}

static char *
copy_of(struct slice text)
{
	char *copy = xmalloc(text.len + 1);

	if (text.len > 0)
		memcpy(copy, text.at, text.len);
	copy[text.len] = '\0';
	return copy;
}

static void
on_refused(void *ctx)
{
	struct redis_call *call = ctx;

	call->limit = NULL;
	answer(call, STATUS_AGAIN, NULL);
}

struct redis_call *
redis_call(
    struct redis *redis, const struct slice *argv, size_t argc, redis_done_fn *done, void *ctx)
{
	struct redis_call *call = xcalloc(1, sizeof *call), **at = &redis->calls;
	struct request *request;

	while (*at != NULL)
		at = &(*at)->next;
	*at = call;
	*call = (struct redis_call){.redis = redis, .done = done, .ctx = ctx};
	if (!redis->connected) {
		call->limit = loop_after(redis->loop, 0, on_refused, call);
		return call;
	}
	call->limit = loop_after(redis->loop, CALL_LIMIT_MS, on_limit, call);
	request = xcalloc(1, sizeof *request);
	*request = (struct request){.next = requests,
	    .before = &requests,
	    .call = call,
	    .redis = redis,
	    .client = redis->loop};
	if (request->next != NULL)
		request->next->before = &request->next;
	requests = request;
	request->argv = xcalloc(argc, sizeof *request->argv);
	request->argc = argc;
	for (size_t i = 0; i < argc; i++)
		request->argv[i] = copy_of(argv[i]);
	call->request = request;
	sim_after(a_while(), on_server, request);
	return call;
}

void
redis_call_cancel(struct redis_call *call)
{
	if (call != NULL)
		take_out(call);
}

/* ------------------------------------------------------------------------------------ messages */

static void
message_free(struct message *message)
{
	free(message->channel);
	free(message->payload);
	free(message);
}

static void
on_message(void *ctx)
{
	struct redis *redis = ctx;
	struct message *message = redis->messages;

	if (message == NULL) /* they went with the connection */
		return;
	redis->messages = message->next;
	redis->message(
	    redis->subscribed_ctx, slice_of(message->channel), slice_of(message->payload));
	message_free(message);
}

static void
send(struct redis *redis, const char *channel, const char *payload)
{
	struct message *message = xcalloc(1, sizeof *message), **at = &redis->messages;
	int64_t arrives = sim_now_us() + sim_between(50, 20000);

	while (*at != NULL)
		at = &(*at)->next;
	*at = message;
	if (arrives <= redis->last_at)
		arrives = redis->last_at + 1;
	redis->last_at = arrives;
	message->channel = xstrdup(channel);
	message->payload = xstrdup(payload);
	host_after_us(redis->loop, arrives - sim_now_us(), on_message, redis);
}

void
fake_redis_publish(const char *channel, const char *payload, bool flag)
{
	for (struct redis *redis = all; redis != NULL; redis = redis->next) {
		if (!redis->connected || !redis->heard || strcmp(redis->channel, channel) != 0)
			continue;
		if (stream_loses()) {
			sim_note("a message to %s is lost", host_name(redis->loop));
			if (flag && redis->lost != NULL)
				redis->lost(redis->lost_ctx);
			continue;
		}
		send(redis, channel, payload);
		if (stream_repeats())
			send(redis, channel, payload);
	}
}

/* ----------------------------------------------------------------------------------- breaking */

static void
drop_messages(struct redis *redis)
{
	while (redis->messages != NULL) {
		struct message *message = redis->messages;

		redis->messages = message->next;
		message_free(message);
	}
}

static void
break_one(struct redis *redis, bool server_gone)
{
	redis->connected = redis->heard = false;
	drop_messages(redis);
	if (redis->lost != NULL)
		redis->lost(redis->lost_ctx);
	while (redis->calls != NULL && redis->calls->request != NULL) {
		if (redis->calls->request->answering == NULL)
			redis->calls->request->lost = server_gone || sim_odds(2);
		answer(redis->calls, STATUS_AGAIN, NULL);
	}
	if (redis->state != NULL)
		redis->state(redis->state_ctx, false);
	if (redis->attempt == NULL)
		redis->attempt =
		    host_after_us(redis->loop, sim_between(1000, 500000), on_attempt, redis);
}

void
fake_redis_break_all(void)
{
	for (struct redis *redis = all; redis != NULL; redis = redis->next)
		if (redis->connected)
			break_one(redis, true);
}

void
fake_redis_break_of(const struct loop *loop)
{
	for (struct redis *redis = all; redis != NULL; redis = redis->next)
		if (redis->connected && redis->loop == loop)
			break_one(redis, false);
}

void
redis_close(struct redis *redis)
{
	while (redis->calls != NULL)
		take_out(redis->calls);
	drop_messages(redis);
	loop_timer_cancel(redis->attempt);
	*redis->before = redis->next;
	if (redis->next != NULL)
		redis->next->before = redis->before;
	free(redis);
}

void
fake_redis_finish(void)
{
	while (requests != NULL)
		request_free(requests);
}
