/* SPDX-License-Identifier: MIT */
#pragma once

#include <sys/un.h>

/* The unix socket that bodies come in by: `reader.sock` in the state directory, for our own user
 * alone. */
struct door {
	int fd; /* listening, non-blocking */
	struct sockaddr_un address;
};

/* Replaces the socket of a dead reader. Fatal if a living one answers there, or if it
 * cannot be made: a reader that nobody can reach is none. */
void door_open(struct door *door, const char *state_directory);

/* Nobody comes in any more; the socket's name is removed. */
void door_close(struct door *door);
