/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/*
 * Which requests go by a proxy. Pure, on libcurl's URL parser.
 *
 * The proxy resolves names and opens the connection, so that the address that is really connected to is not seen
 * here and cannot be checked. What can be judged by its name alone is therefore never given to a proxy: it is
 * asked directly, where the check of addresses holds (address.h).
 */

/* Whether ${text} is a proxy's address: http://, a host and perhaps a port, and nothing else. */
bool proxy_is_address(const char *text);

/*
 * Whether ${url} may be asked by a proxy. Not, if its host is an address that is not public, in any notation;
 * localhost; a name without a dot, or under a domain of inside networks (local, internal, home.arpa, …); or in
 * ${except} (NULL-terminated, or NULL): names, with all names under them, addresses, ranges, or "*".
 */
bool proxy_may_ask(const char *url, const char *const *except);
