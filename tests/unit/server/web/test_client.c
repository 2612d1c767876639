/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/web/client.h"
#include "tests/unit/server/web/canned.h"

#define OK "HTTP/1.1 200 OK\r\n"
#define COVER "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"

/* The same calendar, gzipped. */
#define GZIPPED                                                                                    \
	OK "Content-Encoding: gzip\r\nContent-Length: 40\r\n\r\n"                                  \
	   "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x73\x72\x75\xf7\xf4\xb3\x0a\x73\x76\xf4"      \
	   "\x71\xf5\x73\x71\x0c\xe2\xe5\x02\x52\xc8\x5c\x00\xf2\xa1\x59\x98\x20\x00\x00\x00"

/* 200,000 zeros, gzipped to a thousandth. */
#define BOMB                                                                                       \
	OK "Content-Encoding: gzip\r\nContent-Length: 229\r\n\r\n"                                 \
	   "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xed\xc1\x31\x01\x00\x00\x00\xc2\xa0\xf5"      \
	   "\x4f\x6d\x06\x7f\xa0\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"      \
	   "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"      \
	   "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"      \
	   "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"      \
	   "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"      \
	   "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"      \
	   "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"      \
	   "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"      \
	   "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"      \
	   "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\xd7"      \
	   "\x00\x7b\x58\xe0\x5c\x40\x0d\x03\x00"

#define CHUNK_1000 "3e8\r\n" TEN(TEN("0123456789")) "\r\n"
#define TEN(x) x x x x x x x x x x

static const struct canned_line lines[] = {
    {"/ok", CANNED_CLOSE,
	OK "Content-Type: text/calendar\r\n"
	   "ETag: \"v1\"\r\n"
	   "Last-Modified: Sun, 22 Nov 2026 03:10:00 GMT\r\n"
	   "Date:  Sun, 22 Nov 2026 03:11:00 GMT \r\n"
	   "Content-Length: 32\r\n"
	   "\r\n" COVER,
	0, NULL},
    {"/until-close", CANNED_CLOSE, OK "\r\n" COVER, 0, NULL},
    {"/interim", CANNED_CLOSE,
	"HTTP/1.1 100 Continue\r\nETag: \"not me\"\r\n\r\n" OK "Content-Length: 2\r\n\r\nok", 0,
	NULL},
    {"/304", CANNED_CLOSE, "HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\n\r\n", 0, NULL},
    {"/500", CANNED_CLOSE, "HTTP/1.1 500 Oh\r\nContent-Length: 4\r\n\r\noops", 0, NULL},
    {"/reflect", CANNED_REFLECT, NULL, 0, NULL},
    /* redirects */
    {"/to-ok", CANNED_CLOSE, "HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n", 0,
	NULL},
    {"/to-3", CANNED_CLOSE, "HTTP/1.1 301 Moved\r\nLocation: /to-2\r\nContent-Length: 0\r\n\r\n", 0,
	NULL},
    {"/to-2", CANNED_CLOSE,
	"HTTP/1.1 308 Moved\r\nLocation: to-ok\r\nContent-Length: 4\r\n\r\nbody", 0, NULL},
    {"/to-4", CANNED_CLOSE, "HTTP/1.1 307 Moved\r\nLocation: /to-3\r\nContent-Length: 0\r\n\r\n", 0,
	NULL},
    {"/loop", CANNED_CLOSE, "HTTP/1.1 302 Found\r\nLocation: /loop\r\nContent-Length: 0\r\n\r\n", 0,
	NULL},
    {"/to-reflect", CANNED_CLOSE,
	"HTTP/1.1 303 See\r\nLocation: /reflect\r\nContent-Length: 0\r\n\r\n", 0, NULL},
    {"/to-file", CANNED_CLOSE,
	"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n", 0, NULL},
    {"/to-private", CANNED_CLOSE,
	"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2/\r\nContent-Length: 0\r\n\r\n", 0, NULL},
    {"/to-metadata", CANNED_CLOSE,
	"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest\r\nContent-Length: "
	"0\r\n\r\n",
	0, NULL},
    {"/to-nowhere", CANNED_CLOSE, "HTTP/1.1 302 Found\r\nContent-Length: 4\r\n\r\nlost", 0, NULL},
    /* encodings */
    {"/gzip", CANNED_CLOSE, GZIPPED, sizeof GZIPPED - 1, NULL},
    {"/bomb", CANNED_CLOSE, BOMB, sizeof BOMB - 1, NULL},
    {"/br", CANNED_CLOSE, OK "Content-Encoding: br\r\nContent-Length: 2\r\n\r\nxx", 0, NULL},
    {"/stacked", CANNED_CLOSE, OK "Content-Encoding: gzip, gzip\r\nContent-Length: 2\r\n\r\nxx", 0,
	NULL},
    {"/te", CANNED_CLOSE, OK "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 0, NULL},
    {"/not-gzip", CANNED_CLOSE, OK "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain", 0,
	NULL},
    /* sizes */
    {"/endless", CANNED_ENDLESS, OK "Transfer-Encoding: chunked\r\n\r\n", 0, CHUNK_1000},
    {"/endless-head", CANNED_ENDLESS, OK, 0, "X: y\r\n"},
    {"/wide-head", CANNED_ENDLESS, OK, 0, "X: " TEN(TEN("0123456789")) "\r\n"},
    {"/announced", CANNED_STAY, OK "Content-Length: 20000000\r\n\r\n", 0, NULL},
    /* cut and slow */
    {"/cut", CANNED_CLOSE, OK "Content-Length: 100\r\n\r\n" COVER, 0, NULL},
    {"/cut-chunk", CANNED_CLOSE, OK "Transfer-Encoding: chunked\r\n\r\n20\r\n" COVER, 0, NULL},
    {"/cut-head", CANNED_CLOSE, OK "Content-Len", 0, NULL},
    {"/nothing", CANNED_CLOSE, "", 0, NULL},
    {"/slow", CANNED_DRIP, OK "Content-Length: 5000\r\n\r\n", 0, NULL},
    {"/slow-chunk", CANNED_DRIP, OK "Transfer-Encoding: chunked\r\n\r\nffff\r\n", 0, NULL},
    {"/silent", CANNED_SILENT, NULL, 0, NULL},
    {"/garbage", CANNED_CLOSE, "220 mail.example ESMTP\r\n\r\n", 0, NULL},
    {NULL, 0, NULL, 0, NULL},
};

struct fixture {
	struct loop *loop;
	struct canned server;
	struct web_client *client;
	struct web_fetch *fetch;
	/* what came */
	unsigned calls;
	enum status st;
	struct web_got got; /* its slices point into ${text} */
	struct buf body, type, etag, last_modified, date;
	bool starting;
};

static void
keep(struct buf *buf, struct slice *slice)
{
	assert_non_null(slice->at);
	buf_reset(buf);
	buf_add(buf, slice->at, slice->len);
	*slice = (struct slice){buf->at, buf->len};
}

static void
on_got(void *ctx, enum status st, const struct web_got *got)
{
	struct fixture *fixture = ctx;

	assert_false(fixture->starting);
	fixture->fetch = NULL;
	fixture->calls++;
	fixture->st = st;
	fixture->got = *got;
	if (got->fault == WEB_FAULT_NONE) {
		keep(&fixture->body, &fixture->got.body);
		keep(&fixture->type, &fixture->got.type);
		keep(&fixture->etag, &fixture->got.etag);
		keep(&fixture->last_modified, &fixture->got.last_modified);
		keep(&fixture->date, &fixture->got.date);
	}
	loop_stop(fixture->loop);
}

static const char *const loopback_only[] = {"127.0.0.1", NULL};

static int
set_up(void **state)
{
	struct fixture *fixture = xcalloc(1, sizeof *fixture);
	const char *reason;

	fixture->loop = loop_new();
	canned_open(&fixture->server, fixture->loop, lines);
	fixture->client = web_client_open(
	    fixture->loop, &(struct web_client_options){.allow_cidrs = loopback_only}, &reason);
	*state = fixture;
	return fixture->client == NULL;
}

static int
tear_down(void **state)
{
	struct fixture *fixture = *state;

	web_client_close(fixture->client);
	canned_close(&fixture->server);
	loop_free(fixture->loop);
	buf_free(&fixture->body);
	buf_free(&fixture->type);
	buf_free(&fixture->etag);
	buf_free(&fixture->last_modified);
	buf_free(&fixture->date);
	free(fixture);
	return 0;
}

static void
wait_for_call(struct fixture *fixture)
{
	int64_t ends = clock_mono_ms() + HARNESS_PATIENCE_MS;

	while (fixture->calls == 0) {
		assert_true(clock_mono_ms() < ends);
		turn(fixture->loop, -1, 50);
	}
}

static void
start(struct fixture *fixture, struct web_get get)
{
	fixture->calls = 0;
	fixture->starting = true;
	fixture->fetch = web_fetch(fixture->client, &get, on_got, fixture);
	fixture->starting = false;
}

/* Fetches ${path} (or a whole URL) of the canned server with the rest of ${get}. */
static void
fetch(struct fixture *fixture, const char *path, struct web_get get)
{
	struct buf url = {0};

	if (path[0] == '/')
		buf_printf(&url, "http://127.0.0.1:%u%s", fixture->server.port, path);
	else
		buf_add_text(&url, path);
	get.url = url.at;
	start(fixture, get);
	buf_free(&url); /* copied */
	wait_for_call(fixture);
	assert_int_equal(fixture->calls, 1);
}

static void
expect_fault(struct fixture *fixture, const char *path, struct web_get get, enum web_fault fault,
    enum status st)
{
	fetch(fixture, path, get);
	if (fixture->got.fault != fault || fixture->st != st)
		fail_msg("%s: fault %d, %s", path, fixture->got.fault, status_name(fixture->st));
	assert_int_equal(fixture->got.body.len, 0);
}

static void
expect_answer(struct fixture *fixture, const char *path, unsigned status, const char *body)
{
	fetch(fixture, path, (struct web_get){0});
	if (fixture->got.fault != WEB_FAULT_NONE)
		fail_msg("%s: fault %d", path, fixture->got.fault);
	assert_int_equal(fixture->st, STATUS_OK);
	assert_int_equal(fixture->got.status, status);
	assert_string_equal(fixture->got.body.at, body);
}

static void
test_answers(void **state)
{
	struct fixture *fixture = *state;

	expect_answer(fixture, "/ok", 200, COVER);
	assert_string_equal(fixture->type.at, "text/calendar");
	assert_string_equal(fixture->etag.at, "\"v1\"");
	assert_string_equal(fixture->last_modified.at, "Sun, 22 Nov 2026 03:10:00 GMT");
	assert_string_equal(fixture->date.at, "Sun, 22 Nov 2026 03:11:00 GMT");
	expect_answer(fixture, "/until-close", 200, COVER);
	assert_string_equal(fixture->etag.at, "");
	expect_answer(fixture, "/interim", 200, "ok");
	assert_string_equal(fixture->etag.at, "");
	expect_answer(fixture, "/304", 304, "");
	assert_string_equal(fixture->etag.at, "\"v1\"");
	expect_answer(fixture, "/500", 500, "oops");
	expect_answer(fixture, "/gzip", 200, COVER);
}

static void
test_what_is_asked(void **state)
{
	struct fixture *fixture = *state;
	const char *request;

	setenv("http_proxy", "http://127.0.0.1:1", 1);
	fetch(fixture, "/reflect",
	    (struct web_get){.etag = "\"v1\"",
		.last_modified = "Sun, 22 Nov 2026 03:10:00 GMT",
		.authorization = "Bearer secret",
		.accept = "text/calendar"});
	request = fixture->body.at;
	assert_memory_equal(request, "GET /reflect HTTP/1.1\r\n", 23);
	assert_string_equal(header_of(request, "If-None-Match"), "\"v1\"");
	assert_string_equal(
	    header_of(request, "If-Modified-Since"), "Sun, 22 Nov 2026 03:10:00 GMT");
	assert_string_equal(header_of(request, "Authorization"), "Bearer secret");
	assert_string_equal(header_of(request, "Accept"), "text/calendar");
	assert_string_equal(header_of(request, "Accept-Encoding"), "gzip");
	assert_string_equal(header_of(request, "Expect"), "");
	unsetenv("http_proxy");
}

static void
test_bodies_are_sent(void **state)
{
	static const char *const methods[] = {"POST", "PUT", "DELETE"};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < 3; i++) {
		char text[] = "{\"note\":\"\"}";

		fetch(fixture, "/reflect",
		    (struct web_get){.method = methods[i],
			.content_type = "application/json",
			.body = {text, sizeof text - 1}});
		assert_memory_equal(fixture->body.at, methods[i], strlen(methods[i]));
		assert_string_equal(
		    header_of(fixture->body.at, "Content-Type"), "application/json");
		assert_string_equal(header_of(fixture->body.at, "Expect"), "");
		assert_string_equal(body_of(fixture->body.at), text);
	}
	fetch(fixture, "/reflect", (struct web_get){.method = "POST"});
	assert_string_equal(header_of(fixture->body.at, "Content-Length"), "0");
	/* Not repeated elsewhere. */
	fetch(fixture, "/to-ok", (struct web_get){.method = "POST"});
	assert_int_equal(fixture->got.status, 302);
	fetch(fixture, "/to-ok", (struct web_get){.method = "HEAD"});
	assert_int_equal(fixture->got.status, 200);
	assert_int_equal(fixture->got.body.len, 0);
}

/* An ETag that a server gave is sent in a later request: it must not add lines to it. */
static void
test_values_cannot_add_headers(void **state)
{
	struct fixture *fixture = *state;

	fetch(fixture, "/reflect",
	    (struct web_get){.etag = "\"v1\"\r\nX-Evil: 1", .last_modified = "a\nX-Evil: 1"});
	assert_null(strstr(fixture->body.at, "X-Evil"));
	assert_null(strstr(fixture->body.at, "If-"));
}

static void
test_redirects(void **state)
{
	struct fixture *fixture = *state;
	struct web_get get = {0};

	expect_answer(fixture, "/to-ok", 200, COVER);
	expect_answer(fixture, "/to-3", 200, COVER);
	expect_answer(fixture, "/to-nowhere", 302, "lost");
	expect_fault(fixture, "/to-4", get, WEB_FAULT_REDIRECTS, STATUS_REFUSED);
	expect_fault(fixture, "/loop", get, WEB_FAULT_REDIRECTS, STATUS_REFUSED);
	expect_fault(fixture, "/to-file", get, WEB_FAULT_REDIRECTS, STATUS_REFUSED);
	expect_fault(fixture, "/to-private", get, WEB_FAULT_ADDRESS, STATUS_REFUSED);
	expect_fault(fixture, "/to-metadata", get, WEB_FAULT_ADDRESS, STATUS_REFUSED);
}

static void
test_authorization_stays_with_its_server(void **state)
{
	struct fixture *fixture = *state;
	struct canned_line two[] = {
	    {"/away", CANNED_CLOSE, NULL, 0, NULL},
	    {"/reflect", CANNED_REFLECT, NULL, 0, NULL},
	    {NULL, 0, NULL, 0, NULL},
	};
	struct buf away = {0};

	fetch(fixture, "/to-reflect", (struct web_get){.authorization = "Bearer secret"});
	assert_string_equal(header_of(fixture->body.at, "Authorization"), "Bearer secret");
	/* The same machine by another name is another server. */
	buf_printf(&away,
	    "HTTP/1.1 302 Found\r\nLocation: http://localhost:%u/reflect\r\n"
	    "Content-Length: 0\r\n\r\n",
	    fixture->server.port);
	two[0].says = away.at;
	fixture->server.lines = two;
	fetch(fixture, "/away", (struct web_get){.authorization = "Bearer secret"});
	assert_int_equal(fixture->got.status, 200);
	assert_string_equal(header_of(fixture->body.at, "Authorization"), "");
	assert_string_equal(header_of(fixture->body.at, "Accept"), "*/*");
	buf_free(&away);
}

static void
test_sizes(void **state)
{
	struct fixture *fixture = *state;
	struct web_get get = {.max_bytes = 10000};

	expect_fault(fixture, "/endless", get, WEB_FAULT_TOO_BIG, STATUS_LIMIT);
	expect_fault(fixture, "/announced", get, WEB_FAULT_TOO_BIG, STATUS_LIMIT);
	expect_fault(fixture, "/bomb", get, WEB_FAULT_TOO_BIG, STATUS_LIMIT);
	expect_fault(fixture, "/endless-head", get, WEB_FAULT_TOO_BIG, STATUS_LIMIT);
	expect_fault(fixture, "/wide-head", get, WEB_FAULT_TOO_BIG, STATUS_LIMIT);
	expect_fault(fixture, "/announced", (struct web_get){0}, WEB_FAULT_TOO_BIG, STATUS_LIMIT);
	get.max_bytes = 32;
	fetch(fixture, "/ok", get);
	assert_int_equal(fixture->got.body.len, 32);
	get.max_bytes = 31;
	expect_fault(fixture, "/until-close", get, WEB_FAULT_TOO_BIG, STATUS_LIMIT);
}

/* holds: F9 */
static void
test_broken_answers(void **state)
{
	struct fixture *fixture = *state;
	struct web_get get = {0};

	expect_fault(fixture, "/cut", get, WEB_FAULT_CUT, STATUS_AGAIN);
	expect_fault(fixture, "/cut-chunk", get, WEB_FAULT_CUT, STATUS_AGAIN);
	expect_fault(fixture, "/cut-head", get, WEB_FAULT_CUT, STATUS_AGAIN);
	expect_fault(fixture, "/nothing", get, WEB_FAULT_CUT, STATUS_AGAIN);
	expect_fault(fixture, "/br", get, WEB_FAULT_OTHER, STATUS_AGAIN);
	expect_fault(fixture, "/stacked", get, WEB_FAULT_OTHER, STATUS_AGAIN);
	expect_fault(fixture, "/te", get, WEB_FAULT_OTHER, STATUS_AGAIN);
	expect_fault(fixture, "/not-gzip", get, WEB_FAULT_OTHER, STATUS_AGAIN);
	expect_fault(fixture, "/garbage", get, WEB_FAULT_OTHER, STATUS_AGAIN);
}

/* holds: F9 */
static void
test_slow_answers(void **state)
{
	struct fixture *fixture = *state;
	struct web_get get = {.limit_ms = 300};
	int64_t began = clock_mono_ms();

	expect_fault(fixture, "/slow", get, WEB_FAULT_SLOW, STATUS_AGAIN);
	expect_fault(fixture, "/slow-chunk", get, WEB_FAULT_SLOW, STATUS_AGAIN);
	expect_fault(fixture, "/silent", get, WEB_FAULT_SLOW, STATUS_AGAIN);
	assert_in_range(clock_mono_ms() - began, 850, 10000);
}

static void
test_where_nothing_is(void **state)
{
	struct fixture *fixture = *state;
	struct web_get get = {.limit_ms = 5000};

	expect_fault(fixture, "http://127.0.0.1:1/", get, WEB_FAULT_CONNECT, STATUS_AGAIN);
	expect_fault(fixture, "http://no-such-name.invalid/", get, WEB_FAULT_NAME, STATUS_AGAIN);
	expect_fault(fixture, "file:///etc/passwd", get, WEB_FAULT_URL, STATUS_REFUSED);
	expect_fault(fixture, "gopher://127.0.0.1/", get, WEB_FAULT_URL, STATUS_REFUSED);
	expect_fault(fixture, "not an address", get, WEB_FAULT_URL, STATUS_REFUSED);
}

static void
test_plain_text_is_no_tls(void **state)
{
	struct fixture *fixture = *state;
	struct buf url = {0};

	buf_printf(&url, "https://127.0.0.1:%u/ok", fixture->server.port);
	/* The canned server never sees a request it knows; it is the client that must give up. */
	fetch(fixture, url.at, (struct web_get){.limit_ms = 1000});
	assert_true(fixture->got.fault == WEB_FAULT_TLS ||
		    fixture->got.fault == WEB_FAULT_CONNECT ||
		    fixture->got.fault == WEB_FAULT_SLOW);
	assert_int_equal(fixture->st, STATUS_AGAIN);
	buf_free(&url);
}

/* Without leave nothing of this machine is asked, whatever it is called, and no packet is sent to
 * it. */
/* holds: H13.2 */
static void
test_private_addresses_are_refused(void **state)
{
	static const char *const names[] = {"127.0.0.1", "localhost", "[::1]", "0x7f000001",
	    "2130706433", "0177.0.0.1", "127.1", "0.0.0.0", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
	    "[64:ff9b::7f00:1]"};
	struct fixture *fixture = *state;
	const char *reason;

	web_client_close(fixture->client);
	fixture->client = web_client_open(fixture->loop, &(struct web_client_options){0}, &reason);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct buf url = {0};

		buf_printf(&url, "http://%s:%u/ok", names[i], fixture->server.port);
		expect_fault(
		    fixture, url.at, (struct web_get){0}, WEB_FAULT_ADDRESS, STATUS_REFUSED);
		buf_free(&url);
	}
	expect_fault(fixture, "http://169.254.169.254/", (struct web_get){0}, WEB_FAULT_ADDRESS,
	    STATUS_REFUSED);
	expect_fault(
	    fixture, "http://10.0.0.1/", (struct web_get){0}, WEB_FAULT_ADDRESS, STATUS_REFUSED);
	assert_int_equal(fixture->server.connections, 0);
}

static void
test_anything_is_allowed_to_a_person(void **state)
{
	struct fixture *fixture = *state;
	const char *reason;
	struct buf url = {0};

	web_client_close(fixture->client);
	fixture->client = web_client_open(
	    fixture->loop, &(struct web_client_options){.allow_any = true}, &reason);
	buf_printf(&url, "http://localhost:%u/ok", fixture->server.port);
	expect_answer(fixture, url.at, 200, COVER);
	buf_free(&url);
}

static void
test_a_bad_range_is_named(void **state)
{
	static const char *const bad[] = {"10.0.0.0/8", "10.0.0.0/99", NULL};
	struct fixture *fixture = *state;
	const char *reason = NULL;

	assert_null(web_client_open(
	    fixture->loop, &(struct web_client_options){.allow_cidrs = bad}, &reason));
	assert_string_equal(reason, "10.0.0.0/99");
}

static void
test_a_cancelled_fetch_never_calls(void **state)
{
	struct fixture *fixture = *state;
	struct buf url = {0};

	web_fetch_cancel(NULL);
	for (unsigned turns = 0; turns < 12; turns++) {
		buf_reset(&url);
		buf_printf(&url, "http://127.0.0.1:%u/slow", fixture->server.port);
		start(fixture, (struct web_get){.url = url.at, .limit_ms = 5000});
		for (unsigned i = 0; i < turns; i++)
			turn(fixture->loop, -1, 5);
		web_fetch_cancel(fixture->fetch);
	}
	start(fixture, (struct web_get){.url = "nonsense"});
	web_fetch_cancel(fixture->fetch);
	for (unsigned i = 0; i < 5; i++)
		turn(fixture->loop, -1, 5);
	assert_int_equal(fixture->calls, 0);
	buf_free(&url);
}

static void
start_again(void *ctx, enum status st, const struct web_got *got)
{
	struct fixture *fixture = ctx;
	struct buf url = {0};

	(void)got;
	assert_int_equal(st, STATUS_OK);
	buf_printf(&url, "http://127.0.0.1:%u/500", fixture->server.port);
	start(fixture, (struct web_get){.url = url.at});
	buf_free(&url);
}

static void
close_client(void *ctx, enum status st, const struct web_got *got)
{
	struct fixture *fixture = ctx;

	assert_int_equal(st, STATUS_OK);
	web_client_close(fixture->client);
	fixture->client = NULL;
	fixture->calls++;
	/* The arguments stay valid until the callback returns. */
	assert_true(slice_is(got->body, COVER));
}

static void
test_callbacks_may_start_and_close(void **state)
{
	struct fixture *fixture = *state;
	struct buf url = {0};

	buf_printf(&url, "http://127.0.0.1:%u/ok", fixture->server.port);
	web_fetch(fixture->client, &(struct web_get){.url = url.at}, start_again, fixture);
	wait_for_call(fixture);
	assert_int_equal(fixture->got.status, 500);
	fixture->calls = 0;
	web_fetch(fixture->client, &(struct web_get){.url = url.at}, close_client, fixture);
	web_fetch(fixture->client, &(struct web_get){.url = url.at}, close_client, fixture);
	wait_for_call(fixture);
	for (unsigned i = 0; i < 5; i++)
		turn(fixture->loop, -1, 5);
	assert_int_equal(fixture->calls, 1); /* the other went with the client */
	buf_free(&url);
}

static void
test_many_at_once(void **state)
{
	struct fixture *fixture = *state;
	int64_t ends = clock_mono_ms() + HARNESS_PATIENCE_MS;
	struct buf url = {0};

	buf_printf(&url, "http://127.0.0.1:%u/ok", fixture->server.port);
	for (int i = 0; i < 50; i++)
		web_fetch(fixture->client, &(struct web_get){.url = url.at}, on_got, fixture);
	while (fixture->calls < 50) {
		assert_true(clock_mono_ms() < ends);
		turn(fixture->loop, -1, 50);
	}
	assert_int_equal(
	    fixture->server.connections, 50); /* each its own: none escapes the check */
	buf_free(&url);
}

#define CANNED(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CANNED(test_answers),
	    CANNED(test_what_is_asked),
	    CANNED(test_bodies_are_sent),
	    CANNED(test_values_cannot_add_headers),
	    CANNED(test_redirects),
	    CANNED(test_authorization_stays_with_its_server),
	    CANNED(test_sizes),
	    CANNED(test_broken_answers),
	    CANNED(test_slow_answers),
	    CANNED(test_where_nothing_is),
	    CANNED(test_plain_text_is_no_tls),
	    CANNED(test_private_addresses_are_refused),
	    CANNED(test_anything_is_allowed_to_a_person),
	    CANNED(test_a_bad_range_is_named),
	    CANNED(test_a_cancelled_fetch_never_calls),
	    CANNED(test_callbacks_may_start_and_close),
	    CANNED(test_many_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
