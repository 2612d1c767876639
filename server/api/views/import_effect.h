#pragma once

#include "server/api/map/cover.h"
#include "server/api/views/effect_gaps.h"
#include "server/base/arena.h"

/*
 * What an import would do to the map if it were applied now: the times that would become uncovered,
 * and those that would be no longer. Worked out from the snapshot with the rota's shifts exchanged.
 * Pure.
 */
struct import_effect {
	const struct effect_gap *opens, *closes; /* by start */
	size_t nopens, ncloses;
};

/* ${block} and ${horizon} are what ${rota} would have. ${map} is borrowed and not changed. */
void import_effect(struct arena *arena, const struct snapshot *map, uint32_t rota,
    struct rota_block *block, int64_t horizon, int64_t now, struct import_effect *out);
