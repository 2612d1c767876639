/* SPDX-License-Identifier: MIT */
#include "tests/support/rounds.h"
#include "tests/unit/server/web/served.h"

/* What a kept connection answers to a head that it has just read, and to one that is nearly that,
 * is what a new connection answers. */

#define KEPT(target) "GET " target " HTTP/1.1\r\n" HOST "X-Test: y\r\n\r\n"

static const char *const heads[] = {
    KEPT("/echo?a=1"),
    KEPT("/echo?a=2"),
    KEPT("/echo?a=caf%C3%A9+%2B1&b=%26"), /* decoded in place */
    KEPT("/echo?a=caf%C3%A9+%2B1&b=%27"),
    KEPT("/now/ZED%2001.txt"),
    KEPT("/nothing"),
    KEPT("/there-is-none"),
    "GET /echo?a=1 HTTP/1.1\r\n" HOST "X-Test: z\r\n\r\n",
    "GET /echo?a=1 HTTP/1.1\r\n" HOST "X-Test: y\r\nX-Test: y\r\n\r\n",
    "PUT /echo?a=1 HTTP/1.1\r\n" HOST "X-Test: y\r\n\r\n",
    "POST /echo?a=1 HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc",
    "POST /echo?a=1 HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabd",
    "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "PUT /echo HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n",
};
enum { HEADS = sizeof heads / sizeof *heads };

/* One answer on the open connection. The request comes in two pieces, cut at ${cut}. */
static struct buf
ask_kept(struct served *served, int fd, const char *request, size_t cut)
{
	struct buf got = {0};

	client_send(served->loop, fd, request, cut);
	turn(served->loop, fd, 1);
	client_send(served->loop, fd, request + cut, strlen(request) - cut);
	client_take_one(served->loop, fd, &got);
	return got;
}

static struct buf
ask_fresh(struct served *served, const char *request)
{
	int fd = client_open(served->port);
	struct buf got = ask_kept(served, fd, request, strlen(request));

	close(fd);
	return got;
}

static void
test_the_same_head_again_has_the_same_answer(void **state)
{
	struct served *served = *state;
	unsigned count = rounds(160), last = 0;
	int fd = client_open(served->port);

	srandom(7);
	for (unsigned i = 0; i < count; i++) {
		/* Every second time the one before. */
		unsigned which = i % 2 ? last : (unsigned)random() % HEADS;
		size_t len = strlen(heads[which]);
		size_t cut = random() % 4 == 0 ? (size_t)random() % len : len;
		struct buf kept = ask_kept(served, fd, heads[which], cut);
		struct buf fresh = ask_fresh(served, heads[which]);

		assert_int_equal(status_of(kept.at), status_of(fresh.at));
		assert_string_equal(body_of(kept.at), body_of(fresh.at));
		buf_free(&kept);
		buf_free(&fresh);
		last = which;
	}
	close(fd);
}

/* Requests in one go: the bytes after the head are the next one's. */
static void
test_the_same_head_many_times_in_one_go(void **state)
{
	struct served *served = *state;
	struct buf request = {0}, got;
	unsigned answers = 0;

	for (int i = 0; i < 300; i++)
		buf_add_text(&request, heads[i % 3 == 2 ? 2 : 0]);
	buf_add_text(&request, "GET /echo HTTP/1.1\r\n" LAST);
	got = ask_raw(served->loop, served->port, request.at, request.len);
	for (const char *at = got.at; (at = strstr(at, "|a=")) != NULL; at++, answers++)
		if (answers < 300)
			assert_memory_equal(
			    at, answers % 3 == 2 ? "|a=caf\xc3\xa9 +1|" : "|a=1|stran", 10);
	assert_int_equal(answers, 301);
	buf_free(&got);
	buf_free(&request);
}

/* A head that begins as the one before, and is refused: no part of the one before counts for it. */
static void
test_a_head_that_begins_alike_is_judged(void **state)
{
	static const char *const refused[] = {
	    "GET /echo?a=1 HTTP/1.1\r\n" HOST "X-Test: y\r\n" HOST "\r\n",
	    "GET /echo?a=1 HTTP/1.1\r\n" HOST "X-Test: y\r\nContent-Length: 1\r\n\r\n",
	    "GET /echo?a=1 HTTP/1.1\r\n" HOST "X-Test: y\n\r\n",
	};
	struct served *served = *state;

	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		int fd = client_open(served->port);
		struct buf first = ask_kept(served, fd, heads[0], strlen(heads[0]));
		struct buf second = ask_kept(served, fd, refused[i], strlen(refused[i]));

		assert_int_equal(status_of(first.at), 200);
		assert_int_equal(status_of(second.at), 400);
		buf_free(&first);
		buf_free(&second);
		close(fd);
	}
}

#define SERVED(name) cmocka_unit_test_setup_teardown(name, served_open, served_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVED(test_the_same_head_again_has_the_same_answer),
	    SERVED(test_the_same_head_many_times_in_one_go),
	    SERVED(test_a_head_that_begins_alike_is_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
