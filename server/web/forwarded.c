/* SPDX-License-Identifier: MIT */
#include "server/web/forwarded.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/web/fetch/address.h"

/* Without a list: the proxy that people put on the same machine. */
static const char *const this_machine[] = {"127.0.0.0/8", "::1", NULL};

struct forwarded {
	size_t count;
	struct address_range ranges[];
};

struct forwarded *
forwarded_new(const char *const *ranges)
{
	const char *const *texts = ranges == NULL ? this_machine : ranges;
	struct forwarded *forwarded;
	size_t count = 0;

	while (texts[count] != NULL)
		count++;
	forwarded = xcalloc(1, sizeof *forwarded + count * sizeof *forwarded->ranges);
	for (; forwarded->count < count; forwarded->count++) {
		if (!address_range_parse(
			texts[forwarded->count], &forwarded->ranges[forwarded->count])) {
			free(forwarded);
			return NULL;
		}
	}
	return forwarded;
}

void
forwarded_free(struct forwarded *forwarded)
{
	free(forwarded);
}

/* IPv4 within IPv6 is the IPv4 address that it is, since a socket at :: has it so. */
static void
unmap(const struct sockaddr *address, union listen_address *out)
{
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)address;

	memset(out, 0, sizeof *out);
	if (address->sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&six->sin6_addr)) {
		out->four.sin_family = AF_INET;
		memcpy(&out->four.sin_addr, six->sin6_addr.s6_addr + 12, sizeof out->four.sin_addr);
	} else if (address->sa_family == AF_INET6) {
		out->six = *six;
	} else {
		out->four = *(const struct sockaddr_in *)(const void *)address;
	}
}

bool
forwarded_trusts(const struct forwarded *forwarded, const struct sockaddr *address)
{
	union listen_address plain;

	unmap(address, &plain);
	for (size_t i = 0; i < forwarded->count; i++)
		if (address_in_range(&plain.any, &forwarded->ranges[i]))
			return true;
	return false;
}

/* "[2001:db8::1]:443" without brackets and port, "192.0.2.1:443" without port; others as they are. */
static struct slice
without_port(struct slice text)
{
	const char *colon = memchr(text.at, ':', text.len);
	const char *end;

	if (text.at[0] == '[') {
		end = memchr(text.at, ']', text.len);
		return end == NULL ? text
				   : (struct slice){text.at + 1, (size_t)(end - text.at) - 1};
	}
	if (colon != NULL &&
	    memchr(colon + 1, ':', text.len - (size_t)(colon + 1 - text.at)) == NULL)
		return (struct slice){text.at, (size_t)(colon - text.at)};
	return text;
}

static bool
read_address(struct slice text, union listen_address *out)
{
	char copy[INET6_ADDRSTRLEN];

	if (text.len > 0)
		text = without_port(text);
	if (text.len == 0 || text.len >= sizeof copy)
		return false;
	memcpy(copy, text.at, text.len);
	copy[text.len] = '\0';
	memset(out, 0, sizeof *out);
	if (inet_pton(AF_INET, copy, &out->four.sin_addr) == 1) {
		out->four.sin_family = AF_INET;
		return true;
	}
	out->six.sin6_family = AF_INET6;
	return inet_pton(AF_INET6, copy, &out->six.sin6_addr) == 1;
}

/* The text after the last comma; ${list} is what stands before it. */
static struct slice
take_last(struct slice *list)
{
	struct slice last;
	size_t at = list->len;

	while (at > 0 && list->at[at - 1] != ',')
		at--;
	last = (struct slice){list->at + at, list->len - at};
	list->len = at == 0 ? 0 : at - 1;
	return slice_trim(last);
}

bool
forwarded_client(
    const struct forwarded *forwarded, struct slice value, union listen_address *client)
{
	while (value.len > 0) {
		if (!read_address(take_last(&value), client))
			return false;
		if (!forwarded_trusts(forwarded, &client->any))
			return true;
	}
	return false;
}
