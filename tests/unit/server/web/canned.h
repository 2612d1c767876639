/* SPDX-License-Identifier: MIT */
#pragma once

#include "tests/unit/server/web/harness.h"

/*
 * A server that says exactly what a test wants said, however wrong. It takes the path from the
 * request, looks it up and plays its part.
 */
enum canned_part {
	CANNED_CLOSE,   /* say it and hang up */
	CANNED_STAY,    /* say it and stay connected */
	CANNED_DRIP,    /* say it, then one more byte every few milliseconds */
	CANNED_ENDLESS, /* say it, then the rest without end */
	CANNED_REFLECT, /* the request is the answer's body */
	CANNED_SILENT
};

struct canned_line {
	const char *path;
	enum canned_part part;
	const char *says;
	size_t len; /* 0: a string */
	const char *without_end;
};

struct canned {
	struct loop *loop;
	const struct canned_line *lines;
	struct loop_watch *watch;
	int fd;
	uint16_t port;
	unsigned connections;
	struct canned_conn *conns;
};

struct canned_conn {
	struct canned_conn *next;
	struct canned *server;
	int fd;
	struct loop_watch *watch;
	struct loop_timer *timer;
	struct buf request;
	const struct canned_line *line;
};

static inline void
canned_hang_up(struct canned_conn *conn)
{
	loop_watch_cancel(conn->watch);
	loop_timer_cancel(conn->timer);
	conn->watch = NULL;
	conn->timer = NULL;
	if (conn->fd >= 0)
		close(conn->fd);
	conn->fd = -1;
}

static inline void
canned_say(struct canned_conn *conn, const char *bytes, size_t len)
{
	while (len > 0 && conn->fd >= 0) {
		ssize_t put = send(conn->fd, bytes, len, MSG_NOSIGNAL);

		if (put < 0 && errno == EAGAIN)
			return; /* only ENDLESS gets here, and comes again */
		if (put < 0) {
			canned_hang_up(conn);
			return;
		}
		bytes += put;
		len -= (size_t)put;
	}
}

static inline void
canned_go_on(void *ctx)
{
	struct canned_conn *conn = ctx;

	if (conn->line->part == CANNED_DRIP)
		canned_say(conn, "a", 1);
	else
		canned_say(conn, conn->line->without_end, strlen(conn->line->without_end));
}

static inline void
canned_reflect(struct canned_conn *conn)
{
	struct buf answer = {0};

	buf_printf(&answer, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s", conn->request.len,
	    conn->request.at);
	canned_say(conn, answer.at, answer.len);
	buf_free(&answer);
}

static inline void
canned_play(struct canned_conn *conn)
{
	const struct canned_line *line = conn->line;

	if (line->says != NULL)
		canned_say(conn, line->says, line->len == 0 ? strlen(line->says) : line->len);
	if (line->part == CANNED_REFLECT)
		canned_reflect(conn);
	if (line->part == CANNED_CLOSE)
		canned_hang_up(conn);
	if ((line->part == CANNED_DRIP || line->part == CANNED_ENDLESS) && conn->fd >= 0)
		conn->timer = loop_every(
		    conn->server->loop, line->part == CANNED_DRIP ? 20 : 1, canned_go_on, conn);
}

static inline bool
canned_request_is_whole(const struct buf *request)
{
	const char *end = strstr(request->at, "\r\n\r\n");

	return end != NULL &&
	       request->len >= (size_t)(end - request->at) + 4 +
				   (size_t)atol(header_of(request->at, "Content-Length"));
}

static inline const struct canned_line *
canned_find(const struct canned *server, const char *request)
{
	const char *path = strchr(request, ' ') + 1;
	size_t len = strcspn(path, " ");

	for (const struct canned_line *line = server->lines; line->path != NULL; line++)
		if (slice_is((struct slice){path, len}, line->path))
			return line;
	fail_msg("the test has no line for %.*s", (int)len, path);
	return NULL;
}

static inline void
canned_readable(void *ctx, int what)
{
	struct canned_conn *conn = ctx;

	(void)what;
	if (!client_take(conn->fd, &conn->request)) {
		canned_hang_up(conn);
		return;
	}
	if (conn->line != NULL || !canned_request_is_whole(&conn->request))
		return;
	conn->line = canned_find(conn->server, conn->request.at);
	canned_play(conn);
}

static inline void
canned_knock(void *ctx, int what)
{
	struct canned *server = ctx;
	struct canned_conn *conn = xcalloc(1, sizeof *conn);

	(void)what;
	server->connections++;
	conn->server = server;
	conn->next = server->conns;
	server->conns = conn;
	conn->fd = accept4(server->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	assert_true(conn->fd >= 0);
	conn->watch = loop_watch(server->loop, conn->fd, LOOP_READ, canned_readable, conn);
}

static inline void
canned_open(struct canned *server, struct loop *loop, const struct canned_line *lines)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof address;

	*server = (struct canned){.loop = loop, .lines = lines};
	server->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(server->fd, (struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(server->fd, 64), 0);
	assert_int_equal(getsockname(server->fd, (struct sockaddr *)&address, &len), 0);
	server->port = ntohs(address.sin_port);
	server->watch = loop_watch(loop, server->fd, LOOP_READ, canned_knock, server);
}

static inline void
canned_close(struct canned *server)
{
	struct canned_conn *conn, *next;

	for (conn = server->conns; conn != NULL; conn = next) {
		next = conn->next;
		canned_hang_up(conn);
		buf_free(&conn->request);
		free(conn);
	}
	loop_watch_cancel(server->watch);
	close(server->fd);
}
