/* SPDX-License-Identifier: MIT */
#pragma once

#include <sys/types.h>

/*
 * Listens at the unix socket ${path}: non-blocking, with the permissions ${mode} from its first
 * moment on. The socket of a dead process is replaced. Answers the descriptor; -1 with errno set:
 *
 *   ENAMETOOLONG  the path does not fit (UNIX_SOCKET_PATH_MAX)
 *   EEXIST        something that is no socket is in the way
 *   EADDRINUSE    a living process answers there
 *
 * and what bind() says, such as EACCES.
 */
#define UNIX_SOCKET_PATH_MAX 107

int unix_socket_listen(const char *path, mode_t mode, int backlog);
