/* SPDX-License-Identifier: MIT */
#include "server/model/region_parts.h"

/* The warnings about a whole file, and those that one changed object can cause or remove. */

void
region_warn(const struct region_field *root)
{
	const struct region *region = root->reader->region;
	const struct {
		region_warn_fn *warn;
		uint32_t count;
	} all[] = {
	    {region_warn_place, region->nplaces},
	    {region_warn_service, region->nservices},
	    {region_warn_rota, region->nrotas},
	    {region_life_warn_service, region->nservices},
	    {region_life_warn_requirement, region->nrequirements},
	    {region_life_warn_demand, region->ndemands},
	    {region_warn_organisation, region->norganisations},
	    {region_warn_navigator, region->nnavigators},
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		for (uint32_t index = 0; index < all[i].count; index++)
			all[i].warn(root, index);
}

static void
warn_of_each(const struct region_field *root, const struct region_list *list, region_warn_fn *warn)
{
	for (uint32_t i = 0; i < list->count; i++)
		warn(root, list->items[i]);
}

static void
touch_service(const struct region_field *root, uint32_t index)
{
	region_warn_service(root, index);
	region_life_warn_service(root, index);
}

/* Where a service has no line of its own, the telephones of the people on call are rung, and a missing one is a
 * warning of the service. */
static void
touch_person(const struct region_field *root, uint32_t index)
{
	const struct region *region = root->reader->region;

	for (uint32_t i = 0; i < region->nservices; i++)
		if (region->services[i].line == NULL &&
		    region_holds(region, index, region->services[i].function))
			touch_service(root, i);
}

/* Whether people count for a requirement is a warning about the rotas and services of its demands. */
static void
touch_requirement(const struct region_field *root, uint32_t index)
{
	const struct region *region = root->reader->region;

	region_life_warn_requirement(root, index);
	for (uint32_t i = 0; i < region->ndemands; i++) {
		if (region->demands[i].requirement != index)
			continue;
		region_life_warn_demand(root, i);
		warn_of_each(root, &region->demands[i].services, touch_service);
		warn_of_each(root, &region->demands[i].rotas, region_warn_rota);
	}
}

/* test_region_patch.c compares these warnings with those of the whole file. Of each kind only what its
 * own_keys in region_patch.c can make a difference to is looked at. */
void
region_warn_touched(const struct region_field *root, const struct region_kind *kind, uint32_t index)
{
	const struct region *region = root->reader->region;

	switch (kind - region_kinds) {
	case REGION_KIND_ORGANISATION:
		region_warn_organisation(root, index);
		break;
	case REGION_KIND_PLACE:
		region_warn_place(root, index);
		warn_of_each(root, &region->places[index].services, touch_service);
		break;
	case REGION_KIND_PERSON:
		touch_person(root, index);
		break;
	case REGION_KIND_SERVICE:
		touch_service(root, index);
		warn_of_each(root, &region->services[index].places, region_warn_place);
		break;
	case REGION_KIND_ROTA:
		region_warn_rota(root, index);
		break;
	case REGION_KIND_REQUIREMENT:
		touch_requirement(root, index);
		break;
	case REGION_KIND_NAVIGATOR:
		region_warn_navigator(root, index);
		break;
	default:
		break; /* nothing is said of the others */
	}
}
