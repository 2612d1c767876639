/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "server/loop/loop.h"
#include "server/web/server.h"

/*
 * The unix socket at which the proxy that speaks OpenID Connect reports who signs in. It has one call.
 * Headers that state an identity are believed on this socket only, and only together with the secret that
 * the proxy was given. The public port has no such call, so a client cannot forge those headers.
 */
#define IDENTITY_PATH "/v1/sign-in/oidc"

struct identity_door;

struct identity_door_options {
	const char *socket_path, *secret_file;
	web_handler_fn *handler; /* of a GET of IDENTITY_PATH */
	web_now_fn *now;
	void *ctx;
};

/* Opens the socket and reads the secret; the options are copied, and ${ctx} is borrowed. Fatal, naming the
 * file, if the secret cannot be read, is shorter than 32 characters or can be read by others, or if the
 * socket cannot be made. */
struct identity_door *identity_door_open(
    struct loop *loop, const struct identity_door_options *options);
void identity_door_close(struct identity_door *door); /* NULL: nothing */

/* Whether the request has the secret in its header. */
bool identity_door_believes(const struct identity_door *door, struct web_exchange *exchange);
