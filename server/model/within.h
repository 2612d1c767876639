/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/base/zone.h"
#include "server/model/region.h"

/*
 * Which places a place answers for: itself and every place below it, through parents, their parents
 * and so on. Parents have dates, so the answer is a set of times for each place. Pure.
 *
 * A place is below its parent on the days that the region file gives for that parent, while both
 * exist; requirements are inherited by the same rule.
 */

/* By place of ${region}: the local days on which it is ${top} or below ${top}; normalised, empty if
 * there are none. For ${top} itself: the days on which it exists. Lives in ${arena}. */
const struct span_times *within_days(
    struct arena *arena, const struct region *region, uint32_t top);

/* Whether some other place is below ${top} on some day. */
bool within_is_parent(const struct region *region, uint32_t top);

/* Converts those days to instants. */
struct span_times within_instants(
    struct arena *arena, const struct zone *zone, struct span_times days);
