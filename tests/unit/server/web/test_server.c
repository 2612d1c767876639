/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/resource.h>
#include <sys/un.h>

#include "tests/unit/server/web/harness.h"

/* The answers that honest clients get, however their bytes arrive and however slowly they read. */

#define LARGE_BYTES ((size_t)8 << 20)

struct fixture {
	struct loop *loop;
	struct web_server *server;
	uint16_t port;
	struct web_bytes *large;
	struct web_exchange *held; /* by the "hold" handler */
	unsigned held_count;
	struct web_stream *stream;
	bool stream_closed;
	unsigned filters_dropped;
};

static void
echo(void *ctx, struct web_exchange *exchange)
{
	static const char *const known[] = {"a", "b", NULL};
	struct slice path = web_path(exchange), id = web_param(exchange, "id");
	struct slice name = web_param(exchange, "name"), body = web_body(exchange);
	struct slice a = SLICE("-"), stranger = web_query_stranger(exchange, known);
	struct slice header = web_header(exchange, "x-test");
	struct buf text = {0};

	(void)ctx;
	web_query(exchange, "a", &a);
	buf_printf(&text, "%d|%.*s|id=%.*s|name=%.*s|a=%.*s|stranger=%.*s|x=%.*s|%s|%.*s",
	    (int)web_method(exchange), (int)path.len, path.at, (int)id.len, id.at, (int)name.len,
	    name.at, (int)a.len, a.at, (int)stranger.len, stranger.at, (int)header.len, header.at,
	    web_peer(exchange), (int)body.len, body.at);
	web_reply(exchange,
	    &(struct web_answer){.status = 200, .type = "text/plain", .body = {text.at, text.len}});
	buf_free(&text);
}

static void
tagged(void *ctx, struct web_exchange *exchange)
{
	(void)ctx;
	web_reply(exchange, &(struct web_answer){.status = 200,
				.type = "text/plain",
				.etag = "\"v7\"",
				.cache_control = "private, max-age=1",
				.extra = "Retry-After: 3\r\n",
				.body = SLICE("seven")});
}

static void
large(void *ctx, struct web_exchange *exchange)
{
	struct fixture *fixture = ctx;

	web_reply(exchange,
	    &(struct web_answer){
		.status = 200, .type = "text/plain", .shared = web_bytes_ref(fixture->large)});
}

static void
hold(void *ctx, struct web_exchange *exchange)
{
	struct fixture *fixture = ctx;

	fixture->held = exchange;
	fixture->held_count++;
}

static void
on_stream_closed(void *ctx)
{
	struct fixture *fixture = ctx;

	fixture->stream_closed = true;
	fixture->stream = NULL;
}

static void
events(void *ctx, struct web_exchange *exchange)
{
	struct fixture *fixture = ctx;

	fixture->stream = web_stream_open(exchange, "text/event-stream", on_stream_closed, fixture);
	web_stream_send(fixture->stream, SLICE("data: 1\n\n"));
}

static void
nothing(void *ctx, struct web_exchange *exchange)
{
	(void)ctx;
	web_reply(exchange, &(struct web_answer){.status = 204});
}

static void
no_such(void *ctx, struct web_exchange *exchange)
{
	(void)ctx;
	web_problem(exchange, 404, "No such \"place\".");
}

/* Replaces what begins with 's', and every byte after it. */
static bool
capital(void *ctx, struct slice body, struct buf *out)
{
	(void)ctx;
	if (body.at[0] != 's')
		return false;
	for (size_t i = 0; i < body.len; i++)
		buf_add(out, "S!", 2);
	return true;
}

static void
drop_filter(void *ctx)
{
	((struct fixture *)ctx)->filters_dropped++;
}

static void
filtered(void *ctx, struct web_exchange *exchange)
{
	const struct web_filter filter = {capital, drop_filter, ctx};

	/* The second takes the place of the first. */
	web_filter(exchange, &filter);
	web_filter(exchange, &filter);
	tagged(ctx, exchange);
}

static void
filtered_large(void *ctx, struct web_exchange *exchange)
{
	web_filter(exchange, &(struct web_filter){capital, drop_filter, ctx});
	large(ctx, exchange);
}

static void
filtered_problem(void *ctx, struct web_exchange *exchange)
{
	web_filter(exchange, &(struct web_filter){capital, drop_filter, ctx});
	no_such(ctx, exchange);
}

static void
filtered_hold(void *ctx, struct web_exchange *exchange)
{
	web_filter(exchange, &(struct web_filter){capital, drop_filter, ctx});
	hold(ctx, exchange);
}

static const struct web_route routes[] = {
    {.methods = WEB_GET, .pattern = "/filtered", .handler = filtered},
    {.methods = WEB_GET, .pattern = "/filtered/large", .handler = filtered_large},
    {.methods = WEB_GET, .pattern = "/filtered/problem", .handler = filtered_problem},
    {.methods = WEB_GET, .pattern = "/filtered/hold", .handler = filtered_hold},
    {.methods = WEB_GET, .pattern = "/now/{name}.txt", .handler = echo},
    {.methods = WEB_GET | WEB_POST | WEB_PUT | WEB_DELETE,
	.pattern = "/echo",
	.handler = echo,
	.body_max_bytes = 1 << 20},
    {.methods = WEB_POST, .pattern = "/v1/imports/{id}/confirm", .handler = echo},
    {.methods = WEB_GET, .pattern = "/v1/imports/{id}", .handler = echo},
    {.methods = WEB_GET, .pattern = "/tagged", .handler = tagged},
    {.methods = WEB_GET, .pattern = "/large", .handler = large},
    {.methods = WEB_GET | WEB_POST, .pattern = "/hold", .handler = hold, .limit_ms = 60000},
    {.methods = WEB_GET, .pattern = "/events", .handler = events},
    {.methods = WEB_GET, .pattern = "/nothing", .handler = nothing},
    {.methods = WEB_GET, .pattern = "/problem", .handler = no_such},
    {.pattern = NULL},
};

static int
set_up(void **state)
{
	struct fixture *fixture = xcalloc(1, sizeof *fixture);
	char *bytes = xmalloc(LARGE_BYTES);

	for (size_t i = 0; i < LARGE_BYTES; i++)
		bytes[i] = (char)('a' + i % 23);
	fixture->large = web_bytes_take(bytes, LARGE_BYTES);
	fixture->loop = loop_new();
	fixture->server = web_server_open(fixture->loop,
	    &(struct web_server_options){.address = "127.0.0.1", .routes = routes, .ctx = fixture});
	if (fixture->server == NULL)
		return 1;
	fixture->port = web_server_port(fixture->server);
	*state = fixture;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *fixture = *state;

	web_server_close(fixture->server);
	loop_free(fixture->loop);
	web_bytes_unref(fixture->large);
	free(fixture);
	return 0;
}

#define HOST "Host: a\r\n"
#define LAST HOST "Connection: close\r\n\r\n"

static void
expect_body(struct fixture *fixture, const char *request, const char *want)
{
	struct buf got = ask(fixture->loop, fixture->port, request);

	assert_int_equal(status_of(got.at), 200);
	assert_string_equal(body_of(got.at), want);
	assert_int_equal(answer_len(&got, false), got.len);
	buf_free(&got);
}

/* A body that outgrows the first buffer moves the bytes that the path was found in. */
static void
test_a_large_body_leaves_the_parameters_where_they_were(void **state)
{
	enum { BODY = 40000 };
	struct fixture *fixture = *state;
	struct buf head = {0}, want = {0}, got = {0};
	char *body = xmalloc(BODY + 1);
	int fd = client_open(fixture->port);

	memset(body, 'x', BODY);
	body[BODY] = '\0';
	buf_printf(&head,
	    "POST /v1/imports/fenmere-edt/confirm?a=1 HTTP/1.1\r\nContent-Length: %d\r\n" LAST,
	    BODY);
	client_send(fixture->loop, fd, head.at, head.len);
	turn(fixture->loop, fd, 1);
	client_send(fixture->loop, fd, body, BODY);
	client_take_all(fixture->loop, fd, &got);
	close(fd);
	buf_printf(&want,
	    "4|/v1/imports/fenmere-edt/confirm|id=fenmere-edt|name=|a=1|stranger=|x=|127.0.0.1|%s",
	    body);
	assert_int_equal(status_of(got.at), 200);
	assert_string_equal(body_of(got.at), want.at);
	buf_free(&head);
	buf_free(&want);
	buf_free(&got);
	free(body);
}

static void
test_the_request_as_handlers_see_it(void **state)
{
	struct fixture *fixture = *state;

	expect_body(fixture, "GET /echo?a=1&b=2 HTTP/1.1\r\nX-Test:  y \r\n" LAST,
	    "1|/echo|id=|name=|a=1|stranger=|x=y|127.0.0.1|");
	expect_body(fixture, "GET /echo?b=%26&a=caf%C3%A9+%2B1&&x HTTP/1.1\r\n" LAST,
	    "1|/echo|id=|name=|a=caf\xc3\xa9 +1|stranger=x|x=|127.0.0.1|");
	expect_body(fixture, "GET /echo?a=&a=2 HTTP/1.1\r\n" LAST,
	    "1|/echo|id=|name=|a=|stranger=a|x=|127.0.0.1|");
	expect_body(fixture, "GET /now/ZED%2001.txt.txt HTTP/1.1\r\n" LAST,
	    "1|/now/ZED%2001.txt.txt|id=|name=ZED 01.txt|a=-|stranger=|x=|127.0.0.1|");
	expect_body(fixture,
	    "POST /v1/imports/%2e%2e%2Fx/confirm HTTP/1.1\r\nContent-Length: 3\r\n" LAST "abc",
	    "4|/v1/imports/%2e%2e%2Fx/confirm|id=../x|name=|a=-|stranger=|x=|127.0.0.1|abc");
	expect_body(fixture, "PUT /echo HTTP/1.1\r\n" LAST,
	    "8|/echo|id=|name=|a=-|stranger=|x=|127.0.0.1|");
	expect_body(fixture, "GET /v1/imports/7 HTTP/1.0\r\n" HOST "\r\n",
	    "1|/v1/imports/7|id=7|name=|a=-|stranger=|x=|127.0.0.1|");
}

static void
expect_status(struct fixture *fixture, const char *request, unsigned status)
{
	struct buf got = ask(fixture->loop, fixture->port, request);

	assert_int_equal(status_of(got.at), status);
	buf_free(&got);
}

static void
test_paths_that_lead_nowhere(void **state)
{
	struct fixture *fixture = *state;

	expect_status(fixture, "GET / HTTP/1.1\r\n" LAST, 404);
	expect_status(fixture, "GET /echo/ HTTP/1.1\r\n" LAST, 404);
	expect_status(fixture, "GET /ech HTTP/1.1\r\n" LAST, 404);
	expect_status(fixture, "GET /now/.txt HTTP/1.1\r\n" LAST, 404);
	expect_status(fixture, "GET /now/a/b.txt HTTP/1.1\r\n" LAST, 404);
	expect_status(fixture, "GET /v1/imports/ HTTP/1.1\r\n" LAST, 404);
	expect_status(fixture, "GET /v1/imports/7/ HTTP/1.1\r\n" LAST, 404);
	expect_status(fixture, "GET /../echo HTTP/1.1\r\n" LAST, 404);
	expect_status(fixture, "GET //echo HTTP/1.1\r\n" LAST, 404);
	expect_status(fixture, "GET /v1/imports/7/confirm HTTP/1.1\r\n" LAST, 405);
}

static void
test_every_answer_has_its_headers(void **state)
{
	struct fixture *fixture = *state;
	struct buf got = ask(fixture->loop, fixture->port, "GET /echo HTTP/1.1\r\n" LAST);

	assert_string_equal(header_of(got.at, "X-Content-Type-Options"), "nosniff");
	assert_string_equal(header_of(got.at, "Referrer-Policy"), "no-referrer");
	assert_string_equal(header_of(got.at, "Cross-Origin-Resource-Policy"), "same-origin");
	assert_string_equal(header_of(got.at, "Content-Security-Policy"),
	    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
	    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
	assert_string_equal(header_of(got.at, "Cache-Control"), "no-store");
	assert_int_equal(strlen(header_of(got.at, "Date")), 29);
	assert_string_equal(header_of(got.at, "Connection"), "close");
	assert_string_equal(header_of(got.at, "Server"), "");
	buf_free(&got);
	got = ask(fixture->loop, fixture->port, "GET /tagged HTTP/1.1\r\n" LAST);
	assert_string_equal(header_of(got.at, "Cache-Control"), "private, max-age=1");
	assert_string_equal(header_of(got.at, "ETag"), "\"v7\"");
	assert_string_equal(header_of(got.at, "Retry-After"), "3");
	buf_free(&got);
}

static void
test_a_head_request_has_no_body(void **state)
{
	struct fixture *fixture = *state;
	struct buf got = ask(fixture->loop, fixture->port, "HEAD /large HTTP/1.1\r\n" LAST);

	assert_int_equal(status_of(got.at), 200);
	assert_string_equal(header_of(got.at, "Content-Length"), "8388608");
	assert_string_equal(body_of(got.at), "");
	buf_free(&got);
	got = ask(fixture->loop, fixture->port, "HEAD /nowhere HTTP/1.1\r\n" LAST);
	assert_int_equal(status_of(got.at), 404);
	assert_string_equal(body_of(got.at), "");
	buf_free(&got);
	got = ask(fixture->loop, fixture->port, "GET /nothing HTTP/1.1\r\n" LAST);
	assert_int_equal(status_of(got.at), 204);
	assert_string_equal(header_of(got.at, "Content-Length"), "");
	assert_string_equal(body_of(got.at), "");
	buf_free(&got);
}

static void
test_a_known_version_is_not_sent_again(void **state)
{
	static const struct {
		const char *known;
		unsigned status;
	} cases[] = {
	    {"\"v7\"", 304},
	    {"W/\"v7\"", 304},
	    {"\"v1\", W/\"v2\" ,\"v7\"", 304},
	    {"*", 304},
	    {"\"v8\"", 200},
	    {"v7", 200},
	    {"\"v7", 200},
	    {"", 200},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf request = {0}, got;

		buf_printf(
		    &request, "GET /tagged HTTP/1.1\r\nIf-None-Match: %s\r\n" LAST, cases[i].known);
		got = ask(fixture->loop, fixture->port, request.at);
		assert_int_equal(status_of(got.at), cases[i].status);
		assert_string_equal(header_of(got.at, "ETag"), "\"v7\"");
		assert_string_equal(body_of(got.at), cases[i].status == 304 ? "" : "seven");
		if (cases[i].status == 304)
			assert_string_equal(header_of(got.at, "Content-Length"), "");
		buf_free(&got);
		buf_free(&request);
	}
}

static void
test_problems_of_handlers(void **state)
{
	struct fixture *fixture = *state;
	struct buf got = ask(fixture->loop, fixture->port, "GET /problem HTTP/1.1\r\n" LAST);

	assert_int_equal(status_of(got.at), 404);
	assert_string_equal(body_of(got.at),
	    "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,"
	    "\"detail\":\"No such \\\"place\\\".\"}\n");
	buf_free(&got);
}

/* On one connection, so that no filter outlives its request; each is dropped once. */
static void
test_a_filter_has_the_last_word_of_one_answer(void **state)
{
	struct fixture *fixture = *state;
	struct buf got = {0};
	int fd;

	expect_body(fixture, "GET /filtered HTTP/1.1\r\n" LAST, "S!S!S!S!S!");
	assert_int_equal(fixture->filters_dropped, 2);
	got = ask(fixture->loop, fixture->port, "GET /filtered/large HTTP/1.1\r\n" LAST);
	assert_int_equal(answer_len(&got, false), got.len);
	assert_true(got.len > LARGE_BYTES);
	assert_int_equal(fixture->filters_dropped, 3);
	buf_free(&got);
	got = ask(fixture->loop, fixture->port, "GET /filtered/problem HTTP/1.1\r\n" LAST);
	assert_int_equal(status_of(got.at), 404);
	assert_int_equal(fixture->filters_dropped, 4);
	buf_free(&got);
	got = ask(fixture->loop, fixture->port,
	    "GET /filtered HTTP/1.1\r\n" HOST "\r\nGET /tagged HTTP/1.1\r\n" LAST);
	assert_non_null(strstr(got.at, "S!S!S!S!S!"));
	assert_non_null(strstr(got.at, "seven"));
	assert_int_equal(fixture->filters_dropped, 6);
	buf_free(&got);
	/* The client closes its connection before the answer. */
	fd = client_open(fixture->port);
	client_send(fixture->loop, fd, "GET /filtered/hold HTTP/1.1\r\n" HOST "\r\n",
	    strlen("GET /filtered/hold HTTP/1.1\r\n" HOST "\r\n"));
	while (fixture->held == NULL)
		turn(fixture->loop, fd, 1);
	close(fd);
	web_reply(fixture->held, &(struct web_answer){.status = 200, .body = SLICE("seven")});
	assert_int_equal(fixture->filters_dropped, 7);
}

/* The same request in two pieces, cut at every byte: head, chunk sizes, chunk ends. */
static void
test_every_cut_gives_the_same_answer(void **state)
{
	static const char request[] =
	    "POST /echo?a=%31 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" LAST
	    "3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n";
	struct fixture *fixture = *state;

	for (size_t cut = 1; cut < sizeof request - 1; cut++) {
		struct buf got = {0};
		int fd = client_open(fixture->port);

		client_send(fixture->loop, fd, request, cut);
		turn(fixture->loop, fd, 1);
		client_send(fixture->loop, fd, request + cut, sizeof request - 1 - cut);
		client_take_all(fixture->loop, fd, &got);
		close(fd);
		assert_int_equal(status_of(got.at), 200);
		assert_string_equal(
		    body_of(got.at), "4|/echo|id=|name=|a=1|stranger=|x=|127.0.0.1|abc0123456789");
		buf_free(&got);
	}
}

static void
test_one_byte_at_a_time(void **state)
{
	static const char request[] = "POST /echo HTTP/1.1\r\nContent-Length: 2\r\n" LAST "ok";
	struct fixture *fixture = *state;
	struct buf got = {0};
	int fd = client_open(fixture->port);

	for (size_t i = 0; i < sizeof request - 1; i++) {
		client_send(fixture->loop, fd, request + i, 1);
		turn(fixture->loop, fd, 1);
	}
	client_take_all(fixture->loop, fd, &got);
	assert_string_equal(body_of(got.at), "4|/echo|id=|name=|a=-|stranger=|x=|127.0.0.1|ok");
	close(fd);
	buf_free(&got);
}

static void
test_a_large_body_in_both_framings(void **state)
{
	struct fixture *fixture = *state;
	struct buf request = {0}, body = {0}, got;

	for (int i = 0; i < 100000; i++)
		buf_add(&body, "0123456789", 10);
	buf_printf(&request, "POST /echo HTTP/1.1\r\nContent-Length: %zu\r\n" LAST, body.len);
	buf_add(&request, body.at, body.len);
	got = ask_raw(fixture->loop, fixture->port, request.at, request.len);
	assert_int_equal(status_of(got.at), 200);
	assert_memory_equal(got.at + got.len - body.len, body.at, body.len);
	buf_free(&got);

	buf_reset(&request);
	buf_add_text(&request, "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" LAST);
	for (size_t at = 0; at < body.len;) {
		size_t piece = at % 7919 + 1 < body.len - at ? at % 7919 + 1 : body.len - at;

		buf_printf(&request, "%zx\r\n", piece);
		buf_add(&request, body.at + at, piece);
		buf_add_text(&request, "\r\n");
		at += piece;
	}
	buf_add_text(&request, "0\r\n\r\n");
	got = ask_raw(fixture->loop, fixture->port, request.at, request.len);
	assert_int_equal(status_of(got.at), 200);
	assert_memory_equal(got.at + got.len - body.len, body.at, body.len);
	buf_free(&got);
	buf_free(&request);
	buf_free(&body);
}

static void
test_a_connection_is_kept(void **state)
{
	struct fixture *fixture = *state;
	int fd = client_open(fixture->port);

	for (int i = 0; i < 100; i++) {
		struct buf got = {0};
		const char *request = i % 2 ? "GET /echo HTTP/1.1\r\n" HOST "\r\n"
					    : "POST /echo HTTP/1.1\r\n" HOST
					      "Content-Length: 3\r\n\r\nabc";

		client_send(fixture->loop, fd, request, strlen(request));
		client_take_one(fixture->loop, fd, &got);
		assert_int_equal(status_of(got.at), 200);
		assert_string_equal(header_of(got.at, "Connection"), "");
		buf_free(&got);
	}
	assert_int_equal(web_server_stats(fixture->server).connections, 1);
	assert_int_equal(web_server_stats(fixture->server).requests, 100);
	close(fd);
}

static void
test_pipelined_requests_are_answered_in_order(void **state)
{
	struct fixture *fixture = *state;
	struct buf request = {0}, got;
	const char *at;

	for (int i = 0; i < 2000; i++)
		buf_printf(&request,
		    "POST /v1/imports/%d/confirm HTTP/1.1\r\n" HOST "Content-Length: 4\r\n\r\nbody",
		    i);
	buf_add_text(&request, "GET /echo HTTP/1.1\r\n" LAST);
	got = ask_raw(fixture->loop, fixture->port, request.at, request.len);
	at = got.at;
	for (int i = 0; i < 2000; i++) {
		char want[32];

		snprintf(want, sizeof want, "|id=%d|", i);
		at = strstr(at, "HTTP/1.1 200 OK\r\n");
		assert_non_null(at);
		at = strstr(at, "\r\n\r\n");
		assert_non_null(at);
		assert_non_null(strstr(at, want));
		assert_true(strstr(at, want) < at + 80);
	}
	assert_non_null(strstr(at, "|/echo|"));
	buf_free(&got);
	buf_free(&request);
}

/* The second request waits until the first, which a handler still has, is answered. */
static void
test_a_held_exchange_holds_what_follows(void **state)
{
	struct fixture *fixture = *state;
	static const char request[] = "GET /hold HTTP/1.1\r\n" HOST "\r\n"
				      "GET /echo HTTP/1.1\r\n" HOST "\r\n";
	static const char third[] = "GET /echo?a=3 HTTP/1.1\r\n" LAST;
	struct buf got = {0};
	int fd = client_open(fixture->port);

	client_send(fixture->loop, fd, request, sizeof request - 1);
	while (fixture->held == NULL)
		turn(fixture->loop, fd, 1);
	client_send(fixture->loop, fd, third, sizeof third - 1);
	for (int i = 0; i < 5; i++)
		turn(fixture->loop, fd, 1);
	assert_true(client_take(fd, &got));
	assert_int_equal(got.len, 0);
	assert_true(slice_is(web_path(fixture->held), "/hold"));
	web_reply(fixture->held,
	    &(struct web_answer){.status = 200, .type = "text/plain", .body = SLICE("held")});
	client_take_all(fixture->loop, fd, &got);
	assert_ptr_equal(body_of(got.at), strstr(got.at, "held"));
	assert_non_null(strstr(strstr(got.at, "held"), "|a=-|"));
	assert_non_null(strstr(strstr(got.at, "held"), "|a=3|"));
	close(fd);
	buf_free(&got);
}

/* A client that has said all and shut its side still gets its answer. */
static void
test_half_closed(void **state)
{
	struct fixture *fixture = *state;
	static const char request[] = "GET /hold HTTP/1.1\r\n" HOST "\r\n";
	struct buf got = {0};
	int fd = client_open(fixture->port);

	client_send(fixture->loop, fd, request, sizeof request - 1);
	shutdown(fd, SHUT_WR);
	while (fixture->held == NULL)
		turn(fixture->loop, fd, 1);
	for (int i = 0; i < 5; i++)
		turn(fixture->loop, fd, 1);
	web_problem(fixture->held, 409, "Later.");
	client_take_all(fixture->loop, fd, &got);
	assert_int_equal(status_of(got.at), 409);
	close(fd);
	buf_free(&got);
}

static void
wait_until_closed(struct fixture *fixture)
{
	int64_t ends = clock_mono_ms() + HARNESS_PATIENCE_MS;

	while (web_server_stats(fixture->server).open_connections > 0) {
		assert_true(clock_mono_ms() < ends);
		turn(fixture->loop, -1, 1);
	}
}

/* The client resets while a handler has its request: the late answer goes nowhere, and nothing is
 * lost or freed twice. */
static void
test_a_client_that_leaves_while_it_is_served(void **state)
{
	struct fixture *fixture = *state;
	static const char request[] = "GET /hold HTTP/1.1\r\n" HOST "\r\n";
	struct linger at_once = {.l_onoff = 1};
	int fd = client_open(fixture->port);

	client_send(fixture->loop, fd, request, sizeof request - 1);
	while (fixture->held == NULL)
		turn(fixture->loop, fd, 1);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	close(fd);
	wait_until_closed(fixture);
	assert_true(slice_is(web_path(fixture->held), "/hold"));
	web_reply(fixture->held,
	    &(struct web_answer){
		.status = 200, .type = "text/plain", .shared = web_bytes_ref(fixture->large)});
	turn(fixture->loop, -1, 1);
}

static void
test_a_server_that_closes_while_it_serves(void **state)
{
	struct fixture *fixture = *state;
	static const char request[] = "GET /hold HTTP/1.1\r\n" HOST "\r\n";
	struct buf got = {0};
	int fd = client_open(fixture->port);

	client_send(fixture->loop, fd, request, sizeof request - 1);
	while (fixture->held == NULL)
		turn(fixture->loop, fd, 1);
	web_server_close(fixture->server);
	fixture->server = NULL;
	client_take_all(fixture->loop, fd, &got);
	assert_int_equal(got.len, 0);
	web_problem(fixture->held, 500, "Too late.");
	close(fd);
	buf_free(&got);
}

/* Eight megabytes through a small window, read slowly, twice on one connection: partial writes and
 * the shared bytes. */
static void
test_a_slow_reader_gets_everything(void **state)
{
	struct fixture *fixture = *state;
	static const char request[] = "GET /large HTTP/1.1\r\n" HOST "\r\n"
				      "GET /large HTTP/1.1\r\n" LAST;
	struct buf got = {0};
	const char *second;
	int small = 65536, fd = client_open(fixture->port);

	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
	client_send(fixture->loop, fd, request, sizeof request - 1);
	client_take_all(fixture->loop, fd, &got);
	assert_int_equal(
	    answer_len(&got, false), body_of(got.at) - got.at + (ptrdiff_t)LARGE_BYTES);
	assert_memory_equal(body_of(got.at), web_bytes_slice(fixture->large).at, LARGE_BYTES);
	second = body_of(got.at) + LARGE_BYTES;
	assert_int_equal(status_of(second), 200);
	assert_int_equal(got.at + got.len - body_of(second), LARGE_BYTES);
	assert_memory_equal(body_of(second), web_bytes_slice(fixture->large).at, LARGE_BYTES);
	close(fd);
	buf_free(&got);
}

static void
test_continue_only_when_the_body_is_wanted(void **state)
{
	struct fixture *fixture = *state;
	static const char head[] =
	    "POST /echo HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n" LAST;
	static const char refused[] =
	    "POST /nowhere HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n" LAST;
	struct buf got = {0};
	int fd = client_open(fixture->port);

	client_send(fixture->loop, fd, head, sizeof head - 1);
	while (got.len < 25) {
		assert_true(client_take(fd, &got));
		turn(fixture->loop, fd, 1);
	}
	assert_string_equal(got.at, "HTTP/1.1 100 Continue\r\n\r\n");
	buf_reset(&got);
	client_send(fixture->loop, fd, "abc", 3);
	client_take_all(fixture->loop, fd, &got);
	assert_int_equal(status_of(got.at), 200);
	close(fd);
	buf_free(&got);
	got = ask(fixture->loop, fixture->port, refused);
	assert_int_equal(status_of(got.at), 404);
	buf_free(&got);
}

static void
test_an_offer_to_upgrade_is_passed_over(void **state)
{
	struct fixture *fixture = *state;

	expect_body(fixture,
	    "GET /echo HTTP/1.1\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAA\r\n" HOST
	    "Connection: Upgrade, HTTP2-Settings, close\r\n\r\n",
	    "1|/echo|id=|name=|a=-|stranger=|x=|127.0.0.1|");
}

static void
take_until(struct fixture *fixture, int fd, struct buf *got, const char *text)
{
	int64_t ends = clock_mono_ms() + HARNESS_PATIENCE_MS;

	while (got->at == NULL || strstr(got->at, text) == NULL) {
		assert_true(clock_mono_ms() < ends);
		assert_true(client_take(fd, got));
		turn(fixture->loop, fd, 10);
	}
}

static int
open_stream(struct fixture *fixture, struct buf *got)
{
	static const char request[] = "GET /events HTTP/1.1\r\n" HOST "\r\n";
	int fd = client_open(fixture->port);

	client_send(fixture->loop, fd, request, sizeof request - 1);
	take_until(fixture, fd, got, "data: 1\n\n");
	return fd;
}

static void
test_a_stream_goes_on_until_its_owner_ends_it(void **state)
{
	struct fixture *fixture = *state;
	struct buf got = {0};
	int fd = open_stream(fixture, &got);

	assert_int_equal(status_of(got.at), 200);
	assert_string_equal(header_of(got.at, "Content-Type"), "text/event-stream");
	assert_string_equal(header_of(got.at, "Content-Length"), "");
	web_stream_send(fixture->stream, SLICE("data: 2\n\n"));
	take_until(fixture, fd, &got, "data: 2\n\n");
	web_stream_close(fixture->stream);
	client_take_all(fixture->loop, fd, &got);
	assert_string_equal(body_of(got.at), "data: 1\n\ndata: 2\n\n");
	assert_false(fixture->stream_closed);
	close(fd);
	buf_free(&got);
}

static void
wait_for_stream_end(struct fixture *fixture)
{
	int64_t ends = clock_mono_ms() + HARNESS_PATIENCE_MS;

	while (!fixture->stream_closed) {
		assert_true(clock_mono_ms() < ends);
		turn(fixture->loop, -1, 1);
	}
}

static void
test_a_stream_whose_reader_leaves(void **state)
{
	struct fixture *fixture = *state;
	struct buf got = {0};
	int fd = open_stream(fixture, &got);

	close(fd);
	wait_for_stream_end(fixture);
	assert_int_equal(web_server_stats(fixture->server).open_connections, 0);
	buf_free(&got);
}

/* Nobody reads: what waits is bounded, and then the reader is given up, not inside the call that
 * sends. */
static void
test_a_stream_whose_reader_falls_behind(void **state)
{
	struct fixture *fixture = *state;
	struct buf got = {0};
	char *piece = xcalloc(1, 100000);
	int fd = open_stream(fixture, &got), sends = 0;

	while (web_server_stats(fixture->server).open_connections > 0) {
		web_stream_send(fixture->stream, (struct slice){piece, 100000});
		assert_false(fixture->stream_closed);
		assert_true(++sends < 10000);
	}
	wait_for_stream_end(fixture);
	close(fd);
	free(piece);
	buf_free(&got);
}

static void
test_the_server_closing_ends_streams(void **state)
{
	struct fixture *fixture = *state;
	struct buf got = {0};
	int fd = open_stream(fixture, &got);

	web_server_close(fixture->server);
	fixture->server = NULL;
	turn(fixture->loop, -1, 1);
	assert_true(fixture->stream_closed);
	close(fd);
	buf_free(&got);
}

static void
test_ports(void **state)
{
	struct fixture *fixture = *state;
	struct web_server_options options = {
	    .address = "127.0.0.1", .port = fixture->port, .routes = routes};
	struct web_server *one, *two;

	assert_null(web_server_open(fixture->loop, &options));
	assert_int_equal(errno, EADDRINUSE);
	options.address = "localhost";
	assert_null(web_server_open(fixture->loop, &options));
	assert_int_equal(errno, EINVAL);
	options =
	    (struct web_server_options){.address = "::1", .routes = routes, .reuse_port = true};
	one = web_server_open(fixture->loop, &options);
	if (one == NULL && (errno == EADDRNOTAVAIL || errno == EAFNOSUPPORT))
		return; /* a machine without IPv6 */
	options.port = web_server_port(one);
	two = web_server_open(fixture->loop, &options);
	assert_non_null(two);
	web_server_close(one);
	web_server_close(two);
	web_server_close(NULL);
}

/* Over a unix socket everybody is this machine; its name goes with the server. */
static void
test_a_unix_socket(void **state)
{
	struct fixture *fixture = *state;
	static const char request[] = "GET /echo HTTP/1.1\r\n" HOST "\r\n";
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct web_server_options options = {.routes = routes, .ctx = fixture};
	struct web_server *server;
	struct buf got = {0};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(
	    address.sun_path, sizeof address.sun_path, "/tmp/crisiscover-web-%ld", (long)getpid());
	options.socket_path = address.sun_path;
	server = web_server_open(fixture->loop, &options);
	assert_non_null(server);
	assert_int_equal(web_server_port(server), 0);
	assert_null(web_server_open(fixture->loop, &options));
	assert_int_equal(errno, EADDRINUSE);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	client_send(fixture->loop, fd, request, sizeof request - 1);
	client_take_one(fixture->loop, fd, &got);
	assert_non_null(strstr(got.at, "|127.0.0.1|"));
	close(fd);
	web_server_close(server);
	assert_int_equal(access(address.sun_path, F_OK), -1);
	buf_free(&got);
}

/* Out of descriptors: those inside are served on, those who knock get in when there is room. */
static void
test_out_of_descriptors(void **state)
{
	struct fixture *fixture = *state;
	static const char request[] = "GET /echo HTTP/1.1\r\n" HOST "\r\n";
	struct rlimit usual, tight;
	int first = client_open(fixture->port), second;
	struct buf got = {0};

	client_send(fixture->loop, first, request, sizeof request - 1);
	client_take_one(fixture->loop, first, &got);
	second = client_open(fixture->port);
	client_send(fixture->loop, second, request, sizeof request - 1);
	getrlimit(RLIMIT_NOFILE, &usual);
	tight = usual;
	tight.rlim_cur = (rlim_t)second + 1;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &tight), 0);
	turn(fixture->loop, -1, 50);
	buf_reset(&got);
	client_send(fixture->loop, first, request, sizeof request - 1);
	client_take_one(fixture->loop, first, &got);
	assert_int_equal(web_server_stats(fixture->server).open_connections, 1);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &usual), 0);
	buf_reset(&got);
	client_take_one(fixture->loop, second, &got);
	assert_int_equal(status_of(got.at), 200);
	close(first);
	close(second);
	buf_free(&got);
}

#define SERVED(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVED(test_the_request_as_handlers_see_it),
	    SERVED(test_a_large_body_leaves_the_parameters_where_they_were),
	    SERVED(test_paths_that_lead_nowhere),
	    SERVED(test_every_answer_has_its_headers),
	    SERVED(test_a_head_request_has_no_body),
	    SERVED(test_a_known_version_is_not_sent_again),
	    SERVED(test_problems_of_handlers),
	    SERVED(test_a_filter_has_the_last_word_of_one_answer),
	    SERVED(test_every_cut_gives_the_same_answer),
	    SERVED(test_one_byte_at_a_time),
	    SERVED(test_a_large_body_in_both_framings),
	    SERVED(test_a_connection_is_kept),
	    SERVED(test_pipelined_requests_are_answered_in_order),
	    SERVED(test_a_held_exchange_holds_what_follows),
	    SERVED(test_half_closed),
	    SERVED(test_a_client_that_leaves_while_it_is_served),
	    SERVED(test_a_server_that_closes_while_it_serves),
	    SERVED(test_a_slow_reader_gets_everything),
	    SERVED(test_continue_only_when_the_body_is_wanted),
	    SERVED(test_an_offer_to_upgrade_is_passed_over),
	    SERVED(test_a_stream_goes_on_until_its_owner_ends_it),
	    SERVED(test_a_stream_whose_reader_leaves),
	    SERVED(test_a_stream_whose_reader_falls_behind),
	    SERVED(test_the_server_closing_ends_streams),
	    SERVED(test_ports),
	    SERVED(test_a_unix_socket),
	    SERVED(test_out_of_descriptors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
