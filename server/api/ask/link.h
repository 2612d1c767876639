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
/* A link that a telephone without scripts can open: there the secret stands in the query, which no access log may
 * have (deploy/apache). Whatever fetches it to look at it changes nothing: a form on the page does. */
#define LINK_SWAP_PATH "/swap?key="
#define LINK_BEFORE_MAX 16

struct link {
	char path[LINK_BEFORE_MAX + LINK_LEN + 1]; /* a secret: shown once, then wiped */
	uint8_t sha256[32];
};
/* ${before}: LINK_PATH, or another of those above. */
void link_make(struct link *out, const char *before);
void link_wipe(struct link *link);

/* The hash of ${text}, the part after the '#'. False: it has not the form of one. */
bool link_hash(struct slice text, uint8_t sha256[32]);
