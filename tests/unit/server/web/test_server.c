/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/web/served.h"

/* The answers that honest clients get, however their bytes arrive. */

/* A body that outgrows the first buffer moves the bytes that the path was found in. */
static void
test_a_large_body_leaves_the_parameters_where_they_were(void **state)
{
	enum { BODY = 40000 };
	struct served *served = *state;
	struct buf head = {0}, want = {0}, got = {0};
	char *body = xmalloc(BODY + 1);
	int fd = client_open(served->port);

	memset(body, 'x', BODY);
	body[BODY] = '\0';
	buf_printf(&head,
	    "POST /v1/imports/fenmere-edt/confirm?a=1 HTTP/1.1\r\nContent-Length: %d\r\n" LAST,
	    BODY);
	client_send(served->loop, fd, head.at, head.len);
	turn(served->loop, fd, 1);
	client_send(served->loop, fd, body, BODY);
	client_take_all(served->loop, fd, &got);
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
	struct served *served = *state;

	served_expect(served, "GET /echo?a=1&b=2 HTTP/1.1\r\nX-Test:  y \r\n" LAST,
	    "1|/echo|id=|name=|a=1|stranger=|x=y|127.0.0.1|");
	served_expect(served, "GET /echo?b=%26&a=caf%C3%A9+%2B1&&x HTTP/1.1\r\n" LAST,
	    "1|/echo|id=|name=|a=caf\xc3\xa9 +1|stranger=x|x=|127.0.0.1|");
	served_expect(served, "GET /echo?a=&a=2 HTTP/1.1\r\n" LAST,
	    "1|/echo|id=|name=|a=|stranger=a|x=|127.0.0.1|");
	served_expect(served, "GET /now/ZED%2001.txt.txt HTTP/1.1\r\n" LAST,
	    "1|/now/ZED%2001.txt.txt|id=|name=ZED 01.txt|a=-|stranger=|x=|127.0.0.1|");
	served_expect(served,
	    "POST /v1/imports/%2e%2e%2Fx/confirm HTTP/1.1\r\nContent-Length: 3\r\n" LAST "abc",
	    "4|/v1/imports/%2e%2e%2Fx/confirm|id=../x|name=|a=-|stranger=|x=|127.0.0.1|abc");
	served_expect(
	    served, "PUT /echo HTTP/1.1\r\n" LAST, "8|/echo|id=|name=|a=-|stranger=|x=|127.0.0.1|");
	served_expect(served, "GET /v1/imports/7 HTTP/1.0\r\n" HOST "\r\n",
	    "1|/v1/imports/7|id=7|name=|a=-|stranger=|x=|127.0.0.1|");
}

static void
expect_status(struct served *served, const char *request, unsigned status)
{
	struct buf got = ask(served->loop, served->port, request);

	assert_int_equal(status_of(got.at), status);
	buf_free(&got);
}

static void
test_paths_that_lead_nowhere(void **state)
{
	struct served *served = *state;

	expect_status(served, "GET / HTTP/1.1\r\n" LAST, 404);
	expect_status(served, "GET /echo/ HTTP/1.1\r\n" LAST, 404);
	expect_status(served, "GET /ech HTTP/1.1\r\n" LAST, 404);
	expect_status(served, "GET /now/.txt HTTP/1.1\r\n" LAST, 404);
	expect_status(served, "GET /now/a/b.txt HTTP/1.1\r\n" LAST, 404);
	expect_status(served, "GET /v1/imports/ HTTP/1.1\r\n" LAST, 404);
	expect_status(served, "GET /v1/imports/7/ HTTP/1.1\r\n" LAST, 404);
	expect_status(served, "GET /../echo HTTP/1.1\r\n" LAST, 404);
	expect_status(served, "GET //echo HTTP/1.1\r\n" LAST, 404);
	expect_status(served, "GET /v1/imports/7/confirm HTTP/1.1\r\n" LAST, 405);
}

static void
test_every_answer_has_its_headers(void **state)
{
	struct served *served = *state;
	struct buf got = ask(served->loop, served->port, "GET /echo HTTP/1.1\r\n" LAST);

	assert_string_equal(header_of(got.at, "X-Content-Type-Options"), "nosniff");
	assert_string_equal(header_of(got.at, "Referrer-Policy"), "no-referrer");
	assert_string_equal(header_of(got.at, "Cross-Origin-Resource-Policy"), "same-origin");
	assert_string_equal(header_of(got.at, "Cross-Origin-Opener-Policy"), "same-origin");
	assert_string_equal(header_of(got.at, "Content-Security-Policy"),
	    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
	    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
	    "require-trusted-types-for 'script'; trusted-types lit-html crisiscover");
	assert_string_equal(header_of(got.at, "Cache-Control"), "no-store");
	assert_int_equal(strlen(header_of(got.at, "Date")), 29);
	assert_string_equal(header_of(got.at, "Connection"), "close");
	assert_string_equal(header_of(got.at, "Server"), "");
	buf_free(&got);
	got = ask(served->loop, served->port, "GET /tagged HTTP/1.1\r\n" LAST);
	assert_string_equal(header_of(got.at, "Cache-Control"), "private, max-age=1");
	assert_string_equal(header_of(got.at, "ETag"), "\"v7\"");
	assert_string_equal(header_of(got.at, "Retry-After"), "3");
	buf_free(&got);
}

static void
test_a_head_request_has_no_body(void **state)
{
	struct served *served = *state;
	struct buf got = ask(served->loop, served->port, "HEAD /large HTTP/1.1\r\n" LAST);

	assert_int_equal(status_of(got.at), 200);
	assert_string_equal(header_of(got.at, "Content-Length"), "8388608");
	assert_string_equal(body_of(got.at), "");
	buf_free(&got);
	got = ask(served->loop, served->port, "HEAD /nowhere HTTP/1.1\r\n" LAST);
	assert_int_equal(status_of(got.at), 404);
	assert_string_equal(body_of(got.at), "");
	buf_free(&got);
	got = ask(served->loop, served->port, "GET /nothing HTTP/1.1\r\n" LAST);
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
	struct served *served = *state;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf request = {0}, got;

		buf_printf(
		    &request, "GET /tagged HTTP/1.1\r\nIf-None-Match: %s\r\n" LAST, cases[i].known);
		got = ask(served->loop, served->port, request.at);
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
	struct served *served = *state;
	struct buf got = ask(served->loop, served->port, "GET /problem HTTP/1.1\r\n" LAST);

	assert_int_equal(status_of(got.at), 404);
	assert_string_equal(body_of(got.at),
	    "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,"
	    "\"detail\":\"No such \\\"place\\\".\"}\n");
	buf_free(&got);
}

/* The same request in two pieces, cut at every byte: head, chunk sizes, chunk ends. */
static void
test_every_cut_gives_the_same_answer(void **state)
{
	static const char request[] =
	    "POST /echo?a=%31 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" LAST
	    "3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n";
	struct served *served = *state;

	for (size_t cut = 1; cut < sizeof request - 1; cut++) {
		struct buf got = {0};
		int fd = client_open(served->port);

		client_send(served->loop, fd, request, cut);
		turn(served->loop, fd, 1);
		client_send(served->loop, fd, request + cut, sizeof request - 1 - cut);
		client_take_all(served->loop, fd, &got);
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
	struct served *served = *state;
	struct buf got = {0};
	int fd = client_open(served->port);

	for (size_t i = 0; i < sizeof request - 1; i++) {
		client_send(served->loop, fd, request + i, 1);
		turn(served->loop, fd, 1);
	}
	client_take_all(served->loop, fd, &got);
	assert_string_equal(body_of(got.at), "4|/echo|id=|name=|a=-|stranger=|x=|127.0.0.1|ok");
	close(fd);
	buf_free(&got);
}

static void
test_a_large_body_in_both_framings(void **state)
{
	struct served *served = *state;
	struct buf request = {0}, body = {0}, got;

	for (int i = 0; i < 100000; i++)
		buf_add(&body, "0123456789", 10);
	buf_printf(&request, "POST /echo HTTP/1.1\r\nContent-Length: %zu\r\n" LAST, body.len);
	buf_add(&request, body.at, body.len);
	got = ask_raw(served->loop, served->port, request.at, request.len);
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
	got = ask_raw(served->loop, served->port, request.at, request.len);
	assert_int_equal(status_of(got.at), 200);
	assert_memory_equal(got.at + got.len - body.len, body.at, body.len);
	buf_free(&got);
	buf_free(&request);
	buf_free(&body);
}

static void
test_a_connection_is_kept(void **state)
{
	struct served *served = *state;
	int fd = client_open(served->port);

	for (int i = 0; i < 100; i++) {
		struct buf got = {0};
		const char *request = i % 2 ? "GET /echo HTTP/1.1\r\n" HOST "\r\n"
					    : "POST /echo HTTP/1.1\r\n" HOST
					      "Content-Length: 3\r\n\r\nabc";

		client_send(served->loop, fd, request, strlen(request));
		client_take_one(served->loop, fd, &got);
		assert_int_equal(status_of(got.at), 200);
		assert_string_equal(header_of(got.at, "Connection"), "");
		buf_free(&got);
	}
	assert_int_equal(web_server_stats(served->server).connections, 1);
	assert_int_equal(web_server_stats(served->server).requests, 100);
	close(fd);
}

static void
test_pipelined_requests_are_answered_in_order(void **state)
{
	struct served *served = *state;
	struct buf request = {0}, got;
	const char *at;

	for (int i = 0; i < 2000; i++)
		buf_printf(&request,
		    "POST /v1/imports/%d/confirm HTTP/1.1\r\n" HOST "Content-Length: 4\r\n\r\nbody",
		    i);
	buf_add_text(&request, "GET /echo HTTP/1.1\r\n" LAST);
	got = ask_raw(served->loop, served->port, request.at, request.len);
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
	struct served *served = *state;
	static const char request[] = "GET /hold HTTP/1.1\r\n" HOST "\r\n"
				      "GET /echo HTTP/1.1\r\n" HOST "\r\n";
	static const char third[] = "GET /echo?a=3 HTTP/1.1\r\n" LAST;
	struct buf got = {0};
	int fd = client_open(served->port);

	client_send(served->loop, fd, request, sizeof request - 1);
	while (served->held == NULL)
		turn(served->loop, fd, 1);
	client_send(served->loop, fd, third, sizeof third - 1);
	for (int i = 0; i < 5; i++)
		turn(served->loop, fd, 1);
	assert_true(client_take(fd, &got));
	assert_int_equal(got.len, 0);
	assert_true(slice_is(web_path(served->held), "/hold"));
	web_reply(served->held,
	    &(struct web_answer){.status = 200, .type = "text/plain", .body = SLICE("held")});
	client_take_all(served->loop, fd, &got);
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
	struct served *served = *state;
	static const char request[] = "GET /hold HTTP/1.1\r\n" HOST "\r\n";
	struct buf got = {0};
	int fd = client_open(served->port);

	client_send(served->loop, fd, request, sizeof request - 1);
	shutdown(fd, SHUT_WR);
	while (served->held == NULL)
		turn(served->loop, fd, 1);
	for (int i = 0; i < 5; i++)
		turn(served->loop, fd, 1);
	web_problem(served->held, 409, "Later.");
	client_take_all(served->loop, fd, &got);
	assert_int_equal(status_of(got.at), 409);
	close(fd);
	buf_free(&got);
}

static void
test_continue_only_when_the_body_is_wanted(void **state)
{
	struct served *served = *state;
	static const char head[] =
	    "POST /echo HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n" LAST;
	static const char refused[] =
	    "POST /nowhere HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n" LAST;
	struct buf got = {0};
	int fd = client_open(served->port);

	client_send(served->loop, fd, head, sizeof head - 1);
	while (got.len < 25) {
		assert_true(client_take(fd, &got));
		turn(served->loop, fd, 1);
	}
	assert_string_equal(got.at, "HTTP/1.1 100 Continue\r\n\r\n");
	buf_reset(&got);
	client_send(served->loop, fd, "abc", 3);
	client_take_all(served->loop, fd, &got);
	assert_int_equal(status_of(got.at), 200);
	close(fd);
	buf_free(&got);
	got = ask(served->loop, served->port, refused);
	assert_int_equal(status_of(got.at), 404);
	buf_free(&got);
}

static void
test_an_offer_to_upgrade_is_passed_over(void **state)
{
	struct served *served = *state;

	served_expect(served,
	    "GET /echo HTTP/1.1\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAA\r\n" HOST
	    "Connection: Upgrade, HTTP2-Settings, close\r\n\r\n",
	    "1|/echo|id=|name=|a=-|stranger=|x=|127.0.0.1|");
}

#define SERVED(name) cmocka_unit_test_setup_teardown(name, served_open, served_close)

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
	    SERVED(test_every_cut_gives_the_same_answer),
	    SERVED(test_one_byte_at_a_time),
	    SERVED(test_a_large_body_in_both_framings),
	    SERVED(test_a_connection_is_kept),
	    SERVED(test_pipelined_requests_are_answered_in_order),
	    SERVED(test_a_held_exchange_holds_what_follows),
	    SERVED(test_half_closed),
	    SERVED(test_continue_only_when_the_body_is_wanted),
	    SERVED(test_an_offer_to_upgrade_is_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
