/* SPDX-License-Identifier: MIT */
#include "server/supervisor/handed.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/base/fatal.h"
#include "server/base/text.h"

#define VARIABLE "CRISISCOVER_HANDED" /* pulse,waits,socket,socket,… */

static void
keep_on_exec(int fd)
{
	if (fd > 0)
		fcntl(fd, F_SETFD, 0);
}

void
handed_give(const struct handed *handed)
{
	struct buf text = {0};

	keep_on_exec(handed->pulse);
	buf_printf(&text, "%d,%d", handed->pulse, handed->waits);
	for (unsigned i = 0; i < handed->listening_count; i++) {
		keep_on_exec(handed->listening[i]);
		buf_printf(&text, ",%d", handed->listening[i]);
	}
	buf_add(&text, "", 1);
	setenv(VARIABLE, text.at, 1);
	buf_free(&text);
}

/* 0 unless it is an open descriptor, and none of the standard ones. */
static int
take_fd(const char *text)
{
	int64_t fd;

	if (!text_int(slice_of(text), STDERR_FILENO + 1, INT16_MAX, &fd) ||
	    fcntl((int)fd, F_SETFD, FD_CLOEXEC) != 0)
		return 0;
	return (int)fd;
}

#define SYSTEMD_FIRST_FD 3

/* How many systemd has passed to this process. */
static unsigned
count_of_systemd(void)
{
	const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
	int64_t of, sockets;

	if (pid == NULL || count == NULL || !text_int(slice_of(pid), 1, INT32_MAX, &of) ||
	    of != getpid() || !text_int(slice_of(count), 1, HANDED_SOCKETS_MAX, &sockets))
		return 0;
	return (unsigned)sockets;
}

/* Each process has all, its own first. */
static void
take_from_systemd(struct handed *handed, unsigned instance)
{
	unsigned count = count_of_systemd();

	for (unsigned i = 0; i < count; i++) {
		int fd = SYSTEMD_FIRST_FD + (int)((instance + i) % count);

		if (fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 &&
		    fcntl(fd, F_SETFL, O_RDWR | O_NONBLOCK) == 0)
			handed->listening[handed->listening_count++] = fd;
	}
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
}

struct handed
handed_take(unsigned instance)
{
	const char *text = getenv(VARIABLE);
	char *copy = xstrdup(text == NULL ? "" : text), *rest = copy, *item;
	struct handed handed = {0};

	for (unsigned i = 0; (item = strsep(&rest, ",")) != NULL; i++) {
		int fd = take_fd(item);

		if (i == 0)
			handed.pulse = fd;
		else if (i == 1)
			handed.waits = strcmp(item, "1") == 0;
		else if (fd > 0 && handed.listening_count < HANDED_SOCKETS_MAX)
			handed.listening[handed.listening_count++] = fd;
	}
	free(copy);
	unsetenv(VARIABLE);
	if (handed.listening_count == 0)
		take_from_systemd(&handed, instance);
	return handed;
}
