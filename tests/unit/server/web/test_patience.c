/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/server/web/limited.h"

/* Clients who take their time: one that goes on has longer than one that stands still, and a crowd has less. */

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_body_that_goes_on_has_longer),
	    cmocka_unit_test(test_a_body_has_an_end_however_it_goes_on),
	    cmocka_unit_test(test_a_reader_that_goes_on_has_longer),
	    cmocka_unit_test(test_idle_connections_make_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
