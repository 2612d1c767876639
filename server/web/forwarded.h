/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <sys/socket.h>

#include "server/base/text.h"
#include "server/web/listen.h"

/*
 * From which addresses a word about the client is taken: X-Forwarded-For and X-Forwarded-Proto are what a proxy says of
 * whom it passes on, and what anybody else says counts for nothing. For this folder only.
 */
struct forwarded;

/* ${ranges}: as in web_server_options. NULL if one of them is none. */
struct forwarded *forwarded_new(const char *const *ranges);
void forwarded_free(struct forwarded *forwarded);

/* Whether ${address} is a proxy's. */
bool forwarded_trusts(const struct forwarded *forwarded, const struct sockaddr *address);

/*
 * The client in ${value}, an X-Forwarded-For: the last of its addresses that is no proxy's. Each proxy has added the one
 * that it was asked from, and those before are what the client claims. With a port or without. False: it names none
 * that can be read, so that the proxy itself asks.
 */
bool forwarded_client(
    const struct forwarded *forwarded, struct slice value, union listen_address *client);
