/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <event2/event.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "server/base/fatal.h"
#include "server/web/compress.h"
#include "server/web/conn.h"

#define WEAK_ETAG_MAX 80

/* Answers go to the socket at once; only what it would not take is copied and waits for it to be
 * writable. */

/* Sends; how much went, 0 if the socket is full, -1 if it is gone. MSG_NOSIGNAL: a peer that has
 * gone must not end the process with SIGPIPE. */
static ssize_t
send_parts(struct conn *conn, struct iovec parts[2])
{
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = parts[1].iov_len > 0 ? 2 : 1};
	ssize_t sent = sendmsg(conn->fd, &message, MSG_NOSIGNAL);

	if (sent < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	return sent;
}

static struct iovec
part(const char *at, size_t len)
{
	/* iov_base is not const although sendmsg only reads it. */
	union {
		const char *in;
		void *out;
	} base = {.in = at};

	return (struct iovec){base.out, len};
}

/* The limit runs from the first byte that did not go: a reader that takes one byte at a time does not hold the
 * connection (patience.c). */
void
reply_await_writable(struct conn *conn)
{
	if (conn->write_armed)
		return;
	conn->write_armed = true;
	conn->out_gone = 0;
	patience_begin(conn, conn->server->options.limits.answer_ms);
	INVARIANT(event_add(&conn->writable, NULL) == 0);
}

/* Keeps what is left of head and body after ${sent} bytes of them; a shared body is not copied. */
static void
keep_rest(
    struct conn *conn, struct slice head, struct slice body, struct web_bytes *shared, size_t sent)
{
	size_t of_head = sent < head.len ? sent : head.len;
	size_t of_body = sent - of_head;

	buf_add(&conn->out, head.at + of_head, head.len - of_head);
	if (shared == NULL) {
		buf_add(&conn->out, body.at + of_body, body.len - of_body);
	} else {
		conn->shared = shared;
		conn->shared_sent = of_body;
	}
	conn->state = CONN_ANSWER;
	reply_await_writable(conn);
}

/* Sends head and body, or as much as the socket takes; takes over the reference to ${shared}. One
 * system call sends head and body. The head is in a buffer of the server that the next answer uses,
 * so that only what did not go is copied. */
static void
send_answer(struct conn *conn, struct slice head, struct slice body, struct web_bytes *shared)
{
	struct iovec parts[2] = {part(head.at, head.len), part(body.at, body.len)};
	ssize_t sent = send_parts(conn, parts);

	if (sent >= 0 && (size_t)sent < head.len + body.len) {
		keep_rest(conn, head, body, shared, (size_t)sent);
		return;
	}
	web_bytes_unref(shared);
	if (sent < 0)
		conn_close(conn);
	else
		conn_after_answer(conn);
}

/* If-None-Match applies to GET and HEAD alone; a write must be done whatever the client has
 * seen. */
static bool
is_unchanged(const struct conn *conn, const struct web_answer *answer)
{
	struct slice known;

	if (answer->status != 200 || answer->etag == NULL ||
	    (conn->exchange.head.method & (WEB_GET | WEB_HEAD)) == 0)
		return false;
	known = web_header(&conn->exchange, "if-none-match");
	return known.at != NULL && answer_etag_matches(known, answer->etag);
}

/* A page that is changed loses its ETag, so that no browser keeps the unchanged one. */
static void
mark(struct conn *conn, struct web_answer *answer)
{
	const struct web_server_options *options = &conn->server->options;
	struct slice body = answer->shared == NULL ? answer->body : web_bytes_slice(answer->shared);

	if (options->mark == NULL || answer->type == NULL || answer->encoding != NULL ||
	    body.len == 0)
		return;
	buf_reset(&conn->server->marked);
	if (!options->mark(options->ctx, answer->type, body, &conn->server->marked))
		return;
	web_bytes_unref(answer->shared);
	answer->shared = NULL;
	answer->body = (struct slice){conn->server->marked.at, conn->server->marked.len};
	if (strncmp(answer->type, "text/html", strlen("text/html")) == 0)
		answer->etag = NULL;
}

/* Whether the answer is sent as gzip. The caches on the way learn that another reader may get
 * something else, also from an answer that is not compressed. */
static bool
wants_gzip(const struct conn *conn, struct web_answer *answer)
{
	size_t len =
	    answer->shared == NULL ? answer->body.len : web_bytes_slice(answer->shared).len;

	if (answer->status != 200 || answer->encoding != NULL || answer->verbatim ||
	    (conn->exchange.head.method & (WEB_GET | WEB_HEAD)) == 0 ||
	    !compress_pays(answer->type, len))
		return false;
	answer->varies = true;
	return web_accepts(&conn->exchange, "gzip");
}

/* Puts the compressed bytes in the place of the body. Left as it is if it does not get smaller. */
static void
pack(struct conn *conn, struct web_answer *answer)
{
	struct buf *packed = &conn->server->packed;
	struct web_bytes *gzip = answer->shared == NULL ? NULL : bytes_gzip(answer->shared);

	if (gzip != NULL) {
		web_bytes_ref(gzip);
		web_bytes_unref(answer->shared);
		answer->shared = gzip;
		answer->encoding = "gzip";
	} else if (answer->shared == NULL) {
		buf_reset(packed);
		if (!compress_gzip(answer->body, packed))
			return;
		answer->body = (struct slice){packed->at, packed->len};
		answer->encoding = "gzip";
	}
}

/* RFC 9110 8.8.3.3: a strong tag is that of one coding. */
static void
weaken(struct web_answer *answer, char weak[WEAK_ETAG_MAX])
{
	size_t len = answer->etag == NULL ? 0 : strlen(answer->etag);

	if (len == 0 || answer->etag[0] == 'W' || len + sizeof "W/" > WEAK_ETAG_MAX)
		return;
	/* Without printf: this runs for every answer that is compressed. */
	memcpy(weak, "W/", 2);
	memcpy(weak + 2, answer->etag, len + 1);
	answer->etag = weak;
}

/* The answer as this reader gets it: marked, compressed, or 304 without a body. */
static void
prepare(struct conn *conn, struct web_answer *sent, char weak[WEAK_ETAG_MAX])
{
	bool gzip;

	mark(conn, sent);
	gzip = wants_gzip(conn, sent);
	if (gzip || sent->encoding != NULL)
		weaken(sent, weak);
	if (is_unchanged(conn, sent)) {
		sent->status = 304;
		sent->type = NULL;
	} else if (gzip) {
		pack(conn, sent);
	}
}

/* The shared bytes keep what is made of them here. They are held, since the reader may go meanwhile. */
void
reply_pack(struct conn *conn, const struct web_answer *answer)
{
	struct web_answer sent = *answer;

	if (sent.shared == NULL || !wants_gzip(conn, &sent) || is_unchanged(conn, &sent))
		return;
	(void)bytes_gzip(sent.shared);
}

void
reply_send(struct conn *conn, const struct web_answer *answer)
{
	struct web_server *server = conn->server;
	struct web_answer sent = *answer;
	struct web_bytes *shared;
	struct slice body;
	size_t length;
	char weak[WEAK_ETAG_MAX];

	conn->last |= server->draining;
	prepare(conn, &sent, weak);
	shared = sent.shared;
	body = shared == NULL ? sent.body : web_bytes_slice(shared);
	length = body.len;
	/* HEAD still says how long the body would be: length was taken before. */
	if (sent.status == 304 || sent.status == 204 || conn->exchange.head.method == WEB_HEAD) {
		web_bytes_unref(shared);
		shared = NULL;
		body = SLICE("");
	}
	buf_reset(&server->head);
	answer_head(
	    &server->head, &sent, length, server->date, conn->last ? ANSWER_LAST : ANSWER_LENGTH);
	send_answer(conn, (struct slice){server->head.at, server->head.len}, body, shared);
}

/* Head and body are made in buffers of the server, which is safe because nothing else runs before
 * they are sent. */
void
reply_problem(struct conn *conn, unsigned status, const char *detail, const char *extra)
{
	struct buf *body = &conn->server->body;

	buf_reset(body);
	answer_problem(body, status, detail);
	reply_send(conn, &(struct web_answer){
			     .status = status,
			     .type = ANSWER_PROBLEM_TYPE,
			     .extra = extra,
			     .body = {body->at, body->len},
			 });
}

/* The connection ends: after a request that could not be read safely, it is not known where the
 * next one begins. */
void
reply_refuse(struct conn *conn, struct gate_refusal refusal)
{
	conn->server->stats.refused++;
	conn->last = conn->lingers = true;
	reply_problem(conn, refusal.status, refusal.detail, NULL);
}

/* The client may try again, but on another connection, since the body that was refused is still on
 * its way on this one. */
void
reply_refuse_for_now(struct conn *conn, unsigned status, const char *detail)
{
	conn->server->stats.refused++;
	conn->last = conn->lingers = true;
	reply_problem(conn, status, detail, "Retry-After: 5\r\n");
}

/* Nothing else is on its way then, so these few bytes fit; if not, the peer is not worth waiting
 * for. */
void
reply_continue(struct conn *conn)
{
	static const char interim[] = "HTTP/1.1 100 Continue\r\n\r\n";
	struct iovec parts[2] = {part(interim, sizeof interim - 1), part("", 0)};

	if (send_parts(conn, parts) != (ssize_t)sizeof interim - 1)
		conn_close(conn);
}

static struct slice
shared_rest(const struct conn *conn)
{
	struct slice rest = SLICE("");

	if (conn->shared != NULL) {
		rest = web_bytes_slice(conn->shared);
		rest.at += conn->shared_sent;
		rest.len -= conn->shared_sent;
	}
	return rest;
}

/* True once all has gone and the socket is no longer watched. */
bool
reply_flush(struct conn *conn)
{
	size_t waiting = conn->out.len - conn->out_sent;
	struct slice rest = shared_rest(conn);
	struct iovec parts[2] = {
	    part(conn->out.at + conn->out_sent, waiting), part(rest.at, rest.len)};
	ssize_t sent = send_parts(conn, parts);
	size_t of_out;

	if (sent < 0) {
		conn_close(conn);
		return false;
	}
	of_out = (size_t)sent < waiting ? (size_t)sent : waiting;
	conn->out_sent += of_out;
	conn->out_gone += (size_t)sent;
	conn->shared_sent += (size_t)sent - of_out;
	if ((size_t)sent < waiting + rest.len)
		return false;
	buf_free(&conn->out);
	conn->out_sent = 0;
	web_bytes_unref(conn->shared);
	conn->shared = NULL;
	conn->write_armed = false;
	event_del(&conn->writable);
	return true;
}
