/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"
#include "server/map/snapshot.h"

/*
 * Which demands a change of one rota may affect, computed from the maps before and after it. Previews sweep
 * only these. The rule itself is in the model (demand_may_change()). Pure.
 */
struct touched {
	const struct snapshot *map;
	uint32_t rota;   /* whose shifts change; REGION_NONE: the absences that are typed in */
	bool *away, *on; /* by person: whether an absence, or a named shift, of theirs changes */
};

/* Both maps are of one region, and differ in ${rota} only. ${map} is borrowed. */
struct touched touched_by(
    struct arena *arena, const struct snapshot *map, const struct snapshot *after, uint32_t rota);

/* Whether the change may affect ${demand}. */
bool touched_demand(const struct touched *touched, uint32_t demand);
