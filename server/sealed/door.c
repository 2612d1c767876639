/* SPDX-License-Identifier: MIT */
#include "server/sealed/door.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/base/fatal.h"

enum { BACKLOG = 128 };

static int
new_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		fatal("could not make a socket: %s", strerror(errno));
	return fd;
}

/* A stale socket refuses the connection (ECONNREFUSED). EAGAIN is a living process whose backlog is
 * full. */
static bool
somebody_answers(const struct sockaddr_un *address)
{
	int fd = new_socket();
	bool answers =
	    connect(fd, (const struct sockaddr *)address, sizeof *address) == 0 || errno == EAGAIN;

	close(fd);
	return answers;
}

static void
remove_stale(const struct sockaddr_un *address)
{
	struct stat found;

	if (lstat(address->sun_path, &found) != 0)
		return;
	if (!S_ISSOCK(found.st_mode))
		fatal("%s is in the way: it is not a socket", address->sun_path);
	if (somebody_answers(address))
		fatal(
		    "another process answers at %s: end it first, or give this server a state_directory of its own",
		    address->sun_path);
	unlink(address->sun_path);
}

void
door_open(struct door *door, const char *state_directory, const char *name)
{
	struct sockaddr_un *address = &door->address;
	mode_t mask;
	int len;

	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	len = snprintf(address->sun_path, sizeof address->sun_path, "%s/%s", state_directory, name);
	if (len < 0 || (size_t)len >= sizeof address->sun_path)
		fatal("state_directory is too long for a socket in it: at most %zu bytes",
		    sizeof address->sun_path - strlen(name) - 2);
	remove_stale(address);
	door->fd = new_socket();
	/* The mask and not chmod() afterwards: the socket is 0600 from its first moment. */
	mask = umask(0177);
	if (bind(door->fd, (const struct sockaddr *)address, sizeof *address) != 0)
		fatal("could not make the socket %s: %s", address->sun_path, strerror(errno));
	umask(mask);
	if (listen(door->fd, BACKLOG) != 0)
		fatal("could not listen at %s: %s", address->sun_path, strerror(errno));
}

void
door_close(struct door *door)
{
	unlink(door->address.sun_path);
	close(door->fd);
}
