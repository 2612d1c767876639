/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/base/text.h"

/* A link that can be used once, such as an invitation: 256 random bits, of which the database has only the
 * SHA-256. They stand after a '#', which browsers do not send to a server, so that no log contains them.
 * Call sodium_init before. */
#define LINK_LEN 43
#define LINK_PATH "/#invitation="

struct link {
	char path[sizeof LINK_PATH + LINK_LEN]; /* a secret: shown once, then wiped */
	uint8_t sha256[32];
};
void link_make(struct link *out);
void link_wipe(struct link *link);

/* The hash of ${text}, the part after the '#'. False: it has not the form of one. */
bool link_hash(struct slice text, uint8_t sha256[32]);
