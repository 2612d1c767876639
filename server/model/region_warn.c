/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/model/region_contact.h"
#include "server/model/region_parts.h"

/* Warns of a place that is not served for a function that its parent has a service for: it would
 * be a gap at all times, and nobody may notice the mistake in the file. */

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

/* One warning for each function, however many services the parent has. */
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
		    "place %s is not served for %s, and its parent %s is: places inherit no service, "
		    "so list it in service %s if that service answers here too",
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

/* Warns of demands that nobody serves, unless the warning about the parent covers it. */
static void
warn_of_demands(const struct region_field *item, const struct region *region, uint32_t place)
{
	const struct region_list *demands = &region->places[place].demands;
	uint32_t i;

	for (i = 0; i < demands->count; i++) {
		const struct region_demand *demand = &region->demands[demands->items[i]];

		if (demand->services.count == 0 && demand->nmembers == 0 &&
		    !is_served_by_a_parent(region, place, demand->function))
			field_warn(item,
			    "no service of function %s lists place %s: requirement %s is a gap from end to end",
			    region->functions[demand->function].code, region->places[place].code,
			    region->requirements[demand->requirement].id);
	}
}

/* Warns of people without a number: a person who cannot be rung is of no help to a caller. */
static void
warn_of_numbers(const struct region_field *item, const struct region *region,
    const struct region_service *service)
{
	const bool *holders = region->functions[service->function].holders;
	const struct region_person *first = NULL;
	uint32_t able = 0, without = 0, i;

	/* A service with a line is reached by that, and nobody needs a number of their own. */
	if (service->line)
		return;
	for (i = 0; i < region->npeople; i++) {
		const struct region_person *person = region_person(region, i);

		if (!holders[i])
			continue;
		able++;
		if (person->contact)
			continue;
		without++;
		if (!first)
			first = person;
	}
	if (first)
		field_warn(item,
		    "service %s has no phone, and %u of the %u people who may be on call for it have no work_phone either (the first is %s): nobody can ring them",
		    service->id, without, able, first->id);
}

/* Whether anybody who may be on call for the service is reached through a switchboard. */
static bool
needs_a_switchboard(const struct region *region, const struct region_service *service)
{
	const bool *holders = region->functions[service->function].holders;

	if (service->line)
		return region_contact_hidden(service->line);
	for (uint32_t i = 0; i < region->npeople; i++)
		if (holders[i] && region_contact_hidden(region_person(region, i)->contact))
			return true;
	return false;
}

static void
warn_of_no_switchboard(const struct region_field *item, const struct region *region,
    const struct region_service *service)
{
	if (!needs_a_switchboard(region, service))
		return;
	for (uint32_t i = 0; i < service->places.count; i++) {
		const struct region_place *place = &region->places[service->places.items[i]];

		if (place->switchboard)
			continue;
		field_warn(item,
		    "who is on call for service %s is reached through the switchboard, and place %s has no switchboard: nobody there can ring them",
		    service->id, place->code);
		return;
	}
}

/* ---- People who do not count because of their role. */

static bool
lists(const struct region_list *list, uint32_t item)
{
	for (uint32_t i = 0; i < list->count; i++)
		if (list->items[i] == item)
			return true;
	return false;
}

/* A requirement that ${service} is to meet and that counts only holders of its function; NULL if
 * there is none. */
static const struct region_requirement *
wants_the_role(const struct region *region, uint32_t service)
{
	const struct region_list *places = &region->services[service].places;

	for (uint32_t i = 0; i < places->count; i++) {
		const struct region_list *demands = &region->places[places->items[i]].demands;

		for (uint32_t j = 0; j < demands->count; j++) {
			const struct region_demand *demand = &region->demands[demands->items[j]];

			if (region->requirements[demand->requirement].role ==
				REGION_ROLE_REQUIRED &&
			    lists(&demand->services, service))
				return &region->requirements[demand->requirement];
		}
	}
	return NULL;
}

/* Warns if nobody whom the rotas of a service may name holds its function. */
static void
warn_of_no_holder(const struct region_field *item, const struct region *region, uint32_t index)
{
	const struct region_service *service = &region->services[index];
	const struct region_requirement *requirement = wants_the_role(region, index);
	const bool *holders = region->functions[service->function].holders;
	uint32_t members = 0, i;

	if (!requirement || service->rotas.count == 0)
		return;
	for (i = 0; i < region->npeople; i++) {
		if (holders[i])
			return;
		members += region_person(region, i)->organisation == service->organisation;
	}
	/* If the organisation has no people in the file, there is nobody to add the role to, and
	 * nobody whom a title could name by mistake. */
	if (members > 0)
		field_warn(item,
		    "none of the %u people of organisation %s holds function %s among the roles, so nobody on a rota of service %s counts: "
		    "add it to the roles of those who do, or say \"role\": \"any\" in requirement %s",
		    members, region->organisations[service->organisation].code,
		    region->functions[service->function].code, service->id, requirement->id);
}

/* Warns of a decision in the file that names, on a rota, a person who does not count there. */
static void
warn_of_person(const struct region_field *item, const struct region *region, uint32_t rota,
    const char *words, uint32_t person)
{
	uint32_t service = region->rotas[rota].service;
	const struct region_requirement *requirement = wants_the_role(region, service);

	if (!requirement || region_holds(region, person, region->services[service].function))
		return;
	field_warn(item,
	    "\"%s\" names %s, who does not hold function %s among the roles: such a shift counts for nothing in requirement %s",
	    words, region_person(region, person)->id,
	    region->functions[region->services[service].function].code, requirement->id);
}

static void
warn_of_words(const struct region_field *item, const struct region *region, uint32_t index)
{
	const struct region_rota *rota = &region->rotas[index];

	/* A calendar of absences supplies nothing. */
	if (rota->service == REGION_NONE)
		return;
	for (uint32_t i = 0; i < rota->naliases; i++)
		warn_of_person(
		    item, region, index, rota->aliases[i].alias, rota->aliases[i].person);
	for (uint32_t i = 0; i < rota->ntitles; i++)
		if (strcmp(rota->titles[i].reads, "named") == 0)
			warn_of_person(
			    item, region, index, rota->titles[i].title, rota->titles[i].person);
}

/* ---- No number to ring. */

/* The days on which a service of the demand that has any number lists its place. A number that the
 * place has on some days only leaves the others without one. */
static struct span_times
days_with_a_number(const struct region_field *item, const struct region *region,
    const struct region_demand *demand)
{
	struct arena *arena = item->reader->arena;
	const struct region_list *services = &demand->services;
	VEC(struct span_time) days = {0};
	uint32_t i, j;

	for (i = 0; i < services->count; i++) {
		const struct region_service *service = &region->services[services->items[i]];

		if (!service->phone && !service->fallback_phone)
			continue;
		for (j = 0; j < service->footprint.count; j++)
			if (service->footprint.items[j].place == demand->place)
				*VEC_PUSH(arena, &days) = service->footprint.items[j].life;
	}
	return span_normalise(arena, days.items, days.count);
}

/* Warns where cover may be missing and there is no number to ring: once for each function. */
static void
warn_of_silence(const struct region_field *item, const struct region *region, uint32_t place)
{
	const struct region_list *demands = &region->places[place].demands;
	uint32_t warned = REGION_NONE, i;

	/* A caller can ask the switchboard for anybody. */
	if (region->places[place].switchboard)
		return;
	for (i = 0; i < demands->count; i++) {
		const struct region_demand *demand = &region->demands[demands->items[i]];
		struct span_times left;

		/* Demands of a place are sorted by function, so those of one are next to each
		 * other. */
		if (demand->function == warned)
			continue;
		left = span_subtract(
		    item->reader->arena, demand->days, days_with_a_number(item, region, demand));
		if (left.count == 0)
			continue;
		warned = demand->function;
		field_warn(item,
		    "place %s has no switchboard, and no service of function %s that lists it has a phone or a fallback with one on every day: where cover is missing "
		    "there is no number to ring",
		    region->places[place].code, region->functions[demand->function].code);
	}
}

void
region_warn_place(const struct region_field *root, uint32_t index)
{
	const struct region *region = root->reader->region;
	const struct region_list *parents = &region->places[index].parents;
	struct region_field places = field_get(root, "places");
	struct region_field item = field_at(&places, index);

	for (uint32_t i = 0; i < parents->count; i++)
		warn_of_parent(&item, region, index, parents->items[i]);
	warn_of_demands(&item, region, index);
	warn_of_silence(&item, region, index);
}

void
region_warn_service(const struct region_field *root, uint32_t index)
{
	const struct region *region = root->reader->region;
	const struct region_service *service = &region->services[index];
	struct region_field services = field_get(root, "services");
	struct region_field item = field_at(&services, index);

	if (service->rotas.count == 0)
		field_warn(&item, "service %s has no rota: it covers nothing", service->id);
	warn_of_numbers(&item, region, service);
	warn_of_no_switchboard(&item, region, service);
	warn_of_no_holder(&item, region, index);
}

void
region_warn_rota(const struct region_field *root, uint32_t index)
{
	struct region_field rotas = field_get(root, "rotas");
	struct region_field item = field_at(&rotas, index);

	warn_of_words(&item, root->reader->region, index);
}
