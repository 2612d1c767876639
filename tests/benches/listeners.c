/* SPDX-License-Identifier: MIT */
/*
 * The two sides of tests/benches/listeners, each a process of its own:
 *
 *   bench_listeners listen PORT TOKEN COUNT   opens so many streams of events and reads them, at P0, or at
 *                                             P0 to P399 if COUNT is negative; says when each has its
 *                                             first heartbeat, and at SIGTERM what was heard
 *   bench_listeners ask PORT TOKEN SECONDS    lookups on one connection with a pause between them; says
 *                                             how long the answers took
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tests/benches/timing.h"

#define PLACES 400
#define PAUSE_NS 2000000
#define READY_AT_ONCE 256
#define ANSWERS_MAX 100000

static volatile sig_atomic_t ended;

static void
on_term(int signal_number)
{
	(void)signal_number;
	ended = 1;
}

static void
give_up(const char *what)
{
	fprintf(stderr, "bench_listeners: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int
connect_to(const char *port)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) < 0)
		give_up("connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return fd;
}

static size_t
put_request(char *out, size_t size, const char *path, const char *token)
{
	return (size_t)snprintf(out, size,
	    "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n\r\n", path, token);
}

/* ------------------------------------------------------------------------------------- listen */

struct heard {
	long bytes, readable, gone, begun;
};

static void
take(int epoll, int fd, bool *begun, struct heard *heard)
{
	char piece[8192];
	ssize_t got = recv(fd, piece, sizeof piece - 1, MSG_DONTWAIT);

	if (got <= 0) {
		heard->gone++;
		epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL);
		close(fd);
		return;
	}
	piece[got] = '\0';
	heard->bytes += got;
	heard->readable++;
	if (!begun[fd] && strstr(piece, "event: heartbeat") != NULL) {
		begun[fd] = true;
		heard->begun++;
	}
}

static int
listen_to(const char *port, const char *token, int count)
{
	struct epoll_event ready[READY_AT_ONCE];
	int epoll = epoll_create1(EPOLL_CLOEXEC), open = 0;
	bool everywhere = count < 0, said = false;
	bool *begun = calloc((size_t)abs(count) + 1024, sizeof *begun);
	struct heard heard = {0};
	char request[1024], path[64];

	count = abs(count);

	while (!ended) {
		size_t len;
		int n;

		/* A few at a time, so that the backlog of the server is not what is measured. */
		for (int i = 0; i < 20 && open < count; i++, open++) {
			struct epoll_event event = {.events = EPOLLIN, .data.fd = connect_to(port)};

			snprintf(path, sizeof path, "/v1/events?place=P%d",
			    everywhere ? open % PLACES : 0);
			len = put_request(request, sizeof request, path, token);
			if (send(event.data.fd, request, len, MSG_NOSIGNAL) != (ssize_t)len)
				give_up("send");
			epoll_ctl(epoll, EPOLL_CTL_ADD, event.data.fd, &event);
		}
		n = epoll_wait(epoll, ready, READY_AT_ONCE, open < count ? 1 : 100);
		for (int i = 0; i < n; i++)
			take(epoll, ready[i].data.fd, begun, &heard);
		if (heard.begun == count && !said) {
			said = true;
			printf("open %ld\n", heard.begun);
			fflush(stdout);
		}
		if (heard.gone > 0 && !said)
			give_up("a listener was refused");
	}
	printf(
	    "heard %ld messages, %ld bytes, %ld gone\n", heard.readable, heard.bytes, heard.gone);
	free(begun);
	return heard.gone > 0;
}

/* ----------------------------------------------------------------------------------------- ask */

static int
by_size(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

/* Reads one answer with a Content-Length. */
static void
take_answer(int fd)
{
	char piece[65536];
	size_t len = 0, wanted = SIZE_MAX;

	while (len < wanted) {
		ssize_t got = recv(fd, piece + len, sizeof piece - 1 - len, 0);
		const char *end, *length;

		if (got <= 0)
			give_up("no answer");
		len += (size_t)got;
		piece[len] = '\0';
		end = strstr(piece, "\r\n\r\n");
		length = strstr(piece, "Content-Length: ");
		if (end == NULL || length == NULL)
			continue;
		if (strncmp(piece, "HTTP/1.1 200", 12) != 0)
			give_up(piece);
		wanted = (size_t)(end - piece) + 4 + (size_t)atol(length + 16);
	}
}

static int
ask(const char *port, const char *token, int seconds)
{
	static double took[ANSWERS_MAX];
	struct timespec pause = {.tv_nsec = PAUSE_NS};
	char request[1024];
	size_t len = put_request(request, sizeof request, "/v1/now?place=P0", token), n = 0;
	int fd = connect_to(port);
	double until = now_ms() + seconds * 1e3;

	while (n < ANSWERS_MAX && now_ms() < until) {
		double began = now_ms();

		if (send(fd, request, len, MSG_NOSIGNAL) != (ssize_t)len)
			give_up("send");
		take_answer(fd);
		took[n++] = (now_ms() - began) * 1e3;
		nanosleep(&pause, NULL);
	}
	qsort(took, n, sizeof *took, by_size);
	printf("%zu %.0f %.0f %.0f %.0f\n", n, took[n / 2], took[n * 9 / 10], took[n * 99 / 100],
	    took[n - 1]);
	return 0;
}

int
main(int argc, char **argv)
{
	struct rlimit files;

	signal(SIGTERM, on_term);
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	if (argc == 5 && strcmp(argv[1], "listen") == 0)
		return listen_to(argv[2], argv[3], atoi(argv[4]));
	if (argc == 5 && strcmp(argv[1], "ask") == 0)
		return ask(argv[2], argv[3], atoi(argv[4]));
	fprintf(stderr, "usage: bench_listeners listen|ask PORT TOKEN COUNT|SECONDS\n");
	return 2;
}
