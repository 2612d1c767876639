/* SPDX-License-Identifier: MIT */
#include "server/model/region_parts.h"

/* Sites: buildings in which several services of a place are, with one front desk. */

#define SITES_MAX 20

static void
read_site(const struct region_field *item, struct region_site *site)
{
	static const char *const known[] = {"name", "phone", "hours", "services", NULL};
	struct region_field hours = field_get(item, "hours"), phone = field_get(item, "phone"),
			    services = field_get(item, "services");

	if (!field_object(item, known))
		return;
	site->name = field_text(item, "name", REGION_REQUIRED);
	site->phone = field_phone(item, "phone");
	if (phone.json == NULL)
		field_fault(&phone, "is required: a front desk is rung");
	if (hours.json != NULL)
		site->nhours = region_hours_read(&hours, &site->hours);
	site->services = field_refs(
	    item, "services", REGION_REQUIRED, &item->reader->region->service_by_id, "service");
	if (site->services.count < 2)
		field_fault(&services, "must list at least two services, which are there together");
}

void
region_sites_read(const struct region_field *item, struct region_place *place)
{
	struct region_field list = field_get(item, "sites");
	size_t count = field_list(&list, REGION_OPTIONAL);
	struct region_site *sites = arena_array(item->reader->arena, count, sizeof *sites);

	if (count > SITES_MAX)
		field_fault(&list, "must have at most %d sites", SITES_MAX);
	for (size_t i = 0; i < count; i++) {
		struct region_field site = field_at(&list, i);

		read_site(&site, &sites[i]);
	}
	place->sites = sites;
	place->nsites = (uint32_t)count;
}
