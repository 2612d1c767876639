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
 * The days are as the region file writes them for each parent (region_stay): a board that has ended
 * still answers for a place that goes on naming it, since whatever is open there would else be in
 * nobody's list.
 */

/* By place of ${region}: the local days on which it is ${top} or below it; normalised, none if it
 * never is. Of ${top} itself always. Lives in ${arena}. */
const struct span_times *within_days(
    struct arena *arena, const struct region *region, uint32_t top);

/* Whether any other place is below ${top} on some day. */
bool within_is_parent(const struct region *region, uint32_t top);

/* Those days as instants. */
struct span_times within_instants(
    struct arena *arena, const struct zone *zone, struct span_times days);
