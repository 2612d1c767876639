/* SPDX-License-Identifier: MIT */
#include "server/base/tcp_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 4096

union address {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
};

/* Addresses only, no names: resolving would block, and which interface is listened on must not
 * depend on a name server. */
static bool
resolve(const char *text, uint16_t port, union address *address, socklen_t *len)
{
	memset(address, 0, sizeof *address);
	if (inet_pton(AF_INET, text, &address->four.sin_addr) == 1) {
		address->four.sin_family = AF_INET;
		address->four.sin_port = htons(port);
		*len = sizeof address->four;
		return true;
	}
	if (inet_pton(AF_INET6, text, &address->six.sin6_addr) == 1) {
		address->six.sin6_family = AF_INET6;
		address->six.sin6_port = htons(port);
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

int
tcp_listen(const char *text, uint16_t port, bool reuse_port)
{
	union address address;
	socklen_t len;
	int fd, cause;

	if (!resolve(text, port, &address, &len))
		return -1;
	fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (prepare(fd, reuse_port, address.any.sa_family) && bind(fd, &address.any, len) == 0 &&
	    listen(fd, BACKLOG) == 0)
		return fd;
	cause = errno;
	close(fd);
	errno = cause;
	return -1;
}

uint16_t
tcp_port(int fd)
{
	union address address = {0};
	socklen_t len = sizeof address;

	if (getsockname(fd, &address.any, &len) != 0)
		return 0;
	if (address.any.sa_family == AF_INET)
		return ntohs(address.four.sin_port);
	return address.any.sa_family == AF_INET6 ? ntohs(address.six.sin6_port) : 0;
}

bool
tcp_is_at(int fd, const char *text, uint16_t port)
{
	union address wanted, found;
	socklen_t len, found_len = sizeof found;

	return resolve(text, port, &wanted, &len) && getsockname(fd, &found.any, &found_len) == 0 &&
	       found_len == len && memcmp(&wanted, &found, len) == 0;
}
