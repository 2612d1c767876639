/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/unix_socket.h"

/* The unix socket that requests come in by, in the state directory: for our own user alone. */
struct door {
	int fd; /* listening, non-blocking */
	char path[UNIX_SOCKET_PATH_MAX + 1];
};

/* Makes the socket ${name}. Replaces that of a dead process. Fatal if a living one answers there, or
 * if it cannot be made: a process that nobody can reach is none. */
void door_open(struct door *door, const char *state_directory, const char *name);

/* Nobody comes in any more; the socket's name is removed. */
void door_close(struct door *door);
