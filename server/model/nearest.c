/* SPDX-License-Identifier: MIT */
#include "server/model/nearest.h"

#include "server/model/above.h"

uint32_t
region_nearest(struct arena *arena, const struct region *region, const struct nearest_asked *asked)
{
	struct region_list above;

	if (asked->has(&region->places[asked->place], asked->sought))
		return asked->place;
	/* In the order of how near they are: what a parent has comes before what a grandparent has. */
	above = region_above(arena, region, asked->place, asked->day);
	for (uint32_t i = 1; i < above.count; i++)
		if (asked->has(&region->places[above.items[i]], asked->sought))
			return above.items[i];
	return REGION_NONE;
}
