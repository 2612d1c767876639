/* SPDX-License-Identifier: MIT */
#include "server/coverage/setup.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/civil.h"
#include "server/base/fatal.h"
#include "server/base/vec.h"
#include "server/model/demand.h"
#include "server/model/region_canary.h"

#define DAY_SECONDS 86400
#define BACK_DAYS 1
#define AHEAD_DAYS 401 /* so that an answer 400 days from now lies inside, whatever the hour */

/* The inverse of a demand's list of rotas: a mark names a rota and the work is demands. */
static const struct region_list *
index_demands(struct arena *arena, const struct region *region)
{
	typedef VEC(uint32_t) indexes;
	indexes *of = arena_array(arena, region->nrotas, sizeof *of);
	struct region_list *lists = arena_array(arena, region->nrotas, sizeof *lists);

	for (uint32_t demand = 0; demand < region->ndemands; demand++) {
		const struct region_list *rotas = &region->demands[demand].rotas;

		for (uint32_t i = 0; i < rotas->count; i++)
			*VEC_PUSH(arena, &of[rotas->items[i]]) = demand;
	}
	for (uint32_t rota = 0; rota < region->nrotas; rota++)
		lists[rota] = (struct region_list){of[rota].items, (uint32_t)of[rota].count};
	return lists;
}

/* If a service limits how many places one person may cover, a shift on any rota of its function may
 * change the state of a demand with that limit. "limiting": the rotas on which a changed shift has
 * this effect; "limited": those whose demands are swept again for it. */
static void
find_limits(struct arena *arena, const struct region *region, struct setup *setup)
{
	bool *functions = arena_array(arena, region->nfunctions, sizeof *functions);
	bool *limited = arena_array(arena, region->nrotas, sizeof *limited);
	const char **limiting_ids = arena_array(arena, region->nrotas, sizeof *limiting_ids);
	const char **limited_ids = arena_array(arena, region->nrotas, sizeof *limited_ids);

	for (uint32_t demand = 0; demand < region->ndemands; demand++) {
		const struct region_list *rotas = &region->demands[demand].rotas;

		if (!demand_is_limited(region, demand))
			continue;
		functions[region->demands[demand].function] = true;
		for (uint32_t i = 0; i < region->demands[demand].nmembers; i++)
			functions[region->demands[demand].members[i].function] = true;
		for (uint32_t i = 0; i < rotas->count; i++)
			limited[rotas->items[i]] = true;
	}
	for (uint32_t rota = 0; rota < region->nrotas; rota++) {
		uint32_t service = region->rotas[rota].service;

		if (service != REGION_NONE && functions[region->services[service].function])
			limiting_ids[setup->limiting.count++] = region->rotas[rota].id;
		if (limited[rota])
			limited_ids[setup->limited.count++] = region->rotas[rota].id;
	}
	setup->limiting.ids = limiting_ids;
	setup->limited.ids = limited_ids;
}

/* A document that is in force was accepted by the api. If it cannot be read here, this program is
 * older than the one that accepted it, and a map made without it would be false. */
static struct region_shared *
read_region(const struct setup_tools *tools, int64_t version, struct slice document)
{
	struct arena *scratch = arena_new(0);
	struct region_shared *shared;
	struct region_faults faults = {0};
	struct region_zones zones = region_zones_of(tools->zones);

	if (tools->canary) {
		document = region_with_canary(scratch, document);
		zones.synthetic = true;
	}
	if (region_shared_read(scratch, document, zones, &shared, &faults) != STATUS_OK)
		fatal("could not read region version %lld that is in force: %s: %s",
		    (long long)version, faults.count > 0 ? faults.items[0].path : "?",
		    faults.count > 0 ? faults.items[0].detail : "?");
	region_shared_number(shared, version);
	arena_free(scratch);
	return shared;
}

struct setup *
setup_of(const struct setup_tools *tools, struct region_shared *shared)
{
	struct arena *arena = arena_new(0);
	struct setup *setup = arena_alloc(arena, sizeof *setup);
	const struct region *region = shared->region;
	const char *fault;

	setup->arena = arena;
	setup->shared = shared;
	setup->region = region;
	setup->zone = zonedb_find(tools->zones, region->time_zone);
	INVARIANT(setup->zone != NULL);
	if (holidays_of(arena, tools->holidays, region, &setup->holidays, &fault) != STATUS_OK)
		fatal("could not read the bank holidays: %s", fault);
	setup->demands_of = index_demands(arena, region);
	find_limits(arena, region, setup);
	return setup;
}

struct setup *
setup_read(const struct setup_tools *tools, int64_t version, struct slice document)
{
	return setup_of(tools, read_region(tools, version, document));
}

void
setup_free(struct setup *setup)
{
	if (setup == NULL)
		return;
	region_shared_unref(setup->shared);
	arena_free(setup->arena);
}

/* Marks name a demand by its codes, since indexes differ between versions of the region. */
uint32_t
setup_demand(const struct setup *setup, const char *requirement, const char *place)
{
	const struct region *region = setup->region;
	uint32_t r = table_get(&region->requirement_by_id, requirement);
	uint32_t p = table_get(&region->place_by_code, place);

	if (r == TABLE_NONE || p == TABLE_NONE)
		return REGION_NONE;
	for (uint32_t i = 0; i < region->places[p].demands.count; i++) {
		uint32_t demand = region->places[p].demands.items[i];

		if (region->demands[demand].requirement == r)
			return demand;
	}
	return REGION_NONE;
}

/* The instant at which the local day begins that is ${days} after the one of ${now}. By the
 * region's zone: a local day may have 23 or 25 hours, so that no multiple of 86400 is added to the
 * instant itself. */
static int64_t
midnight(const struct setup *setup, int64_t now, int days)
{
	int64_t local = zone_local(setup->zone, now);
	int64_t day = civil_day_of(local);

	return zone_instant(setup->zone, (day + days) * DAY_SECONDS, NULL);
}

/* Begins and ends at local midnight, so that it moves once a day. If it moved with the clock, every
 * sweep would find another end and write rows. */
struct span_time
setup_window(const struct setup *setup, int64_t now)
{
	return (struct span_time){
	    midnight(setup, now, -BACK_DAYS), midnight(setup, now, AHEAD_DAYS)};
}

int64_t
setup_next_day(const struct setup *setup, int64_t now)
{
	return midnight(setup, now, 1);
}
