/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/map/cover.h"
#include "server/model/span.h"

/*
 * The person on duty by a shift of the map: a team, or a person of the region who is not away.
 * Lookup and warnings ask here, as the sweep asks of its own shifts; whether the source is believed
 * and whether the person holds the role are questions of their own. Pure.
 */

/* Whether ${shift} counts and nobody's absence contradicts it at ${instant}. */
bool duty_at(const struct snapshot *map, const struct kept_shift *shift, int64_t instant);

/* The parts of ${time} of which duty_at() is true; live in ${arena}. */
struct span_times duty_in(struct arena *arena, const struct snapshot *map,
    const struct kept_shift *shift, struct span_time time);

/* Whether who is named holds ${function}; a team does. */
bool duty_holds(const struct region *region, const struct kept_shift *shift, uint32_t function);
