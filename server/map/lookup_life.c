/* SPDX-License-Identifier: MIT */
#include "server/map/lookup_private.h"
#include "server/model/region_contact.h"

#include "server/model/share.h"

/* Lookups at any time: whether services serve the place at the instant, and where to go if the
 * place does not exist then. */

/* When ${rota} serves the place, if it does at the instant. A service may list a place several
 * times, for several periods; the one that has the instant is wanted. */
bool
lookup_serves_now(
    const struct looking *looking, uint32_t place, uint32_t rota, struct span_time *serves)
{
	const struct region *region = looking->region;
	const struct region_dated_places *footprint =
	    &region->services[region->rotas[rota].service].footprint;

	for (uint32_t i = 0; i < footprint->count; i++) {
		if (footprint->items[i].place != place)
			continue;
		*serves = share_dated_place(
		    region, looking->asked->map->setup->zone, rota, &footprint->items[i]);
		if (span_has(*serves, looking->at))
			return true;
	}
	return false;
}

/* Whether the service lists the place at the instant, with or without a rota. The place's own life
 * is asked as well: a service may list a place for longer than the place exists. */
bool
lookup_listed_now(
    const struct looking *looking, uint32_t place, const struct region_service *service)
{
	const struct zone *zone = looking->asked->map->setup->zone;

	for (uint32_t i = 0; i < service->footprint.count; i++) {
		const struct region_dated_place *dated = &service->footprint.items[i];

		if (dated->place == place &&
		    span_has(region_instants(zone, dated->life), looking->at) &&
		    span_has(
			region_instants(zone, looking->region->places[place].life), looking->at))
			return true;
	}
	return false;
}

/* Sets what to ring for ${function} at ${place}: a service's line, or its fallback; false: nothing is
 * known. The service's own line is first: somebody may answer it. The fallback is for when nobody
 * does. A line that is reached through the switchboard is the switchboard of ${place}. */
static bool
ring_at(const struct looking *looking, uint32_t place, struct lookup_function *out)
{
	const struct region *region = looking->region;
	const struct region_list *services = &region->places[place].services;

	for (uint32_t i = 0; i < services->count; i++) {
		const struct region_service *service = &region->services[services->items[i]];
		bool hidden = region_contact_hidden(service->line);

		if (!lookup_is_of(looking, place, service->function, out->function) ||
		    !lookup_listed_now(looking, place, service))
			continue;
		out->fallback_phone = hidden ? region->places[place].switchboard : service->phone;
		out->fallback_line = hidden || service->phone == NULL ? NULL : service->line;
		if (out->fallback_phone == NULL)
			out->fallback_phone = service->fallback_phone;
		if (out->fallback_phone != NULL)
			return true;
	}
	return false;
}

/* If the place does not exist at the instant: the number of the place that answers instead. The
 * fallbacks of the closed place's services are removed: they would send the caller to a place that
 * no longer exists. */
void
lookup_send_on(const struct looking *looking, struct lookup_function *out)
{
	const struct region_list *instead = &looking->succession.instead;

	out->fallback_text = NULL;
	out->fallback_phone = NULL;
	for (uint32_t i = 0; i < instead->count; i++)
		if (ring_at(looking, instead->items[i], out))
			return;
}

bool
lookup_concerns(const struct region *region, uint32_t index, uint32_t function)
{
	const struct region_place *place = &region->places[index];

	for (uint32_t i = 0; i < place->demands.count; i++)
		if (region->demands[place->demands.items[i]].function == function)
			return true;
	for (uint32_t i = 0; i < place->services.count; i++)
		if (region->services[place->services.items[i]].function == function)
			return true;
	return false;
}
