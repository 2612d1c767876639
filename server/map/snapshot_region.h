/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/base/status.h"
#include "server/base/zone.h"
#include "server/model/hours.h"
#include "server/model/region.h"

/*
 * The region in force as the api holds it: the document (feed addresses masked, since the api has
 * no right to them), what was read from it, its time zone and bank holidays. Immutable and counted,
 * because answers under way may outlive it.
 */
struct snapshot_region {
	unsigned refs;
	struct arena *arena;
	const struct region *region;
	const struct zone *zone;
	struct holidays holidays;
	struct slice document;
};

/* What reading a region file needs from outside. Borrowed for the life of the process. */
struct snapshot_tools {
	const struct zonedb *zones;
	struct slice holidays_csv;
	/* Told of a region that cannot be read, and where its first fault is; may be NULL. */
	void (*unreadable)(int64_t version, const char *path);
};

/* One reference, yours. STATUS_MALFORMED: a version of this program that reads less than the one
 * that applied it. */
MUST_USE enum status snapshot_region_read(const struct snapshot_tools *tools, int64_t version,
    struct slice document, struct snapshot_region **out);

/* The region of a database where none was applied yet: nothing in it. */
struct snapshot_region *snapshot_region_empty(const struct snapshot_tools *tools);

struct snapshot_region *snapshot_region_ref(struct snapshot_region *setup);
void snapshot_region_unref(struct snapshot_region *setup);
