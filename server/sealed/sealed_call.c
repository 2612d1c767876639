/* SPDX-License-Identifier: MIT */
#include "server/sealed/sealed_call.h"

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
 * The state of a call is the list it is in, `waiting` or `active`, and whether it has a connection.
 *
 *   WAITING -> CONNECTING -> TALKING -> answered
 *                 ^   |
 *                 +---+ no process listens yet, or the backlog is full: again after 100 ms
 */
enum { CONNECT_AGAIN_MS = 100, PIECE_BYTES = 65536 };

TAILQ_HEAD(call_list, sealed_call);

struct sealed_calls {
	struct loop *loop;
	struct sealed_options options;
	struct sockaddr_un address;
	struct call_list waiting, active;
	unsigned nactive, nwaiting;
};

struct sealed_call {
	TAILQ_ENTRY(sealed_call) entry;
	struct sealed_calls *calls;
	bool is_active;
	struct sealed_ask ask;

	int fd; /* -1: none */
	struct loop_watch *watch;
	struct loop_timer *limit, *retry;
	struct buf out, in;
	size_t sent;
};

struct sealed_calls *
sealed_calls_new(struct loop *loop, const struct sealed_options *options)
{
	struct sealed_calls *calls = xcalloc(1, sizeof *calls);
	int len;

	calls->loop = loop;
	calls->options = *options;
	calls->address.sun_family = AF_UNIX;
	len = snprintf(
	    calls->address.sun_path, sizeof calls->address.sun_path, "%s", options->socket_path);
	if (len < 0 || (size_t)len >= sizeof calls->address.sun_path)
		fatal("a socket has too long a name: shorten state_directory");
	TAILQ_INIT(&calls->waiting);
	TAILQ_INIT(&calls->active);
	return calls;
}

void
sealed_calls_free(struct sealed_calls *calls)
{
	if (calls == NULL)
		return;
	INVARIANT(TAILQ_EMPTY(&calls->waiting) && TAILQ_EMPTY(&calls->active));
	free(calls);
}

/* A password must not stay in freed memory, where a core dump or a later bug could show it. */
static void
wipe(bool secret, struct buf *buf)
{
	if (secret && buf->at != NULL)
		explicit_bzero(buf->at, buf->capacity);
	buf_free(buf);
}

/* ---------------------------------------------------------------------------------- the answer */

static void start_next(struct sealed_calls *calls);

static void
hang_up(struct sealed_call *call)
{
	loop_watch_cancel(call->watch);
	call->watch = NULL;
	if (call->fd >= 0)
		close(call->fd);
	call->fd = -1;
}

static void
call_free(struct sealed_call *call)
{
	struct sealed_calls *calls = call->calls;

	hang_up(call);
	loop_timer_cancel(call->limit);
	loop_timer_cancel(call->retry);
	TAILQ_REMOVE(call->is_active ? &calls->active : &calls->waiting, call, entry);
	*(call->is_active ? &calls->nactive : &calls->nwaiting) -= 1;
	/* Both hold the secret: the request has the password, the answer its hash. */
	wipe(calls->options.secret, &call->out);
	wipe(calls->options.secret, &call->in);
	free(call);
	start_next(calls);
}

/* The call is freed first, since its owner may call again from ${done}, or free everything. The
 * bytes of the answer are kept until it returns. */
static void
answer(struct sealed_call *call, enum status st, struct slice said)
{
	bool secret = call->calls->options.secret;
	struct sealed_ask ask = call->ask;
	struct buf in = call->in;

	call->in = (struct buf){0};
	call_free(call);
	ask.done(ask.ctx, st, said);
	wipe(secret, &in);
}

static void
answer_whole(struct sealed_call *call)
{
	struct unpack unpack = unpack_from(call->in.at, call->in.len);
	uint32_t verdict = unpack_u32(&unpack);
	struct slice said = unpack_bytes(&unpack);
	enum status st = STATUS_MALFORMED;

	/* A child that was killed has written nothing or a part, which is malformed as a whole. */
	if (unpack_done(&unpack) && verdict == SANDBOX_DONE) {
		st = STATUS_OK;
	} else if (unpack_done(&unpack) && verdict == SANDBOX_TOO_BIG) {
		st = STATUS_LIMIT;
	} else if (unpack_done(&unpack) && verdict == SANDBOX_DOOR) {
		/* The child found a door of its sandbox open, so it read nothing. Every
		 * other child would do the same, until somebody repairs it. */
		log_plain(LOG_ERROR, "child_not_sealed");
		st = STATUS_AGAIN;
	}
	answer(call, st, st == STATUS_OK ? said : SLICE(""));
}

/* ------------------------------------------------------------------------------------- talking */

/* If the child closed its end before it had read everything, as it does with a request that is too big,
 * that is no failure yet: the rest is not sent, and its answer gives the reason. */
static void
send_more(struct sealed_call *call)
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

/* Whether more may come. The child closes the connection after its answer, so the end of the stream is the
 * end of the answer. */
static bool
receive(struct sealed_call *call)
{
	char piece[PIECE_BYTES];
	ssize_t got = recv(call->fd, piece, sizeof piece, MSG_DONTWAIT);

	if (got < 0)
		return errno == EINTR || errno == EAGAIN;
	buf_add(&call->in, piece, (size_t)got);
	/* Beyond the limit nothing more is read, so that a hijacked child cannot fill our memory.
	 * The answer is then cut short, and so malformed. */
	return got > 0 &&
	       call->in.len <= SANDBOX_ANSWER_HEADER + call->calls->options.answer_max_bytes;
}

static void
on_ready(void *ctx, int what)
{
	struct sealed_call *call = ctx;

	if (what & LOOP_WRITE)
		send_more(call);
	if ((what & LOOP_READ) && !receive(call))
		answer_whole(call);
}

/* ---------------------------------------------------------------------------------- connecting */

static void connect_now(struct sealed_call *call);

static void
on_retry(void *ctx)
{
	struct sealed_call *call = ctx;

	call->retry = NULL;
	connect_now(call);
}

/* A unix socket connects at once or not at all. It fails while the zygote starts or restarts, so
 * it is tried again until the call's own limit. */
static void
connect_now(struct sealed_call *call)
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
	struct sealed_call *call = ctx;

	call->limit = NULL;
	answer(call, STATUS_AGAIN, SLICE(""));
}

static void
start(struct sealed_call *call)
{
	struct sealed_calls *calls = call->calls;
	struct buf request = {0};

	TAILQ_REMOVE(&calls->waiting, call, entry);
	TAILQ_INSERT_TAIL(&calls->active, call, entry);
	/* The lists and counts are right before ${pack} runs, since it may start or cancel other
	 * calls. */
	call->is_active = true;
	calls->nwaiting--;
	calls->nactive++;
	call->ask.pack(call->ask.ctx, &request);
	pack_bytes(&call->out, request.at, request.len);
	wipe(calls->options.secret, &request);
	/* From here on, not from sealed_call(): a call that waited long has its full time. */
	call->limit = loop_after(calls->loop, calls->options.limit_ms, on_limit, call);
	connect_now(call);
}

/* Called in call_free() too: each end of a call makes room for another. */
static void
start_next(struct sealed_calls *calls)
{
	while (calls->nactive < calls->options.at_once && !TAILQ_EMPTY(&calls->waiting))
		start(TAILQ_FIRST(&calls->waiting));
}

struct sealed_call *
sealed_call(struct sealed_calls *calls, const struct sealed_ask *ask)
{
	const struct sealed_options *options = &calls->options;
	struct sealed_call *call;

	/* A full queue is refused at once: a request that waited past its own limit would be work
	 * for nothing. */
	if (options->waiting_max > 0 && calls->nactive >= options->at_once &&
	    calls->nwaiting >= options->waiting_max)
		return NULL;
	call = xcalloc(1, sizeof *call);
	call->calls = calls;
	call->ask = *ask;
	call->fd = -1;
	TAILQ_INSERT_TAIL(&calls->waiting, call, entry);
	calls->nwaiting++;
	start_next(calls);
	return call;
}

void
sealed_call_cancel(struct sealed_call *call)
{
	if (call != NULL)
		call_free(call);
}
