/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/map/accounts.h"

/*
 * The browsers that are signed in, as one process knows them: so that a session can be checked
 * while the database is away. Not part of the snapshot, since a session changes with each minute in
 * which it is used. Pure.
 */
enum session_how {
	SESSION_BY_TOKEN,
	SESSION_BY_PASSWORD,
	SESSION_BY_DEVICE,
	SESSION_BY_PROVIDER,
	SESSION_HOWS
};
const char *session_how_name(enum session_how how);
bool session_how_of(const char *name, enum session_how *out);

#define SESSION_ID_LEN TOKEN_ID_LEN
#define SESSION_ACCOUNT_MAX 64

struct session {
	char id[SESSION_ID_LEN + 1];
	char account[SESSION_ACCOUNT_MAX + 1];
	uint8_t sha256[32];
	int64_t used_at, ends_at;
	int64_t ended_at; /* INSTANT_NEVER while it is valid */
	int32_t idle_seconds;
	enum session_how how;
};

/* Another process may have noted the last use to the minute only. */
#define SESSION_SLACK_SECONDS 60

/* Whether it is valid at ${now}. The time without use is judged as of ${known_at}, which is when
 * the database was last asked: what other processes have seen of it comes from there, and while the
 * database is away nobody is signed out for want of that. */
bool session_stands(const struct session *session, int64_t now, int64_t known_at);

struct sessions;
struct sessions *sessions_new(void);
void sessions_free(struct sessions *sessions); /* NULL: nothing */

/* The version of the record that they are of; -1: they were never read. */
int64_t sessions_version(const struct sessions *sessions);
void sessions_set_version(struct sessions *sessions, int64_t version);

/* Takes ${session} in, or what has changed of it. A use that is known here and is later stays.
 * Sessions that are over at ${now} may be dropped. */
void sessions_put(struct sessions *sessions, const struct session *session, int64_t now);

/* All of it is freed. */
void sessions_clear(struct sessions *sessions);

/* NULL: no such session. Nothing is compared but the public id (SESSION_ID_LEN characters). Until the
 * next sessions_put. */
struct session *sessions_find(const struct sessions *sessions, const char *id);

size_t sessions_count(const struct sessions *sessions);
const struct session *sessions_at(const struct sessions *sessions, size_t index);
