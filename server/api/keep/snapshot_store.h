/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/base/database_clock.h"
#include "server/map/sessions.h"
#include "server/map/snapshot.h"

/*
 * The newest snapshot, and how far it may be relied on. Its age is the time, by CLOCK_BOOTTIME, since the database
 * was last asked and had nothing newer; whether a connection is open says nothing.
 */
enum confidence {
	CONFIDENCE_LIVE,
	CONFIDENCE_STALE,
	CONFIDENCE_LAST_GOOD, /* from the file: the database has not been seen since the start */
	CONFIDENCE_CLOCK_DOUBTFUL, /* this machine's clock and the database's are far apart */
};
const char *confidence_name(enum confidence confidence); /* "live", …, "clock_doubtful" */

#define STORE_LIVE_SECONDS 10

/* Results of the last round that are not part of the snapshot. */
struct snapshot_look {
	int64_t newest_region;   /* version; 0: none was ever applied */
	int64_t waiting_imports; /* of mode now, not read yet */
	int64_t unpublished;     /* flags, counted up to 10,001 */
	int64_t oldest_flag;     /* when the first of these was raised; INSTANT_NEVER: none waits */
	bool dirty;              /* some shifts are not swept yet */
};

/* How far the clock of a role without a port was off when it measured it last (table role_clock). */
struct role_clock {
	char role[16];
	int64_t ahead_ms; /* the database's clock is ahead of its machine's by so much */
	int64_t at_us;    /* by the database's clock */
};
#define ROLE_CLOCKS_MAX 4

struct snapshot_store {
	struct snapshot *current; /* NULL until the first is shown */
	/* When the database was last asked and had nothing newer, by the database's clock; until it was seen, what the
	 * process that wrote the file had here. The same by clock_boot_ms(), only if ${seen_database}. */
	int64_t checked_at;
	int64_t checked_boot_ms;
	struct database_clock clock;
	bool seen_database;
	bool ready; /* the region in force was once read, swept and shown; stays until another is
		       applied */
	int64_t ready_region;
	struct snapshot_look look;
	struct role_clock role_clocks[ROLE_CLOCKS_MAX];
	unsigned nrole_clocks;
	int64_t erasure; /* the newest of which what is shown knows; 0: of none */
	uint64_t shown;  /* how many snapshots were, by this process */
	uint64_t regions_read, regions_patched; /* how often a region was taken up: whole, or what
						   had changed in it */
	struct sessions *sessions; /* NULL: none is known, as in a tool that only reads the file */
};

/* Shows ${snapshot} (one reference is taken over) in place of the current one. */
void snapshot_store_show(struct snapshot_store *store, struct snapshot *snapshot);
void snapshot_store_drop(struct snapshot_store *store);

/* The present: seconds since 1970. Until the database was seen this machine's clock is used:
 * nothing is live then. */
int64_t snapshot_store_now(const struct snapshot_store *store, struct clock_reading reading);

/* The present by the other clock, with which the first is compared: this machine's; or, before the database was
 * seen, the time at which the last-good file was written. */
int64_t snapshot_store_other_now(const struct snapshot_store *store, struct clock_reading reading);

/* Seconds since the snapshot was known to be right: never negative. */
int64_t snapshot_store_age(const struct snapshot_store *store, struct clock_reading reading);

/* The instant at which the snapshot was last known to be right: now minus its age. */
int64_t snapshot_store_as_of(const struct snapshot_store *store, struct clock_reading reading);

/* database_clock_off(), and before the database was seen by how much the file is of a later time
 * than this machine's clock says. */
int64_t snapshot_store_clock_off(const struct snapshot_store *store, struct clock_reading reading);

enum confidence snapshot_store_confidence(
    const struct snapshot_store *store, struct clock_reading reading);

/* NULL if ready; else why not, a sentence. Sets store->ready, which then stays until another region is applied. */
const char *snapshot_store_unready(struct snapshot_store *store, struct clock_reading reading);
