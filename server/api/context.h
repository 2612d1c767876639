/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/api/ask/secret_file.h"
#include "server/api/ask/session.h"
#include "server/api/keep/snapshot_store.h"
#include "server/loop/loop.h"
#include "server/map/snapshot_region.h"
#include "server/pg/pg.h"
#include "server/web/server.h"

/* The state of an api process that handlers use. api.c makes it and gives it to each handler as its ctx; there
 * are no globals. Everything lives until the loop has ended. */
struct api {
	struct loop *loop;
	struct follow *follow; /* keeps the snapshot current */
	struct pg *look;       /* reads the snapshot and nothing else */
	struct pg *work;  /* everything that may be slow: writes, history, lists from the record */
	struct pg *deeds; /* transactions that write, one after another (ask/deed.h) */
	struct job *deeds_waiting; /* writes that wait for the one before, in order */
	struct job *deed;          /* the write whose transaction is open; NULL: none */
	struct web_server *server;
	bool has_providers;               /* a proxy in front speaks to identity providers */
	struct identity_door *identities; /* where it says who signs in; NULL: to another process */
	struct snapshot_store store;
	struct snapshot_tools tools;
	struct now_cache *cache;
	struct areas *areas;           /* of the set-up in force, once somebody has asked */
	struct protection *protection; /* of the set-up in force, once somebody has asked */
	struct reads *reads;           /* who saw whose name, on its way into the audit */
	struct uses *uses;             /* when tokens were used, on its way into the database */
	struct uses *session_uses;     /* the same of sessions */
	struct heads *heads;         /* copies the end of the audit out of the database; only in the
				keeper of a machine (keeper.h), else NULL */
	struct listeners *listeners; /* those who listen to events */
	struct pages *pages;
	struct web_bytes *openapi;
	struct job *jobs; /* all that have not ended, so that they can be ended with the process */
	const char *files_directory;      /* the api's own files */
	const char *state_directory;      /* where processes file their figures */
	const char *security_contact;     /* of config; "": none */
	int64_t protocol_bytes;           /* that are kept of one organisation's PDFs */
	struct secret_file metrics_token; /* what a monitoring program says at /metrics */
	uint8_t session_key[SESSION_KEY_BYTES];
	uint8_t seal_key[KEY_FILE_BYTES]; /* of what the database may not read (ask/seal.h) */
	char *address_seal_path;          /* file of the key that seals feed addresses */
	struct dear *dear;                /* questions whose answer takes long (ask/dear.h) */
	struct rates *rates;              /* how much somebody may ask */
	struct limits *limits;            /* how often somebody may try to sign in */
	struct sealed_calls *passwords;
};
