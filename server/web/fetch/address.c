/* SPDX-License-Identifier: MIT */
#include "server/web/fetch/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

#include "server/base/text.h"

/* Feeds are fetched from addresses that strangers give. An address within our own network would
 * make this server a way into it (server-side request forgery), so only public addresses are
 * allowed unless the operator lists others. */

/* IANA's special-purpose registry for IPv4, with multicast and everything above. */
static const char *const not_public_4[] = {"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10",
    "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
    "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"};

/* Of IPv6 only 2000::/3 is public at all; these are what is special within it. */
static const char *const not_public_6[] = {
    "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"};

/* The bytes of ${address} and how many; NULL for other families. IPv4 mapped into IPv6 is no
 * special case: it is not within 2000::/3 and is refused. */
static const uint8_t *
bytes_of(const struct sockaddr *address, size_t *len)
{
	if (address->sa_family == AF_INET) {
		*len = 4;
		return (const uint8_t *)&((const struct sockaddr_in *)(const void *)address)
		    ->sin_addr;
	}
	if (address->sa_family == AF_INET6) {
		*len = 16;
		return ((const struct sockaddr_in6 *)(const void *)address)->sin6_addr.s6_addr;
	}
	return NULL;
}

/* Whether the first ${bits} bits are the same. */
static bool
same_prefix(const uint8_t *one, const uint8_t *other, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	if (memcmp(one, other, whole) != 0)
		return false;
	return rest == 0 || ((one[whole] ^ other[whole]) >> (8 - rest)) == 0;
}

/* Whether bits after the prefix are set: a range such as 10.1.2.3/8 is more likely a typing mistake
 * than meant. */
static bool
has_host_bits(const struct address_range *range, unsigned most)
{
	for (unsigned bit = range->bits; bit < most; bit++)
		if (range->bytes[bit / 8] >> (7 - bit % 8) & 1)
			return true;
	return false;
}

bool
address_range_parse(const char *text, struct address_range *range)
{
	const char *slash = strchr(text, '/');
	size_t len = slash == NULL ? strlen(text) : (size_t)(slash - text);
	struct address_range parsed = {0};
	char address[INET6_ADDRSTRLEN];
	int64_t bits;
	unsigned most;

	if (len >= sizeof address)
		return false;
	memcpy(address, text, len);
	address[len] = '\0';
	if (inet_pton(AF_INET, address, parsed.bytes) == 1)
		parsed.family = AF_INET;
	else if (inet_pton(AF_INET6, address, parsed.bytes) == 1)
		parsed.family = AF_INET6;
	else
		return false;
	most = parsed.family == AF_INET ? 32 : 128;
	bits = most;
	if (slash != NULL && !text_int(slice_of(slash + 1), 0, most, &bits))
		return false;
	parsed.bits = (unsigned)bits;
	if (has_host_bits(&parsed, most))
		return false;
	*range = parsed;
	return true;
}

bool
address_in_range(const struct sockaddr *address, const struct address_range *range)
{
	size_t len;
	const uint8_t *bytes = bytes_of(address, &len);

	return bytes != NULL && address->sa_family == range->family &&
	       same_prefix(bytes, range->bytes, range->bits);
}

/* A range of our own tables that cannot be parsed counts as a match, so that a mistake refuses
 * instead of allowing. */
static bool
in_any(const struct sockaddr *address, const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct address_range range;

		if (!address_range_parse(texts[i], &range) || address_in_range(address, &range))
			return true;
	}
	return false;
}

bool
address_is_public(const struct sockaddr *address)
{
	static const uint8_t global[16] = {0x20};
	size_t len;
	const uint8_t *bytes = bytes_of(address, &len);

	if (bytes == NULL)
		return false;
	if (len == 4)
		return !in_any(address, not_public_4, sizeof not_public_4 / sizeof *not_public_4);
	return same_prefix(bytes, global, 3) &&
	       !in_any(address, not_public_6, sizeof not_public_6 / sizeof *not_public_6);
}
