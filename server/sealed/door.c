/* SPDX-License-Identifier: MIT */
#include "server/sealed/door.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "server/base/fatal.h"
#include "server/base/unix_socket.h"

enum { BACKLOG = 128 };

/* One message for each cause, because each has another remedy. */
static _Noreturn void
refuse(const char *path)
{
	/* unix_socket_listen() removes a dead socket, and never a file that is something else. */
	if (errno == EEXIST)
		fatal("%s is in the way: it is not a socket", path);
	if (errno == EADDRINUSE)
		fatal(
		    "another process answers at %s: end it first, or give this server a state_directory of its own",
		    path);
	fatal("could not make the socket %s: %s", path, strerror(errno));
}

void
door_open(struct door *door, const char *state_directory, const char *name, unsigned mode)
{
	int len = snprintf(door->path, sizeof door->path, "%s/%s", state_directory, name);

	if (len < 0 || (size_t)len >= sizeof door->path)
		fatal("state_directory is too long for a socket in it: at most %zu bytes",
		    sizeof door->path - strlen(name) - 2);
	door->fd = unix_socket_listen(door->path, mode, BACKLOG);
	if (door->fd < 0)
		refuse(door->path);
}

void
door_close(struct door *door)
{
	unlink(door->path);
	close(door->fd);
}
