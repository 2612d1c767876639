/* SPDX-License-Identifier: MIT */
#include "server/model/nearest.h"

/* Adds the parents of ${place} on the day, each once: two parents may have one grandparent. */
static uint32_t
add_parents(const struct region_place *place, int64_t day, uint32_t *queue, uint32_t count)
{
	for (uint32_t i = 0; i < place->under.count; i++) {
		const struct region_dated_place *above = &place->under.items[i];
		bool known = false;

		for (uint32_t j = 0; j < count && !known; j++)
			known = queue[j] == above->place;
		if (!known && span_has(above->life, day))
			queue[count++] = above->place;
	}
	return count;
}

/* Level by level, so that what a parent has comes before what a grandparent has. */
uint32_t
region_nearest(struct arena *arena, const struct region *region, const struct nearest_asked *asked)
{
	uint32_t *queue, count = 1;

	if (asked->has(&region->places[asked->place], asked->sought))
		return asked->place;
	queue = arena_array(arena, region->nplaces, sizeof *queue);
	queue[0] = asked->place;
	for (uint32_t i = 0; i < count; i++) {
		const struct region_place *one = &region->places[queue[i]];

		if (asked->has(one, asked->sought))
			return queue[i];
		count = add_parents(one, asked->day, queue, count);
	}
	return REGION_NONE;
}
