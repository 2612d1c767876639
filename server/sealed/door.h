/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/unix_socket.h"

/* The listening unix socket of a zygote, in its folder. */
struct door {
	int fd; /* listening, non-blocking */
	char path[UNIX_SOCKET_PATH_MAX + 1];
};

/* Makes the socket ${name} with the permissions ${mode} and listens on it; fills ${door}. Replaces the socket of a dead process. Fatal
 * if another process answers there or the socket cannot be made: a process that nobody can reach does no
 * work. */
void door_open(struct door *door, const char *state_directory, const char *name, unsigned mode);

/* Closes the socket and removes its name. Connections that were accepted are not affected. */
void door_close(struct door *door);
