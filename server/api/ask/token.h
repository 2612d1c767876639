/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/base/text.h"
#include "server/map/accounts.h"

/*
 * A bearer token: "cc_", an id of 12 characters, "_", and 43 characters of secret (256 random bits). Only
 * its SHA-256 is stored. The id finds the row; the hashes are compared in constant time. Call sodium_init
 * before any of these.
 */
#define TOKEN_LEN (3 + TOKEN_ID_LEN + 1 + 43)

struct token_made {
	char text[TOKEN_LEN + 1]; /* a secret: shown once, then wiped */
	char id[TOKEN_ID_LEN + 1];
	uint8_t sha256[32];
};
void token_make(struct token_made *out);
void token_wipe(struct token_made *made);

/* A secret link: "cl_" and the same. It opens one thing, and is no bearer token. */
void token_make_link(struct token_made *out);

/* The token of ${accounts} with the text ${text}, if there is one and it has not expired at ${now}; else
 * NULL. Never a secret link. */
const struct token *token_check(const struct accounts *accounts, struct slice text, int64_t now);
/* The same of a secret link of ${kind}. */
const struct token *token_check_link(
    const struct accounts *accounts, struct slice text, enum link_kind kind, int64_t now);

/* The token with the public id ${id}, if it has not expired at ${now}; else NULL. For a request whose
 * text was checked when it came. */
const struct token *token_goes_on(const struct accounts *accounts, const char *id, int64_t now);

/* Public random ids, of tokens, sessions and browsers. */
void token_id_make(char out[TOKEN_ID_LEN + 1]);
bool token_id_valid(struct slice id);
