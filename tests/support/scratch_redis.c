/* SPDX-License-Identifier: MIT */
#include "tests/support/scratch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/support/scratch_private.h"

struct scratch_redis {
	struct scratch_home home;
	char *socket, *url, *tcp_url, *password;
	char port[8];
	bool append_only;
	pid_t pid;
};

/* A port that was free a moment ago. */
static unsigned
free_port(void)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) != 0)
		scratch_fail("could not find a free port: %s", strerror(errno));
	close(fd);
	return ntohs(address.sin_port);
}

/* Whether it answers PING, and not that it is still loading. */
static bool
answers(void *ctx)
{
	const struct scratch_redis *redis = ctx;
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char answer[64] = "";
	bool yes;

	snprintf(address.sun_path, sizeof address.sun_path, "%s", redis->socket);
	yes = fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
	      send(fd, "PING\r\n", 6, MSG_NOSIGNAL) == 6 &&
	      read(fd, answer, sizeof answer - 1) > 0 && strncmp(answer, "-LOADING", 8) != 0;
	if (fd >= 0)
		close(fd);
	return yes;
}

void
scratch_redis_resume(struct scratch_redis *redis)
{
	const char *argv[] = {"redis-server", "--port", redis->port, "--bind", "127.0.0.1",
	    "--unixsocket", redis->socket, "--unixsocketperm", "777", "--dir", redis->home.path,
	    "--save", "", "--appendonly", redis->append_only ? "yes" : "no", "--appendfsync",
	    "always", "--databases", "1", redis->password != NULL ? "--requirepass" : NULL,
	    redis->password, NULL};

	unlink(redis->socket); /* a killed server does not remove it */
	redis->pid = scratch_spawn(&redis->home, argv);
	scratch_await("Redis answered", 60, &redis->home, redis->pid, answers, redis);
}

struct scratch_redis *
scratch_redis_start(const struct scratch_redis_options *options)
{
	static const struct scratch_redis_options none;
	struct scratch_redis *redis = calloc(1, sizeof *redis);

	if (redis == NULL)
		scratch_fail("out of memory");
	if (options == NULL)
		options = &none;
	scratch_home_open(&redis->home, "redis");
	redis->append_only = options->append_only;
	if (options->password != NULL)
		redis->password = scratch_format("%s", options->password);
	redis->socket = scratch_format("%s/redis.sock", redis->home.path);
	redis->url = scratch_format("unix://%s", redis->socket);
	snprintf(redis->port, sizeof redis->port, "%u", options->tcp ? free_port() : 0);
	redis->tcp_url = scratch_format("redis://%s%s%s127.0.0.1:%s",
	    redis->password != NULL ? ":" : "", redis->password != NULL ? redis->password : "",
	    redis->password != NULL ? "@" : "", redis->port);
	scratch_redis_resume(redis);
	return redis;
}

void
scratch_redis_kill9(struct scratch_redis *redis)
{
	scratch_end(&redis->pid, SIGKILL);
}

void
scratch_redis_restart(struct scratch_redis *redis)
{
	scratch_end(&redis->pid, SIGTERM);
	scratch_redis_resume(redis);
}

void
scratch_redis_freeze(struct scratch_redis *redis)
{
	kill(redis->pid, SIGSTOP);
}

void
scratch_redis_thaw(struct scratch_redis *redis)
{
	kill(redis->pid, SIGCONT);
}

void
scratch_redis_stop(struct scratch_redis *redis)
{
	if (redis == NULL)
		return;
	scratch_end(&redis->pid, SIGKILL);
	scratch_home_close(&redis->home);
	free(redis->socket);
	free(redis->url);
	free(redis->tcp_url);
	free(redis->password);
	free(redis);
}

const char *
scratch_redis_url(const struct scratch_redis *redis)
{
	return redis->url;
}

const char *
scratch_redis_socket(const struct scratch_redis *redis)
{
	return redis->socket;
}

const char *
scratch_redis_tcp_url(const struct scratch_redis *redis)
{
	if (strcmp(redis->port, "0") == 0)
		scratch_fail("this Redis was started without .tcp");
	return redis->tcp_url;
}

char *
scratch_redis_cli(const struct scratch_redis *redis, const char *const *arguments)
{
	const char *argv[32] = {"redis-cli", "--no-auth-warning", "-s", redis->socket};
	unsigned count = 4;
	char *output;

	if (redis->password != NULL) {
		argv[count++] = "-a";
		argv[count++] = redis->password;
	}
	while (*arguments != NULL && count < 31)
		argv[count++] = *arguments++;
	if (scratch_run(argv, NULL, false, &output) != 0)
		scratch_fail("redis-cli failed");
	return output;
}
