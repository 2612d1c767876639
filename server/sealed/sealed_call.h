/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "server/base/status.h"
#include "server/base/text.h"
#include "server/loop/loop.h"

/*
 * One request to a zygote's child and its answer: connect to the socket, hand over, take. Keeps the
 * six rules of loop.h. A few calls are under way at once, as many as there are children; the others
 * wait here in order, and their time limit starts when they do.
 */
struct sealed_calls;
struct sealed_call;

struct sealed_options {
	const char *socket_path;
	unsigned at_once;
	unsigned waiting_max; /* calls that may wait; 0: any number */
	unsigned
	    limit_ms; /* longer than the zygote gives a child, so that a slow one is seen to die */
	size_t answer_max_bytes;
	bool secret; /* bytes that are sent and received are wiped */
};

/* ${options} is copied, with its path. Free when no call is left. */
struct sealed_calls *sealed_calls_new(struct loop *loop, const struct sealed_options *options);
void sealed_calls_free(struct sealed_calls *calls); /* NULL: nothing */

/* Appends the request, when its turn has come. */
typedef void sealed_pack_fn(void *ctx, struct buf *request);

/*
 * ${answer} is borrowed, and hostile until it is checked.
 *   STATUS_OK         it answered
 *   STATUS_MALFORMED  the child died, or what it said cannot be believed
 *   STATUS_LIMIT      the request or the answer is larger than anybody honest needs
 *   STATUS_AGAIN      it could not be reached, or could not shut its doors, or gave no sign
 */
typedef void sealed_done_fn(void *ctx, enum status st, struct slice answer);

struct sealed_ask {
	sealed_pack_fn *pack;
	sealed_done_fn *done;
	void *ctx; /* of both */
};

/* NULL: as many wait already as may. ${ask} is copied. */
struct sealed_call *sealed_call(struct sealed_calls *calls, const struct sealed_ask *ask);
void sealed_call_cancel(struct sealed_call *call); /* NULL: nothing */
