/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/web/conn.h"
#include "tests/fuzz/fuzz.h"

/*
 * The target of a request: what stands between the method and the version. Parameters of the query and of
 * the path that the gate let through are text without a control character, within the bytes that came, and
 * each is found by its name.
 */

#define LONGEST 4096

static const struct web_route routes[] = {
    {.methods = WEB_GET, .pattern = "/v1/{kind}/{id}"},
    {.methods = WEB_GET, .pattern = "/{page}"},
    {0},
};

static void
check_text(struct slice text)
{
	INVARIANT(text_utf8_valid(text.at, text.len));
	for (size_t i = 0; i < text.len; i++)
		INVARIANT((unsigned char)text.at[i] >= ' ' && text.at[i] != 0x7f);
}

static struct slice
span(const struct conn *conn, struct gate_span span)
{
	INVARIANT((size_t)span.at + span.len <= conn->in_len);
	return (struct slice){conn->in + span.at, span.len};
}

/* The first of its name counts, and a name that comes twice is told. */
static void
check_found(const struct conn *conn)
{
	const struct web_exchange *exchange = &conn->exchange;
	bool twice = false;

	for (unsigned i = 0; i < exchange->query_count; i++) {
		char *name = NULL;
		struct slice known = span(conn, exchange->query[i].name), value;
		const char *names[2] = {NULL, NULL};

		check_text(known);
		check_text(span(conn, exchange->query[i].value));
		name = strndup(known.at, known.len);
		INVARIANT(name != NULL && web_query(exchange, name, &value));
		for (unsigned j = 0; j < i; j++)
			twice |= slice_is(span(conn, exchange->query[j].name), name);
		names[0] = name;
		if (exchange->query_count == 1)
			INVARIANT(web_query_stranger(exchange, names).at == NULL);
		free(name);
	}
	if (twice)
		INVARIANT(web_query_stranger(exchange, (const char *const[]){NULL}).at != NULL);
}

static void
check_params(struct web_exchange *exchange)
{
	request_decode_params(exchange);
	for (unsigned i = 0; i < exchange->found.param_count; i++)
		check_text(exchange->found.params[i].value);
	free(exchange->decoded);
}

int
LLVMFuzzerTestOneInput(const uint8_t *input, size_t len)
{
	static const char before[] = "GET ", after[] = " HTTP/1.1\r\nHost: a\r\n\r\n";
	static struct conn conn;
	size_t whole = sizeof before - 1 + len + sizeof after - 1, scanned = 0, head_len = 0;

	if (len > LONGEST)
		return 0;
	conn = (struct conn){.in = xmalloc(whole), .in_len = whole};
	memcpy(conn.in, before, sizeof before - 1);
	memcpy(conn.in + sizeof before - 1, input, len);
	memcpy(conn.in + sizeof before - 1 + len, after, sizeof after - 1);
	if (gate_find_end(conn.in, whole, &scanned, &head_len).status == 0 && head_len == whole &&
	    gate_judge(conn.in, head_len, &conn.exchange.head).status == 0) {
		struct slice path = span(&conn, conn.exchange.head.path);

		route_find(routes, WEB_GET, path, &conn.exchange.found);
		check_params(&conn.exchange);
		request_split_query(&conn);
		INVARIANT(conn.exchange.query_count <= GATE_QUERY_MAX);
		check_found(&conn);
	}
	free(conn.in);
	return 0;
}
