/* SPDX-License-Identifier: MIT */
#include "calendars/zones.h"

#include <string.h>
#include <strings.h>

#include "calendars/zone_names.h"

/* Names that one VCALENDAR may use. The names beyond are unknown, and their events unreadable. */
#define ZONES_MAX 2000
#define NAME_MAX_BYTES 200
#define DAY 86400

void
zones_init(struct zones *zones, struct arena *arena, const struct zonedb *db,
    const struct reading_options *options)
{
	*zones = (struct zones){.arena = arena, .db = db, .options = options};
	table_init(&zones->index, arena, 8);
}

/* Programs disagree on blanks and quotes: a VTIMEZONE may be named "Europe/London" and its events
 * say Europe/London. */
static const char *
plain_name(struct arena *arena, const char *name)
{
	struct slice slice = slice_trim(slice_of(name));

	if (slice.len >= 2 && slice.at[0] == '"' && slice.at[slice.len - 1] == '"')
		slice = slice_trim((struct slice){slice.at + 1, slice.len - 2});
	return arena_strndup(arena, slice.at, slice.len);
}

void
zones_own(
    struct zones *zones, icalcomponent *vtimezone, const struct scan_part *parts, size_t nparts)
{
	icalproperty *tzid = icalcomponent_get_first_property(vtimezone, ICAL_TZID_PROPERTY);
	const char *name = tzid != NULL ? icalproperty_get_tzid(tzid) : NULL;

	if (name != NULL)
		*VEC_PUSH(zones->arena, &zones->own) =
		    (struct zone_own){plain_name(zones->arena, name), vtimezone, parts, nparts};
}

/* "/mozilla.org/20050126_1/Europe/London": looks for the longest tail that is a zone of the tz
 * database. */
static const struct zone *
by_iana_name(const struct zonedb *db, const char *name)
{
	const struct zone *zone = zonedb_find(db, name);

	/* A leading slash is a globally unique name (RFC 5545 3.2.19), in practice a vendor's
	 * prefix before the name of the tz database. */
	if (*name != '/')
		return zone;
	for (; zone == NULL && name != NULL; name = strchr(name, '/'))
		zone = zonedb_find(db, ++name);
	return zone;
}

/* Whether two zones show different times at some instant of the window. */
static bool
differ(const struct zones *zones, const struct zone *a, const struct zone *b)
{
	for (int64_t at = zones->options->from; at < zones->options->until; at += DAY) {
		if (zone_offset(a, at) != zone_offset(b, at))
			return true;
	}
	return false;
}

/* The calendar's own definition of ${name}. ${defined}: it has at least one. NULL if it has none,
 * or several that differ. */
static const struct zone *
find_own(const struct zones *zones, const char *name, bool *defined, const char **unsafe)
{
	const struct zone *found = NULL;
	const struct zone_own *own;

	*defined = false;
	VEC_EACH (own, &zones->own) {
		const struct zone *zone;

		if (strcmp(own->tzid, name) != 0)
			continue;
		zone = zones_expand(zones->arena, own, zones->options->until, unsafe);
		if (zone == NULL || (found != NULL && differ(zones, found, zone))) {
			if (zone != NULL)
				*unsafe = "it is defined more than once, each time otherwise";
			*defined = true;
			return NULL;
		}
		/* Definitions that agree in the window may be written twice; the first stands. */
		found = *defined ? found : zone;
		*defined = true;
	}
	return found;
}

/* The zone that a person decided ${name} to mean on this rota; NULL if nobody has. */
static const struct zone *
decided(const struct zones *zones, const char *name)
{
	const struct reading_options *options = zones->options;

	for (size_t i = 0; i < options->nzones; i++) {
		/* People retype the name when they decide it. */
		if (strcasecmp(plain_name(zones->arena, options->zones[i].name), name) == 0)
			return zonedb_find(zones->db, options->zones[i].zone);
	}
	return NULL;
}

/* The meaning of a name that this calendar does not define. */
static void
look_outside(
    const struct zones *zones, const char *name, const struct zone *iana, struct zone_found *found)
{
	if (iana != NULL)
		found->summer = zone_summer_of(zones->db, zone_name(iana));
	if (iana == NULL)
		iana = zone_by_windows_name(zones->db, zones->arena, name);
	found->zone = iana;
	/* A decision is asked only where the name is unknown, or where its summer is in doubt. A
	 * decision about Europe/London could move a whole rota by an hour. */
	if (iana == NULL || found->summer != NULL) {
		const struct zone *zone = decided(zones, name);

		found->zone = zone != NULL ? zone : iana;
		found->summer = zone != NULL ? NULL : found->summer;
	}
}

static struct zone_found
look_up(const struct zones *zones, const char *name)
{
	struct zone_found found = {.name = name};
	bool named = strlen(found.name) <= NAME_MAX_BYTES && *found.name != '\0', defined;
	const struct zone *own = find_own(zones, found.name, &defined, &found.unsafe);
	const struct zone *iana = named ? by_iana_name(zones->db, found.name) : NULL;

	/* A place of the tz database outweighs the calendar's own definition, although RFC 5545
	 * 3.2.19 says otherwise: when a country changes its rules, the tz database is updated and
	 * the VTIMEZONEs in old calendars are not. */
	if (iana != NULL && !zone_is_no_place(zone_name(iana))) {
		found.zone = iana;
		found.lies = own != NULL ? differ(zones, iana, own) : defined;
	} else if (defined)
		found.zone = own;
	else if (named)
		look_outside(zones, found.name, iana, &found);
	return found;
}

static uint32_t
add(struct zones *zones, const char *name)
{
	struct zone_found found = look_up(zones, name);

	*VEC_PUSH(zones->arena, &zones->found) = found;
	return (uint32_t)zones->found.count - 1;
}

/* Cached under the name as written and without quotes, which finds all but a few. */
const struct zone_found *
zones_find(struct zones *zones, const char *tzid)
{
	static const struct zone_found unknown = {.name = ""};
	uint32_t known = table_get(&zones->index, tzid);
	const char *name;

	if (known != TABLE_NONE)
		return &zones->found.items[known];
	if (zones->found.count == ZONES_MAX)
		return &unknown;
	name = plain_name(zones->arena, tzid);
	known = add(zones, name);
	table_put(&zones->index, zones->arena, name, known);
	if (strcmp(name, tzid) != 0)
		table_put(&zones->index, zones->arena, arena_strdup(zones->arena, tzid), known);
	return &zones->found.items[known];
}
