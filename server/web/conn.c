/* SPDX-License-Identifier: MIT */
#include "server/web/conn.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/base/fatal.h"

/*
 * The life of a connection: read, advance, answer, again. Reading is armed once and stays so; it is
 * only taken away while bytes wait that nobody may read yet (a pipelined request after one that a
 * handler still has), and writing is only armed when the socket is full. So the usual request costs
 * one recv and one sendmsg.
 */

#define LINGER_MS 2000
#define LINGER_MAX_BYTES ((size_t)1 << 20)
#define DRAIN_BYTES 16384

/* The connection has left its peer by now, which may be gone: intake_release() gets NULL. */
static void
destroy(void *memory)
{
	struct conn *conn = memory;

	intake_release(&conn->intake, NULL);
	free(conn->in);
	free(conn->exchange.decoded);
	free(conn->before.bytes);
	buf_free(&conn->body);
	buf_free(&conn->out);
	free(conn);
}

void
conn_arm_read(struct conn *conn, bool on)
{
	if (conn->read_armed == on)
		return;
	conn->read_armed = on;
	INVARIANT((on ? event_add(&conn->readable, NULL) : event_del(&conn->readable)) == 0);
}

struct peer *
conn_payer(const struct conn *conn)
{
	return conn->client != NULL ? conn->client : conn->peer;
}

void
conn_leave_client(struct conn *conn)
{
	if (conn->client != NULL)
		peers_leave(conn->server->peers, conn->client, conn->client_counts);
	conn->client = NULL;
}

/* May be called from anywhere, also from within a handler, so that the memory is freed at the end
 * of the turn or, if a handler still has the request, after its answer. */
void
conn_close(struct conn *conn)
{
	if (conn->state == CONN_CLOSED)
		return;
	if (conn->state == CONN_STREAM) {
		conn->server->streams--;
		stream_end(conn);
	}
	event_del(&conn->readable);
	event_del(&conn->writable);
	close(conn->fd);
	LIST_REMOVE(conn, entry);
	intake_leave_peer(&conn->intake, conn_payer(conn));
	conn_leave_client(conn);
	peers_leave(conn->server->peers, conn->peer, !conn->known);
	conn->peer = NULL;
	conn->server->stats.open_connections--;
	drain_look(conn->server);
	web_bytes_unref(conn->shared);
	conn->shared = NULL;
	web_filter(&conn->exchange, NULL);
	conn->state = CONN_CLOSED;
	/* Else exchange_is_awaited() frees it. */
	if (!conn->handler_owes)
		conn_free_later(conn);
}

void
conn_free_later(struct conn *conn)
{
	loop_free_later(conn->loop, conn, destroy);
}

/* A request has the time from its first byte; the first one from the connection's start. */
static void
start_clock(struct conn *conn)
{
	if (conn->started)
		return;
	conn->started = true;
	if (conn->served)
		conn->deadline_ms = conn->server->now_ms + conn->server->options.limits.request_ms;
	conn->served = true;
}

/* Does all that the bytes at hand allow. The flag keeps an answer that is given at once from
 * starting this loop a second time from within (conn_after_answer()). */
static void
advance(struct conn *conn)
{
	conn->advancing = true;
	while ((conn->state == CONN_HEAD && !patience_rests(conn) && request_read_head(conn)) ||
	       (conn->state == CONN_BODY && request_read_body(conn)))
		;
	conn->advancing = false;
	if (conn->state != CONN_HEAD && conn->state != CONN_BODY)
		return;
	/* Nothing more will come, and what is here is no whole request. */
	if (conn->peer_ended) {
		conn_close(conn);
		return;
	}
	if (!patience_rests(conn))
		conn_arm_read(conn, true);
}

void
conn_go_on(struct conn *conn)
{
	if (conn->in_len > 0)
		start_clock(conn);
	conn_arm_read(conn, true);
	advance(conn);
}

/* Between the answer and this turn the connection may have been closed. */
static void
on_resumed(void *ctx)
{
	struct conn *conn = ctx;

	if (conn->state == CONN_HEAD)
		advance(conn);
}

/* Bytes that wait in the socket when it is closed would make the kernel reset the connection, and
 * our answer would be lost. */
static void
linger(struct conn *conn)
{
	shutdown(conn->fd, SHUT_WR);
	conn->state = CONN_LINGER;
	conn->deadline_ms = conn->server->now_ms + LINGER_MS;
	conn_arm_read(conn, true);
}

/* A pipelined request may be in the buffer already; its time runs from now. */
void
conn_after_answer(struct conn *conn)
{
	if (conn->last) {
		if (conn->lingers && !conn->peer_ended)
			linger(conn);
		else
			conn_close(conn);
		return;
	}
	request_forget(conn);
	conn->state = CONN_HEAD;
	conn->deadline_ms = conn->server->now_ms + conn->server->options.limits.idle_ms;
	if (patience_rests(conn)) {
		conn_arm_read(conn, false);
		return;
	}
	if (conn->in_len > 0)
		start_clock(conn);
	/* Not at once: a client that sends many requests in one go would make the stack as deep as
	 * there are requests. */
	if (!conn->advancing)
		loop_soon(conn->loop, on_resumed, conn);
}

/* If the peer ends before its request is whole there is nobody to answer. */
static void
receive(struct conn *conn)
{
	ssize_t got;

	request_make_room(conn);
	got = recv(conn->fd, conn->in + conn->in_len, conn->in_capacity - conn->in_len, 0);
	if (got > 0) {
		start_clock(conn);
		conn->in_len += (size_t)got;
		advance(conn);
	} else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
		conn_close(conn);
	}
}

/* Bytes that nobody wants any more, to their end. */
static void
drain(struct conn *conn)
{
	char nowhere[DRAIN_BYTES];
	ssize_t got = recv(conn->fd, nowhere, sizeof nowhere, 0);

	if (got > 0)
		conn->lingered += (size_t)got;
	if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR) ||
	    conn->lingered > LINGER_MAX_BYTES)
		conn_close(conn);
}

/* While an answer is awaited or on its way, bytes wait in the kernel; all that is learnt now is
 * whether more will come. Without taking reading away, a level-triggered descriptor with waiting
 * bytes would wake the loop without end. */
static void
hold(struct conn *conn)
{
	char byte;
	ssize_t got = recv(conn->fd, &byte, 1, MSG_PEEK);

	if (got < 0 && errno != EAGAIN && errno != EINTR) {
		conn_close(conn);
		return;
	}
	conn->peer_ended = got == 0;
	conn_arm_read(conn, false);
}

static void
on_readable(evutil_socket_t fd, short what, void *ctx)
{
	struct conn *conn = ctx;

	(void)fd;
	(void)what;
	switch (conn->state) {
	case CONN_HEAD:
	case CONN_BODY:
		receive(conn);
		break;
	case CONN_HANDLER:
	case CONN_ANSWER:
		hold(conn);
		break;
	case CONN_STREAM:
	case CONN_LINGER:
		drain(conn);
		break;
	case CONN_CLOSED:
		break;
	}
}

/* A stream has no deadline once its reader has taken everything. */
static void
on_writable(evutil_socket_t fd, short what, void *ctx)
{
	struct conn *conn = ctx;

	(void)fd;
	(void)what;
	if (!reply_flush(conn))
		return;
	if (conn->state == CONN_STREAM)
		conn->deadline_ms = INT64_MAX;
	else
		conn_after_answer(conn);
}

/* The first request has a longer or shorter limit of its own, since a connection that never sends
 * is the cheapest attack. */
void
conn_open(struct web_server *server, int fd, const struct sockaddr *address, struct peer *peer)
{
	struct conn *conn = xcalloc(1, sizeof *conn);
	struct event_base *base = loop_base(server->loop);

	conn->server = server;
	conn->loop = server->loop;
	conn->fd = fd;
	conn->peer = peer;
	conn->via_proxy = forwarded_trusts(server->proxies, address);
	/* A proxy brings the requests of everybody from one address, so that no limit per address
	 * applies to it unless it was set; and a program of this machine is none of a stranger. */
	conn->peer_limited = server->options.limits.body_bytes_of_address > 0 ||
			     (!conn->via_proxy && !peer_is_loopback(address));
	peer_text(address, conn->peer_text);
	conn->deadline_ms = server->now_ms + server->options.limits.first_ms;
	INVARIANT(
	    event_assign(&conn->readable, base, fd, EV_READ | EV_PERSIST, on_readable, conn) == 0);
	INVARIANT(
	    event_assign(&conn->writable, base, fd, EV_WRITE | EV_PERSIST, on_writable, conn) == 0);
	LIST_INSERT_HEAD(&server->conns, conn, entry);
	server->stats.connections++;
	server->stats.open_connections++;
	conn_arm_read(conn, true);
}
