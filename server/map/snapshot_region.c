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

static struct snapshot_region *
setup_new(struct region_shared *shared)
{
	struct arena *arena = arena_new(0);
	struct snapshot_region *setup = arena_alloc(arena, sizeof *setup);

	*setup = (struct snapshot_region){
	    .refs = 1, .arena = arena, .shared = shared, .region = shared->region};
	return setup;
}

enum status
snapshot_region_read(const struct snapshot_tools *tools, int64_t version, struct slice document,
    struct snapshot_region **out)
{
	struct arena *scratch = arena_new(0);
	struct region_shared *shared = NULL;
	struct snapshot_region *setup = NULL;
	struct region_faults faults = {0};
	const char *fault = NULL;
	struct region_zones zones = region_zones_of(tools->zones);
	enum status st;

	zones.synthetic = tools->synthetic;
	st = region_shared_read(scratch, document, zones, &shared, &faults);
	if (st == STATUS_OK) {
		/* The caller read the version from the row. */
		region_shared_number(shared, version);
		setup = setup_new(shared);
		st = holidays_of(
		    setup->arena, tools->holidays_csv, setup->region, &setup->holidays, &fault);
	}
	if (st != STATUS_OK) {
		tell_unreadable(tools, version, &faults);
		snapshot_region_unref(setup);
		arena_free(scratch);
		return STATUS_MALFORMED;
	}
	arena_free(scratch);
	setup->zone = zonedb_find(tools->zones, setup->region->time_zone);
	/* region_read() refuses a time zone that is not in the database of zones. */
	INVARIANT(setup->zone != NULL);
	/* Reading needs several times the size of the document in small pieces; give them back. */
	malloc_trim(0);
	*out = setup;
	return STATUS_OK;
}

/* Nothing that is patched has to do with time zone or bank holidays. */
struct snapshot_region *
snapshot_region_patched(const struct snapshot_region *from, struct region_shared *shared)
{
	struct snapshot_region *setup = setup_new(shared);
	int64_t *days = arena_array(setup->arena, from->holidays.count + 1, sizeof *days);

	for (uint32_t i = 0; i < from->holidays.count; i++)
		days[i] = from->holidays.days[i];
	setup->holidays = (struct holidays){
	    arena_strdup(setup->arena, from->holidays.set), days, from->holidays.count};
	setup->zone = from->zone;
	return setup;
}

struct slice
snapshot_region_document(struct arena *arena, const struct snapshot_region *setup)
{
	return region_shared_document(arena, setup->shared);
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
	if (setup == NULL || --setup->refs > 0)
		return;
	region_shared_unref(setup->shared);
	arena_free(setup->arena);
}
