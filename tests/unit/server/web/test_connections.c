/* SPDX-License-Identifier: MIT */
#include <sys/resource.h>
#include <sys/un.h>

#include "tests/unit/server/web/served.h"

/* Connections that end early, read slowly, stay open or cannot be taken, and the end of a filter. */

/* On one connection, so that no filter outlives its request; each is dropped once. */
static void
test_a_filter_has_the_last_word_of_one_answer(void **state)
{
	struct served *served = *state;
	struct buf got = {0};
	int fd;

	served_expect(served, "GET /filtered HTTP/1.1\r\n" LAST, "S!S!S!S!S!");
	assert_int_equal(served->filters_dropped, 2);
	got = ask(served->loop, served->port, "GET /filtered/large HTTP/1.1\r\n" LAST);
	assert_int_equal(answer_len(&got, false), got.len);
	assert_true(got.len > SERVED_LARGE_BYTES);
	assert_int_equal(served->filters_dropped, 3);
	buf_free(&got);
	got = ask(served->loop, served->port, "GET /filtered/problem HTTP/1.1\r\n" LAST);
	assert_int_equal(status_of(got.at), 404);
	assert_int_equal(served->filters_dropped, 4);
	buf_free(&got);
	got = ask(served->loop, served->port,
	    "GET /filtered HTTP/1.1\r\n" HOST "\r\nGET /tagged HTTP/1.1\r\n" LAST);
	assert_non_null(strstr(got.at, "S!S!S!S!S!"));
	assert_non_null(strstr(got.at, "seven"));
	assert_int_equal(served->filters_dropped, 6);
	buf_free(&got);
	/* The client closes its connection before the answer. */
	fd = client_open(served->port);
	client_send(served->loop, fd, "GET /filtered/hold HTTP/1.1\r\n" HOST "\r\n",
	    strlen("GET /filtered/hold HTTP/1.1\r\n" HOST "\r\n"));
	while (served->held == NULL)
		turn(served->loop, fd, 1);
	close(fd);
	web_reply(served->held, &(struct web_answer){.status = 200, .body = SLICE("seven")});
	assert_int_equal(served->filters_dropped, 7);
}

static void
wait_until_closed(struct served *served)
{
	int64_t ends = clock_mono_ms() + HARNESS_PATIENCE_MS;

	while (web_server_stats(served->server).open_connections > 0) {
		assert_true(clock_mono_ms() < ends);
		turn(served->loop, -1, 1);
	}
}

/* The client resets while a handler has its request: the late answer goes nowhere, and nothing is
 * lost or freed twice. */
static void
test_a_client_that_leaves_while_it_is_served(void **state)
{
	struct served *served = *state;
	static const char request[] = "GET /hold HTTP/1.1\r\n" HOST "\r\n";
	struct linger at_once = {.l_onoff = 1};
	int fd = client_open(served->port);

	client_send(served->loop, fd, request, sizeof request - 1);
	while (served->held == NULL)
		turn(served->loop, fd, 1);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	close(fd);
	wait_until_closed(served);
	assert_true(slice_is(web_path(served->held), "/hold"));
	web_reply(served->held,
	    &(struct web_answer){
		.status = 200, .type = "text/plain", .shared = web_bytes_ref(served->large)});
	turn(served->loop, -1, 1);
}

static void
test_a_server_that_closes_while_it_serves(void **state)
{
	struct served *served = *state;
	static const char request[] = "GET /hold HTTP/1.1\r\n" HOST "\r\n";
	struct buf got = {0};
	int fd = client_open(served->port);

	client_send(served->loop, fd, request, sizeof request - 1);
	while (served->held == NULL)
		turn(served->loop, fd, 1);
	web_server_close(served->server);
	served->server = NULL;
	client_take_all(served->loop, fd, &got);
	assert_int_equal(got.len, 0);
	web_problem(served->held, 500, "Too late.");
	close(fd);
	buf_free(&got);
}

/* Eight megabytes through a small window, read slowly, twice on one connection: partial writes and
 * the shared bytes. */
/* holds: F9 */
static void
test_a_slow_reader_gets_everything(void **state)
{
	struct served *served = *state;
	static const char request[] = "GET /large HTTP/1.1\r\n" HOST "\r\n"
				      "GET /large HTTP/1.1\r\n" LAST;
	struct buf got = {0};
	const char *second;
	int small = 65536, fd = client_open(served->port);

	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
	client_send(served->loop, fd, request, sizeof request - 1);
	client_take_all(served->loop, fd, &got);
	assert_int_equal(
	    answer_len(&got, false), body_of(got.at) - got.at + (ptrdiff_t)SERVED_LARGE_BYTES);
	assert_memory_equal(body_of(got.at), web_bytes_slice(served->large).at, SERVED_LARGE_BYTES);
	second = body_of(got.at) + SERVED_LARGE_BYTES;
	assert_int_equal(status_of(second), 200);
	assert_int_equal(got.at + got.len - body_of(second), SERVED_LARGE_BYTES);
	assert_memory_equal(body_of(second), web_bytes_slice(served->large).at, SERVED_LARGE_BYTES);
	close(fd);
	buf_free(&got);
}

static void
take_until(struct served *served, int fd, struct buf *got, const char *text)
{
	int64_t ends = clock_mono_ms() + HARNESS_PATIENCE_MS;

	while (got->at == NULL || strstr(got->at, text) == NULL) {
		assert_true(clock_mono_ms() < ends);
		assert_true(client_take(fd, got));
		turn(served->loop, fd, 10);
	}
}

static int
open_stream(struct served *served, struct buf *got)
{
	static const char request[] = "GET /events HTTP/1.1\r\n" HOST "\r\n";
	int fd = client_open(served->port);

	client_send(served->loop, fd, request, sizeof request - 1);
	take_until(served, fd, got, "data: 1\n\n");
	return fd;
}

static void
test_a_stream_goes_on_until_its_owner_ends_it(void **state)
{
	struct served *served = *state;
	struct buf got = {0};
	int fd = open_stream(served, &got);

	assert_int_equal(status_of(got.at), 200);
	assert_string_equal(header_of(got.at, "Content-Type"), "text/event-stream");
	assert_string_equal(header_of(got.at, "Content-Length"), "");
	web_stream_send(served->stream, SLICE("data: 2\n\n"));
	take_until(served, fd, &got, "data: 2\n\n");
	web_stream_close(served->stream);
	client_take_all(served->loop, fd, &got);
	assert_string_equal(body_of(got.at), "data: 1\n\ndata: 2\n\n");
	assert_false(served->stream_closed);
	close(fd);
	buf_free(&got);
}

static void
wait_for_stream_end(struct served *served)
{
	int64_t ends = clock_mono_ms() + HARNESS_PATIENCE_MS;

	while (!served->stream_closed) {
		assert_true(clock_mono_ms() < ends);
		turn(served->loop, -1, 1);
	}
}

static void
test_a_stream_whose_reader_leaves(void **state)
{
	struct served *served = *state;
	struct buf got = {0};
	int fd = open_stream(served, &got);

	close(fd);
	wait_for_stream_end(served);
	assert_int_equal(web_server_stats(served->server).open_connections, 0);
	buf_free(&got);
}

/* Nobody reads: what waits is bounded, and then the reader is given up, not inside the call that
 * sends. */
static void
test_a_stream_whose_reader_falls_behind(void **state)
{
	struct served *served = *state;
	struct buf got = {0};
	char *piece = xcalloc(1, 100000);
	int fd = open_stream(served, &got), sends = 0;

	while (web_server_stats(served->server).open_connections > 0) {
		web_stream_send(served->stream, (struct slice){piece, 100000});
		assert_false(served->stream_closed);
		assert_true(++sends < 10000);
	}
	wait_for_stream_end(served);
	close(fd);
	free(piece);
	buf_free(&got);
}

static void
test_the_server_closing_ends_streams(void **state)
{
	struct served *served = *state;
	struct buf got = {0};
	int fd = open_stream(served, &got);

	web_server_close(served->server);
	served->server = NULL;
	turn(served->loop, -1, 1);
	assert_true(served->stream_closed);
	close(fd);
	buf_free(&got);
}

static void
test_ports(void **state)
{
	struct served *served = *state;
	struct web_server_options options = {
	    .address = "127.0.0.1", .port = served->port, .routes = served_routes};
	struct web_server *one, *two;

	assert_null(web_server_open(served->loop, &options));
	assert_int_equal(errno, EADDRINUSE);
	options.address = "localhost";
	assert_null(web_server_open(served->loop, &options));
	assert_int_equal(errno, EINVAL);
	options = (struct web_server_options){
	    .address = "::1", .routes = served_routes, .reuse_port = true};
	one = web_server_open(served->loop, &options);
	if (one == NULL && (errno == EADDRNOTAVAIL || errno == EAFNOSUPPORT))
		return; /* a machine without IPv6 */
	options.port = web_server_port(one);
	two = web_server_open(served->loop, &options);
	assert_non_null(two);
	web_server_close(one);
	web_server_close(two);
	web_server_close(NULL);
}

/* Over a unix socket everybody is this machine; its name goes with the server. */
static void
test_a_unix_socket(void **state)
{
	struct served *served = *state;
	static const char request[] = "GET /echo HTTP/1.1\r\n" HOST "\r\n";
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct web_server_options options = {.routes = served_routes, .ctx = served};
	struct web_server *server;
	struct buf got = {0};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(
	    address.sun_path, sizeof address.sun_path, "/tmp/crisiscover-web-%ld", (long)getpid());
	options.socket_path = address.sun_path;
	server = web_server_open(served->loop, &options);
	assert_non_null(server);
	assert_int_equal(web_server_port(server), 0);
	assert_null(web_server_open(served->loop, &options));
	assert_int_equal(errno, EADDRINUSE);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	client_send(served->loop, fd, request, sizeof request - 1);
	client_take_one(served->loop, fd, &got);
	assert_non_null(strstr(got.at, "|127.0.0.1|"));
	close(fd);
	web_server_close(server);
	assert_int_equal(access(address.sun_path, F_OK), -1);
	buf_free(&got);
}

/* Out of descriptors: those inside are served on, those who knock get in when there is room. */
/* holds: F14 */
static void
test_out_of_descriptors(void **state)
{
	struct served *served = *state;
	static const char request[] = "GET /echo HTTP/1.1\r\n" HOST "\r\n";
	struct rlimit usual, tight;
	int first = client_open(served->port), second;
	struct buf got = {0};

	client_send(served->loop, first, request, sizeof request - 1);
	client_take_one(served->loop, first, &got);
	second = client_open(served->port);
	client_send(served->loop, second, request, sizeof request - 1);
	getrlimit(RLIMIT_NOFILE, &usual);
	tight = usual;
	tight.rlim_cur = (rlim_t)second + 1;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &tight), 0);
	turn(served->loop, -1, 50);
	buf_reset(&got);
	client_send(served->loop, first, request, sizeof request - 1);
	client_take_one(served->loop, first, &got);
	assert_int_equal(web_server_stats(served->server).open_connections, 1);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &usual), 0);
	buf_reset(&got);
	client_take_one(served->loop, second, &got);
	assert_int_equal(status_of(got.at), 200);
	close(first);
	close(second);
	buf_free(&got);
}

#define SERVED(name) cmocka_unit_test_setup_teardown(name, served_open, served_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVED(test_a_filter_has_the_last_word_of_one_answer),
	    SERVED(test_a_client_that_leaves_while_it_is_served),
	    SERVED(test_a_server_that_closes_while_it_serves),
	    SERVED(test_a_slow_reader_gets_everything),
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
