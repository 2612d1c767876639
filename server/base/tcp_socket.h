/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * Listens at the numeric ${address} and ${port} (0: any free one): non-blocking, closed on exec. "::" means IPv4, too.
 * ${reuse_port}: other sockets of this user that ask for it may listen there as well. Answers the descriptor; -1 with
 * errno set: EINVAL where ${address} is none, EADDRINUSE, EACCES, and what else bind() says.
 */
int tcp_listen(const char *address, uint16_t port, bool reuse_port);

/* Whether ${fd} listens at ${address} and ${port}. */
bool tcp_is_at(int fd, const char *address, uint16_t port);

/* The port at which ${fd} listens; 0 if it is no socket of that kind. */
uint16_t tcp_port(int fd);
