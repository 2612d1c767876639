/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"
#include "server/model/region.h"

/*
 * The functions that the first screen of ${place} shows first, in their order: those that the place
 * lists. A place that lists none takes the list of the nearest place above it that has one, on the
 * local day ${day}; of two that are equally near, that of the parent which comes first. Empty: none
 * of them lists any. The list belongs to ${region}; ${arena} is for the search.
 */
struct region_list region_first(
    struct arena *arena, const struct region *region, uint32_t place, int64_t day);
