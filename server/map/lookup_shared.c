/* SPDX-License-Identifier: MIT */
#include "server/map/lookup_private.h"

#include <stdlib.h>
#include <string.h>

#include "server/model/share.h"

static int
by_place_name(const void *left, const void *right, void *ctx)
{
	const struct region *region = ctx;
	const struct region_place *a = &region->places[*(const uint32_t *)left];
	const struct region_place *b = &region->places[*(const uint32_t *)right];
	int order = strcmp(a->name, b->name);

	return order != 0 ? order : strcmp(a->code, b->code);
}

/* The other places of this kind that the person serves at the instant, on any rota of the function.
 * A person who covers several places at once may be busy in another one. The index at which the
 * caller searches. */
struct region_list
lookup_find_shared(const struct looking *looking, uint32_t function, uint32_t person)
{
	const struct snapshot *map = looking->asked->map;
	const struct region_list *rotas = &looking->region->functions[function].rotas;
	const struct share_at at = {looking->region, map->setup->zone, looking->place, looking->at};
	struct region *region = NULL;
	uint32_t *places = looking->places, count = 0;

	for (uint32_t i = 0; i < rotas->count; i++) {
		const struct rota_block *block = map->rotas[rotas->items[i]];

		/* A lookup is made for every request; this filter saves the search of most
		 * rotas. */
		if (!rota_block_may_name(block, person))
			continue;
		for (uint32_t j = rota_block_from(block, looking->at); j < block->count; j++) {
			const struct kept_shift *shift = &block->shifts[j];

			if ((int64_t)shift->start > looking->at)
				break;
			if (shift->person == person && (int64_t)shift->end > looking->at &&
			    cover_names(shift))
				count = share_places(&at, rotas->items[i], places, count);
		}
	}
	if (count == 0)
		return (struct region_list){0};
	memcpy(&region, &looking->region, sizeof region); /* qsort_r's context is not const */
	qsort_r(places, count, sizeof *places, by_place_name, region);
	/* looking->places is used again for the next person. */
	places = arena_array(looking->arena, count, sizeof *places);
	memcpy(places, looking->places, count * sizeof *places);
	return (struct region_list){places, count};
}
