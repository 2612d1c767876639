/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "server/base/status.h"
#include "server/base/text.h"
#include "server/loop/loop.h"

/*
 * The client of a zygote (zygote.h): a call connects to its socket, sends one request and receives one
 * answer. It follows the six rules of loop.h. At most ${at_once} calls are active, as many as the zygote
 * has children; the others wait here in order. The time limit of a call starts when it becomes active.
 */
struct sealed_calls;
struct sealed_call;

struct sealed_options {
	const char *socket_path;
	unsigned at_once;
	unsigned waiting_max; /* calls that may wait; 0: any number */
	/* Of an active call. Longer than the zygote's own limit, so that a child that takes too long
	 * is reported as killed and not as unreachable. */
	unsigned limit_ms;
	size_t answer_max_bytes;
	bool secret; /* bytes that are sent and received are wiped */
};

/* Copies ${options}, and the path in it. Fatal if the path is too long for a socket. Free only when no
 * call is left. */
struct sealed_calls *sealed_calls_new(struct loop *loop, const struct sealed_options *options);
void sealed_calls_free(struct sealed_calls *calls); /* NULL: nothing */

/* Appends the request to ${request}. Called when the call becomes active, which may be within
 * sealed_call(): a waiting call holds no copy of its request. */
typedef void sealed_pack_fn(void *ctx, struct buf *request);

/*
 * ${answer} is borrowed, and hostile until it is checked.
 *   STATUS_OK         it answered
 *   STATUS_MALFORMED  the child died, or its answer is not one
 *   STATUS_LIMIT      the request or the answer exceeds the limits of the sandbox
 *   STATUS_AGAIN      no connection, no answer within limit_ms, or the child could not seal itself
 */
typedef void sealed_done_fn(void *ctx, enum status st, struct slice answer);

struct sealed_ask {
	sealed_pack_fn *pack;
	sealed_done_fn *done;
	void *ctx; /* of both */
};

/* Starts a call, or queues it. ${ask} is copied; its ctx must live until done or cancelled. The call frees
 * itself just before it calls ${done}, after which its pointer is invalid. NULL if waiting_max calls wait
 * already. */
struct sealed_call *sealed_call(struct sealed_calls *calls, const struct sealed_ask *ask);

/* Frees ${call} without calling ${done}. NULL: does nothing. */
void sealed_call_cancel(struct sealed_call *call);
