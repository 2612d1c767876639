/* SPDX-License-Identifier: MIT */
#include "server/feeds/reader_call.h"

#include <stdlib.h>

#include "server/base/fatal.h"
#include "server/sealed/sealed_call.h"

enum {
	AT_ONCE = 4,
	/* Longer than the reader gives a child (10 s), so a slow child is seen to die. */
	CALL_MS = 15000,
};
#define ANSWER_MAX_BYTES ((size_t)64 << 20)

struct reader_calls {
	struct sealed_calls *sealed;
};

struct reader_call {
	struct sealed_call *call;
	struct reader_ask ask;
	reader_done_fn *done;
	void *ctx;
};

struct reader_calls *
reader_calls_new(struct loop *loop, const char *socket_path)
{
	struct reader_calls *calls = xcalloc(1, sizeof *calls);

	calls->sealed = sealed_calls_new(loop, &(struct sealed_options){
						   .socket_path = socket_path,
						   .at_once = AT_ONCE,
						   .limit_ms = CALL_MS,
						   .answer_max_bytes = ANSWER_MAX_BYTES,
					       });
	return calls;
}

void
reader_calls_free(struct reader_calls *calls)
{
	if (calls == NULL)
		return;
	sealed_calls_free(calls->sealed);
	free(calls);
}

/* Packed only when the call becomes active: a calendar has up to 10 MB, and many may wait. */
static void
pack(void *ctx, struct buf *request)
{
	const struct reader_call *call = ctx;

	reading_pack_request(request, call->ask.options, call->ask.body);
}

/* Checks the answer against the request. */
static enum status
judge(const struct reader_ask *ask, struct slice said, struct reading *reading)
{
	if (reading_unpack(said, ask->options, ask->arena, reading) != STATUS_OK)
		return STATUS_MALFORMED;
	/* The arena may grow to twice its limit before it ends the process, so that the limit can
	 * be reported as such. */
	return arena_over(ask->arena) ? STATUS_LIMIT : STATUS_OK;
}

static void
on_answer(void *ctx, enum status st, struct slice said)
{
	struct reader_call *call = ctx;
	struct reading *reading = arena_alloc(call->ask.arena, sizeof *reading);
	reader_done_fn *done = call->done;
	void *their = call->ctx;

	if (st == STATUS_OK)
		st = judge(&call->ask, said, reading);
	/* Before the answer is given, since its receiver may make the next call. */
	free(call);
	done(their, st, st == STATUS_OK ? reading : NULL);
}

struct reader_call *
reader_call(
    struct reader_calls *calls, const struct reader_ask *ask, reader_done_fn *done, void *ctx)
{
	struct reader_call *call = xcalloc(1, sizeof *call);

	call->ask = *ask;
	call->done = done;
	call->ctx = ctx;
	call->call = sealed_call(
	    calls->sealed, &(struct sealed_ask){.pack = pack, .done = on_answer, .ctx = call});
	return call;
}

void
reader_call_cancel(struct reader_call *call)
{
	if (call == NULL)
		return;
	sealed_call_cancel(call->call);
	free(call);
}
