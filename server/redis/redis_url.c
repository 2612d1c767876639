/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/redis/redis_private.h"

/* redis://[[user]:password@]number[:port][/], unix://[[user]:password@]/path. Numbers only: a
 * resolver would block the loop. */

/* A percent sign that is no escape is taken literally: passwords are often pasted as they are. */
static char *
unescape(struct slice part)
{
	char *text = xmalloc(part.len + 1), *at = text;

	for (size_t i = 0; i < part.len; i++) {
		if (part.at[i] == '%' && i + 2 < part.len &&
		    text_unhex((struct slice){part.at + i + 1, 2}, at, 1)) {
			at++;
			i += 2;
		} else {
			*at++ = part.at[i];
		}
	}
	*at = '\0';
	return text;
}

/* Takes "user:password@" off the front of ${rest}. The last @ ends the login, as a password may
 * have one in it. */
static bool
take_login(struct slice *rest, struct redis_address *address, const char **reason)
{
	const char *at = memrchr(rest->at, '@', rest->len), *colon;
	struct slice login;

	if (at == NULL)
		return true;
	login = (struct slice){rest->at, (size_t)(at - rest->at)};
	colon = memchr(login.at, ':', login.len);
	if (colon == NULL) {
		*reason =
		    "the part before the @ needs a colon: redis://:password@… or redis://user:password@…";
		return false;
	}
	if (colon > login.at)
		address->user = unescape((struct slice){login.at, (size_t)(colon - login.at)});
	address->password = unescape((struct slice){colon + 1, (size_t)(at - colon - 1)});
	rest->len -= login.len + 1;
	rest->at = at + 1;
	return true;
}

/* The address is zeroed, so that the path ends with a NUL. */
static bool
parse_unix(struct slice path, struct redis_address *address, const char **reason)
{
	if (path.len == 0 || path.at[0] != '/') {
		*reason = "the path of the socket must be absolute: unix:///path/redis.sock";
		return false;
	}
	if (path.len >= sizeof address->local.sun_path) {
		*reason =
		    "the path of the socket is too long: a unix socket's has at most 107 bytes";
		return false;
	}
	address->local.sun_family = AF_UNIX;
	memcpy(address->local.sun_path, path.at, path.len);
	address->len = sizeof address->local;
	return true;
}

/* Through structures of their own, because the address is a union of all families. */
static bool
set_number(const char *host, uint16_t port, struct redis_address *address)
{
	struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(port)};

	if (inet_pton(AF_INET, host, &four.sin_addr) == 1) {
		memcpy(&address->storage, &four, sizeof four);
		address->len = sizeof four;
		return true;
	}
	if (inet_pton(AF_INET6, host, &six.sin6_addr) == 1) {
		memcpy(&address->storage, &six, sizeof six);
		address->len = sizeof six;
		return true;
	}
	return false;
}

/* "host", "host:port", "[host]", "[host]:port" */
static void
split_port(struct slice rest, struct slice *host, struct slice *port)
{
	const char *end;

	if (rest.len > 0 && rest.at[0] == '[' && (end = memchr(rest.at, ']', rest.len)) != NULL) {
		*host = (struct slice){rest.at + 1, (size_t)(end - rest.at - 1)};
		end++;
	} else {
		end = memchr(rest.at, ':', rest.len);
		if (end == NULL)
			end = rest.at + rest.len;
		*host = (struct slice){rest.at, (size_t)(end - rest.at)};
	}
	*port = (struct slice){end, (size_t)(rest.at + rest.len - end)};
}

static bool
parse_tcp(struct slice rest, struct redis_address *address, const char **reason)
{
	struct slice host, port_text;
	int64_t port = 6379;
	char number[64];

	if (rest.len > 0 && rest.at[rest.len - 1] == '/')
		rest.len--;
	split_port(rest, &host, &port_text);
	if (port_text.len > 0 &&
	    (port_text.at[0] != ':' ||
		!text_int((struct slice){port_text.at + 1, port_text.len - 1}, 1, 65535, &port))) {
		*reason = "the port must be a number from 1 to 65535, with nothing after it";
		return false;
	}
	snprintf(number, sizeof number, "%.*s", (int)(host.len < 63 ? host.len : 63), host.at);
	if (!set_number(number, (uint16_t)port, address)) {
		*reason =
		    "the address must be a number (127.0.0.1, [::1]): resolving a name would block";
		return false;
	}
	return true;
}

/* The reason never has the URL in it, which may hold a password. */
bool
redis_address_parse(const char *url, struct redis_address *address, const char **reason)
{
	struct slice rest = slice_of(url);
	bool local = strncmp(url, "unix://", 7) == 0;

	*address = (struct redis_address){0};
	if (!local && strncmp(url, "redis://", 8) != 0) {
		*reason = strncmp(url, "rediss://", 9) == 0
			      ? "TLS is not spoken here: give a tunnel's or a proxy's local address"
			      : "it must start with redis:// or unix://";
		return false;
	}
	rest.at += local ? 7 : 8;
	rest.len -= local ? 7 : 8;
	if (take_login(&rest, address, reason) &&
	    (local ? parse_unix(rest, address, reason) : parse_tcp(rest, address, reason)))
		return true;
	redis_address_free(address);
	return false;
}

void
redis_address_free(struct redis_address *address)
{
	free(address->user);
	free(address->password);
	address->user = address->password = NULL;
}
