/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/web/served.h"

#include "server/base/tcp_socket.h"

/* A server that ends leaves nobody without an answer. */

static unsigned drained;

static void
note_drained(void *ctx)
{
	(void)ctx;
	drained++;
}

static void
drain(struct served *served, bool last)
{
	drained = 0;
	web_server_drain(served->server,
	    &(struct web_drain){.last = last, .idle_ms = 50, .drained = note_drained});
	/* Never from within. */
	assert_int_equal(drained, 0);
}

static void
await_drained(struct served *served)
{
	int64_t ends = clock_mono_ms() + HARNESS_PATIENCE_MS;

	while (drained == 0) {
		assert_true(clock_mono_ms() < ends);
		turn(served->loop, -1, 5);
	}
}

static void
send_text(struct served *served, int fd, const char *text)
{
	assert_true(client_send(served->loop, fd, text, strlen(text)));
}

/* Everything up to the end of the connection, which the server made. */
static void
expect_the_last(struct served *served, int fd, unsigned answers)
{
	struct buf got = {0};
	unsigned found = 0;

	client_take_all(served->loop, fd, &got);
	buf_add(&got, "", 1);
	for (const char *at = got.at; (at = strstr(at, "HTTP/1.1 200")) != NULL; at++)
		found++;
	assert_int_equal(found, answers);
	if (answers > 0)
		assert_non_null(strstr(got.at, "Connection: close\r\n"));
	buf_free(&got);
	close(fd);
}

#define ECHO "GET /echo HTTP/1.1\r\n" HOST "\r\n"

static void
without_connections_it_is_over_at_once(void **state)
{
	struct served *served = *state;

	drain(served, true);
	await_drained(served);
	turn(served->loop, -1, 20);
	assert_int_equal(drained, 1);
}

static void
a_request_that_a_handler_has_is_answered(void **state)
{
	struct served *served = *state;
	int fd = client_open(served->port);

	send_text(served, fd, "GET /hold HTTP/1.1\r\n" HOST "\r\n");
	while (served->held == NULL)
		turn(served->loop, -1, 5);
	drain(served, false);
	for (int i = 0; i < 20; i++)
		turn(served->loop, -1, 10);
	assert_int_equal(drained, 0);
	web_reply(served->held, &(struct web_answer){.status = 200, .body = SLICE("late")});
	expect_the_last(served, fd, 1);
	await_drained(served);
}

static void
ask_once(struct served *served, int fd)
{
	struct buf got = {0};

	send_text(served, fd, ECHO);
	client_take_one(served->loop, fd, &got);
	assert_string_equal(header_of(got.at, "Connection"), "");
	buf_free(&got);
}

/* An idle connection that asks once more gets its answer, and learns that the connection ends. */
static void
a_request_on_its_way_is_answered(void **state)
{
	struct served *served = *state;
	int fd = client_open(served->port);

	ask_once(served, fd);
	drain(served, false);
	send_text(served, fd, ECHO);
	expect_the_last(served, fd, 1);
	await_drained(served);
}

static void
an_idle_connection_is_closed(void **state)
{
	struct served *served = *state;
	int fd = client_open(served->port);

	while (web_server_stats(served->server).open_connections == 0)
		turn(served->loop, -1, 5);
	drain(served, false);
	expect_the_last(served, fd, 0);
	await_drained(served);
}

static void
one_that_was_used_is_closed_long_before_it_would_be(void **state)
{
	struct served *served = *state;
	int fd = client_open(served->port);

	ask_once(served, fd);
	drain(served, false);
	/* At the limit of the whole it would still be open. */
	await_drained(served);
	assert_int_equal(web_server_stats(served->server).open_connections, 0);
	expect_the_last(served, fd, 0);
}

/* Who has knocked before, and was not let in yet. */
static void
the_last_one_serves_the_backlog(void **state)
{
	struct served *served = *state;
	int fds[20];

	for (size_t i = 0; i < 20; i++) {
		fds[i] = client_open(served->port);
		assert_true(send(fds[i], ECHO, sizeof ECHO - 1, 0) == sizeof ECHO - 1);
	}
	assert_int_equal(web_server_stats(served->server).connections, 0);
	drain(served, true);
	for (size_t i = 0; i < 20; i++)
		expect_the_last(served, fds[i], 1);
	await_drained(served);
}

/* A server with the sockets of two processes, its own first. */
static struct web_server *
open_with(struct served *served, const int sockets[2], bool waits)
{
	const int own[2] = {dup(sockets[0]), dup(sockets[1])};

	return web_server_open(served->loop, &(struct web_server_options){.listening = own,
						 .listening_count = 2,
						 .routes = served_routes,
						 .ctx = served,
						 .waits = waits});
}

static void
make_sockets(int sockets[2])
{
	sockets[0] = tcp_listen("127.0.0.1", 0, true);
	assert_true(sockets[0] > 0);
	sockets[1] = tcp_listen("127.0.0.1", tcp_port(sockets[0]), true);
	assert_true(sockets[1] > 0);
	assert_true(tcp_is_at(sockets[1], "127.0.0.1", tcp_port(sockets[0])));
	assert_false(tcp_is_at(sockets[1], "127.0.0.2", tcp_port(sockets[0])));
	assert_false(tcp_is_at(sockets[1], "127.0.0.1", 1));
}

/* So many connections, with a request each; the kernel spreads them over both sockets. */
#define KNOCKS 40

static void
knock(uint16_t port, int fds[KNOCKS])
{
	static const char request[] = "GET /echo HTTP/1.1\r\n" LAST;

	for (size_t i = 0; i < KNOCKS; i++) {
		fds[i] = client_open(port);
		assert_true(send(fds[i], request, sizeof request - 1, 0) == sizeof request - 1);
	}
}

/* At the second socket nobody listens, as if its process were hung. */
static void
who_waits_at_another_process_is_served(void **state)
{
	struct served *served = *state;
	int sockets[2], fds[KNOCKS];
	struct web_server *server;

	make_sockets(sockets);
	server = open_with(served, sockets, false);
	knock(web_server_port(server), fds);
	for (size_t i = 0; i < KNOCKS; i++)
		expect_the_last(served, fds[i], 1);
	web_server_close(server);
	close(sockets[0]);
	close(sockets[1]);
}

/* One that waits accepts nobody, from no socket, until it is told to; what another has left is still there. */
/* holds: F16 H09.4 */
static void
what_is_left_the_next_one_serves(void **state)
{
	struct served *served = *state;
	int sockets[2], fds[KNOCKS];
	struct web_server *before = served->server, *next;

	make_sockets(sockets);
	next = open_with(served, sockets, true);
	served->server = open_with(served, sockets, false);
	drain(served, false);
	await_drained(served);
	knock(web_server_port(next), fds);
	for (int i = 0; i < 10; i++)
		turn(served->loop, -1, 30);
	assert_int_equal(web_server_stats(next).connections, 0);
	web_server_accept(next);
	for (size_t i = 0; i < KNOCKS; i++)
		expect_the_last(served, fds[i], 1);
	web_server_close(served->server);
	web_server_close(next);
	served->server = before;
	close(sockets[0]);
	close(sockets[1]);
}

/* Nobody else is left: both sockets are emptied before they are closed. */
static void
the_last_one_serves_the_others_backlog(void **state)
{
	struct served *served = *state;
	int sockets[2], fds[KNOCKS];
	struct web_server *before = served->server;

	make_sockets(sockets);
	served->server = open_with(served, sockets, true);
	knock(web_server_port(served->server), fds);
	close(sockets[0]);
	close(sockets[1]);
	drain(served, true);
	for (size_t i = 0; i < KNOCKS; i++)
		expect_the_last(served, fds[i], 1);
	await_drained(served);
	web_server_close(served->server);
	served->server = before;
}

#define SERVED(test) cmocka_unit_test_setup_teardown(test, served_open, served_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVED(without_connections_it_is_over_at_once),
	    SERVED(a_request_that_a_handler_has_is_answered),
	    SERVED(a_request_on_its_way_is_answered),
	    SERVED(an_idle_connection_is_closed),
	    SERVED(one_that_was_used_is_closed_long_before_it_would_be),
	    SERVED(the_last_one_serves_the_backlog),
	    SERVED(who_waits_at_another_process_is_served),
	    SERVED(what_is_left_the_next_one_serves),
	    SERVED(the_last_one_serves_the_others_backlog),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
