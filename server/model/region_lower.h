/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/region.h"

/*
 * Whether requirement ${j} of ${after} asks for less than requirement ${i} of ${before} did, on any day:
 * fewer people, fewer hours, an earlier end, people who did not count before, a gap that becomes critical
 * later. If the place or the function is another, less is asked for at the former one. Returns the key of the
 * region file that asks for less; NULL: none. Hours that are written in another way but mean the same are
 * not less.
 */
const char *region_lowered(
    const struct region *before, uint32_t i, const struct region *after, uint32_t j);

/* A demand of ${before} for which ${after} asks for less. */
struct region_less {
	uint32_t demand; /* of the set-up before */
	int64_t from;    /* the first day; INSTANT_BEGINNING: from the beginning on */
};
struct region_lesses {
	const struct region_less *items;
	size_t count;
};

/*
 * Finds every demand of ${before} for which ${after} asks for less on some day, whatever caused it: a change
 * of the requirement, the end of its place, parents from which the place no longer inherits it, a
 * requirement of the place itself that replaces an inherited one, or the severity of the function. It is not
 * less if other requirements, which ask for as much for the same function at the same place, have the same
 * hours together. Codes may have changed. The list is in the order of demands; memory of ${arena}.
 */
void region_less(struct arena *arena, const struct region *before, const struct region *after,
    struct region_lesses *out);
