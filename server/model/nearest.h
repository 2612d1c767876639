/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"
#include "server/model/region.h"

/*
 * ${place}, or the nearest place above it on the local day ${day}, that has what ${has} asks for; of
 * two that are equally near, the parent that comes first. REGION_NONE: none of them has. ${arena} is
 * for the search.
 */
typedef bool nearest_has_fn(const struct region_place *place, uint32_t sought);
struct nearest_asked {
	uint32_t place;
	int64_t day;
	nearest_has_fn *has;
	uint32_t sought; /* given to ${has} */
};
uint32_t region_nearest(
    struct arena *arena, const struct region *region, const struct nearest_asked *asked);
