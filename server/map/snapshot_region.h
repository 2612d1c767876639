/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/base/status.h"
#include "server/base/zone.h"
#include "server/model/hours.h"
#include "server/model/region_shared.h"

/*
 * The region in force in the api (feed addresses are masked, because the api may not know them), its
 * time zone and its bank holidays. Immutable and counted, because answers in progress may outlive
 * it.
 */
struct snapshot_region {
	unsigned refs;
	struct arena *arena;
	struct region_shared *shared;
	const struct region *region;
	const struct zone *zone;
	struct holidays holidays;
};

/* The data that reading a region file needs beside the file. Borrowed for the life of the
 * process. */
struct snapshot_tools {
	const struct zonedb *zones;
	struct slice holidays_csv;
	bool synthetic; /* regions may have the objects of the canary (model/region_canary.h) */
	/* called for a region that cannot be read, with the path of its first fault; may be NULL */
	void (*unreadable)(int64_t version, const char *path);
};

/* The caller owns one reference. STATUS_MALFORMED: this program is older than the one that applied
 * the region, and cannot read it. */
MUST_USE enum status snapshot_region_read(const struct snapshot_tools *tools, int64_t version,
    struct slice document, struct snapshot_region **out);

/* The set-up of ${shared}, a region that was made by patching that of ${from}; takes the reference
 * over. The caller owns one reference. */
struct snapshot_region *snapshot_region_patched(
    const struct snapshot_region *from, struct region_shared *shared);

/* The region as a file, in ${arena}. */
struct slice snapshot_region_document(struct arena *arena, const struct snapshot_region *setup);

/* The region of a database to which none has been applied: it is empty. */
struct snapshot_region *snapshot_region_empty(const struct snapshot_tools *tools);

struct snapshot_region *snapshot_region_ref(struct snapshot_region *setup);
void snapshot_region_unref(struct snapshot_region *setup);
