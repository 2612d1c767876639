/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/region.h"

/*
 * A telephone number is critical where it is what answers fall back on: the switchboard of a place,
 * and the fallback of a service (its words as well, which often name a number). Who rings one
 * has nobody else to ring. A team's own phone and the phones of people are not critical: they change
 * with those who are on, and the fallback is there after them.
 *
 * Whether ${change}, of one object, takes away or replaces one. The first number of a place or a
 * service replaces nothing. Returns the key of the region file; NULL: none.
 */
const char *region_critical(
    const struct region *before, const struct region *after, const struct region_change *change);
