/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"
#include "server/base/zone.h"

/* What the names of time zones mean that are no names of places. */

/* The zone that Windows calls ${name}, without regard to case and to a number behind it ("GMT
 * Standard Time 1", as Exchange numbers its copies); NULL: none. */
const struct zone *zone_by_windows_name(
    const struct zonedb *db, struct arena *arena, const char *name);

/* Whether the tz database's ${name} is an offset and not a place: GMT, WET, EST, Etc/GMT+1. People
 * who write it mean the clock where they live, be it summer or not. */
bool zone_is_no_place(const char *name);

/* The zone whose summer people may mean by ${name}, of which the tz database says that it has none;
 * NULL: there is no such doubt. */
const struct zone *zone_summer_of(const struct zonedb *db, const char *name);
