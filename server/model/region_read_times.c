/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "server/model/region_parts.h"

/* How a rota writes its times:
 * {"zones": {"Custom Zone 1": "Europe/London"}, "date_order": "dmy"}. */

enum { ZONES_MAX = 200, ZONE_NAME_MAX_BYTES = 200 };

/* Names of a publisher's own zones are compared without regard to capitals, as publishers write
 * them. */
static int
compare_zones(const void *a, const void *b)
{
	return strcasecmp(
	    ((const struct region_zone *)a)->name, ((const struct region_zone *)b)->name);
}

static void
read_zone(const struct region_field *item, struct region_zone *out)
{
	struct region_reader *reader = item->reader;
	const char *zone = field_own_text(item);

	*out = (struct region_zone){arena_strdup(reader->arena, item->key), zone};
	if (slice_trim(slice_of(out->name)).len == 0 || strlen(out->name) > ZONE_NAME_MAX_BYTES)
		field_fault(item, "the name of a zone has 1 to %d bytes", ZONE_NAME_MAX_BYTES);
	if (zone && !reader->zones.known(reader->zones.ctx, zone))
		field_fault(item, "there is no time zone \"%s\"", zone);
}

static void
read_zones(const struct region_field *reading, struct region_rota *rota)
{
	struct region_field object = field_get(reading, "zones");
	struct region_zone *zones;
	const char *name;
	json_t *value;

	if (!object.json)
		return;
	if (!json_is_object(object.json) || json_object_size(object.json) > ZONES_MAX) {
		field_fault(&object,
		    "must be an object of at most %d names and the time zones they mean",
		    ZONES_MAX);
		return;
	}
	zones = arena_array(reading->reader->arena, json_object_size(object.json), sizeof *zones);
	json_object_foreach(object.json, name, value)
	{
		struct region_field item = field_get(&object, name);

		read_zone(&item, &zones[rota->nzones++]);
	}
	qsort(zones, rota->nzones, sizeof *zones, compare_zones);
	/* Sorted, so equal names are next to each other. */
	for (uint32_t i = 1; i < rota->nzones; i++)
		if (strcasecmp(zones[i - 1].name, zones[i].name) == 0)
			field_fault(&object, "has \"%s\" twice (capitals make no difference)",
			    zones[i].name);
	rota->zones = zones;
}

void
region_times_read(const struct region_field *reading, struct region_rota *rota)
{
	static const char *const orders[] = {"dmy", "mdy", NULL};
	const char *order = NULL;

	if (field_get(reading, "date_order").json)
		order = field_choice(reading, "date_order", orders);
	if (order)
		rota->date_order = strcmp(order, "dmy") == 0 ? REGION_DATES_DMY : REGION_DATES_MDY;
	read_zones(reading, rota);
}
