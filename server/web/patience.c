/* SPDX-License-Identifier: MIT */
#include <sys/socket.h>

#include "server/web/conn.h"

/*
 * How long each state of a connection may last. Who takes their time is judged by what they have done since the last
 * look: a large body or answer over a slow line goes on, a byte a second does not.
 */

#define IDLE_NEW_MS 1000 /* of one without a request yet, while the server drains */
/* What must come or go within ${slow_ms}, 52 kbit/s: less than any line that a page can be used over. */
#define PROGRESS_BYTES ((size_t)64 << 10)
/* Of the connections that the server takes, when those that are idle and not known make room. */
#define CROWDED_PERCENT 75

void
patience_begin(struct conn *conn, unsigned whole_ms)
{
	const struct web_server *server = conn->server;

	conn->progress = 0;
	conn->until_ms = server->now_ms + whole_ms;
	conn->deadline_ms = server->now_ms + server->options.limits.slow_ms;
	if (conn->deadline_ms > conn->until_ms)
		conn->deadline_ms = conn->until_ms;
}

bool
patience_rests(const struct conn *conn)
{
	return conn->rest_until_ms != 0;
}

/* How much of what is awaited has come or gone. */
static size_t
progress_of(const struct conn *conn)
{
	if (conn->state == CONN_BODY)
		return conn->in_len - conn->head_len + conn->body.len;
	return conn->out_gone;
}

/* Whether it goes on: then it has as long again, but no longer than the whole may take. */
static bool
goes_on(struct conn *conn)
{
	const struct web_server *server = conn->server;
	size_t now = progress_of(conn);

	if (server->now_ms >= conn->until_ms || now < conn->progress + PROGRESS_BYTES)
		return false;
	conn->progress = now;
	conn->deadline_ms = server->now_ms + server->options.limits.slow_ms;
	if (conn->deadline_ms > conn->until_ms)
		conn->deadline_ms = conn->until_ms;
	return true;
}

/* By how much earlier an idle connection ends than it would if there were few. */
static int64_t
idle_cut(const struct conn *conn)
{
	const struct web_server *server = conn->server;
	const struct web_limits *limits = &server->options.limits;
	uint64_t open = server->stats.open_connections;

	if (!conn->known && open * 100 > (uint64_t)limits->connections * CROWDED_PERCENT)
		return limits->idle_ms;
	if (open - server->streams > limits->pressed_from &&
	    limits->pressed_idle_ms < limits->idle_ms)
		return limits->idle_ms - limits->pressed_idle_ms;
	return 0;
}

/* What is idle has so long for a request that is on its way. A connection that was just accepted will bring one:
 * it has the time of one that has been used. */
void
conn_leave(struct conn *conn, unsigned idle_ms)
{
	int64_t until = conn->server->now_ms + (conn->served ? idle_ms : IDLE_NEW_MS);

	if (conn->state == CONN_HEAD && !conn->started && until < conn->deadline_ms)
		conn->deadline_ms = until;
}

/* A reader too slow for its answer gets a reset: the kernel would continue for minutes with what is
 * in its buffers. */
static void
reset(struct conn *conn)
{
	struct linger at_once = {.l_onoff = 1, .l_linger = 0};

	setsockopt(conn->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	conn_close(conn);
}

/* Whether a request has come that was not read yet. To close now would be to reset it. */
static bool
has_bytes(const struct conn *conn)
{
	char byte;

	return recv(conn->fd, &byte, 1, MSG_PEEK) == 1;
}

/* Used before, with no request on its way. One that was accepted and has not asked yet has its own limit. */
static bool
is_idle_too_long(const struct conn *conn)
{
	return conn->state == CONN_HEAD && !conn->started && conn->served &&
	       conn->server->now_ms >= conn->deadline_ms - idle_cut(conn);
}

/* One list is walked each tick instead of a timer for each connection, which would be set again
 * with every request. */
void
conn_sweep(struct conn *conn)
{
	if (patience_rests(conn) && conn->state == CONN_HEAD &&
	    conn->server->now_ms >= conn->rest_until_ms) {
		conn->rest_until_ms = 0;
		conn->deadline_ms = conn->server->now_ms + conn->server->options.limits.idle_ms;
		conn_go_on(conn);
		return;
	}
	if (conn->server->now_ms < conn->deadline_ms && !is_idle_too_long(conn))
		return;
	if ((conn->state == CONN_BODY || conn->state == CONN_ANSWER ||
		conn->state == CONN_STREAM) &&
	    goes_on(conn))
		return;
	if (conn->state != CONN_LINGER && (conn->state != CONN_HEAD || conn->started))
		conn->server->stats.timed_out++;
	switch (conn->state) {
	case CONN_HEAD:
	case CONN_BODY:
		if (conn->started)
			reply_refuse(conn,
			    (struct gate_refusal){408, "The request took too long to arrive."});
		else if (!has_bytes(conn))
			conn_close(conn);
		break;
	case CONN_HANDLER:
		/* The handler may still hold the request: this connection serves no other. */
		conn->last = conn->lingers = true;
		reply_problem(conn, 503,
		    (conn->exchange.head.method & (WEB_GET | WEB_HEAD)) != 0
			? "The answer took too long. Try again."
			: "The answer took too long. Whether this took effect is not known: ask again with the same Idempotency-Key.",
		    "Retry-After: 1\r\n");
		break;
	case CONN_ANSWER:
	case CONN_STREAM:
		reset(conn);
		break;
	case CONN_LINGER:
		conn_close(conn);
		break;
	case CONN_CLOSED:
		break;
	}
}
