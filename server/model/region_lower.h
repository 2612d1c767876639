/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/region.h"

/*
 * Whether requirement ${j} of ${after} asks for less than requirement ${i} of ${before} did, on any
 * day: fewer people, fewer hours, an earlier end, people who did not count before, a gap that is
 * critical later. Another place or function is less where it was. Returns the key of the region file
 * that asks for less; NULL: none. Hours that are written otherwise but cover the same are not less,
 * as long as a night stays with the day on which it begins.
 */
const char *region_lowered(
    const struct region *before, uint32_t i, const struct region *after, uint32_t j);
