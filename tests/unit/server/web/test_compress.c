/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <zlib.h>

#include "server/web/compress.h"
#include "tests/unit/server/web/harness.h"

/* Which reader gets what compressed, and that it says the same as the plain answer. */

static void
test_accepted(void **state)
{
	static const struct {
		const char *accepted, *coding;
		bool taken;
	} cases[] = {
	    {"gzip", "gzip", true},
	    {"deflate, gzip;q=1.0, br", "gzip", true},
	    {"deflate, GZIP ; q=0.001", "gzip", true},
	    {"br", "br", true},
	    {"gzip;q=0", "gzip", false},
	    {"gzip; q=0.000, br", "gzip", false},
	    {"gzip;q=0, br", "br", true},
	    {"x-gzip", "gzip", false},
	    {"gzipped", "gzip", false},
	    {"identity", "gzip", false},
	    {"*", "gzip", false},
	    {"", "gzip", false},
	    {",,;;,", "gzip", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (compress_accepts(slice_of(cases[i].accepted), cases[i].coding) !=
		    cases[i].taken)
			fail_msg("%s: %s", cases[i].accepted, cases[i].coding);
	assert_false(compress_accepts((struct slice){0}, "gzip"));
}

static void
test_what_pays(void **state)
{
	(void)state;
	assert_true(compress_pays("application/json", 1001));
	assert_true(compress_pays("application/fhir+json", 5000));
	assert_true(compress_pays("text/html; charset=utf-8", 5000));
	assert_false(compress_pays("application/json", 1000));
	assert_false(compress_pays("application/json", (size_t)5 << 20));
	assert_false(compress_pays("image/png", 5000));
	assert_false(compress_pays(NULL, 5000));
}

/* ---------------------------------------------------------------------------- through a server */

#define BODY_BYTES 4096

struct fixture {
	struct loop *loop;
	struct web_server *server;
	uint16_t port;
	struct web_bytes *shared;
	char body[BODY_BYTES];
};

static void
reply_text(struct fixture *fixture, struct web_exchange *exchange, bool verbatim)
{
	web_reply(exchange, &(struct web_answer){.status = 200,
				.type = "application/json",
				.etag = "\"v7\"",
				.verbatim = verbatim,
				.body = {fixture->body, BODY_BYTES}});
}

static void
plain(void *ctx, struct web_exchange *exchange)
{
	reply_text(ctx, exchange, false);
}

static void
verbatim(void *ctx, struct web_exchange *exchange)
{
	reply_text(ctx, exchange, true);
}

static void
shared(void *ctx, struct web_exchange *exchange)
{
	struct fixture *fixture = ctx;

	web_reply(exchange, &(struct web_answer){.status = 200,
				.type = "application/json",
				.shared = web_bytes_ref(fixture->shared)});
}

/* Bytes in which nothing repeats. */
static void
noise(void *ctx, struct web_exchange *exchange)
{
	struct fixture *fixture = ctx;
	char bytes[BODY_BYTES];
	uint32_t random = 7;

	(void)fixture;
	for (size_t i = 0; i < sizeof bytes; i++) {
		random = random * 1664525 + 1013904223;
		bytes[i] = (char)(random >> 24);
	}
	web_reply(exchange,
	    &(struct web_answer){
		.status = 200, .type = "application/json", .body = {bytes, sizeof bytes}});
}

static const struct web_route routes[] = {
    {.methods = WEB_GET | WEB_POST, .pattern = "/plain", .handler = plain, .body_max_bytes = 10},
    {.methods = WEB_GET, .pattern = "/verbatim", .handler = verbatim},
    {.methods = WEB_GET, .pattern = "/shared", .handler = shared},
    {.methods = WEB_GET, .pattern = "/noise", .handler = noise},
    {0},
};

static int
setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);
	char *bytes = malloc(BODY_BYTES);

	assert_non_null(fixture);
	assert_non_null(bytes);
	for (size_t i = 0; i < BODY_BYTES; i++)
		fixture->body[i] = bytes[i] = "abcdefgh\n"[i % 9];
	fixture->shared = web_bytes_take(bytes, BODY_BYTES);
	fixture->loop = loop_new();
	fixture->server = web_server_open(fixture->loop,
	    &(struct web_server_options){.address = "127.0.0.1", .routes = routes, .ctx = fixture});
	assert_non_null(fixture->server);
	fixture->port = web_server_port(fixture->server);
	*state = fixture;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *fixture = *state;

	web_server_close(fixture->server);
	web_bytes_unref(fixture->shared);
	loop_free(fixture->loop);
	free(fixture);
	return 0;
}

static struct buf
asked(struct fixture *fixture, const char *line, const char *headers)
{
	char request[256];

	snprintf(request, sizeof request, "%s HTTP/1.1\r\nHost: t\r\n%sConnection: close\r\n\r\n",
	    line, headers);
	return ask(fixture->loop, fixture->port, request);
}

/* The body after the head, unpacked, is the whole of the fixture's. */
static void
expect_gzip(const struct fixture *fixture, const struct buf *got)
{
	const char *body = strstr(got->at, "\r\n\r\n") + 4;
	char plain_bytes[2 * BODY_BYTES];
	z_stream stream = {.avail_in = (uInt)(got->len - (size_t)(body - got->at)),
	    .next_out = (Bytef *)plain_bytes,
	    .avail_out = sizeof plain_bytes};

	stream.next_in = (Bytef *)(uintptr_t)body;
	assert_string_equal(header_of(got->at, "Content-Encoding"), "gzip");
	assert_string_equal(header_of(got->at, "Vary"), "Accept-Encoding");
	assert_int_equal(atoi(header_of(got->at, "Content-Length")), (int)stream.avail_in);
	assert_true(stream.avail_in < BODY_BYTES / 4);
	assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
	assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
	inflateEnd(&stream);
	assert_int_equal(stream.total_out, BODY_BYTES);
	assert_memory_equal(plain_bytes, fixture->body, BODY_BYTES);
}

static void
test_who_takes_gzip_gets_it(void **state)
{
	struct fixture *fixture = *state;
	struct buf got = asked(fixture, "GET /plain", "Accept-Encoding: gzip\r\n");

	expect_gzip(fixture, &got);
	assert_string_equal(header_of(got.at, "ETag"), "W/\"v7\"");
	buf_free(&got);
	got = asked(fixture, "GET /plain", "");
	assert_string_equal(header_of(got.at, "Content-Encoding"), "");
	assert_string_equal(header_of(got.at, "Vary"), "Accept-Encoding");
	assert_string_equal(header_of(got.at, "ETag"), "\"v7\"");
	buf_free(&got);
	/* Either form of the tag names the answer. */
	got = asked(fixture, "GET /plain", "Accept-Encoding: gzip\r\nIf-None-Match: W/\"v7\"\r\n");
	assert_non_null(strstr(got.at, " 304 "));
	assert_string_equal(header_of(got.at, "Content-Encoding"), "");
	buf_free(&got);
}

/* The second reader's bytes are those that were made for the first; a reader who takes no gzip
 * still gets them plain. */
static void
test_shared_bytes_are_compressed_once(void **state)
{
	struct fixture *fixture = *state;

	for (int i = 0; i < 3; i++) {
		struct buf got = asked(fixture, "GET /shared", "Accept-Encoding: gzip\r\n");

		expect_gzip(fixture, &got);
		buf_free(&got);
		got = asked(fixture, "GET /shared", "");
		assert_int_equal(atoi(header_of(got.at, "Content-Length")), BODY_BYTES);
		buf_free(&got);
	}
}

static void
test_what_is_left_as_it_is(void **state)
{
	static const char *const lines[] = {"GET /verbatim", "GET /noise", "POST /plain"};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct buf got = asked(fixture, lines[i],
		    lines[i][0] == 'P' ? "Accept-Encoding: gzip\r\nContent-Length: 0\r\n"
				       : "Accept-Encoding: gzip\r\n");

		assert_non_null(strstr(got.at, " 200 "));
		assert_string_equal(header_of(got.at, "Content-Encoding"), "");
		assert_int_equal(atoi(header_of(got.at, "Content-Length")), BODY_BYTES);
		if (i == 0)
			assert_string_equal(header_of(got.at, "ETag"), "\"v7\"");
		buf_free(&got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_accepted),
	    cmocka_unit_test(test_what_pays),
	    cmocka_unit_test_setup_teardown(test_who_takes_gzip_gets_it, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_shared_bytes_are_compressed_once, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_what_is_left_as_it_is, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
