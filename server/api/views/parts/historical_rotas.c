/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/historical_rotas.h"

/* Adds those of ${rotas} that are not ${taken} yet. */
static void
add_new(struct arena *arena, const struct region_list *rotas, bool *taken, index_list *found)
{
	for (uint32_t i = 0; i < rotas->count; i++) {
		if (!taken[rotas->items[i]])
			*VEC_PUSH(arena, found) = rotas->items[i];
		taken[rotas->items[i]] = true;
	}
}

index_list
historical_rotas(
    struct arena *arena, const struct snapshot_region *setup, const struct historical_asked *asked)
{
	const struct region *region = setup->region;
	struct places_scope scope =
	    places_scope_of(arena, region, setup->zone, asked->place, asked->within);
	bool *taken = arena_array(arena, region->nrotas, sizeof *taken);
	index_list found = {0};

	for (uint32_t p = 0; p < region->nplaces; p++) {
		const struct region_list *services = &region->places[p].services;

		if (places_scope_times(&scope, p).count == 0)
			continue;
		for (uint32_t i = 0; i < services->count; i++)
			add_new(arena, &region->services[services->items[i]].rotas, taken, &found);
	}
	return found;
}

index_list
historical_others(struct arena *arena, const struct region *region, const index_list *rotas)
{
	bool *taken = arena_array(arena, region->nrotas, sizeof *taken);
	bool *asked = arena_array(arena, region->nfunctions, sizeof *asked);
	index_list found = {0};

	for (size_t i = 0; i < rotas->count; i++) {
		taken[rotas->items[i]] = true;
		asked[region->services[region->rotas[rotas->items[i]].service].function] = true;
	}
	for (uint32_t i = 0; i < region->nfunctions; i++)
		if (asked[i])
			add_new(arena, &region->functions[i].rotas, taken, &found);
	return found;
}
