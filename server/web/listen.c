/* SPDX-License-Identifier: MIT */
#include "server/web/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "server/base/unix_socket.h"

#define BACKLOG 4096
/* Those who may use the socket are of the group of its folder. */
#define SOCKET_MODE 0660

/* Addresses only, no names: resolving would block, and which interface is listened on must not
 * depend on a name server. */
static bool
resolve(const struct web_server_options *options, union listen_address *address, socklen_t *len)
{
	memset(address, 0, sizeof *address);
	if (inet_pton(AF_INET, options->address, &address->four.sin_addr) == 1) {
		address->four.sin_family = AF_INET;
		address->four.sin_port = htons(options->port);
		*len = sizeof address->four;
		return true;
	}
	if (inet_pton(AF_INET6, options->address, &address->six.sin6_addr) == 1) {
		address->six.sin6_family = AF_INET6;
		address->six.sin6_port = htons(options->port);
		*len = sizeof address->six;
		return true;
	}
	/* The caller reports errno. */
	errno = EINVAL;
	return false;
}

/* Accepted sockets inherit TCP_NODELAY, which saves a system call for each. An IPv6 socket takes
 * IPv4 too, so that "::" means every address. */
static bool
prepare(int fd, bool reuse_port, int family)
{
	const int on = 1, off = 0;

	return setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
	       (!reuse_port || setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) == 0) &&
	       (family != AF_INET6 ||
		   setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) == 0) &&
	       setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0;
}

static int
listen_at_port(const struct web_server_options *options, uint16_t *port)
{
	union listen_address address;
	socklen_t len;
	int fd, cause;

	if (!resolve(options, &address, &len))
		return -1;
	fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (prepare(fd, options->reuse_port, address.any.sa_family) &&
	    bind(fd, &address.any, len) == 0 && listen(fd, BACKLOG) == 0 &&
	    getsockname(fd, &address.any, &len) == 0) {
		*port = ntohs(address.any.sa_family == AF_INET ? address.four.sin_port
							       : address.six.sin6_port);
		return fd;
	}
	cause = errno;
	close(fd);
	errno = cause;
	return -1;
}

int
listen_open(const struct web_server_options *options, uint16_t *port)
{
	if (options->socket_path == NULL)
		return listen_at_port(options, port);
	*port = 0;
	return unix_socket_listen(options->socket_path, SOCKET_MODE, BACKLOG);
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
