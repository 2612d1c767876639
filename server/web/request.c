/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/web/conn.h"

/*
 * From bytes to a request. The gate decides; where the second reader (http-parser) does not agree with it, the
 * request is refused. Chunked bodies are taken apart by the second reader once the gate has seen their frames.
 */

#define IN_FIRST_BYTES 4096
#define BODY_USUAL_BYTES 65536

/* Without a list every name is taken. With one, a page of another site that has its name point here
 * (DNS rebinding) gets no answer. */
static bool
host_is_ours(const struct conn *conn)
{
	const char *const *host = conn->server->options.hosts;
	struct gate_span span = conn->exchange.head.host;

	if (host == NULL)
		return true;
	for (; *host != NULL; host++)
		if (slice_is_nocase((struct slice){conn->in + span.at, span.len}, *host))
			return true;
	return false;
}

/* A well-formed request that no route takes. A body of it is not read, as nothing would come of it.
 * HTTP requires Allow with 405 (RFC 9110 15.5.6). */
static void
turn_away(struct conn *conn)
{
	struct gate_head *head = &conn->exchange.head;
	struct buf allow = {0};

	if (head->chunked || head->length > 0)
		conn->last = conn->lingers = true;
	if (conn->exchange.found.allowed == 0) {
		reply_problem(conn, 404, "There is nothing at this path.", NULL);
		return;
	}
	buf_add_text(&allow, "Allow: ");
	answer_methods(&allow, conn->exchange.found.allowed);
	buf_add_text(&allow, "\r\n");
	reply_problem(conn, 405, "This path does not take this method.", allow.at);
	buf_free(&allow);
}

static void
call_handler(struct conn *conn)
{
	struct web_server *server = conn->server;
	const struct web_route *route = conn->exchange.found.route;

	conn->state = CONN_HANDLER;
	conn->deadline_ms = server->now_ms + (route->limit_ms == 0 ? 10000 : route->limit_ms);
	/* Before the call: a handler may answer at once. */
	conn->handler_owes = true;
	route->handler(server->options.ctx, &conn->exchange);
}

/* A body is refused, and the request with it, if ${bytes} more of it would be too many. */
static bool
reserve(struct conn *conn, size_t bytes)
{
	switch (intake_reserve(conn->server->intake, &conn->intake, conn_payer(conn),
	    conn->peer_limited || conn->client != NULL, bytes)) {
	case INTAKE_TAKEN:
		return true;
	case INTAKE_FULL:
		reply_refuse_for_now(
		    conn, 503, "Too many bodies are on their way here at once. Try again.");
		return false;
	case INTAKE_ADDRESS_FULL:
		reply_refuse_for_now(conn, 429,
		    "Too many bodies are on their way from this address at once. Try again.");
		return false;
	}
	return false;
}

/* Whether the body may come, by all that the head says. Else it is answered. A sender who is
 * refused gets that answer and the end of the connection; the body is not read. Asked before the
 * body arrives, so that a stranger cannot make this process hold a large body that it will not use
 * anyway. The connection is set up for a refusal first, and put back if there is none. */
static bool
admit(struct conn *conn)
{
	const struct web_server_options *options = &conn->server->options;
	bool last = conn->last;

	if (options->admit == NULL)
		return true;
	conn->state = CONN_HANDLER;
	conn->handler_owes = conn->last = conn->lingers = true;
	if (!options->admit(options->ctx, &conn->exchange)) {
		INVARIANT(!conn->handler_owes);
		return false;
	}
	INVARIANT(conn->handler_owes);
	conn->handler_owes = conn->lingers = false;
	conn->last = last;
	return true;
}

/* Without a Content-Length the head's length is 0, and chunks reserve as they come. */
static void
await_body(struct conn *conn)
{
	if (!admit(conn) || !reserve(conn, (size_t)conn->exchange.head.length))
		return;
	conn->state = CONN_BODY;
	conn->chunks = (struct gate_chunks){0};
	patience_begin(conn, conn->server->options.limits.body_ms);
	/* A client that has begun to send does not wait for leave. */
	if (conn->exchange.head.expects && conn->in_len == conn->head_len)
		reply_continue(conn);
}

static void
find_route(struct conn *conn)
{
	const struct gate_head *head = &conn->exchange.head;

	route_find(conn->server->options.routes, head->method,
	    (struct slice){conn->in + head->path.at, head->path.len}, &conn->exchange.found);
}

/* Of several lines the proxy has added the last one. At NULL: there is none. */
static struct slice
last_forwarded_for(const struct web_exchange *exchange)
{
	const struct gate_head *head = &exchange->head;
	const struct conn *conn = (const struct conn *)(const void *)exchange;

	for (unsigned i = head->field_count; i > 0; i--) {
		const struct gate_pair *field = &head->fields[i - 1];

		if (slice_is_nocase((struct slice){conn->in + field->name.at, field->name.len},
			"x-forwarded-for"))
			return (struct slice){conn->in + field->value.at, field->value.len};
	}
	return (struct slice){0};
}

/* Whom the proxy asks for, if it says so. False: there are too many requests of strangers from that address. */
static bool
name_client(struct conn *conn)
{
	struct web_server *server = conn->server;
	union listen_address client;

	if (!forwarded_client(server->proxies, last_forwarded_for(&conn->exchange), &client))
		return true;
	conn->client = peers_enter(server->peers, &client.any, server->options.limits.per_address);
	conn->client_counts = true;
	if (conn->client == NULL)
		return false;
	peer_text(&client.any, conn->client_text);
	return true;
}

/* The head has passed the gate. From here on the head is safe to use; each way out either answers
 * or waits for the body. */
static void
take_head(struct conn *conn)
{
	struct web_exchange *exchange = &conn->exchange;
	struct gate_head *head = &exchange->head;
	const struct web_route *route;

	conn->last = !head->keep_alive;
	conn->server->stats.requests++;
	find_route(conn);
	route = exchange->found.route;
	if (route == NULL) {
		turn_away(conn);
		return;
	}
	if (conn->via_proxy && !name_client(conn)) {
		reply_refuse_for_now(
		    conn, 503, "There are too many requests from this address at once. Try again.");
		return;
	}
	request_split_query(conn);
	conn->body_max = route->body_max_bytes == 0 ? BODY_USUAL_BYTES : route->body_max_bytes;
	if (head->length > conn->body_max) {
		reply_refuse(conn, (struct gate_refusal){413, "The body is too large."});
	} else if (head->chunked || head->length > 0) {
		await_body(conn);
	} else {
		request_decode_params(exchange);
		call_handler(conn);
	}
}

/* Of a whole head, from the cheap to the dear: the gate, the second reader, the name of the host.
 * What comes out depends on the bytes alone (head_before.c). */
static struct gate_refusal
judge_head(struct conn *conn)
{
	struct gate_refusal refusal = gate_judge(conn->in, conn->head_len, &conn->exchange.head);

	if (refusal.status == 0 && !second_reader_agrees_on_head(conn))
		refusal = (struct gate_refusal){400, "The request can be read in two ways."};
	if (refusal.status == 0 && !host_is_ours(conn))
		refusal = (struct gate_refusal){421, "The Host header names another server."};
	if (refusal.status == 0)
		head_before_keep(conn);
	return refusal;
}

/* False: more bytes are needed. */
bool
request_read_head(struct conn *conn)
{
	struct gate_refusal refusal = {0};

	if (conn->in_len == 0)
		return false;
	if (!head_before_comes_again(conn)) {
		refusal = gate_find_end(conn->in, conn->in_len, &conn->in_scanned, &conn->head_len);
		if (refusal.status == 0 && conn->head_len == 0)
			return false;
		if (refusal.status == 0)
			refusal = judge_head(conn);
	}
	if (refusal.status == 0)
		take_head(conn);
	else
		reply_refuse(conn, refusal);
	return true;
}

/* The frames are removed as they come, so that the buffer holds one read at a time and the joined
 * body is elsewhere. False: more bytes are needed. */
static bool
read_chunks(struct conn *conn)
{
	char *raw = conn->in + conn->head_len;
	size_t len = conn->in_len - conn->head_len, used;
	struct gate_refusal refusal =
	    gate_take_chunks(&conn->chunks, raw, len, conn->body_max, &used);
	size_t before = conn->body.len;

	if (refusal.status == 0 &&
	    (!second_reader_agrees(conn, raw, used) || conn->parsed != conn->chunks.done))
		refusal = (struct gate_refusal){400, "The body can be read in two ways."};
	if (refusal.status != 0) {
		reply_refuse(conn, refusal);
		return true;
	}
	if (!reserve(conn, conn->body.len - before))
		return true;
	memmove(raw, raw + used, len - used);
	conn->in_len -= used;
	return conn->chunks.done;
}

bool
request_read_body(struct conn *conn)
{
	struct gate_head *head = &conn->exchange.head;

	if (head->chunked) {
		if (!read_chunks(conn))
			return false;
		/* It was refused and answered. */
		if (conn->state != CONN_BODY)
			return true;
	} else {
		/* Bytes after the body belong to the next request and are left for it. */
		if (conn->in_len - conn->head_len < head->length)
			return false;
		conn->body_len = (size_t)head->length;
	}
	find_route(conn); /* the parameters point into a buffer that may have moved for the body */
	request_decode_params(&conn->exchange);
	call_handler(conn);
	return true;
}

/* Doubles, so that each byte is copied a constant number of times on average. */
void
request_make_room(struct conn *conn)
{
	size_t capacity = conn->in_capacity < IN_FIRST_BYTES ? IN_FIRST_BYTES : conn->in_capacity;
	bool in_chunks = conn->state == CONN_BODY && conn->exchange.head.chunked;

	if (conn->in_capacity - conn->in_len >= (in_chunks ? IN_FIRST_BYTES : 1))
		return;
	if (conn->in_capacity > 0)
		capacity *= 2;
	/* Not more than what is announced: a large upload would else cost twice its size. */
	if (conn->state == CONN_BODY && !in_chunks &&
	    capacity > conn->head_len + conn->exchange.head.length)
		capacity = conn->head_len + (size_t)conn->exchange.head.length + 1;
	INVARIANT(capacity > conn->in_len);
	conn->in = xrealloc(conn->in, capacity);
	conn->in_capacity = capacity;
}

/* Moves a pipelined request to the front and gives back memory that only a large request needed. */
void
request_forget(struct conn *conn)
{
	size_t consumed = conn->head_len + conn->body_len;

	INVARIANT(consumed <= conn->in_len);
	conn->in_len -= consumed;
	if (conn->in_len > 0)
		memmove(conn->in, conn->in + consumed, conn->in_len);
	if (conn->in_capacity > GATE_HEAD_MAX_BYTES && conn->in_len <= IN_FIRST_BYTES) {
		conn->in = xrealloc(conn->in, IN_FIRST_BYTES);
		conn->in_capacity = IN_FIRST_BYTES;
	}
	conn->in_scanned = conn->head_len = conn->body_len = 0;
	intake_release(&conn->intake, conn_payer(conn));
	conn_leave_client(conn);
	conn->client_text[0] = '\0';
	conn->started = false;
	conn->exchange.head.method = 0;
	conn->exchange.head.field_count = 0;
	if (conn->body.at != NULL)
		buf_free(&conn->body);
	free(conn->exchange.decoded);
	conn->exchange.decoded = NULL;
}
