/* SPDX-License-Identifier: MIT */
#include "server/map/snapshot_region.h"

#include <malloc.h>

#include "server/base/fatal.h"

#define EMPTY_REGION "{\"crisiscover\": 1}"

/* The first fault is enough for the log: a document in the database was accepted once, so that this
 * is a fault of the program or of a newer version, and not of its author. */
static void
tell_unreadable(
    const struct snapshot_tools *tools, int64_t version, const struct region_faults *faults)
{
	for (size_t i = 0; i < faults->count && tools->unreadable != NULL; i++)
		if (!faults->items[i].warning) {
			tools->unreadable(version, faults->items[i].path);
			return;
		}
}

/* The document is copied into the arena first, because the region borrows its texts from it. */
enum status
snapshot_region_read(const struct snapshot_tools *tools, int64_t version, struct slice document,
    struct snapshot_region **out)
{
	struct arena *arena = arena_new(0);
	struct snapshot_region *setup = arena_alloc(arena, sizeof *setup);
	struct region_faults faults = {0};
	const struct region *region = NULL;
	const char *fault = NULL;

	*setup = (struct snapshot_region){.refs = 1, .arena = arena};
	setup->document =
	    (struct slice){arena_strndup(arena, document.at, document.len), document.len};
	if (region_read(arena, setup->document, region_zones_of(tools->zones), &region, &faults) !=
		STATUS_OK ||
	    holidays_of(arena, tools->holidays_csv, region, &setup->holidays, &fault) !=
		STATUS_OK) {
		tell_unreadable(tools, version, &faults);
		arena_free(arena);
		return STATUS_MALFORMED;
	}
	setup->zone = zonedb_find(tools->zones, region->time_zone);
	/* region_read() refuses a time zone that is not in the database of zones. */
	INVARIANT(setup->zone != NULL);
	setup->region = region;
	/* The caller read the version from the row. The value was made here, so it may be changed. */
	struct region *own = arena_alloc(arena, sizeof *own);
	*own = *region;
	own->version = version;
	setup->region = own;
	/* Reading needs several times the size of the document in small pieces; give them back. */
	malloc_trim(0);
	*out = setup;
	return STATUS_OK;
}

/* The set-up of the api before any region was applied. It answers every question with "no such
 * place" and does not have to check for a missing set-up. */
struct snapshot_region *
snapshot_region_empty(const struct snapshot_tools *tools)
{
	struct snapshot_region *setup = NULL;

	INVARIANT(snapshot_region_read(tools, 0, SLICE(EMPTY_REGION), &setup) == STATUS_OK);
	return setup;
}

struct snapshot_region *
snapshot_region_ref(struct snapshot_region *setup)
{
	setup->refs++;
	return setup;
}

void
snapshot_region_unref(struct snapshot_region *setup)
{
	if (setup != NULL && --setup->refs == 0)
		arena_free(setup->arena);
}
