/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/json_out.h"
#include "server/base/arena.h"
#include "server/model/region.h"

/*
 * Counts holes in cover, for lists of gaps and of coverage alike. One requirement may apply to many places. If it
 * is not met at five of them over the same time, that is five lines and one distinct hole.
 */
struct hole_line {
	uint32_t requirement, place, function; /* of the region */
	int64_t start, end;
};

struct hole_lines {
	struct hole_line *items;
	size_t count;
};

/* Adds an object: {"lines", "distinct", "by_place": [{"place", "lines", "distinct"}],
 * "by_function": [{"function", …}]}, places and functions in the order of the region file, those
 * with lines alone. ${lines} are sorted in place. */
void holes_put(struct json_out *out, const char *key, struct arena *arena,
    const struct region *region, struct hole_lines lines);
