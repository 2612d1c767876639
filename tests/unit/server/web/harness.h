/* SPDX-License-Identifier: MIT */
#pragma once

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/text.h"
#include "server/loop/loop.h"
#include "server/web/server.h"

/*
 * A server on a free port of loopback and raw clients in the same thread: `turn` lets the loop run
 * until a client can read or a moment has passed, so a test waits for facts and never sleeps.
 */

#define HARNESS_PATIENCE_MS 120000

static inline void
harness_stop(void *ctx)
{
	loop_stop(ctx);
}

static inline void
harness_ready(void *ctx, int what)
{
	(void)what;
	loop_stop(ctx);
}

/* Runs the loop until ${fd} (or -1) is readable, at most ${ms}. */
static inline void
turn(struct loop *loop, int fd, int ms)
{
	struct loop_timer *timer = loop_every(loop, ms, harness_stop, loop);
	struct loop_watch *watch =
	    fd < 0 ? NULL : loop_watch(loop, fd, LOOP_READ, harness_ready, loop);

	loop_run(loop);
	loop_watch_cancel(watch);
	loop_timer_cancel(timer);
}

/* A client's socket, connected (the kernel does that without the server). */
static inline int
client_open(uint16_t port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	    .sin_port = htons(port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	return fd;
}

/* All of ${bytes}, the server reading meanwhile; false if the server hung up. */
static inline bool
client_send(struct loop *loop, int fd, const char *bytes, size_t len)
{
	int64_t ends = clock_mono_ms() + HARNESS_PATIENCE_MS;

	while (len > 0) {
		ssize_t put = send(fd, bytes, len, MSG_NOSIGNAL);

		assert_true(clock_mono_ms() < ends);
		if (put < 0 && errno != EAGAIN)
			return false;
		if (put < 0) {
			turn(loop, -1, 1);
			continue;
		}
		bytes += put;
		len -= (size_t)put;
	}
	return true;
}

/* Appends what there is; false at the end of the connection. */
static inline bool
client_take(int fd, struct buf *got)
{
	char piece[65536];
	ssize_t len = recv(fd, piece, sizeof piece, 0);

	if (len > 0)
		buf_add(got, piece, (size_t)len);
	return len > 0 || (len < 0 && errno == EAGAIN);
}

/* Everything until the server closes. */
static inline void
client_take_all(struct loop *loop, int fd, struct buf *got)
{
	int64_t ends = clock_mono_ms() + HARNESS_PATIENCE_MS;

	while (client_take(fd, got)) {
		assert_true(clock_mono_ms() < ends);
		turn(loop, fd, 50);
	}
}

/* The head's value of ${name}, in static memory; "" if absent. */
static inline const char *
header_of(const char *answer, const char *name)
{
	static char value[512];
	const char *end = strstr(answer, "\r\n\r\n");
	char start[64];
	const char *at;
	size_t len;

	snprintf(start, sizeof start, "\r\n%s: ", name);
	at = strstr(answer, start);
	if (end == NULL || at == NULL || at > end)
		return "";
	at += strlen(start);
	len = strcspn(at, "\r");
	snprintf(value, sizeof value, "%.*s", (int)len, at);
	return value;
}

/* How long the first answer in ${bytes} is, with its body; 0 if it is not whole. */
static inline size_t
answer_len(const struct buf *bytes, bool is_head)
{
	const char *end = bytes->at == NULL ? NULL : strstr(bytes->at, "\r\n\r\n");
	size_t len;

	if (end == NULL)
		return 0;
	len = (size_t)(end - bytes->at) + 4;
	if (!is_head)
		len += (size_t)atol(header_of(bytes->at, "Content-Length"));
	return len <= bytes->len ? len : 0;
}

static inline unsigned
status_of(const char *answer)
{
	return answer != NULL && strncmp(answer, "HTTP/1.1 ", 9) == 0 ? (unsigned)atoi(answer + 9)
								      : 0;
}

static inline const char *
body_of(const char *answer)
{
	const char *end = strstr(answer, "\r\n\r\n");

	return end == NULL ? "" : end + 4;
}

/* One whole answer on a connection that stays open. */
static inline void
client_take_one(struct loop *loop, int fd, struct buf *got)
{
	int64_t ends = clock_mono_ms() + HARNESS_PATIENCE_MS;

	while (answer_len(got, false) == 0) {
		assert_true(clock_mono_ms() < ends);
		assert_true(client_take(fd, got));
		if (answer_len(got, false) == 0)
			turn(loop, fd, 50);
	}
}

/* Sends ${len} bytes on a new connection and gives everything that came until the server closed.
 * Free with buf_free. */
static inline struct buf
ask_raw(struct loop *loop, uint16_t port, const char *bytes, size_t len)
{
	struct buf got = {0};
	int fd = client_open(port);

	buf_add(&got, "", 0);
	client_send(loop, fd, bytes, len);
	client_take_all(loop, fd, &got);
	close(fd);
	return got;
}

static inline struct buf
ask(struct loop *loop, uint16_t port, const char *text)
{
	return ask_raw(loop, port, text, strlen(text));
}
