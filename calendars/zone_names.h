/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"
#include "server/base/zone.h"

/* Names of time zones that are not names of places. */

/* The zone that Windows calls ${name}; NULL if there is none. Case does not matter. A number after
 * the name is ignored ("GMT Standard Time 1": Exchange numbers its copies). */
const struct zone *zone_by_windows_name(
    const struct zonedb *db, struct arena *arena, const char *name);

/* Whether the tz database's ${name} is an offset and not a place: GMT, WET, EST, Etc/GMT+1. People
 * who write such a name usually mean the clock where they live, in summer too. */
bool zone_is_no_place(const char *name);

/* The zone whose summer time people may mean when they write ${name}, although the tz database
 * gives ${name} no summer time; NULL if there is no such doubt. */
const struct zone *zone_summer_of(const struct zonedb *db, const char *name);
