/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"
#include "server/map/snapshot.h"

/*
 * Which demands a change of one rota may touch, computed from the map as it is and as it would be.
 * For every preview; the rule is the model's (demand_may_change()). Pure.
 */
struct touched {
	const struct snapshot *map;
	uint32_t rota; /* whose shifts change; REGION_NONE: the absences that are typed in */
	bool *away, *on;
};

/* Both maps are of one region, and differ in ${rota} only. ${map} is borrowed. */
struct touched touched_by(
    struct arena *arena, const struct snapshot *map, const struct snapshot *after, uint32_t rota);

bool touched_demand(const struct touched *touched, uint32_t demand);
