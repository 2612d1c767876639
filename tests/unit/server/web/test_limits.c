/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/server/web/limited.h"

/* Clients who do not go on, and too many of them. */

static const struct web_limits short_limits = {.first_ms = 200,
    .request_ms = 200,
    .body_ms = 400,
    .idle_ms = 300,
    .answer_ms = 300,
    .slow_ms = 200};

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
	    cmocka_unit_test(test_who_is_known_makes_room_for_strangers),
	    cmocka_unit_test(test_too_many_connections),
	    cmocka_unit_test(test_too_many_from_one_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
