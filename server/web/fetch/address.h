/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

/* Which addresses a fetch may connect to. Pure. */

struct address_range {
	int family; /* AF_INET or AF_INET6 */
	uint8_t bytes[16];
	unsigned bits;
};

/* "10.0.0.0/8", "fd00::/8", or an address alone. False if it is none, or has bits set after its
 * prefix. */
bool address_range_parse(const char *text, struct address_range *range);

/* Addresses are compared as they are: ::ffff:10.0.0.1 is in no IPv4 range. */
bool address_in_range(const struct sockaddr *address, const struct address_range *range);

/*
 * Whether ${address} belongs to the public internet: nothing of this machine, of a private, shared,
 * link-local or documentation network, multicast, reserved, nor an IPv6 form that carries an IPv4
 * address (mapped, NAT64, 6to4, Teredo).
 */
bool address_is_public(const struct sockaddr *address);
