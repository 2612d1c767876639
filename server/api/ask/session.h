/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/api/ask/key_file.h"
#include "server/base/text.h"
#include "server/map/accounts.h"
#include "server/map/sessions.h"

/*
 * Sessions of browsers. A session is a row of the database. Every api process learns of it within a second
 * (keep/follow.h) and keeps it in memory, so a session can be checked while the database is away, and ends
 * in every process when it is ended in one. Its cookie is
 *
 *   <id>_<secret>.<made at>.<how>.<idle seconds>.<account>.<signature>
 *
 * If the process knows the session, only the SHA-256 of "<id>_<secret>" is compared. In the first seconds
 * of a session another process may not know it yet; the signed rest of the cookie then says what it is.
 */
#define SESSION_KEY_BYTES KEY_FILE_BYTES
#define SESSION_KEY_FILE "session.key"
#define SESSION_TEXT_MAX 256
#define SESSION_FRESH_SECONDS 30

/* If the client uses TLS (which ends at the proxy), the cookie has the prefix __Host-, with which browsers
 * accept it from this host only. */
#define SESSION_COOKIE "crisiscover_session"
#define SESSION_COOKIE_TLS "__Host-crisiscover_session"

/* How long a session of ${account} may be unused: 15 minutes where it may change things, 12 hours
 * where it only reads, 90 days for a device. */
int32_t session_idle_seconds(const struct account *account, enum session_how how);
/* How long it lasts at most: 12 hours, 30 days, without end (INSTANT_END). */
int64_t session_ends_at(const struct account *account, enum session_how how, int64_t now);

/* Makes a session: account, how, idle_seconds, ends_at and used_at (now) of ${session} are given; its id and
 * sha256 are filled in. ${out} is the value of the cookie, a secret. */
void session_make(
    const uint8_t key[SESSION_KEY_BYTES], struct session *session, char out[SESSION_TEXT_MAX]);

/* The facts that a cookie is checked against. */
struct session_facts {
	const uint8_t *key;
	struct sessions *sessions;
	const struct accounts *accounts;
	int64_t now, known_at; /* as in session_stands */
	bool seen_database;    /* since the start; if not, only sessions that are known are valid */
	bool tls;
	bool aside; /* the request comes from no person: it does not count as a use */
};

/* The index of the account whose valid session is in the Cookie header ${cookies}, or TABLE_NONE. ${out}:
 * the session. The check counts as a use of the session, unless aside is given. */
uint32_t session_check(
    const struct session_facts *facts, struct slice cookies, struct session *out);

/* Whether ${session} is still valid, by which a request came that is still being answered: the index of
 * its account, or TABLE_NONE. Fills in what is known of the session by now. No use of the session. */
uint32_t session_goes_on(const struct session_facts *facts, struct session *session);

/* Whether a request comes from a page of this server, by the headers Sec-Fetch-Site, Origin and Host of the
 * browser. */
bool session_same_origin(struct slice fetch_site, struct slice origin, struct slice host);
