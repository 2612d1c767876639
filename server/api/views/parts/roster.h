/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"
#include "server/map/snapshot.h"

/* Shifts that are given away, and so left out: those of ${rota} at ${time}. */
struct roster_given {
	uint32_t rota;
	struct span_time time;
};

/* Every shift of every rota that names ${person}, or anybody (REGION_NONE), from some days before ${time}
 * to some days after it, as far as rules for stand-ins look (model/stand_in.h). Tentative ones too: somebody
 * who may be on is not free. ${given}: NULL for none. In ${arena}; sorted. */
struct person_times roster_near(struct arena *arena, const struct snapshot *map, uint32_t person,
    struct span_time time, const struct roster_given *given);
