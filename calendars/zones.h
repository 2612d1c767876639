/* SPDX-License-Identifier: MIT */
#pragma once

#include <libical/ical.h>

#include "calendars/faults.h"
#include "calendars/prescan.h"
#include "server/base/table.h"
#include "server/base/zone.h"

/*
 * What a TZID means, in this order: a place of the tz database (quotes and a vendor's prefix
 * removed); this VCALENDAR's own VTIMEZONE, expanded here once it has been checked; a name of the
 * tz database that is no place (GMT); the Windows name of a zone; what was decided for this rota.
 * Any other name is unknown: it is never read as UTC or as a guess.
 */
struct zone_found {
	const struct zone *zone; /* NULL: unknown or unsafe */
	const char *unsafe;      /* why the calendar's own definition cannot be used */
	bool lies; /* the calendar's definition differs from the tz database's zone of that name */
	const char *name; /* without quotes: the name to decide */
	/* Not NULL: people may mean this zone, so in its summer the time is in doubt. */
	const struct zone *summer;
};

struct zones {
	struct arena *arena;
	const struct zonedb *db;
	const struct reading_options *options;
	struct table index; /* TZID to found */
	VEC(struct zone_found) found;
	VEC(struct zone_own {
		const char *tzid; /* without quotes, and without blanks around it */
		icalcomponent *component;
		const struct scan_part *parts;
		size_t nparts;
	})
	own;
};

/* Prepares for one VCALENDAR, which is the scope of a TZID (RFC 5545 3.2.19). Borrows ${options}. */
void zones_init(struct zones *zones, struct arena *arena, const struct zonedb *db,
    const struct reading_options *options);

/* Adds a VTIMEZONE of this calendar, with what the scan kept of its ${nparts} parts. */
void zones_own(
    struct zones *zones, icalcomponent *vtimezone, const struct scan_part *parts, size_t nparts);

/* What ${tzid} means. Lives as long as ${zones}. */
const struct zone_found *zones_find(struct zones *zones, const char *tzid);

/* Expands the VTIMEZONE into a zone that is valid until ${until}. NULL if the definition is unsafe;
 * ${why} then says why. In vtimezone.c. */
const struct zone *zones_expand(
    struct arena *arena, const struct zone_own *own, int64_t until, const char **why);
