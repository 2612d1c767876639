/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/api/ask/key_file.h"
#include "server/base/text.h"
#include "server/map/accounts.h"
#include "server/map/sessions.h"

/*
 * Signed-in browsers. A session is a row of the database that every api process knows of within a
 * second (keep/follow.h), so that it can be checked while the database is away, and ends everywhere
 * when it is ended anywhere. Its cookie is
 *
 *   <id>_<secret>.<made at>.<how>.<idle seconds>.<account>.<signature>
 *
 * If the session is known, the SHA-256 of "<id>_<secret>" decides, and nothing else. For the first
 * seconds of its life, in which another process may not have heard of it yet, the signed rest says
 * what it is.
 */
#define SESSION_KEY_BYTES KEY_FILE_BYTES
#define SESSION_KEY_FILE "session.key"
#define SESSION_TEXT_MAX 256
#define SESSION_FRESH_SECONDS 30

/* Over TLS, which ends at the proxy, a cookie that only this very host can have set. */
#define SESSION_COOKIE "crisiscover_session"
#define SESSION_COOKIE_TLS "__Host-crisiscover_session"

/* How long a session of ${account} may be unused: 15 minutes where it may change things, 12 hours
 * where it only reads, 90 days for a device. */
int32_t session_idle_seconds(const struct account *account, enum session_how how);
/* How long it lasts at most: 12 hours, 30 days, without end (INSTANT_END). */
int64_t session_ends_at(const struct account *account, enum session_how how, int64_t now);

/* A new session, of which ${session} is what is kept: account, how, idle_seconds, ends_at and
 * used_at (now) are given, id and sha256 are made. The cookie's value is a secret. */
void session_make(
    const uint8_t key[SESSION_KEY_BYTES], struct session *session, char out[SESSION_TEXT_MAX]);

/* The facts that a cookie is checked against. */
struct session_facts {
	const uint8_t *key;
	struct sessions *sessions;
	const struct accounts *accounts;
	int64_t now, known_at; /* as in session_stands */
	bool seen_database;    /* since the start: else only what is known is believed */
	bool tls;
};

/* The account whose session is in the Cookie header ${cookies}, if the session is valid: its index,
 * or TABLE_NONE. ${out}: the session. It is used by this. */
uint32_t session_check(
    const struct session_facts *facts, struct slice cookies, struct session *out);

/* Whether a request that changes something comes from our own page: what the browser says of its
 * origin. ${host} is the Host header. */
bool session_same_origin(struct slice fetch_site, struct slice origin, struct slice host);
