#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/api/map/snapshot.h"

/*
 * Where the newest snapshot hangs, and how much it may be relied on: age is measured from the last
 * time the database was asked and had nothing newer, not from whether a connection is open.
 */
enum confidence { CONFIDENCE_LIVE, CONFIDENCE_STALE, CONFIDENCE_LAST_GOOD };
const char *confidence_name(enum confidence confidence); /* "live", "stale", "last_good" */

#define STORE_LIVE_SECONDS 10

/* What the last look at the database said of things that are not in the snapshot. */
struct snapshot_look {
	int64_t newest_region;   /* version; 0: none was ever applied */
	int64_t waiting_imports; /* of mode now, not read yet */
	int64_t unpublished;     /* flags, counted up to 10,001 */
	bool dirty;              /* some shifts are not swept yet */
};

struct snapshot_store {
	struct snapshot *current; /* NULL until the first is shown */
	int64_t checked_at;       /* seconds; of the file's snapshot: when it was checked then */
	bool seen_database;
	bool ready; /* the region in force was once read, swept and shown; stays until another is
		       applied */
	int64_t ready_region;
	struct snapshot_look look;
	uint64_t shown;
};

/* Shows ${snapshot} (one reference is taken over) in place of the current one. */
void snapshot_store_show(struct snapshot_store *store, struct snapshot *snapshot);
void snapshot_store_drop(struct snapshot_store *store);

enum confidence snapshot_store_confidence(const struct snapshot_store *store, int64_t now);

/* NULL if ready; else why not, a sentence. Settles store->ready. */
const char *snapshot_store_unready(struct snapshot_store *store, int64_t now);
