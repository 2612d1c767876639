/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/region.h"

/*
 * A telephone number is critical if answers name it where cover is missing: the switchboard of a place, and
 * the fallback of a service (also its text, which often contains a number). A person who rings it has nobody
 * else to ring. The phones of teams and people are not critical: if one is wrong, the fallback remains.
 *
 * Returns the key of the region file by which ${change}, of one object, removes or replaces a critical number;
 * NULL: it does neither. A first number replaces nothing.
 */
const char *region_critical(
    const struct region *before, const struct region *after, const struct region_change *change);
