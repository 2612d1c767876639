/* SPDX-License-Identifier: MIT */
#include "server/web/listen.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <string.h>

#include "server/base/tcp_socket.h"
#include "server/base/unix_socket.h"

#define BACKLOG 4096
/* Those who may use the socket are of the group of its folder. */
#define SOCKET_MODE 0660
#define UNSENT_BYTES (128 << 10)

/* Without this the kernel takes megabytes for a reader that does not read: memory that no limit here counts. Accepted
 * sockets inherit it. If it cannot be set, only the bound is lost. */
static void
bound_unsent(int fd)
{
	int bytes = UNSENT_BYTES;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &bytes, sizeof bytes);
}

int
listen_open(const struct web_server_options *options, uint16_t *port)
{
	int fd;

	*port = 0;
	if (options->socket_path != NULL)
		return unix_socket_listen(options->socket_path, SOCKET_MODE, BACKLOG);
	fd = options->listening_count > 0
		 ? options->listening[0]
		 : tcp_listen(options->address, options->port, options->reuse_port);
	if (fd >= 0) {
		*port = tcp_port(fd);
		bound_unsent(fd);
	}
	return fd;
}

int
listen_accept(int listening, union listen_address *address)
{
	socklen_t len = sizeof *address;
	int fd = accept4(listening, &address->any, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd >= 0 && address->any.sa_family == AF_UNIX) {
		memset(address, 0, sizeof *address);
		address->four.sin_family = AF_INET;
		address->four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	}
	return fd;
}
