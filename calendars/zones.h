/* SPDX-License-Identifier: MIT */
#pragma once

#include <libical/ical.h>

#include "calendars/faults.h"
#include "calendars/prescan.h"
#include "server/base/table.h"
#include "server/base/zone.h"

/*
 * What a TZID means. A name of a place in the tz database (quotes and a vendor's prefix aside)
 * means that; else this VCALENDAR's own VTIMEZONE, laid out by our own expander once it has been
 * checked; else a name of the tz database that is no place (GMT), the name that Windows has for a
 * zone, or what was decided for this rota. Anything else is unknown: never UTC, never a guess.
 */
struct zone_found {
	const struct zone *zone; /* NULL: unknown or unsafe */
	const char *unsafe;      /* why the calendar's own definition cannot be used */
	bool lies;               /* the calendar defines a name of the tz database otherwise */
	const char *name;        /* without quotes: by which it can be decided */
	/* Where it is summer by this zone, nobody knows which clock is meant; NULL: no doubt. */
	const struct zone *summer;
};

struct zones {
	struct arena *arena;
	const struct zonedb *db;
	const struct reading_options *options;
	struct table index; /* TZID to found */
	VEC(struct zone_found) found;
	VEC(struct zone_own {
		const char *tzid; /* without quotes and blanks round it */
		icalcomponent *component;
		const struct scan_part *parts;
		size_t nparts;
	})
	own;
};

/* For one VCALENDAR: the scope of a TZID (RFC 5545 3.2.19). Borrows ${options}. */
void zones_init(struct zones *zones, struct arena *arena, const struct zonedb *db,
    const struct reading_options *options);

/* Tells of a VTIMEZONE of this calendar, with what the scan kept of its ${nparts} parts. */
void zones_own(
    struct zones *zones, icalcomponent *vtimezone, const struct scan_part *parts, size_t nparts);

/* What ${tzid} means. Lives as long as ${zones}. */
const struct zone_found *zones_find(struct zones *zones, const char *tzid);

/* The VTIMEZONE as a zone good until ${until}. NULL if it is unsafe, ${why} says why. In
 * vtimezone.c. */
const struct zone *zones_expand(
    struct arena *arena, const struct zone_own *own, int64_t until, const char **why);
