/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/base/zone.h"
#include "server/model/region.h"

/*
 * Which places a place answers for: itself, and every place below it through its parents, their
 * parents and so on. Parents have dates, so the answer is a set of times for each place. Pure.
 *
 * A place is below its parent on the days that the region file gives for that parent, while both
 * are there: as a requirement is inherited.
 */

/* By place of ${region}: the local days on which it is ${top} or below it; normalised, none if it
 * never is. Of ${top} itself, while it is there. Lives in ${arena}. */
const struct span_times *within_days(
    struct arena *arena, const struct region *region, uint32_t top);

/* Whether any other place is below ${top} on some day. */
bool within_is_parent(const struct region *region, uint32_t top);

/* Those days as instants. */
struct span_times within_instants(
    struct arena *arena, const struct zone *zone, struct span_times days);
