/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/region.h"

/*
 * Whether requirement ${j} of ${after} asks for less than requirement ${i} of ${before} did, on any
 * day: fewer people, fewer hours, an earlier end, people who did not count before, a gap that is
 * critical later. Another place or function is less where it was. Returns the key of the region file
 * that asks for less; NULL: none. Hours that are written otherwise but cover the same are not less,
 * as long as a night stays with the day on which it begins.
 */
const char *region_lowered(
    const struct region *before, uint32_t i, const struct region *after, uint32_t j);

/* A demand of the set-up before of which less is asked for afterwards. */
struct region_less {
	uint32_t demand; /* of the set-up before */
	int64_t from;    /* the first day; INSTANT_BEGINNING: from the beginning on */
};
struct region_lesses {
	const struct region_less *items;
	size_t count;
};

/*
 * Every demand of ${before} of which ${after} asks for less on some day, whatever the change was:
 * the requirement itself, an end of its place or function, parents that hand it down no longer, a
 * requirement of the place's own that takes its turn, or the severity of its function. Nothing is
 * less where requirements that ask for as much, for the same function at the same place, have the
 * hours between them. Codes may have changed. The list lives in ${arena}, in the order of demands.
 */
void region_less(struct arena *arena, const struct region *before, const struct region *after,
    struct region_lesses *out);
