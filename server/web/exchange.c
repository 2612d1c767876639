/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/base/fatal.h"
#include "server/web/compress.h"
#include "server/web/conn.h"

/* The request as a handler sees it, and its answer. */

/* The exchange is the connection's first member. */
static struct conn *
conn_of(struct web_exchange *exchange)
{
	return (struct conn *)(void *)exchange;
}

static const struct conn *
conn_of_const(const struct web_exchange *exchange)
{
	return (const struct conn *)(const void *)exchange;
}

/* Offsets, not pointers, since the buffer may move while a body is read into it. */
static struct slice
slice_at(const struct web_exchange *exchange, struct gate_span span)
{
	return (struct slice){conn_of_const(exchange)->in + span.at, span.len};
}

enum web_method
web_method(const struct web_exchange *exchange)
{
	return exchange->head.method;
}

const struct web_route *
web_route_of(const struct web_exchange *exchange)
{
	return exchange->found.route;
}

struct slice
web_path(const struct web_exchange *exchange)
{
	return slice_at(exchange, exchange->head.path);
}

struct slice
web_param(const struct web_exchange *exchange, const char *name)
{
	for (unsigned i = 0; i < exchange->found.param_count; i++)
		if (slice_is(exchange->found.params[i].name, name))
			return exchange->found.params[i].value;
	return (struct slice){0};
}

bool
web_query(const struct web_exchange *exchange, const char *name, struct slice *value)
{
	for (unsigned i = 0; i < exchange->query_count; i++) {
		if (slice_is(slice_at(exchange, exchange->query[i].name), name)) {
			*value = slice_at(exchange, exchange->query[i].value);
			return true;
		}
	}
	return false;
}

static bool
slices_equal(struct slice one, struct slice other)
{
	if (one.len != other.len)
		return false;
	for (size_t i = 0; i < one.len; i++)
		if (one.at[i] != other.at[i])
			return false;
	return true;
}

/* Whether the name of parameter ${index} is unknown, or was there before. A name that comes twice
 * is refused too: two readers could choose different values. */
static bool
is_stranger(const struct web_exchange *exchange, unsigned index, const char *const *known)
{
	struct slice name = slice_at(exchange, exchange->query[index].name);

	for (unsigned i = 0; i < index; i++)
		if (slices_equal(slice_at(exchange, exchange->query[i].name), name))
			return true;
	for (; *known != NULL; known++)
		if (slice_is(name, *known))
			return false;
	return true;
}

struct slice
web_query_stranger(const struct web_exchange *exchange, const char *const *known)
{
	for (unsigned i = 0; i < exchange->query_count; i++)
		if (is_stranger(exchange, i, known))
			return slice_at(exchange, exchange->query[i].name);
	return (struct slice){0};
}

/* The first of its name. Headers that matter to safety cannot come twice (gate/fields.c). */
struct slice
web_header(const struct web_exchange *exchange, const char *lower_name)
{
	size_t len = strlen(lower_name);

	/* The length first: each request asks for several headers, and most names differ in it. */
	for (unsigned i = 0; i < exchange->head.field_count; i++) {
		const struct gate_pair *field = &exchange->head.fields[i];

		if (field->name.len == len &&
		    slice_is_nocase(slice_at(exchange, field->name), lower_name))
			return slice_at(exchange, field->value);
	}
	return (struct slice){0};
}

bool
web_accepts(const struct web_exchange *exchange, const char *coding)
{
	return compress_accepts(web_header(exchange, "accept-encoding"), coding);
}

/* A body without chunks is where it was received; chunks were joined in a buffer of their own. */
struct slice
web_body(const struct web_exchange *exchange)
{
	const struct conn *conn = conn_of_const(exchange);

	if (exchange->head.chunked)
		return conn->body.at == NULL ? SLICE("")
					     : (struct slice){conn->body.at, conn->body.len};
	return (struct slice){conn->in + conn->head_len, conn->body_len};
}

/* For bodies with a password. explicit_bzero() is not removed by the compiler, as a memset() before
 * a free() may be. */
void
web_body_wipe(struct web_exchange *exchange)
{
	struct conn *conn = conn_of(exchange);

	if (!exchange->head.chunked)
		explicit_bzero(conn->in + conn->head_len, conn->body_len);
	else if (conn->body.at != NULL)
		explicit_bzero(conn->body.at, conn->body.len);
}

struct slice
web_query_bytes(const struct web_exchange *exchange)
{
	return slice_at(exchange, exchange->head.query);
}

/* False if the time limit has answered for the handler, or the reader has left: work that only
 * serves an answer may stop. */
bool
web_awaited(const struct web_exchange *exchange)
{
	const struct conn *conn = conn_of_const(exchange);

	return conn->handler_owes && conn->state == CONN_HANDLER;
}

/* TLS ends at the proxy before this server, which sets the header. */
bool
web_is_tls(const struct web_exchange *exchange)
{
	return conn_of_const(exchange)->via_proxy &&
	       slice_is(web_header(exchange, "x-forwarded-proto"), "https");
}

const char *
web_peer(const struct web_exchange *exchange)
{
	return conn_of_const(exchange)->peer_text;
}

const char *
web_client(const struct web_exchange *exchange)
{
	const struct conn *conn = conn_of_const(exchange);

	return conn->client_text[0] != '\0' ? conn->client_text : conn->peer_text;
}

/* Others come over a proxy's connection as well. */
void
web_rest(struct web_exchange *exchange, int64_t ms)
{
	struct conn *conn = conn_of(exchange);

	if (!conn->via_proxy && conn->state == CONN_HANDLER)
		conn->rest_until_ms = conn->server->now_ms + ms;
}

/* Of a proxy's connection the next request may be a stranger's, who is counted by himself. */
void
web_known(struct web_exchange *exchange)
{
	struct conn *conn = conn_of(exchange);

	if (conn->client != NULL && conn->client_counts)
		peer_has_known(conn->client);
	conn->client_counts = false;
	if (conn->known || conn->peer == NULL)
		return;
	conn->known = true;
	peer_has_known(conn->peer);
}

/* The handler has replied; true if somebody still waits for it. Every handler answers exactly
 * once, late answers included, since only then is it certain that it does not touch the exchange
 * again. */
bool
exchange_is_awaited(struct conn *conn)
{
	INVARIANT(conn->handler_owes);
	conn->handler_owes = false;
	if (conn->state == CONN_CLOSED)
		conn_free_later(conn);
	return conn->state == CONN_HANDLER;
}

void
web_filter(struct web_exchange *exchange, const struct web_filter *filter)
{
	if (exchange->filter.drop != NULL)
		exchange->filter.drop(exchange->filter.ctx);
	exchange->filter = filter != NULL ? *filter : (struct web_filter){0};
}

static void
go_through(struct web_exchange *exchange, struct web_answer *answer)
{
	const struct web_filter *filter = &exchange->filter;
	struct slice body = answer->shared != NULL ? web_bytes_slice(answer->shared) : answer->body;
	struct buf changed = {0};

	if (filter->change == NULL || body.len == 0 || !filter->change(filter->ctx, body, &changed))
		return;
	web_bytes_unref(answer->shared);
	answer->shared = web_bytes_take(changed.at, changed.len);
	answer->body = (struct slice){0};
}

/* The reference to a shared body is taken over even if nobody waits for the answer. Every handler
 * comes here once, so that the filter goes here too. */
void
web_reply(struct web_exchange *exchange, const struct web_answer *answer)
{
	struct conn *conn = conn_of(exchange);
	struct web_answer sent = *answer;
	bool awaited;

	go_through(exchange, &sent);
	web_filter(exchange, NULL);
	awaited = exchange_is_awaited(conn);
	if (!awaited) {
		web_bytes_unref(sent.shared);
		return;
	}
	sent.hsts = web_is_tls(exchange);
	reply_send(conn, &sent);
}

void
web_pack(struct web_exchange *exchange, const struct web_answer *answer)
{
	struct conn *conn = conn_of(exchange);

	if (web_awaited(exchange) && exchange->filter.change == NULL)
		reply_pack(conn, answer);
}

void
web_problem(struct web_exchange *exchange, unsigned status, const char *detail)
{
	struct conn *conn = conn_of(exchange);

	web_filter(exchange, NULL); /* for words of the program, which name nobody */
	if (exchange_is_awaited(conn))
		reply_problem(conn, status, detail, NULL);
}
