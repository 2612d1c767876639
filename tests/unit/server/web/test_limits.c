/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/server/web/harness.h"

/* Clients who take their time, and too many of them. The limits are small so that the tests are
 * quick. */

#define LARGE_BYTES ((size_t)16 << 20)

static struct loop *loop;
static struct web_server *server;
static struct web_exchange *held;

static void
quick(void *ctx, struct web_exchange *exchange)
{
	(void)ctx;
	if (web_header(exchange, "x-known").at != NULL)
		web_known(exchange);
	web_reply(exchange,
	    &(struct web_answer){.status = 200, .type = "text/plain", .body = SLICE("quick")});
}

static void
large(void *ctx, struct web_exchange *exchange)
{
	(void)ctx;
	web_reply(exchange, &(struct web_answer){.status = 200,
				.type = "text/plain",
				.shared = web_bytes_take(xcalloc(1, LARGE_BYTES), LARGE_BYTES)});
}

static void
client(void *ctx, struct web_exchange *exchange)
{
	char text[80];

	(void)ctx;
	snprintf(
	    text, sizeof text, "%s%s", web_client(exchange), web_is_tls(exchange) ? " tls" : "");
	web_reply(exchange,
	    &(struct web_answer){.status = 200, .type = "text/plain", .body = slice_of(text)});
}

static void
hold(void *ctx, struct web_exchange *exchange)
{
	(void)ctx;
	held = exchange;
}

static void
length(void *ctx, struct web_exchange *exchange)
{
	char text[32];

	(void)ctx;
	snprintf(text, sizeof text, "%zu", web_body(exchange).len);
	web_reply(exchange,
	    &(struct web_answer){.status = 200, .type = "text/plain", .body = slice_of(text)});
}

/* A request with the header x-word may send a body. */
static bool
admit(void *ctx, struct web_exchange *exchange)
{
	(void)ctx;
	if (slice_is(web_header(exchange, "x-word"), "open"))
		return true;
	web_problem(exchange, 401, "Not without the word.");
	return false;
}

static const struct web_route routes[] = {
    {.methods = WEB_POST | WEB_PUT,
	.pattern = "/length",
	.handler = length,
	.body_max_bytes = LARGE_BYTES},
    {.methods = WEB_GET | WEB_POST, .pattern = "/quick", .handler = quick},
    {.methods = WEB_GET, .pattern = "/client", .handler = client},
    {.methods = WEB_GET, .pattern = "/large", .handler = large},
    {.methods = WEB_GET, .pattern = "/hold", .handler = hold, .limit_ms = 100},
    {.pattern = NULL},
};

static void
open_server(struct web_limits limits)
{
	loop = loop_new();
	held = NULL;
	server =
	    web_server_open(loop, &(struct web_server_options){
				      .address = "127.0.0.1", .routes = routes, .limits = limits});
	assert_non_null(server);
}

static void
close_server(void)
{
	web_server_close(server);
	loop_free(loop);
}

static const struct web_limits short_limits = {.first_ms = 200,
    .request_ms = 200,
    .body_ms = 400,
    .idle_ms = 300,
    .answer_ms = 300,
    .slow_ms = 200};

#define HOST "Host: a\r\n"

/* Waits for the end, sending one more byte of ${drip} whenever there is nothing to read. */
static int64_t
drip_until_closed(int fd, const char *drip, struct buf *got)
{
	int64_t began = clock_mono_ms();

	while (client_take(fd, got)) {
		assert_true(clock_mono_ms() < began + HARNESS_PATIENCE_MS);
		turn(loop, fd, 20);
		if (drip != NULL && got->len == 0 && *drip != '\0')
			client_send(loop, fd, drip++, 1);
	}
	return clock_mono_ms() - began;
}

/* The answer to a slow client: its status, or 0 for a silent end. */
static void
expect_end(const char *at_once, const char *drip, unsigned status, int64_t after_ms)
{
	struct buf got = {0};
	int fd;
	int64_t took;

	open_server(short_limits);
	fd = client_open(web_server_port(server));
	client_send(loop, fd, at_once, strlen(at_once));
	took = drip_until_closed(fd, drip, &got);
	assert_int_equal(status_of(got.at), status);
	/* The tick may take off up to itself, for deadlines are set by its clock. */
	assert_in_range(took, after_ms - 60, after_ms + 5000);
	if (status == 408) {
		assert_int_equal(web_server_stats(server).timed_out, 1);
		assert_int_equal(answer_len(&got, false), got.len);
	}
	close(fd);
	buf_free(&got);
	close_server();
}

#define MANY_BYTES                                                                                 \
	"X-Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"  \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
	"a"

static void
test_a_silent_connection_is_closed(void **state)
{
	(void)state;
	expect_end("", NULL, 0, 200);
}

/* holds: A2 */
static void
test_a_slow_head_is_given_up(void **state)
{
	(void)state;
	expect_end("GET /quick HTTP/1.1\r\n", MANY_BYTES, 408, 200);
}

static void
test_a_slow_body_is_given_up(void **state)
{
	(void)state;
	expect_end(
	    "POST /quick HTTP/1.1\r\n" HOST "Content-Length: 5000\r\n\r\n", MANY_BYTES, 408, 200);
	expect_end("POST /quick HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nfff\r\n",
	    MANY_BYTES, 408, 200);
}

static void
test_an_idle_connection_is_closed_silently(void **state)
{
	static const char request[] = "GET /quick HTTP/1.1\r\n" HOST "\r\n";
	struct buf got = {0};
	size_t answer;
	int fd;

	(void)state;
	open_server(short_limits);
	fd = client_open(web_server_port(server));
	client_send(loop, fd, request, sizeof request - 1);
	client_take_one(loop, fd, &got);
	answer = got.len;
	assert_in_range(drip_until_closed(fd, NULL, &got), 200, 5000);
	assert_int_equal(got.len, answer);
	assert_int_equal(web_server_stats(server).timed_out, 0);
	close(fd);
	buf_free(&got);
	close_server();
}

/* A started second request has the time of a request, not of an idle connection. */
static void
test_a_half_request_after_a_whole_one(void **state)
{
	struct buf got = {0};
	int fd;

	(void)state;
	open_server((struct web_limits){.request_ms = 200, .idle_ms = 1000000});
	fd = client_open(web_server_port(server));
	client_send(loop, fd, "GET /quick HTTP/1.1\r\n" HOST "\r\nGET", 38 - 3);
	assert_in_range(drip_until_closed(fd, NULL, &got), 100, 5000);
	assert_int_equal(status_of(got.at), 200);
	assert_non_null(strstr(got.at, "HTTP/1.1 408 Request Timeout\r\n"));
	close(fd);
	buf_free(&got);
	close_server();
}

static void
wait_until_closed(void)
{
	int64_t ends = clock_mono_ms() + HARNESS_PATIENCE_MS;

	while (web_server_stats(server).open_connections > 0) {
		assert_true(clock_mono_ms() < ends);
		turn(loop, -1, 5);
	}
}

static void
test_a_reader_that_does_not_read_is_reset(void **state)
{
	static const char request[] = "GET /large HTTP/1.1\r\n" HOST "\r\n";
	int fd;

	(void)state;
	open_server(short_limits);
	fd = client_open(web_server_port(server));
	client_send(loop, fd, request, sizeof request - 1);
	while (web_server_stats(server).requests == 0)
		turn(loop, -1, 1);
	wait_until_closed();
	assert_int_equal(web_server_stats(server).timed_out, 1);
	close(fd);
	close_server();
}

static void
test_a_handler_past_its_limit(void **state)
{
	static const char request[] = "GET /hold HTTP/1.1\r\n" HOST "\r\n";
	struct buf got = {0};
	int fd;

	(void)state;
	open_server(short_limits);
	fd = client_open(web_server_port(server));
	client_send(loop, fd, request, sizeof request - 1);
	assert_in_range(drip_until_closed(fd, NULL, &got), 50, 5000);
	assert_int_equal(status_of(got.at), 503);
	assert_string_equal(header_of(got.at, "Retry-After"), "1");
	assert_int_equal(answer_len(&got, false), got.len);
	/* The request is still there for its handler, whose word now goes nowhere. */
	close(fd);
	wait_until_closed();
	assert_true(slice_is(web_path(held), "/hold"));
	web_reply(held,
	    &(struct web_answer){
		.status = 200, .type = "text/plain", .shared = web_bytes_take(xstrdup("late"), 4)});
	turn(loop, -1, 1);
	buf_free(&got);
	close_server();
}

/* The late word may also come while the 503 is still on its way out. */
static void
test_a_handler_just_past_its_limit(void **state)
{
	static const char request[] = "GET /hold HTTP/1.1\r\n" HOST "\r\n";
	struct buf got = {0};
	int fd;

	(void)state;
	open_server(short_limits);
	fd = client_open(web_server_port(server));
	client_send(loop, fd, request, sizeof request - 1);
	while (web_server_stats(server).timed_out == 0)
		turn(loop, -1, 1);
	web_reply(
	    held, &(struct web_answer){.status = 200, .type = "text/plain", .body = SLICE("late")});
	drip_until_closed(fd, NULL, &got);
	assert_int_equal(status_of(got.at), 503);
	assert_int_equal(answer_len(&got, false), got.len);
	close(fd);
	wait_until_closed();
	buf_free(&got);
	close_server();
}

static void
expect_answer_on(int fd, unsigned status)
{
	static const char request[] = "GET /quick HTTP/1.1\r\n" HOST "\r\n";
	struct buf got = {0};

	if (status == 200)
		client_send(loop, fd, request, sizeof request - 1);
	client_take_one(loop, fd, &got);
	assert_int_equal(status_of(got.at), status);
	buf_free(&got);
}

static void
fill_and_overflow(struct web_limits limits)
{
	int fds[4];

	open_server(limits);
	for (int i = 0; i < 3; i++) {
		fds[i] = client_open(web_server_port(server));
		expect_answer_on(fds[i], 200);
	}
	fds[3] = client_open(web_server_port(server));
	expect_answer_on(fds[3], 503);
	close(fds[3]);
	assert_int_equal(web_server_stats(server).refused, 1);
	assert_int_equal(web_server_stats(server).open_connections, 3);
	/* Those inside are served on, and a place that is left is taken. */
	expect_answer_on(fds[0], 200);
	close(fds[1]);
	while (web_server_stats(server).open_connections == 3)
		turn(loop, -1, 1);
	fds[1] = client_open(web_server_port(server));
	expect_answer_on(fds[1], 200);
	for (int i = 0; i < 3; i++)
		close(fds[i]);
	close_server();
}

/* holds: F14 */
static void
test_too_many_connections(void **state)
{
	(void)state;
	fill_and_overflow((struct web_limits){.connections = 3});
}

/* holds: F14 */
static void
test_too_many_from_one_address(void **state)
{
	(void)state;
	fill_and_overflow((struct web_limits){.per_address = 3, .binds_this_machine = true});
}

/* The answer on ${fd}, once there is a whole one; its status. */
static unsigned
take_status(int fd, struct buf *got)
{
	buf_reset(got);
	client_take_one(loop, fd, got);
	return status_of(got->at);
}

/* A body that goes on has longer than one that stands still, and no longer than the whole may take. Here it comes a
 * piece each 20 ms: 160 kB a slow_ms. */
static void
send_slowly(size_t pieces, unsigned status)
{
	static char piece[8000];
	struct buf got = {0};
	int64_t began;
	char head[128];
	int fd;

	open_server((struct web_limits){.request_ms = 300, .slow_ms = 400, .body_ms = 1600});
	fd = client_open(web_server_port(server));
	snprintf(head, sizeof head, "PUT /length HTTP/1.1\r\n" HOST "Content-Length: %zu\r\n\r\n",
	    pieces * sizeof piece);
	client_send(loop, fd, head, strlen(head));
	began = clock_mono_ms();
	for (size_t i = 0; i < pieces && got.len == 0 && client_send(loop, fd, piece, sizeof piece);
	     i++) {
		turn(loop, fd, 20);
		client_take(fd, &got);
	}
	if (answer_len(&got, false) == 0)
		client_take_one(loop, fd, &got);
	assert_int_equal(status_of(got.at), status);
	assert_in_range(clock_mono_ms() - began, 800, HARNESS_PATIENCE_MS);
	close(fd);
	buf_free(&got);
	close_server();
}

static void
test_a_body_that_goes_on_has_longer(void **state)
{
	(void)state;
	send_slowly(50, 200);
}

static void
test_a_body_has_an_end_however_it_goes_on(void **state)
{
	(void)state;
	send_slowly(2000, 408);
}

/* Takes ${bytes} each 20 ms of what is large; whether the server hung up before all had come. */
static bool
takes_slowly(size_t bytes)
{
	static const char request[] = "GET /large HTTP/1.1\r\n" HOST "\r\n";
	static char piece[400000];
	size_t taken = 0;
	ssize_t got = 1;
	int fd;

	open_server((struct web_limits){.slow_ms = 400, .answer_ms = 10000});
	fd = client_open(web_server_port(server));
	client_send(loop, fd, request, sizeof request - 1);
	while (taken < LARGE_BYTES && (got > 0 || (got < 0 && errno == EAGAIN))) {
		turn(loop, -1, 20);
		got = recv(fd, piece, bytes, 0);
		taken += got > 0 ? (size_t)got : 0;
	}
	close(fd);
	close_server();
	return taken < LARGE_BYTES;
}

static void
test_a_reader_that_goes_on_has_longer(void **state)
{
	(void)state;
	assert_false(takes_slowly(sizeof(char[400000])));
	assert_true(takes_slowly(200));
}

/* Idle connections end earlier once there are many. */
static void
test_idle_connections_make_room(void **state)
{
	int fds[4];

	(void)state;
	open_server(
	    (struct web_limits){.idle_ms = 1000000, .pressed_from = 3, .pressed_idle_ms = 200});
	for (int i = 0; i < 3; i++) {
		fds[i] = client_open(web_server_port(server));
		expect_answer_on(fds[i], 200);
	}
	for (int64_t until = clock_mono_ms() + 600; clock_mono_ms() < until;)
		turn(loop, -1, 20);
	assert_int_equal(web_server_stats(server).open_connections, 3);
	fds[3] = client_open(web_server_port(server));
	expect_answer_on(fds[3], 200);
	/* Below the mark again, those that are left have their time. */
	while (web_server_stats(server).open_connections > 3)
		turn(loop, -1, 20);
	for (int i = 0; i < 4; i++)
		close(fds[i]);
	close_server();
}

/* --- Behind a proxy: the client that it names is counted, and nobody else's word is taken. --- */

static bool
admit_all(void *ctx, struct web_exchange *exchange)
{
	(void)ctx;
	if (web_header(exchange, "x-known").at != NULL)
		web_known(exchange);
	return true;
}

static void
open_behind(const char *const *proxies, struct web_limits limits)
{
	loop = loop_new();
	held = NULL;
	server = web_server_open(loop, &(struct web_server_options){.address = "127.0.0.1",
					   .routes = routes,
					   .proxies = proxies,
					   .admit = admit_all,
					   .limits = limits});
	assert_non_null(server);
}

/* What the server takes for the client of a request with the header lines ${lines}. */
static void
expect_client(const char *lines, const char *client)
{
	struct buf got = {0};
	char text[512];
	int fd = client_open(web_server_port(server));

	snprintf(text, sizeof text, "GET /client HTTP/1.1\r\n" HOST "%s\r\n", lines);
	client_send(loop, fd, text, strlen(text));
	client_take_one(loop, fd, &got);
	assert_string_equal(body_of(got.at), client);
	close(fd);
	buf_free(&got);
}

static void
test_the_client_is_whom_the_last_proxy_names(void **state)
{
	static const char *const proxies[] = {"127.0.0.1", "10.0.0.0/8", NULL};
	static const struct {
		const char *lines, *client;
	} cases[] = {
	    {"", "127.0.0.1"},
	    {"X-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1"},
	    {"X-Forwarded-For: 198.51.100.9, 192.0.2.1\r\n", "192.0.2.1"},
	    {"X-Forwarded-For: 198.51.100.9, 192.0.2.1, 10.1.2.3\r\n", "192.0.2.1"},
	    {"X-Forwarded-For: 198.51.100.9\r\nX-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1"},
	    {"X-Forwarded-For: 192.0.2.1:4711\r\n", "192.0.2.1"},
	    {"X-Forwarded-For: [2001:db8::1]:4711\r\n", "2001:db8::1"},
	    {"X-Forwarded-For: 2001:db8::1\r\n", "2001:db8::1"},
	    {"X-Forwarded-For: ::ffff:192.0.2.1\r\n", "192.0.2.1"},
	    {"X-Forwarded-For: 198.51.100.9, unknown\r\n", "127.0.0.1"},
	    {"X-Forwarded-For: 10.1.2.3\r\n", "127.0.0.1"},
	    {"X-Forwarded-For: 192.0.2.1,\r\n", "127.0.0.1"},
	    {"X-Forwarded-For: [192.0.2.1\r\n", "127.0.0.1"},
	    {"X-Forwarded-For: \r\n", "127.0.0.1"},
	    {"Forwarded: for=192.0.2.1\r\n", "127.0.0.1"},
	};

	(void)state;
	open_behind(proxies, (struct web_limits){0});
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		expect_client(cases[i].lines, cases[i].client);
	close_server();
}

static void
test_the_word_of_others_counts_for_nothing(void **state)
{
	static const char *const none[] = {NULL}, *const other[] = {"192.0.2.7", NULL};
	static const char lines[] = "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\n";

	(void)state;
	assert_false(web_proxies_fine((const char *const[]){"10.0.0.0/8", "10.0.0.1/8", NULL}));
	assert_true(web_proxies_fine(none));
	open_behind(none, (struct web_limits){0});
	expect_client(lines, "127.0.0.1");
	close_server();
	open_behind(other, (struct web_limits){0});
	expect_client(lines, "127.0.0.1");
	close_server();
	open_behind(NULL, (struct web_limits){0});
	expect_client(lines, "192.0.2.1 tls");
	close_server();
}

static int
begin_for(const char *client, const char *rest)
{
	char text[256];
	int fd = client_open(web_server_port(server));

	snprintf(text, sizeof text, "PUT /length HTTP/1.1\r\n" HOST "X-Forwarded-For: %s\r\n%s\r\n",
	    client, rest);
	client_send(loop, fd, text, strlen(text));
	turn(loop, -1, 20);
	return fd;
}

/* What the answer on ${fd} is, which may be none yet. */
static unsigned
status_now(int fd)
{
	struct buf got = {0};
	unsigned status;

	turn(loop, fd, 100);
	client_take(fd, &got);
	status = status_of(got.at);
	buf_free(&got);
	return status;
}

static void
test_clients_of_a_proxy_are_counted_apart(void **state)
{
	int fds[5];

	(void)state;
	open_behind(NULL, (struct web_limits){.per_address = 2});
	fds[0] = begin_for("192.0.2.1", "Content-Length: 5\r\n");
	fds[1] = begin_for("192.0.2.1", "Content-Length: 5\r\n");
	fds[2] = begin_for("192.0.2.1", "Content-Length: 5\r\n");
	fds[3] = begin_for("192.0.2.2", "Content-Length: 5\r\n");
	assert_int_equal(status_now(fds[2]), 503);
	assert_int_equal(status_now(fds[0]), 0);
	assert_int_equal(status_now(fds[3]), 0);
	/* One whose request is over makes room, although the proxy keeps its connection; so does an account's. */
	client_send(loop, fds[0], "hello", 5);
	assert_int_equal(status_now(fds[0]), 200);
	fds[4] = begin_for("192.0.2.1", "Content-Length: 5\r\nX-Known: yes\r\n");
	close(fds[2]);
	fds[2] = begin_for("192.0.2.1", "Content-Length: 5\r\n");
	assert_int_equal(status_now(fds[2]), 0);
	client_send(loop, fds[2], "hello", 5);
	assert_int_equal(status_now(fds[2]), 200);
	for (int i = 0; i < 5; i++)
		close(fds[i]);
	wait_until_closed();
	close_server();
}

static void
test_bodies_of_a_proxys_client_have_his_budget(void **state)
{
	int fds[3];

	(void)state;
	open_behind(NULL, (struct web_limits){.body_bytes_of_address = 100000});
	fds[0] = begin_for("192.0.2.1", "Content-Length: 60000\r\n");
	fds[1] = begin_for("192.0.2.1", "Content-Length: 60000\r\n");
	fds[2] = begin_for("192.0.2.2", "Content-Length: 60000\r\n");
	assert_int_equal(status_now(fds[1]), 429);
	assert_int_equal(status_now(fds[2]), 0);
	for (int i = 0; i < 3; i++)
		close(fds[i]);
	wait_until_closed();
	close_server();
}

static void
test_who_is_known_makes_room_for_strangers(void **state)
{
	static const char known[] = "GET /quick HTTP/1.1\r\n" HOST "X-Known: yes\r\n\r\n";
	struct buf got = {0};
	int fds[4];

	(void)state;
	open_server((struct web_limits){.per_address = 2, .binds_this_machine = true});
	for (int i = 0; i < 3; i++) {
		fds[i] = client_open(web_server_port(server));
		client_send(loop, fds[i], known, sizeof known - 1);
		assert_int_equal(take_status(fds[i], &got), 200);
	}
	fds[3] = client_open(web_server_port(server));
	expect_answer_on(fds[3], 200);
	for (int i = 0; i < 4; i++)
		close(fds[i]);
	wait_until_closed();
	close_server();
	buf_free(&got);
}

/* --- Bodies: who may send one, and how many at once. --- */

#define STRANGER "PUT /length HTTP/1.1\r\nHost: a\r\n"
#define KNOWN STRANGER "X-Word: open\r\n"

static void
open_admitting(struct web_limits limits)
{
	loop = loop_new();
	server = web_server_open(
	    loop, &(struct web_server_options){
		      .address = "127.0.0.1", .routes = routes, .admit = admit, .limits = limits});
	assert_non_null(server);
}

/* Sends ${text} on a connection of its own, which is left open. */
static int
begin(const char *text)
{
	int fd = client_open(web_server_port(server));

	assert_true(client_send(loop, fd, text, strlen(text)));
	turn(loop, -1, 20);
	return fd;
}

/* holds: A2 */
static void
test_a_strangers_body_is_not_taken(void **state)
{
	static const char *const heads[] = {
	    STRANGER "Content-Length: 16000000\r\n\r\n",
	    STRANGER "Content-Length: 16000000\r\nExpect: 100-continue\r\n\r\n",
	    STRANGER "Transfer-Encoding: chunked\r\n\r\n",
	    STRANGER "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
	    STRANGER "Content-Length: 5\r\n\r\nhello",
	};
	struct buf got = {0};

	(void)state;
	open_admitting((struct web_limits){0});
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		int fd = begin(heads[i]);

		/* Answered from the head alone; nothing was called for, and it is the last. */
		assert_int_equal(take_status(fd, &got), 401);
		assert_string_equal(header_of(got.at, "Connection"), "close");
		while (client_take(fd, &got))
			turn(loop, fd, 50);
		assert_null(strstr(got.at, "100 Continue"));
		assert_null(strstr(body_of(got.at), "HTTP/1.1"));
		close(fd);
	}
	close_server();
	buf_free(&got);
}

static void
test_twenty_strangers_cost_no_memory(void **state)
{
	static char piece[65536];
	struct buf got = {0};
	struct web_stats stats;
	int fds[20];

	(void)state;
	open_admitting((struct web_limits){0});
	for (size_t i = 0; i < 20; i++)
		fds[i] = begin(STRANGER "Content-Length: 16000000\r\n\r\n");
	/* They go on sending: it is thrown away, and after a while they are hung up on. */
	for (size_t i = 0; i < 20; i++) {
		size_t sent = 0;

		while (sent < 16000000 && client_send(loop, fds[i], piece, sizeof piece))
			sent += sizeof piece;
		assert_true(sent < 16000000);
		close(fds[i]);
	}
	stats = web_server_stats(server);
	assert_int_equal(stats.open_connections, 0);
	close_server();
	buf_free(&got);
}

static void
test_continue_comes_after_the_word(void **state)
{
	struct buf got = {0};
	int fd;

	(void)state;
	open_admitting((struct web_limits){0});
	fd = begin(KNOWN "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
	while (got.len < 25) {
		assert_true(client_take(fd, &got));
		turn(loop, fd, 5);
	}
	assert_string_equal(got.at, "HTTP/1.1 100 Continue\r\n\r\n");
	client_send(loop, fd, "hello", 5);
	assert_int_equal(take_status(fd, &got), 200);
	assert_string_equal(body_of(got.at), "5");
	/* The connection goes on. */
	client_send(loop, fd, KNOWN "Content-Length: 2\r\n\r\nhi",
	    sizeof KNOWN "Content-Length: 2\r\n\r\nhi" - 1);
	assert_int_equal(take_status(fd, &got), 200);
	assert_string_equal(body_of(got.at), "2");
	close(fd);
	close_server();
	buf_free(&got);
}

/* A body of ${length} bytes of a known client, of which nothing comes yet. */
static int
begin_body(size_t length)
{
	char text[128];

	snprintf(text, sizeof text, KNOWN "Content-Length: %zu\r\n\r\n", length);
	return begin(text);
}

static void
finish_body(int fd, size_t length, struct buf *got)
{
	char *body = xcalloc(1, length), wanted[32];

	memset(body, 'x', length);
	assert_true(client_send(loop, fd, body, length));
	assert_int_equal(take_status(fd, got), 200);
	snprintf(wanted, sizeof wanted, "%zu", length);
	assert_string_equal(body_of(got->at), wanted);
	free(body);
}

static void
check_budget(struct web_limits limits, unsigned refused)
{
	struct buf got = {0};
	int first, second, third;

	open_admitting(limits);
	first = begin_body(60000);
	second = begin_body(60000);
	assert_int_equal(take_status(second, &got), refused);
	assert_string_equal(header_of(got.at, "Retry-After"), "5");
	close(second);
	third = begin_body(40000); /* exactly what is left */
	finish_body(third, 40000, &got);
	/* Memory of an answered request is given back, and of one that breaks off. */
	close(first);
	turn(loop, -1, 20);
	second = begin_body(100000);
	finish_body(second, 100000, &got);
	close(second);
	close(third);
	close_server();
	buf_free(&got);
}

static void
test_bodies_have_a_budget(void **state)
{
	(void)state;
	check_budget((struct web_limits){.body_bytes = 100000}, 503);
	check_budget((struct web_limits){.body_bytes_of_address = 100000}, 429);
}

static void
test_chunks_are_counted_as_they_come(void **state)
{
	static const char head[] = KNOWN "Transfer-Encoding: chunked\r\n\r\n";
	struct buf got = {0};
	char chunk[5 + 2 + 30000 + 2 + 1];
	int fd;

	(void)state;
	open_admitting((struct web_limits){.body_bytes = 50000});
	fd = begin(head);
	memset(chunk, 'x', sizeof chunk);
	memcpy(chunk, "7530\r\n", 6);
	memcpy(chunk + 6 + 30000, "\r\n", 2);
	assert_true(client_send(loop, fd, chunk, 6 + 30000 + 2));
	assert_true(client_send(loop, fd, chunk, 6 + 30000 + 2));
	assert_int_equal(take_status(fd, &got), 503);
	close(fd);
	turn(loop, -1, 20);
	fd = begin(head);
	assert_true(client_send(loop, fd, chunk, 6 + 30000 + 2));
	assert_true(client_send(loop, fd, "0\r\n\r\n", 5));
	assert_int_equal(take_status(fd, &got), 200);
	assert_string_equal(body_of(got.at), "30000");
	close(fd);
	close_server();
	buf_free(&got);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_silent_connection_is_closed),
	    cmocka_unit_test(test_a_slow_head_is_given_up),
	    cmocka_unit_test(test_a_slow_body_is_given_up),
	    cmocka_unit_test(test_an_idle_connection_is_closed_silently),
	    cmocka_unit_test(test_a_half_request_after_a_whole_one),
	    cmocka_unit_test(test_a_reader_that_does_not_read_is_reset),
	    cmocka_unit_test(test_a_handler_past_its_limit),
	    cmocka_unit_test(test_a_handler_just_past_its_limit),
	    cmocka_unit_test(test_a_body_that_goes_on_has_longer),
	    cmocka_unit_test(test_a_body_has_an_end_however_it_goes_on),
	    cmocka_unit_test(test_a_reader_that_goes_on_has_longer),
	    cmocka_unit_test(test_idle_connections_make_room),
	    cmocka_unit_test(test_the_client_is_whom_the_last_proxy_names),
	    cmocka_unit_test(test_the_word_of_others_counts_for_nothing),
	    cmocka_unit_test(test_clients_of_a_proxy_are_counted_apart),
	    cmocka_unit_test(test_bodies_of_a_proxys_client_have_his_budget),
	    cmocka_unit_test(test_who_is_known_makes_room_for_strangers),
	    cmocka_unit_test(test_too_many_connections),
	    cmocka_unit_test(test_too_many_from_one_address),
	    cmocka_unit_test(test_a_strangers_body_is_not_taken),
	    cmocka_unit_test(test_twenty_strangers_cost_no_memory),
	    cmocka_unit_test(test_continue_comes_after_the_word),
	    cmocka_unit_test(test_bodies_have_a_budget),
	    cmocka_unit_test(test_chunks_are_counted_as_they_come),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
