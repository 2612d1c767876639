/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/keep/snapshot_store.h"
#include "server/loop/loop.h"
#include "server/map/snapshot_region.h"
#include "server/pg/pg.h"

/*
 * Keeps the snapshot of a store current: reads what has changed in the database every second, and at once after a
 * hint (NOTIFY). Changes are read in steps into a copy and are shown when all have been read, so that no answer
 * is made of half a change. Sessions (store->sessions, never NULL here) are updated as they come. While the
 * database is away, the snapshot only becomes older.
 */
struct follow;

typedef void follow_shown_fn(void *ctx);

struct follow_options {
	struct pg *pg;        /* used by nobody else, so that no slow call delays it */
	const char *conninfo; /* for a connection by which a whole region is read; kept */
	struct snapshot_store *store;
	const struct snapshot_tools *tools;
	bool canary;            /* looks whether its changes come through (model/region_canary.h) */
	follow_shown_fn *shown; /* after each new snapshot; may be NULL */
	follow_shown_fn *over;  /* after each round, whatever it found; may be NULL */
	void *ctx;
};

struct follow *follow_new(struct loop *loop, const struct follow_options *options);
void follow_free(struct follow *follow);

/* From now on this process writes the file of ended sessions (ended_sessions.h); ${path} is kept. */
void follow_note_ended(struct follow *follow, const char *path);

/* To be called when something may have changed: starts a round now. */
void follow_look(struct follow *follow);

/*
 * Waits until what was committed before this call is shown: ${fn} is called at the end of a round
 * that began after it. So a client that reads what it wrote over the same process finds it. At the latest
 * it is called some two seconds later, shown or not: a database that hangs keeps no answer back. At
 * the end of the process it is not called.
 */
typedef void follow_wait_fn(void *ctx);
struct follow_wait *follow_wait(struct follow *follow, follow_wait_fn *fn, void *ctx);
/* Once it was called, ${wait} is gone. NULL is allowed. */
void follow_wait_cancel(struct follow_wait *wait);
