/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

#include "server/base/arena.h"
#include "server/model/region.h"

/*
 * Several areas at once, put into a region file. ${document} is a JSON object whose list "areas", if
 * it is there, is a list of objects.
 */
struct region_areas {
	const json_t *areas; /* a list; as in a region file */
	bool only;           /* areas that are not among them are removed */
};

/* ${document} with them: one with a code that is there takes the place of what was there, the others
 * come last. ${at}[i]: where the i-th of them is in the list. Both live in ${arena}. */
struct slice region_areas_put(
    struct arena *arena, struct slice document, const struct region_areas *wish, const size_t **at);

/* Names the items as they were sent in ${path} of a fault in the document: "$.areas[2].place" of the
 * third of ${count}. Another path stays as it is. */
const char *region_areas_path(
    struct arena *arena, const size_t *at, size_t count, const char *path);
