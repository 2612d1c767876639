/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/base/status.h"
#include "server/base/text.h"
#include "server/map/accounts.h"

/*
 * Signed-in browsers. A session is a grant that the browser keeps: the token's public id and an
 * end, signed. Nothing is stored here, so any api process can check it, also while the database is
 * away; revoking the token ends it.
 */
#define SESSION_SECONDS (12 * 60 * 60)
#define SESSION_KEY_BYTES 32
#define SESSION_COOKIE "crisiscover_session"
#define SESSION_TEXT_MAX 128

/* The key that all api processes of this machine share, from ${directory}; the first one makes it.
 * STATUS_GONE: it can neither be read nor made. Blocks: for the start. */
MUST_USE enum status session_key_open(const char *directory, uint8_t key[SESSION_KEY_BYTES]);

/* A grant for ${token} until ${ends_at}. */
void session_grant(const uint8_t key[SESSION_KEY_BYTES], const struct token *token, int64_t ends_at,
    char out[SESSION_TEXT_MAX]);

/* The token that the grant in the Cookie header ${cookies} was made for, if it is ours, not over,
 * and the token still stands; NULL. */
const struct token *session_check(const uint8_t key[SESSION_KEY_BYTES],
    const struct accounts *accounts, struct slice cookies, int64_t now);

/* Whether a request that changes something comes from our own page: what the browser says of its
 * origin. ${host} is the Host header. */
bool session_same_origin(struct slice fetch_site, struct slice origin, struct slice host);
