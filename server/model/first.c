/* SPDX-License-Identifier: MIT */
#include "server/model/first.h"

#include "server/model/nearest.h"

static bool
lists_some(const struct region_place *place, uint32_t sought)
{
	(void)sought;
	return place->first.count > 0;
}

struct region_list
region_first(struct arena *arena, const struct region *region, uint32_t place, int64_t day)
{
	uint32_t found =
	    region_nearest(arena, region, &(struct nearest_asked){place, day, lists_some, 0});

	return found == REGION_NONE ? (struct region_list){0} : region->places[found].first;
}
