/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/web/forwarded.h"
#include "tests/fuzz/fuzz.h"

/*
 * An X-Forwarded-For, as a client sends it. Who is named is no proxy. What a client writes cannot decide who it is: the
 * address that the proxy adds after it does, and another trusted proxy after that changes nothing.
 */

static struct forwarded *
proxies(void)
{
	static struct forwarded *made;

	if (made == NULL)
		made = forwarded_new(
		    (const char *const[]){"127.0.0.0/8", "::1", "10.1.0.0/16", "fd00::/8", NULL});
	INVARIANT(made != NULL);
	return made;
}

static void
check_added(const char *claimed, size_t len, const char *added, const char *client)
{
	struct buf value = {0};
	union listen_address found;
	char text[INET6_ADDRSTRLEN];

	buf_add(&value, claimed, len);
	buf_add_text(&value, added);
	INVARIANT(forwarded_client(proxies(), (struct slice){value.at, value.len}, &found));
	if (found.any.sa_family == AF_INET)
		inet_ntop(AF_INET, &found.four.sin_addr, text, sizeof text);
	else
		inet_ntop(AF_INET6, &found.six.sin6_addr, text, sizeof text);
	INVARIANT(strcmp(text, client) == 0);
	buf_free(&value);
}

int
LLVMFuzzerTestOneInput(const uint8_t *input, size_t len)
{
	const char *claimed = (const char *)input;
	union listen_address client;

	if (forwarded_client(proxies(), (struct slice){claimed, len}, &client))
		INVARIANT(!forwarded_trusts(proxies(), &client.any));
	check_added(claimed, len, ",203.0.113.9", "203.0.113.9");
	check_added(claimed, len, ", 203.0.113.9:4711", "203.0.113.9");
	check_added(claimed, len, ", [2001:db8::9]:443", "2001:db8::9");
	check_added(claimed, len, ", 203.0.113.9, 10.1.2.3,\t127.0.0.1", "203.0.113.9");
	return 0;
}
