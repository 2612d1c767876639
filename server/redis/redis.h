/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/status.h"
#include "server/base/text.h"
#include "server/loop/loop.h"

/*
 * One Redis connection on the loop. It follows the six rules of loop.h. It reconnects by itself, with back-off,
 * from a timer and never inside a callback. Limits for connecting and for commands are timers of its own
 * (hiredis 0.14.1 has none). Addresses are numeric or a unix socket, because its resolver blocks. Arguments
 * may contain any bytes.
 */
struct redis;
struct redis_call;

struct redis_options {
	const char *url; /* redis://127.0.0.1:6379, redis://:password@…, or unix:///path/redis.sock;
			    copied */
	const char *password; /* instead of the URL's; copied. NULL: the URL's */
	unsigned connect_ms;  /* 0: 2,000 */
	unsigned command_ms;  /* 0: 2,000 */
};

enum redis_kind { REDIS_NIL, REDIS_INT, REDIS_TEXT, REDIS_ARRAY, REDIS_ERROR };

/* A reply, borrowed as rule 6 says. */
struct redis_reply {
	enum redis_kind kind;
	int64_t num;
	struct slice text;               /* REDIS_TEXT and REDIS_ERROR */
	const struct redis_reply *items; /* REDIS_ARRAY */
	size_t count;
};

/* STATUS_OK with any reply, REDIS_ERROR included (the caller knows which errors it expects);
 * STATUS_AGAIN otherwise. */
typedef void redis_done_fn(void *ctx, enum status st, const struct redis_reply *reply);
typedef void redis_message_fn(void *ctx, struct slice channel, struct slice payload);
typedef void redis_state_fn(void *ctx, bool connected);

/* Begins to connect. NULL if the URL is not one of the forms above; ${reason}, if it is not NULL, then says why
 * (static memory). */
struct redis *redis_open(
    struct loop *loop, const struct redis_options *options, const char **reason);
/* Closes it; calls that are not answered are cancelled. */
void redis_close(struct redis *redis);
bool redis_connected(const struct redis *redis);
/* ${state} is called each time the connection is established or lost. */
void redis_on_state(struct redis *redis, redis_state_fn *state, void *ctx);

/* Sends a command; ${argv} is copied. While there is no connection it waits, within its limit. */
struct redis_call *redis_call(
    struct redis *redis, const struct slice *argv, size_t argc, redis_done_fn *done, void *ctx);
void redis_call_cancel(struct redis_call *call);

/* Subscribes to ${channel}, now and after each reconnection. ${subscribed} is called each time: messages that were
 * published without a connection are lost, so the caller must catch up. ${message} is called for each message.
 * Redis accepts no other calls on a connection that subscribes. */
void redis_subscribe(struct redis *redis, const char *channel, redis_message_fn *message,
    loop_fire_fn *subscribed, void *ctx);
