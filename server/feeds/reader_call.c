/* SPDX-License-Identifier: MIT */
#include "server/feeds/reader_call.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "server/base/fatal.h"
#include "server/base/log.h"
#include "server/base/pack.h"
#include "server/base/sandbox.h"

/*
 * A call's state is where it is: in `waiting`, or in `active` with or without a connection.
 *
 *   WAITING -> CONNECTING -> TALKING -> answered
 *                 ^   |
 *                 +---+ nobody listens yet, or the backlog is full: once more in a moment
 */
enum {
	AT_ONCE = 4,
	CONNECT_AGAIN_MS = 100,
	/* Longer than the reader gives a child (10 s), so a slow child is seen to die. */
	CALL_MS = 15000,
	PIECE_BYTES = 65536,
};
#define ANSWER_MAX_BYTES ((size_t)64 << 20)

TAILQ_HEAD(call_list, reader_call);

struct reader_calls {
	struct loop *loop;
	struct sockaddr_un address;
	struct call_list waiting, active;
	unsigned nactive;
};

struct reader_call {
	TAILQ_ENTRY(reader_call) entry;
	struct reader_calls *calls;
	bool is_active;
	struct reader_ask ask;
	reader_done_fn *done;
	void *ctx;

	int fd; /* -1: none */
	struct loop_watch *watch;
	struct loop_timer *limit, *retry;
	struct buf out, in;
	size_t sent;
};

struct reader_calls *
reader_calls_new(struct loop *loop, const char *socket_path)
{
	struct reader_calls *calls = xcalloc(1, sizeof *calls);
	int len;

	calls->loop = loop;
	calls->address.sun_family = AF_UNIX;
	len = snprintf(calls->address.sun_path, sizeof calls->address.sun_path, "%s", socket_path);
	if (len < 0 || (size_t)len >= sizeof calls->address.sun_path)
		fatal("the reader's socket has too long a name: shorten state_directory");
	TAILQ_INIT(&calls->waiting);
	TAILQ_INIT(&calls->active);
	return calls;
}

void
reader_calls_free(struct reader_calls *calls)
{
	if (calls == NULL)
		return;
	INVARIANT(TAILQ_EMPTY(&calls->waiting) && TAILQ_EMPTY(&calls->active));
	free(calls);
}

/* ---------------------------------------------------------------------------------- the answer */

static void start_next(struct reader_calls *calls);

static void
hang_up(struct reader_call *call)
{
	loop_watch_cancel(call->watch);
	call->watch = NULL;
	if (call->fd >= 0)
		close(call->fd);
	call->fd = -1;
}

static void
call_free(struct reader_call *call)
{
	struct reader_calls *calls = call->calls;

	hang_up(call);
	loop_timer_cancel(call->limit);
	loop_timer_cancel(call->retry);
	TAILQ_REMOVE(call->is_active ? &calls->active : &calls->waiting, call, entry);
	if (call->is_active)
		calls->nactive--;
	buf_free(&call->out);
	buf_free(&call->in);
	free(call);
	start_next(calls);
}

static void
answer(struct reader_call *call, enum status st, const struct reading *reading)
{
	reader_done_fn *done = call->done;
	void *ctx = call->ctx;

	call_free(call);
	done(ctx, st, reading);
}

static enum status
judge(struct reader_call *call, struct reading *reading)
{
	struct unpack unpack = unpack_from(call->in.at, call->in.len);
	uint32_t verdict = unpack_u32(&unpack);
	struct slice said = unpack_bytes(&unpack);
	enum status st;

	if (!unpack_done(&unpack))
		return STATUS_MALFORMED;
	switch (verdict) {
	case SANDBOX_DONE:
		st = reading_unpack(said, call->ask.options, call->ask.arena, reading);
		if (st != STATUS_OK)
			return STATUS_MALFORMED;
		/* The arena goes to twice its limit before it ends the process, so that this can be
		 * told. */
		return arena_over(call->ask.arena) ? STATUS_LIMIT : STATUS_OK;
	case SANDBOX_TOO_BIG:
		return STATUS_LIMIT;
	case SANDBOX_DOOR:
		/* It read nothing, and will read nothing before somebody has looked. */
		log_plain(LOG_ERROR, "reader_not_sealed");
		return STATUS_AGAIN;
	default:
		return STATUS_MALFORMED;
	}
}

static void
answer_whole(struct reader_call *call)
{
	struct reading *reading = arena_alloc(call->ask.arena, sizeof *reading);
	enum status st = judge(call, reading);

	answer(call, st, st == STATUS_OK ? reading : NULL);
}

/* ------------------------------------------------------------------------------------- talking */

/* A child that stops listening has its reason; its answer will tell. */
static void
send_more(struct reader_call *call)
{
	ssize_t put = send(call->fd, call->out.at + call->sent, call->out.len - call->sent,
	    MSG_DONTWAIT | MSG_NOSIGNAL);

	if (put > 0)
		call->sent += (size_t)put;
	else if (put < 0 && errno != EINTR && errno != EAGAIN)
		call->sent = call->out.len;
	if (call->sent == call->out.len)
		loop_watch_set(call->watch, LOOP_READ);
}

/* Whether there is more to come. */
static bool
receive(struct reader_call *call)
{
	char piece[PIECE_BYTES];
	ssize_t got = recv(call->fd, piece, sizeof piece, MSG_DONTWAIT);

	if (got < 0)
		return errno == EINTR || errno == EAGAIN;
	buf_add(&call->in, piece, (size_t)got);
	/* Past the limit the rest is not waited for: judge() finds the answer cut, and so
	 * malformed. */
	return got > 0 && call->in.len <= SANDBOX_ANSWER_HEADER + ANSWER_MAX_BYTES;
}

static void
on_ready(void *ctx, int what)
{
	struct reader_call *call = ctx;

	if (what & LOOP_WRITE)
		send_more(call);
	if ((what & LOOP_READ) && !receive(call))
		answer_whole(call);
}

/* ---------------------------------------------------------------------------------- connecting */

static void connect_now(struct reader_call *call);

static void
on_retry(void *ctx)
{
	struct reader_call *call = ctx;

	call->retry = NULL;
	connect_now(call);
}

/* A unix socket connects at once or not at all. */
static void
connect_now(struct reader_call *call)
{
	const struct sockaddr_un *address = &call->calls->address;

	call->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (call->fd < 0)
		fatal("could not make a socket: %s", strerror(errno));
	if (connect(call->fd, (const struct sockaddr *)address, sizeof *address) != 0) {
		hang_up(call);
		call->retry = loop_after(call->calls->loop, CONNECT_AGAIN_MS, on_retry, call);
		return;
	}
	call->watch =
	    loop_watch(call->calls->loop, call->fd, LOOP_READ | LOOP_WRITE, on_ready, call);
}

static void
on_limit(void *ctx)
{
	struct reader_call *call = ctx;

	call->limit = NULL;
	answer(call, STATUS_AGAIN, NULL);
}

static void
start(struct reader_call *call)
{
	struct reader_calls *calls = call->calls;
	struct buf request = {0};

	TAILQ_REMOVE(&calls->waiting, call, entry);
	TAILQ_INSERT_TAIL(&calls->active, call, entry);
	call->is_active = true;
	calls->nactive++;
	reading_pack_request(&request, call->ask.options, call->ask.body);
	pack_bytes(&call->out, request.at, request.len);
	buf_free(&request);
	call->limit = loop_after(calls->loop, CALL_MS, on_limit, call);
	connect_now(call);
}

static void
start_next(struct reader_calls *calls)
{
	while (calls->nactive < AT_ONCE && !TAILQ_EMPTY(&calls->waiting))
		start(TAILQ_FIRST(&calls->waiting));
}

struct reader_call *
reader_call(
    struct reader_calls *calls, const struct reader_ask *ask, reader_done_fn *done, void *ctx)
{
	struct reader_call *call = xcalloc(1, sizeof *call);

	call->calls = calls;
	call->ask = *ask;
	call->done = done;
	call->ctx = ctx;
	call->fd = -1;
	TAILQ_INSERT_TAIL(&calls->waiting, call, entry);
	start_next(calls);
	return call;
}

void
reader_call_cancel(struct reader_call *call)
{
	if (call != NULL)
		call_free(call);
}
