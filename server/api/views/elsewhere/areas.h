/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"
#include "server/model/region.h"

/*
 * Finds the areas that somebody means by what they type: a council's or GP area's name, or a
 * postcode. Case, accents, punctuation, "Saint" for "St" and words that many councils' names have
 * ("County Council") make no difference. Pure. What was typed is kept nowhere.
 */
struct areas;

/* The areas of ${region}, ready to be searched. Free with areas_free(). */
struct areas *areas_new(const struct region *region);
void areas_free(struct areas *areas);

/* Whether they are those of ${region}. NULL: no. */
bool areas_are_of(const struct areas *areas, const struct region *region);

struct areas_found {
	const uint32_t *items; /* indexes of areas, the best first */
	size_t count, left_off;
	const char *district; /* the postcode district that was looked for; NULL: a name was */
	bool cut;             /* more was typed than the district, and only the district was used */
};
#define AREAS_FOUND_MAX 20

/* The list lives in ${arena}. */
void areas_find(
    const struct areas *areas, struct arena *arena, const char *typed, struct areas_found *out);
