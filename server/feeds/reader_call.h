/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"
#include "server/base/arena.h"
#include "server/base/status.h"
#include "server/base/text.h"
#include "server/loop/loop.h"

/*
 * Has one body read by the reader (sealed/sealed_call.h), and checks every byte of the answer: the author of the
 * body may have taken over the process that made it. It follows the six rules of loop.h. As many calls are
 * active as the reader has children; the others wait in order, and their time limit starts when they begin.
 */
struct reader_calls;
struct reader_call;

/* ${socket_path} is copied. Free when no call is left. */
struct reader_calls *reader_calls_new(struct loop *loop, const char *socket_path);
void reader_calls_free(struct reader_calls *calls);

/*
 * ${reading} is in the arena that the call was given and is NULL unless STATUS_OK.
 *   STATUS_OK         it was read; the calendar may still be one that the reading refuses
 *   STATUS_MALFORMED  the child that read it died, or its answer contradicts the request
 *   STATUS_LIMIT      the body or its reading exceeds the limits
 *   STATUS_AGAIN      the reader does not answer, or its child could not seal itself
 */
typedef void reader_done_fn(void *ctx, enum status st, const struct reading *reading);

/* The body to read, the rules for it, and the receiver of the reading. */
struct reader_ask {
	const struct reading_options *options;
	struct slice body;
	struct arena *arena;
};

/* ${ask}'s pointers are borrowed until the callback. */
struct reader_call *reader_call(
    struct reader_calls *calls, const struct reader_ask *ask, reader_done_fn *done, void *ctx);
void reader_call_cancel(struct reader_call *call);
