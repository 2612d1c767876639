/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "server/web/conn.h"

/* Answers without an end, such as server-sent events: the connection stays in CONN_STREAM until either side closes it. */

#define STREAM_WAITING_MAX_BYTES ((size_t)64 << 10)
#define STREAM_SOCKET_BYTES (32 << 10)
#define STREAM_UNHEARD_MS 60000

/* The stream is a member of the connection, which it is found from. */
static struct conn *
conn_of(struct web_stream *stream)
{
	return (struct conn *)(void *)((char *)stream - offsetof(struct conn, stream));
}

/* The callback is cleared first: the owner hears of the end once, and may open another stream from
 * within it. */
static void
tell_owner(void *ctx)
{
	struct conn *conn = ctx;
	web_closed_fn *closed = conn->stream.closed;

	conn->stream.closed = NULL;
	if (closed != NULL)
		closed(conn->stream.ctx);
}

/* Memory outlives this: what is freed later is freed after what runs soon. */
void
stream_end(struct conn *conn)
{
	loop_soon(conn->loop, tell_owner, conn);
}

/* The kernel would let megabytes wait for a reader that does not read, and keep on for a quarter of
 * an hour with one whose machine has gone. Both only bound what is lost by that: nothing follows if
 * they cannot be set. */
static void
bound_socket(int fd)
{
	int bytes = STREAM_SOCKET_BYTES;
	unsigned unheard = STREAM_UNHEARD_MS;

	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unheard, sizeof unheard);
}

/* There may be thousands of streams, and each is of one request, which has been read. */
static void
forget_request(struct conn *conn)
{
	free(conn->in);
	conn->in = NULL;
	conn->in_len = conn->in_capacity = conn->head_len = conn->body_len = 0;
	conn->exchange.query_count = conn->exchange.head.field_count = 0;
}

/* The answer has no length. HTTP/1.1 chunks would need a frame for each event and give an
 * EventSource nothing. Proxies are told to pass each event on as it comes. */
static void
start(struct conn *conn, const char *type)
{
	struct web_server *server = conn->server;
	struct web_answer answer = {
	    .status = 200,
	    .type = type,
	    .cache_control = "no-store, no-transform",
	    .extra = "X-Accel-Buffering: no\r\n",
	    .hsts = web_is_tls(&conn->exchange),
	};
	struct slice head;

	conn->state = CONN_STREAM;
	server->streams++;
	conn->last = true;
	conn->deadline_ms = INT64_MAX;
	bound_socket(conn->fd);
	forget_request(conn);
	conn_arm_read(conn, true); /* to see the reader leave */
	buf_reset(&server->head);
	answer_head(&server->head, &answer, 0, server->date, ANSWER_UNTIL_CLOSE);
	head = (struct slice){server->head.at, server->head.len};
	web_stream_send(&conn->stream, head);
}

struct web_stream *
web_stream_open(struct web_exchange *exchange, const char *type, web_closed_fn *closed, void *ctx)
{
	struct conn *conn = (struct conn *)(void *)exchange;

	conn->stream = (struct web_stream){.closed = closed, .ctx = ctx};
	if (!exchange_is_awaited(conn)) {
		stream_end(conn); /* too late for this reader */
	} else {
		bool head = exchange->head.method == WEB_HEAD;

		web_filter(exchange, NULL);
		start(conn, type);
		if (head)
			conn_close(conn);
	}
	return &conn->stream;
}

/* Keeps ${bytes} until the socket takes them, or gives the reader up. Readers are not waited for:
 * each event is small, and a reader that is 64 KiB late connects again and asks for what it
 * missed. */
static void
keep(struct conn *conn, struct slice bytes)
{
	if (conn->out.len - conn->out_sent + bytes.len > STREAM_WAITING_MAX_BYTES) {
		conn_close(conn);
		return;
	}
	/* Bytes that have been sent are freed before all of them have, which may be never. */
	if (conn->out_sent > 0) {
		conn->out.len -= conn->out_sent;
		memmove(conn->out.at, conn->out.at + conn->out_sent, conn->out.len);
		conn->out_sent = 0;
	}
	buf_add(&conn->out, bytes.at, bytes.len);
	reply_await_writable(conn);
}

/* Bytes go directly if none wait; else they would overtake those. */
void
web_stream_send(struct web_stream *stream, struct slice bytes)
{
	struct conn *conn = conn_of(stream);
	ssize_t sent = 0;

	if (conn->state != CONN_STREAM || bytes.len == 0)
		return;
	if (conn->out.len == 0) {
		sent = send(conn->fd, bytes.at, bytes.len, MSG_NOSIGNAL);
		if (sent < 0 && errno != EAGAIN && errno != EINTR) {
			conn_close(conn);
			return;
		}
		sent = sent < 0 ? 0 : sent;
	}
	if ((size_t)sent < bytes.len)
		keep(conn, (struct slice){bytes.at + sent, bytes.len - (size_t)sent});
}

/* The owner closes it and wants no callback. */
void
web_stream_close(struct web_stream *stream)
{
	struct conn *conn = conn_of(stream);

	stream->closed = NULL;
	if (conn->state == CONN_STREAM)
		conn_close(conn);
}
