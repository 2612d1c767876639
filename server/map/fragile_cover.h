/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/map/cover.h"
#include "server/model/fragile.h"

/* Finds fragile cover (model/fragile.h) in a snapshot. Pure. */
struct fragile_cover_warning {
	struct fragile_warning found;
	uint32_t demand; /* whose cover it is */
};

struct fragile_cover_list {
	const struct fragile_cover_warning *items; /* by start */
	size_t count;
};

/* Warnings for the demands of ${place} over ${window}, which must lie within the snapshot's;
 * ${function}: REGION_NONE for all. People in two places are searched for on every rota of the
 * region. */
struct fragile_cover_list fragile_cover_place(struct arena *arena, const struct cover_asked *asked,
    uint32_t place, uint32_t function, struct span_time window);

/* The same for a list of demands. */
void fragile_cover_demands(struct arena *arena, const struct cover_asked *asked,
    struct region_list demands, struct span_time window, struct fragile_cover_list *out);
