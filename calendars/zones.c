#include "calendars/zones.h"

#include <string.h>

#include <unicode/ucal.h>
#include <unicode/ustring.h>

#define ZONES_MAX 2000
#define NAME_MAX_BYTES 200
#define DAY 86400

void
zones_init(
    struct zones *zones, struct arena *arena, const struct zonedb *db, int64_t from, int64_t until)
{
	*zones = (struct zones){.arena = arena, .db = db, .from = from, .until = until};
	table_init(&zones->index, arena, 8);
}

void
zones_own(
    struct zones *zones, icalcomponent *vtimezone, const struct scan_part *parts, size_t nparts)
{
	icalproperty *tzid = icalcomponent_get_first_property(vtimezone, ICAL_TZID_PROPERTY);
	const char *name = tzid != NULL ? icalproperty_get_tzid(tzid) : NULL;

	if (name != NULL)
		*VEC_PUSH(zones->arena, &zones->own) =
		    (struct zone_own){name, vtimezone, parts, nparts};
}

/* Microsoft's own word for UTC, which no table lists. */
static bool
is_utc_name(const char *name)
{
	return strcasecmp(name, "tzone://Microsoft/Utc") == 0;
}

static const struct zone *
by_windows_name(const struct zonedb *db, const char *name)
{
	UChar wide[NAME_MAX_BYTES + 1];
	UChar iana[NAME_MAX_BYTES + 1];
	char narrow[NAME_MAX_BYTES + 1];
	UErrorCode error = U_ZERO_ERROR;
	int32_t len = 0;

	u_strFromUTF8(wide, NAME_MAX_BYTES, &len, name, -1, &error);
	if (U_FAILURE(error))
		return NULL;
	len = ucal_getTimeZoneIDForWindowsID(wide, len, NULL, iana, NAME_MAX_BYTES, &error);
	if (U_FAILURE(error) || len <= 0)
		return NULL;
	u_UCharsToChars(iana, narrow, len);
	narrow[len] = '\0';
	return zonedb_find(db, narrow);
}

/* "/mozilla.org/20050126_1/Europe/London": the longest tail that names a zone. */
static const struct zone *
by_iana_name(const struct zonedb *db, const char *name)
{
	const struct zone *zone = zonedb_find(db, name);

	if (*name != '/')
		return zone;
	for (; zone == NULL && name != NULL; name = strchr(name, '/'))
		zone = zonedb_find(db, ++name);
	return zone;
}

static const char *
plain_name(struct arena *arena, const char *name)
{
	struct slice slice = slice_trim(slice_of(name));

	if (slice.len >= 2 && slice.at[0] == '"' && slice.at[slice.len - 1] == '"')
		slice = slice_trim((struct slice){slice.at + 1, slice.len - 2});
	return arena_strndup(arena, slice.at, slice.len);
}

const struct zone *
zones_by_name(const struct zonedb *db, struct arena *arena, const char *name)
{
	const struct zone *zone;

	name = plain_name(arena, name);
	if (*name == '\0' || strlen(name) > NAME_MAX_BYTES)
		return NULL;
	zone = by_iana_name(db, name);
	if (zone == NULL && is_utc_name(name))
		zone = zone_utc();
	return zone != NULL ? zone : by_windows_name(db, name);
}

static const struct zone_own *
find_own(const struct zones *zones, const char *tzid)
{
	const struct zone_own *own;

	VEC_EACH (own, &zones->own) {
		if (strcmp(own->tzid, tzid) == 0)
			return own;
	}
	return NULL;
}

/* Whether two zones show different clocks on some day of the window. */
static bool
differ(const struct zones *zones, const struct zone *a, const struct zone *b)
{
	for (int64_t at = zones->from; at < zones->until; at += DAY) {
		if (zone_offset(a, at) != zone_offset(b, at))
			return true;
	}
	return false;
}

static struct zone_found
look_up(const struct zones *zones, const char *tzid)
{
	const char *name = plain_name(zones->arena, tzid);
	const struct zone_own *own = find_own(zones, tzid);
	const struct zone *iana =
	    strlen(name) <= NAME_MAX_BYTES ? by_iana_name(zones->db, name) : NULL;
	struct zone_found found = {.zone = NULL};
	const struct zone *expanded = NULL;

	if (own == NULL)
		own = find_own(zones, name);
	if (own != NULL)
		expanded = zones_expand(zones->arena, own, zones->until, &found.unsafe);
	if (iana != NULL) {
		found.zone = iana;
		found.lies = expanded != NULL && differ(zones, iana, expanded);
	} else if (own != NULL)
		found.zone = expanded;
	else
		found.zone = zones_by_name(zones->db, zones->arena, name);
	return found;
}

const struct zone_found *
zones_find(struct zones *zones, const char *tzid)
{
	static const struct zone_found unknown = {.zone = NULL};
	uint32_t known = table_get(&zones->index, tzid);
	struct zone_found found;

	if (known != TABLE_NONE)
		return &zones->found.items[known];
	if (zones->found.count == ZONES_MAX)
		return &unknown;
	table_put(&zones->index, zones->arena, arena_strdup(zones->arena, tzid),
	    (uint32_t)zones->found.count);
	found = look_up(zones, tzid);
	*VEC_PUSH(zones->arena, &zones->found) = found;
	return &zones->found.items[zones->found.count - 1];
}
