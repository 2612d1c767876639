/* SPDX-License-Identifier: MIT */
#pragma once

#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>

#include "server/web/server.h"

/* The listening socket of a server, and from where a connection comes. For this folder only. */
union listen_address {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
};

/* A listening socket at what ${options} say, and its port (0: it has none); -1 with errno set. */
int listen_open(const struct web_server_options *options, uint16_t *port);

/* The next connection, with the address it comes from; -1 with errno set. Who comes over a unix
 * socket is on this machine: 127.0.0.1. */
int listen_accept(int fd, union listen_address *address);
