/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/server/web/harness.h"

/* Every request that could be read in two ways, through a real socket: one answer, the right one,
 * then the end. */

static struct loop *loop;
static struct web_server *server;
static unsigned handled;

static void
count(void *ctx, struct web_exchange *exchange)
{
	(void)ctx;
	handled++;
	web_reply(exchange,
	    &(struct web_answer){.status = 200, .type = "text/plain", .body = SLICE("handled")});
}

static const struct web_route routes[] = {
    {.methods = WEB_GET, .pattern = "/", .handler = count},
    {.methods = WEB_POST | WEB_PUT, .pattern = "/small", .handler = count, .body_max_bytes = 10},
    {.methods = WEB_POST | WEB_DELETE, .pattern = "/usual", .handler = count},
    {.pattern = NULL},
};

static const char *const hosts[] = {"crisis.example", "[::1]", NULL};

static int
set_up(void **state)
{
	(void)state;
	loop = loop_new();
	server = web_server_open(loop,
	    &(struct web_server_options){.address = "127.0.0.1", .hosts = hosts, .routes = routes});
	return server == NULL;
}

static int
tear_down(void **state)
{
	(void)state;
	web_server_close(server);
	loop_free(loop);
	return 0;
}

#define HOST "Host: crisis.example\r\n"
#define GET "GET / HTTP/1.1\r\n" HOST
#define POST "POST /usual HTTP/1.1\r\n" HOST
#define SECOND "GET / HTTP/1.1\r\n" HOST "\r\n"
#define END "\r\n" SECOND
#define TEN(x) x x x x x x x x x x
#define HUNDRED(x) TEN(TEN(x))

struct refusal {
	const char *bytes;
	unsigned status;
};

/* The bytes after each of them would be a second request to a server that read the first
 * differently. */
static const struct refusal refusals[] = {
    /* framing */
    {POST "Content-Length: 5\r\nContent-Length: 6\r\n" END "abcde", 400},
    {POST "Content-Length: 5\r\nContent-Length: 5\r\n" END "abcde", 400},
    {POST "Content-Length: 5, 5\r\n" END, 400},
    {POST "Content-Length: +5\r\n" END, 400},
    {POST "Content-Length: -5\r\n" END, 400},
    {POST "Content-Length: 5 5\r\n" END, 400},
    {POST "Content-Length: 0x5\r\n" END, 400},
    {POST "Content-Length: 5.0\r\n" END, 400},
    {POST "Content-Length: \r\n" END, 400},
    {POST "Content-Length: 5\t\r\n" END "abcde", 400},
    {POST "Content-Length: 5 \t \r\n" END "abcde", 400},
    {POST "Content-Length: five\r\n" END, 400},
    {POST "Content-Length: 99999999999\r\n" END, 413},
    {POST "Content-Length: 18446744073709551617\r\n" END, 413},
    {POST "Content-Length : 30\r\n" END, 400},
    {POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n" END "0\r\n\r\n", 400},
    {POST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n" END "0\r\n\r\n", 400},
    {POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n" END "0\r\n\r\n", 400},
    {POST "Transfer-Encoding: identity\r\n" END, 400},
    {POST "Transfer-Encoding: xchunked\r\n" END, 400},
    {POST "Transfer-Encoding: chunked, identity\r\n" END, 400},
    {POST "Transfer-Encoding: gzip, chunked\r\n" END, 400},
    {POST "Transfer-Encoding: Chunked\r\n" END, 400},
    {POST "Transfer-Encoding: \"chunked\"\r\n" END, 400},
    {POST "Transfer-Encoding:\r\n chunked\r\n" END, 400},
    {POST "Transfer-Encoding : chunked\r\n" END, 400},
    {POST "Transfer-Encoding\t: chunked\r\n" END, 400},
    {POST "Transfer-Encoding: \vchunked\r\n" END, 400},
    {"POST /usual HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n" END "0\r\n\r\n", 400},
    {GET "Content-Length: 5\r\n" END "abcde", 400},
    {GET "Transfer-Encoding: chunked\r\n" END "0\r\n\r\n", 400},
    {"HEAD / HTTP/1.1\r\n" HOST "Content-Length: 5\r\n" END "abcde", 400},
    {"DELETE /usual HTTP/1.1\r\n" HOST "Content-Length: 5\r\n" END "abcde", 400},
    /* chunks */
    {POST "Transfer-Encoding: chunked\r\n\r\n+5\r\nabcde\r\n0\r\n\r\n" SECOND, 400},
    {POST "Transfer-Encoding: chunked\r\n\r\n0x5\r\nabcde\r\n0\r\n\r\n" SECOND, 400},
    {POST "Transfer-Encoding: chunked\r\n\r\n 5\r\nabcde\r\n0\r\n\r\n" SECOND, 400},
    {POST "Transfer-Encoding: chunked\r\n\r\n5 \r\nabcde\r\n0\r\n\r\n" SECOND, 400},
    {POST "Transfer-Encoding: chunked\r\n\r\n5;a=b\r\nabcde\r\n0\r\n\r\n" SECOND, 400},
    {POST "Transfer-Encoding: chunked\r\n\r\n5\nabcde\r\n0\r\n\r\n" SECOND, 400},
    {POST "Transfer-Encoding: chunked\r\n\r\n5\r\nabcdeX\r\n0\r\n\r\n" SECOND, 400},
    {POST "Transfer-Encoding: chunked\r\n\r\n5\r\nabcd\r\n0\r\n\r\n" SECOND, 400},
    {POST "Transfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n\r\n" SECOND, 400},
    {POST "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 5\r\n\r\n" SECOND, 400},
    {POST "Transfer-Encoding: chunked\r\n\r\n\r\n0\r\n\r\n" SECOND, 400},
    {POST "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n" SECOND, 400},
    {POST "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n" SECOND, 400},
    {POST "Transfer-Encoding: chunked\r\n\r\nffffffff\r\n" SECOND, 413},
    /* lines */
    {"GET / HTTP/1.1\nHost: crisis.example\n\n" SECOND, 400},
    {"GET / HTTP/1.1\r\nHost: crisis.example\n\r\n" SECOND, 400},
    {GET "X: y\n\r\n" SECOND, 400},
    {GET "X: y\r\r\n" END, 400},
    {GET "X: y\rZ: w\r\n" END, 400},
    {GET "X: y\r\n z\r\n" END, 400},
    {GET "X: y\r\n\tz\r\n" END, 400},
    {"GET / HTTP/1.1\r\n X: y\r\n" HOST END, 400},
    {"\r\n" SECOND, 400},
    {"\n" SECOND, 400},
    {" GET / HTTP/1.1\r\n" HOST END, 400},
    /* names and values */
    {GET "X: a\x01z\r\n" END, 400},
    {GET "X: a\x7fz\r\n" END, 400},
    {GET "X: a\x1bz\r\n" END, 400},
    {GET ": y\r\n" END, 400},
    {GET "X\r\n" END, 400},
    {GET "X y: z\r\n" END, 400},
    {GET "X : z\r\n" END, 400},
    {GET "X\x01: z\r\n" END, 400},
    {GET "X(y): z\r\n" END, 400},
    {GET "X\xc3\xa9: z\r\n" END, 400},
    {GET "\"X\": z\r\n" END, 400},
    {GET "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n" END, 400},
    {GET "Cookie: a=b\r\ncookie: c=d\r\n" END, 400},
    {GET "Origin: http://a\r\nOrigin: http://b\r\n" END, 400},
    {GET "Content-Type: a/b\r\nContent-Type: c/d\r\n" END, 400},
    {GET "If-None-Match: \"a\"\r\nIf-None-Match: \"b\"\r\n" END, 400},
    /* host */
    {"GET / HTTP/1.1\r\n" END, 400},
    {"GET / HTTP/1.0\r\n" END, 400},
    {GET HOST END, 400},
    {GET "host: crisis.example\r\n" END, 400},
    {"GET / HTTP/1.1\r\nHost:\r\n" END, 400},
    {"GET / HTTP/1.1\r\nHost: a b\r\n" END, 400},
    {"GET / HTTP/1.1\r\nHost: crisis.example, evil\r\n" END, 400},
    {"GET / HTTP/1.1\r\nHost: user@crisis.example\r\n" END, 400},
    {"GET / HTTP/1.1\r\nHost: crisis.example/\r\n" END, 400},
    {"GET / HTTP/1.1\r\nHost: crisis.example:\r\n" END, 400},
    {"GET / HTTP/1.1\r\nHost: crisis.example:80a\r\n" END, 400},
    {"GET / HTTP/1.1\r\nHost: crisis.example:65536\r\n" END, 400},
    {"GET / HTTP/1.1\r\nHost: [::1\r\n" END, 400},
    {"GET / HTTP/1.1\r\nHost: []\r\n" END, 400},
    {"GET / HTTP/1.1\r\nHost: [::g]\r\n" END, 400},
    {"GET / HTTP/1.1\r\nHost: cr\xc3\xadsis.example\r\n" END, 400},
    {"GET / HTTP/1.1\r\nHost: evil.example\r\n" END, 421},
    {"GET / HTTP/1.1\r\nHost: crisis.example.evil\r\n" END, 421},
    /* targets */
    {"GET http://crisis.example/ HTTP/1.1\r\n" HOST END, 400},
    {"GET http://evil/x HTTP/1.1\r\n" HOST END, 400},
    {"GET * HTTP/1.1\r\n" HOST END, 400},
    {"GET x HTTP/1.1\r\n" HOST END, 400},
    {"GET \\x HTTP/1.1\r\n" HOST END, 400},
    {"GET  HTTP/1.1\r\n" HOST END, 400},
    {"GET / / HTTP/1.1\r\n" HOST END, 400},
    {"GET  / HTTP/1.1\r\n" HOST END, 400},
    {"GET /a b HTTP/1.1\r\n" HOST END, 400},
    {"GET /a\tb HTTP/1.1\r\n" HOST END, 400},
    {"GET /\x01 HTTP/1.1\r\n" HOST END, 400},
    {"GET /\x7f HTTP/1.1\r\n" HOST END, 400},
    {"GET /\xc3\xa9 HTTP/1.1\r\n" HOST END, 400},
    {"GET /#a HTTP/1.1\r\n" HOST END, 400},
    {"GET /%00 HTTP/1.1\r\n" HOST END, 400},
    {"GET /?a=%00 HTTP/1.1\r\n" HOST END, 400},
    {"GET /?a=%0d%0aX:y HTTP/1.1\r\n" HOST END, 400},
    {"GET /%7f HTTP/1.1\r\n" HOST END, 400},
    {"GET /% HTTP/1.1\r\n" HOST END, 400},
    {"GET /%4 HTTP/1.1\r\n" HOST END, 400},
    {"GET /%zz HTTP/1.1\r\n" HOST END, 400},
    {"GET /%c3 HTTP/1.1\r\n" HOST END, 400},
    {"GET /%c0%af HTTP/1.1\r\n" HOST END, 400},
    {"GET /%ed%a0%80 HTTP/1.1\r\n" HOST END, 400},
    {"GET /%ff HTTP/1.1\r\n" HOST END, 400},
    {"GET /?" TEN("a&b&c&") "d&e&f HTTP/1.1\r\n" HOST END, 400},
    {"GET /" HUNDRED("123456789 123456789 12345") " HTTP/1.1\r\n" HOST END, 414},
    {"GET /" HUNDRED("1234567890123456789012345") " HTTP/1.1\r\n" HOST END, 414},
    {"GET /" HUNDRED("1234567890123456789012345"), 414},
    /* methods and versions */
    {"LINK / HTTP/1.1\r\n" HOST END, 501},
    {"OPTIONS * HTTP/1.1\r\n" HOST END, 501},
    {"TRACE / HTTP/1.1\r\n" HOST END, 501},
    {"CONNECT crisis.example:80 HTTP/1.1\r\n" HOST END, 501},
    {"get / HTTP/1.1\r\n" HOST END, 501},
    {"GETX / HTTP/1.1\r\n" HOST END, 501},
    {"G\"T / HTTP/1.1\r\n" HOST END, 400},
    {"G(T) / HTTP/1.1\r\n" HOST END, 400},
    {"GET /\r\n" HOST END, 400},
    {"GET\r\n" HOST END, 400},
    {"GET / HTTP/1.1 \r\n" HOST END, 400},
    {"GET / HTTP/1.1x\r\n" HOST END, 400},
    {"GET / http/1.1\r\n" HOST END, 400},
    {"GET / HTTP/1\r\n" HOST END, 400},
    {"GET / HTTP/01.1\r\n" HOST END, 400},
    {"GET / HTTP/0.9\r\n" HOST END, 505},
    {"GET / HTTP/1.2\r\n" HOST END, 505},
    {"GET / HTTP/2.0\r\n" HOST END, 505},
    {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 501},
    /* sizes */
    {GET TEN("X: 1\r\n") TEN("X: 2\r\n") TEN("X: 3\r\n") TEN("X: 4\r\n") TEN("X: 5\r\n")
	    TEN("X: 6\r\n") "A: b\r\nC: d\r\nE: f\r\nG: h\r\n" END,
	431},
    {"POST /small HTTP/1.1\r\n" HOST "Content-Length: 11\r\n" END, 413},
    {"POST /small HTTP/1.1\r\n" HOST
     "Transfer-Encoding: chunked\r\n\r\nb\r\n12345678901\r\n0\r\n\r\n" SECOND,
	413},
    {"POST /small HTTP/1.1\r\n" HOST
     "Transfer-Encoding: chunked\r\n\r\na\r\n1234567890\r\n1\r\nx\r\n0\r\n\r\n" SECOND,
	413},
    {POST "Content-Length: 65537\r\n" END, 413},
    {"POST /nowhere HTTP/1.1\r\n" HOST "Content-Length: 5\r\n" END, 404},
    {"POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\n" END, 405},
    /* expectations */
    {POST "Expect: miracles\r\nContent-Length: 5\r\n" END, 417},
    {"POST /small HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 11\r\n" END, 413},
};

static void
check(const char *bytes, size_t len, unsigned status)
{
	unsigned before = handled;
	struct buf got = ask_raw(loop, web_server_port(server), bytes, len);
	size_t first = answer_len(&got, strncmp(bytes, "HEAD ", 5) == 0);

	if (status_of(got.at) != status)
		fail_msg("%.300s\n-> %s", bytes, got.at);
	if (first != got.len || handled != before)
		fail_msg("%.300s\n-> more than one answer: %s", bytes, got.at);
	assert_string_equal(header_of(got.at, "Connection"), "close");
	assert_string_equal(header_of(got.at, "Content-Type"), "application/problem+json");
	assert_string_equal(header_of(got.at, "X-Content-Type-Options"), "nosniff");
	assert_string_equal(header_of(got.at, "Cache-Control"), "no-store");
	buf_free(&got);
}

static void
test_each_gets_one_answer_and_the_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
		check(refusals[i].bytes, strlen(refusals[i].bytes), refusals[i].status);
}

/* NUL cannot stand in a C string. */
static void
test_nul_bytes(void **state)
{
	static const char in_value[] = GET "X: a\0b\r\n" END;
	static const char in_name[] = GET "X\0: a\r\n" END;
	static const char in_target[] = "GET /\0 HTTP/1.1\r\n" HOST END;
	static const char in_method[] = "G\0T / HTTP/1.1\r\n" HOST END;
	static const char in_host[] = "GET / HTTP/1.1\r\nHost: crisis.example\0.evil\r\n" END;

	(void)state;
	check(in_value, sizeof in_value - 1, 400);
	check(in_name, sizeof in_name - 1, 400);
	check(in_target, sizeof in_target - 1, 400);
	check(in_method, sizeof in_method - 1, 400);
	check(in_host, sizeof in_host - 1, 400);
}

/* Longer than a C string may be: one header of 20,000 bytes, its end in sight or not. */
static void
test_a_long_head(void **state)
{
	struct buf bytes = {0};

	(void)state;
	buf_add_text(&bytes, GET "X: ");
	for (int i = 0; i < 5000; i++)
		buf_add_text(&bytes, "abcd");
	check(bytes.at, bytes.len, 431);
	buf_add_text(&bytes, "\r\n" END);
	check(bytes.at, bytes.len, 431);
	buf_free(&bytes);
}

static void
test_the_problem_is_told(void **state)
{
	struct buf got = ask(loop, web_server_port(server), GET "Host: evil\r\n\r\n");

	(void)state;
	assert_string_equal(body_of(got.at),
	    "{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,"
	    "\"detail\":\"A header that may be given once is given twice.\"}\n");
	buf_free(&got);
}

static void
test_allow_is_given_with_405(void **state)
{
	struct buf got = ask(loop, web_server_port(server),
	    "DELETE /small HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");

	(void)state;
	assert_int_equal(status_of(got.at), 405);
	assert_string_equal(header_of(got.at, "Allow"), "POST, PUT");
	buf_free(&got);
	got = ask(
	    loop, web_server_port(server), "PUT / HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");
	assert_int_equal(status_of(got.at), 405);
	assert_string_equal(header_of(got.at, "Allow"), "GET, HEAD");
	buf_free(&got);
}

static uint64_t
next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* One of the table's requests after an honest one, with a few bytes changed, cut off or doubled. */
static void
spoil(struct buf *bytes, uint64_t *random)
{
	static const char spice[] = "\r\n\t :;,%?#0x\x7f\x80/Aa";
	const struct refusal *refusal =
	    &refusals[next_random(random) % (sizeof refusals / sizeof *refusals)];

	buf_reset(bytes);
	buf_add_text(bytes, next_random(random) % 2 ? SECOND : "");
	buf_add_text(bytes, refusal->bytes);
	for (uint64_t n = next_random(random) % 4; n > 0; n--)
		bytes->at[next_random(random) % bytes->len] =
		    spice[next_random(random) % sizeof spice];
	if (next_random(random) % 4 == 0)
		buf_add(bytes, refusal->bytes, next_random(random) % strlen(refusal->bytes));
	if (next_random(random) % 4 == 0)
		bytes->len = next_random(random) % bytes->len + 1;
}

/* Whole answers to the last byte, and none after one that ends the connection. */
static void
check_answers(const struct buf *request, struct buf *got)
{
	bool ended = false;

	while (got->len > 0) {
		size_t len = answer_len(got, false);

		if (ended || len == 0 || status_of(got->at) == 0)
			fail_msg("%.*s\n-> %s", (int)request->len, request->at, got->at);
		ended = strcmp(header_of(got->at, "Connection"), "close") == 0;
		if (status_of(got->at) == 400 || status_of(got->at) == 413)
			assert_true(ended);
		memmove(got->at, got->at + len, got->len - len + 1);
		got->len -= len;
	}
}

static void
test_random_changes(void **state)
{
	uint64_t random = 88172645463325252u;
	struct buf request = {0}, got = {0};

	(void)state;
	for (int round = 0; round < 1500; round++) {
		int fd = client_open(web_server_port(server));
		size_t cut;

		spoil(&request, &random);
		if (memmem(request.at, request.len, "HEAD", 4) != NULL) {
			close(fd); /* its answer's length speaks of bytes that are not there */
			continue;
		}
		cut = next_random(&random) % (request.len + 1);
		client_send(loop, fd, request.at, cut);
		turn(loop, fd, 1);
		client_send(loop, fd, request.at + cut, request.len - cut);
		shutdown(fd, SHUT_WR);
		buf_reset(&got);
		client_take_all(loop, fd, &got);
		close(fd);
		check_answers(&request, &got);
	}
	buf_free(&request);
	buf_free(&got);
}

/* An honest request on the same terms is answered, or the table above would prove nothing. */
static void
test_the_honest_twin_is_answered(void **state)
{
	struct buf got = ask(loop, web_server_port(server),
	    GET "\r\n" POST "Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n" POST
		"Content-Length: 5\r\n"
		"\r\n"
		"abcdeGET / HTTP/1.1\r\n"
		"Host: [::1]:8080\r\n"
		"Connection: close\r\n"
		"\r\n");
	unsigned answers = 0;

	(void)state;
	for (const char *at = got.at; (at = strstr(at, "HTTP/1.1 200 OK\r\n")) != NULL; at++)
		answers++;
	assert_int_equal(answers, 4);
	buf_free(&got);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_each_gets_one_answer_and_the_end),
	    cmocka_unit_test(test_nul_bytes),
	    cmocka_unit_test(test_a_long_head),
	    cmocka_unit_test(test_the_problem_is_told),
	    cmocka_unit_test(test_allow_is_given_with_405),
	    cmocka_unit_test(test_random_changes),
	    cmocka_unit_test(test_the_honest_twin_is_answered),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
