/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/base/text.h"

/* A link that gives its bearer something once: 256 random bits, of which only the SHA-256 is kept.
 * They come after a '#', which browsers do not send to any server. sodium_init comes before. */
#define LINK_LEN 43
#define LINK_PATH "/#invitation="

struct link {
	char path[sizeof LINK_PATH + LINK_LEN]; /* a secret: shown once, then wiped */
	uint8_t sha256[32];
};
void link_make(struct link *out);
void link_wipe(struct link *link);

/* Of what a bearer shows. False: it is no such thing. */
bool link_hash(struct slice text, uint8_t sha256[32]);
