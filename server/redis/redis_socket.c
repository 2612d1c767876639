/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/base/fatal.h"
#include "server/redis/redis_private.h"

/*
 * The socket is ours; of hiredis only the two functions that know Redis' protocol are used. Its own
 * asynchronous context has no time limits, resolves names while it blocks, and frees itself at
 * moments of its choosing.
 */

#define READ_BYTES 16384
#define READS_MAX 16 /* a turn, so that one flood does not hold up the rest of the process */

static void on_ready(void *ctx, int what);

/* System calls are made only if what is waited for changes. */
static void
watch_for(struct redis *redis, int what)
{
	if (redis->watch == NULL)
		redis->watch = loop_watch(redis->loop, redis->fd, what, on_ready, redis);
	else if (redis->watching != what)
		loop_watch_set(redis->watch, what);
	redis->watching = what;
}

static void
on_ready(void *ctx, int what)
{
	struct redis *redis = ctx;

	if (redis->state != REDIS_CONNECTING && (what & LOOP_READ))
		redis_socket_read(redis);
	redis_conn_kick(redis);
	/* Until the kick has run, writability is old news. */
	if (redis->watch != NULL && (what & LOOP_WRITE))
		watch_for(redis, LOOP_READ);
}

/* A peer that is gone and did not close is noticed by the kernel too, not only by the pulse. */
static void
set_options(int fd, int family)
{
	static const int one = 1, idle = 5, interval = 2, count = 3, timeout_ms = 5000;

	if (family == AF_UNIX)
		return;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one);
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof count);
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout_ms, sizeof timeout_ms);
}

/* An address is a number, so that nothing here blocks. False with errno set. */
bool
redis_socket_connect(struct redis *redis)
{
	int family = redis->address.any.sa_family;

	redis->fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (redis->fd < 0)
		return false;
	set_options(redis->fd, family);
	if (connect(redis->fd, &redis->address.any, redis->address.len) != 0 &&
	    errno != EINPROGRESS)
		return false;
	redis->reader = redisReaderCreate();
	if (redis->reader == NULL)
		fatal("out of memory");
	watch_for(redis, LOOP_WRITE);
	return true;
}

/* Called when the socket became writable, or for any other reason: false while nothing is known.
 * getpeername() says for certain whether there is a connection; SO_ERROR is cleared by reading it
 * and says nothing while connecting is under way. */
bool
redis_socket_connected(struct redis *redis, const char **why)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof peer;
	int error = 0;

	*why = NULL;
	if (getpeername(redis->fd, (struct sockaddr *)&peer, &len) == 0)
		return true;
	len = sizeof error;
	if (getsockopt(redis->fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
		error = errno;
	if (error != 0)
		*why = strerror(error);
	return false;
}

char *
redis_command_new(const struct slice *argv, size_t argc, size_t *len)
{
	const char **bytes = xcalloc(argc, sizeof *bytes);
	size_t *lens = xcalloc(argc, sizeof *lens);
	char *command;
	int formatted;

	for (size_t i = 0; i < argc; i++) {
		bytes[i] = argv[i].len > 0 ? argv[i].at : "";
		lens[i] = argv[i].len;
	}
	formatted = redisFormatCommandArgv(&command, (int)argc, bytes, lens);
	if (formatted < 0)
		fatal("out of memory");
	free(bytes);
	free(lens);
	*len = (size_t)formatted;
	return command;
}

/* Adds to what is to be sent; redis_socket_write() sends. */
void
redis_socket_put(struct redis *redis, const struct slice *argv, size_t argc)
{
	size_t len;
	char *command = redis_command_new(argv, argc, &len);

	buf_add(&redis->out, command, len);
	redisFreeCommand(command);
}

/* Bytes that the socket does not take are sent when it is writable. Bytes that were sent stay in
 * the buffer until all are, which is short: REDIS_WIRE_MAX bounds it. */
void
redis_socket_write(struct redis *redis)
{
	while (redis->out_sent < redis->out.len) {
		ssize_t sent = send(redis->fd, redis->out.at + redis->out_sent,
		    redis->out.len - redis->out_sent, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			watch_for(redis, LOOP_READ | LOOP_WRITE);
			return;
		}
		if (sent < 0) {
			redis_conn_lose(redis, "redis_connection_lost", strerror(errno));
			return;
		}
		redis->out_sent += (size_t)sent;
	}
	buf_reset(&redis->out);
	redis->out_sent = 0;
	watch_for(redis, LOOP_READ);
}

/* One read. False: no more for now, or the connection is gone. A reply's callback may have closed
 * the connection. */
static bool
read_some(struct redis *redis)
{
	char bytes[READ_BYTES];
	ssize_t len;

	do {
		len = recv(redis->fd, bytes, sizeof bytes, 0);
	} while (len < 0 && errno == EINTR);
	if (len < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return false;
	if (len <= 0) {
		redis_conn_lose(redis, "redis_connection_lost",
		    len == 0 ? "the server hung up" : strerror(errno));
		return false;
	}
	redis->heard = true;
	redis->unanswered_bytes += (size_t)len;
	if (redisReaderFeed(redis->reader, bytes, (size_t)len) != 0)
		fatal("out of memory");
	redis_reply_take(redis);
	return !redis->closed && redis->fd >= 0;
}

void
redis_socket_read(struct redis *redis)
{
	for (int i = 0; i < READS_MAX && read_some(redis); i++)
		;
}

void
redis_socket_close(struct redis *redis)
{
	loop_watch_cancel(redis->watch);
	redis->watch = NULL;
	if (redis->reader != NULL)
		redisReaderFree(redis->reader);
	redis->reader = NULL;
	redis->unanswered_bytes = 0;
	if (redis->fd >= 0)
		close(redis->fd);
	redis->fd = -1;
	buf_reset(&redis->out);
	redis->out_sent = 0;
}
