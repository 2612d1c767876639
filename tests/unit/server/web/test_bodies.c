/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/server/web/limited.h"

/* Bodies: who may send one, and how many at once. */

#define STRANGER "PUT /length HTTP/1.1\r\nHost: a\r\n"
#define KNOWN STRANGER "X-Word: open\r\n"

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

static void
open_admitting(struct web_limits limits)
{
	open_server_of((struct web_server_options){.admit = admit, .limits = limits});
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
	    cmocka_unit_test(test_a_strangers_body_is_not_taken),
	    cmocka_unit_test(test_twenty_strangers_cost_no_memory),
	    cmocka_unit_test(test_continue_comes_after_the_word),
	    cmocka_unit_test(test_bodies_have_a_budget),
	    cmocka_unit_test(test_chunks_are_counted_as_they_come),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
