/* SPDX-License-Identifier: MIT */
#include "server/base/unix_socket.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

_Static_assert(UNIX_SOCKET_PATH_MAX < sizeof((struct sockaddr_un *)NULL)->sun_path, "does not fit");

static int
new_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/* EAGAIN is a living process with a full backlog. */
static bool
somebody_answers(const struct sockaddr_un *address)
{
	int fd = new_socket();
	bool answers =
	    fd >= 0 && (connect(fd, (const struct sockaddr *)address, sizeof *address) == 0 ||
			   errno == EAGAIN);

	if (fd >= 0)
		close(fd);
	return answers;
}

/* Whether the path is free: nothing was there, or the socket of a process that has ended. */
static bool
make_way(const struct sockaddr_un *address)
{
	struct stat found;

	if (lstat(address->sun_path, &found) != 0)
		return true;
	if (!S_ISSOCK(found.st_mode)) {
		errno = EEXIST;
		return false;
	}
	if (somebody_answers(address)) {
		errno = EADDRINUSE;
		return false;
	}
	return unlink(address->sun_path) == 0;
}

int
unix_socket_listen(const char *path, mode_t mode, int backlog)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	mode_t before;
	int fd, cause;

	if (strlen(path) > UNIX_SOCKET_PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(address.sun_path, path, strlen(path) + 1);
	if (!make_way(&address) || (fd = new_socket()) < 0)
		return -1;
	/* By the umask, so that there is no moment in which others could connect. */
	before = umask(0777 & ~mode);
	if (bind(fd, (const struct sockaddr *)&address, sizeof address) == 0 &&
	    listen(fd, backlog) == 0) {
		umask(before);
		return fd;
	}
	cause = errno;
	umask(before);
	close(fd);
	errno = cause;
	return -1;
}
