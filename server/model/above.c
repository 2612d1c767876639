/* SPDX-License-Identifier: MIT */
#include "server/model/above.h"

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

struct region_list
region_above(struct arena *arena, const struct region *region, uint32_t place, int64_t day)
{
	uint32_t *queue = arena_array(arena, region->nplaces, sizeof *queue), count = 1;

	queue[0] = place;
	for (uint32_t i = 0; i < count; i++)
		count = add_parents(&region->places[queue[i]], day, queue, count);
	return (struct region_list){.items = queue, .count = count};
}
