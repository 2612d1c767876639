/* SPDX-License-Identifier: MIT */
#include "server/base/fatal.h"
#include "server/web/conn.h"

/*
 * http-parser as the second reader of what the gate has read. Two independent readers must agree on where a request
 * ends, or a proxy before this server might see another request than it does (request smuggling).
 */

/* Two lists of methods, as the gate has one of its own and does not know http-parser. */
static unsigned
parser_method(enum web_method method)
{
	switch (method) {
	case WEB_GET:
		return HTTP_GET;
	case WEB_HEAD:
		return HTTP_HEAD;
	case WEB_POST:
		return HTTP_POST;
	case WEB_PUT:
		return HTTP_PUT;
	case WEB_DELETE:
		return HTTP_DELETE;
	case WEB_PATCH:
		return HTTP_PATCH;
	}
	fatal("no such method: %d", (int)method);
}

/* Not 0 or 1: the two readers do not agree. 1: there is no body for the parser. */
static int
on_head_parsed(http_parser *parser)
{
	const struct conn *conn = parser->data;
	const struct gate_head *head = &conn->exchange.head;
	/* http-parser's value for "no length". */
	uint64_t length = head->has_length ? head->length : UINT64_MAX;

	if (parser->method != parser_method(head->method) || parser->http_major != 1 ||
	    parser->http_minor != head->minor || parser->content_length != length ||
	    ((parser->flags & F_CHUNKED) != 0) != head->chunked)
		return -1;
	/* An offer to speak something else is not taken up: the request is answered as it is. */
	parser->upgrade = 0;
	return head->chunked ? 0 : 1;
}

static int
on_body_parsed(http_parser *parser, const char *at, size_t len)
{
	struct conn *conn = parser->data;

	buf_add(&conn->body, at, len);
	return 0;
}

static int
on_request_parsed(http_parser *parser)
{
	struct conn *conn = parser->data;

	conn->parsed = true;
	return 0;
}

static const http_parser_settings settings = {
    .on_headers_complete = on_head_parsed,
    .on_body = on_body_parsed,
    .on_message_complete = on_request_parsed,
};

/* To http-parser, no bytes would be the end of the connection. */
bool
second_reader_agrees(struct conn *conn, const char *bytes, size_t len)
{
	if (len == 0)
		return true;
	return http_parser_execute(&conn->parser, &settings, bytes, len) == len &&
	       HTTP_PARSER_ERRNO(&conn->parser) == HPE_OK;
}

bool
second_reader_agrees_on_head(struct conn *conn)
{
	http_parser_init(&conn->parser, HTTP_REQUEST);
	conn->parser.data = conn;
	conn->parsed = false;
	return second_reader_agrees(conn, conn->in, conn->head_len) &&
	       conn->parsed == !conn->exchange.head.chunked;
}
