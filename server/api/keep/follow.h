/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/keep/snapshot_store.h"
#include "server/loop/loop.h"
#include "server/map/snapshot_region.h"
#include "server/pg/pg.h"

/*
 * Keeps a store's snapshot as new as the database: reads every second, and at once when the
 * database hints. Changes are read in steps beside the snapshot that is being answered from, and
 * are shown when all of them have been read. Sessions (store->sessions, never NULL here) are taken
 * up as they come. The database being away only makes it old.
 */
struct follow;

typedef void follow_shown_fn(void *ctx);

struct follow_options {
	struct pg *pg;        /* its own: nobody else's slow call may hold it up */
	const char *conninfo; /* for the region alone, kept */
	struct snapshot_store *store;
	const struct snapshot_tools *tools;
	const char *ended; /* file in which ended sessions are noted (ended_sessions.h), kept; NULL:
			      another process does that */
	follow_shown_fn *shown; /* after each new snapshot; may be NULL */
	follow_shown_fn *over;  /* after each round, whatever it found; may be NULL */
	void *ctx;
};

struct follow *follow_new(struct loop *loop, const struct follow_options *options);
void follow_free(struct follow *follow);

/* A hint: start a round now. */
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
