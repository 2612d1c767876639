/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/api/ask/session.h"
#include "server/api/keep/snapshot_store.h"
#include "server/loop/loop.h"
#include "server/map/snapshot_region.h"
#include "server/pg/pg.h"
#include "server/web/server.h"

/* The state from which every answer of one api process is made. Made by api.c, handed to each
 * handler as its ctx; nothing here is global. */
struct api {
	struct loop *loop;
	struct follow *follow; /* keeps the snapshot current */
	struct pg *look;       /* reads the snapshot and nothing else */
	struct pg *work;  /* everything that may be slow: writes, history, lists from the record */
	struct pg *deeds; /* transactions that write, one after another (ask/deed.h) */
	struct job *deeds_waiting; /* for their turn, in order */
	struct job *deed;          /* whose transaction is under way; NULL: none */
	struct web_server *server;
	bool has_providers;               /* a proxy in front speaks to identity providers */
	struct identity_door *identities; /* where it says who signs in; NULL: to another process */
	struct snapshot_store store;
	struct snapshot_tools tools;
	struct now_cache *cache;
	struct protection *protection; /* of the set-up in force, once somebody has asked */
	struct reads *reads;           /* who saw whose name */
	struct uses *uses;             /* which tokens are used */
	struct uses *session_uses;
	struct heads *heads; /* NULL but in the first api process of a machine */
	struct pages *pages;
	struct job *jobs; /* under way, to be dropped at the end */
	uint8_t session_key[SESSION_KEY_BYTES];
	uint8_t seal_key[KEY_FILE_BYTES]; /* of what the database may not read (ask/seal.h) */
	char *address_seal_path;          /* file of the key that seals feed addresses */
	struct limits *limits;            /* how often somebody may try to sign in */
	struct sealed_calls *passwords;
};
