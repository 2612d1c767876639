/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/map/cover.h"
#include "server/model/fragile.h"

/* From a snapshot to the fragile cover of a place. Pure. */
struct fragile_cover_warning {
	struct fragile_warning found;
	uint32_t demand; /* whose cover it is */
};

struct fragile_cover_list {
	const struct fragile_cover_warning *items; /* by start */
	size_t count;
};

/* Of the demands of ${place}, of ${function} or (REGION_NONE) any, over ${window}, which lies in
 * the snapshot's. Who is in two places is looked for on every rota of the region. */
struct fragile_cover_list fragile_cover_place(struct arena *arena, const struct cover_asked *asked,
    uint32_t place, uint32_t function, struct span_time window);

/* The same of any demands. */
void fragile_cover_demands(struct arena *arena, const struct cover_asked *asked,
    struct region_list demands, struct span_time window, struct fragile_cover_list *out);
