/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "server/loop/loop.h"
#include "server/web/server.h"

/*
 * Where the proxy that speaks OpenID Connect says who signs in: a unix socket of its own, with one
 * call. Headers that say who somebody is are read there and nowhere else, and only beside the
 * secret that the proxy alone was given; the port that everybody reaches has no such call.
 */
#define IDENTITY_PATH "/v1/sign-in/oidc"

struct identity_door;

struct identity_door_options {
	const char *socket_path, *secret_file;
	web_handler_fn *handler; /* of a GET of IDENTITY_PATH */
	web_now_fn *now;
	void *ctx;
};

/* Fatal, naming the file: if the secret cannot be read, is shorter than 32 characters or can be read
 * by others, or if the socket cannot be made. */
struct identity_door *identity_door_open(
    struct loop *loop, const struct identity_door_options *options);
void identity_door_close(struct identity_door *door); /* NULL: nothing */

/* Whether the request says the secret. */
bool identity_door_believes(const struct identity_door *door, struct web_exchange *exchange);
