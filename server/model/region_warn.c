#include "server/model/region_parts.h"

/* A place that is served for no function of its parent's would have a gap there from end to end,
 * and nobody would have said so. */

static bool
is_served(const struct region *region, uint32_t place, uint32_t function)
{
	const struct region_list *services = &region->places[place].services;
	uint32_t i;

	for (i = 0; i < services->count; i++)
		if (region->services[services->items[i]].function == function)
			return true;
	return false;
}

static bool
is_first_of_its_function(
    const struct region *region, const struct region_list *services, uint32_t at)
{
	uint32_t i;

	for (i = 0; i < at; i++)
		if (region->services[services->items[i]].function ==
		    region->services[services->items[at]].function)
			return false;
	return true;
}

static void
warn_of_parent(
    const struct region_field *item, const struct region *region, uint32_t place, uint32_t parent)
{
	const struct region_list *services = &region->places[parent].services;
	uint32_t i;

	for (i = 0; i < services->count; i++) {
		const struct region_service *service = &region->services[services->items[i]];

		if (!is_first_of_its_function(region, services, i) ||
		    is_served(region, place, service->function))
			continue;
		field_warn(item,
		    "place %s is not served for %s, and its parent %s is: places inherit no "
		    "service, so list it in service %s if that service answers here too",
		    region->places[place].code, region->functions[service->function].code,
		    region->places[parent].code, service->id);
	}
}

static bool
is_served_by_a_parent(const struct region *region, uint32_t place, uint32_t function)
{
	const struct region_list *parents = &region->places[place].parents;
	uint32_t i;

	for (i = 0; i < parents->count; i++)
		if (is_served(region, parents->items[i], function))
			return true;
	return false;
}

/* Demands nobody serves, unless the parent's warning has said it. */
static void
warn_of_demands(const struct region_field *item, const struct region *region, uint32_t place)
{
	const struct region_list *demands = &region->places[place].demands;
	uint32_t i;

	for (i = 0; i < demands->count; i++) {
		const struct region_demand *demand = &region->demands[demands->items[i]];

		if (demand->services.count == 0 &&
		    !is_served_by_a_parent(region, place, demand->function))
			field_warn(item,
			    "no service of function %s lists place %s: requirement %s is a gap "
			    "from end to end",
			    region->functions[demand->function].code, region->places[place].code,
			    region->requirements[demand->requirement].id);
	}
}

static bool
may_do(const struct region_person *person, uint32_t function)
{
	uint32_t i;

	for (i = 0; i < person->roles.count; i++)
		if (person->roles.items[i] == function)
			return true;
	return false;
}

/* Whoever cannot be rung is no cover to somebody who must ring. */
static void
warn_of_numbers(const struct region_field *item, const struct region *region,
    const struct region_service *service)
{
	const struct region_person *first = NULL;
	uint32_t able = 0, without = 0, i;

	if (service->phone)
		return;
	for (i = 0; i < region->npeople; i++) {
		const struct region_person *person = &region->people[i];

		if (!may_do(person, service->function))
			continue;
		able++;
		if (person->work_phone)
			continue;
		without++;
		if (!first)
			first = person;
	}
	if (first)
		field_warn(item,
		    "service %s has no phone, and %u of the %u people who may be on call for it "
		    "have "
		    "no work_phone either (the first is %s): nobody can ring them",
		    service->id, without, able, first->id);
}

void
region_warn(const struct region_field *root)
{
	const struct region *region = root->reader->region;
	struct region_field places = field_get(root, "places");
	struct region_field services = field_get(root, "services");
	uint32_t i, j;

	for (i = 0; i < region->nplaces; i++) {
		struct region_field item = field_at(&places, i);

		for (j = 0; j < region->places[i].parents.count; j++)
			warn_of_parent(&item, region, i, region->places[i].parents.items[j]);
		warn_of_demands(&item, region, i);
	}
	for (i = 0; i < region->nservices; i++) {
		struct region_field item = field_at(&services, i);

		if (region->services[i].rotas.count == 0)
			field_warn(&item, "service %s has no rota: it covers nothing",
			    region->services[i].id);
		warn_of_numbers(&item, region, &region->services[i]);
	}
}
