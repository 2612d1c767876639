/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/server/web/limited.h"

/* Behind a proxy: the client that it names is counted; what others name is not believed. */

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
	open_server_of(
	    (struct web_server_options){.proxies = proxies, .admit = admit_all, .limits = limits});
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_the_client_is_whom_the_last_proxy_names),
	    cmocka_unit_test(test_the_word_of_others_counts_for_nothing),
	    cmocka_unit_test(test_clients_of_a_proxy_are_counted_apart),
	    cmocka_unit_test(test_bodies_of_a_proxys_client_have_his_budget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
