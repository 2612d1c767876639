/* SPDX-License-Identifier: MIT */
#include "server/api/ask/rights_setup.h"
#include "server/api/views/parts/list.h"
#include "server/api/views/parts/ring_put.h"
#include "server/api/views/views.h"

/* GET /v1/places, people, services, rotas: the set-up in force, from memory. */

static const char *
place_code(const struct region *region, uint32_t index)
{
	return region->places[index].code;
}

static const char *
function_code(const struct region *region, uint32_t index)
{
	return region->functions[index].code;
}

static const char *
service_id(const struct region *region, uint32_t index)
{
	return region->services[index].id;
}

static const char *
rota_id(const struct region *region, uint32_t index)
{
	return region->rotas[index].id;
}

static const char *
organisation_code(const struct region *region, uint32_t index)
{
	return index == REGION_NONE ? NULL : region->organisations[index].code;
}

static void
put_dated_places(struct json_out *out, const char *key, const struct region *region,
    const struct region_dated_places *dated_places)
{
	out_array(out, key);
	for (uint32_t i = 0; i < dated_places->count; i++) {
		out_object(out, NULL);
		out_text(out, "place", region->places[dated_places->items[i].place].code);
		list_put_life(out, dated_places->items[i].life);
		out_object_end(out);
	}
	out_array_end(out);
}

/* ---------------------------------------------------------------------------------- places */

static void
put_place(struct json_out *out, const struct ask *ask, uint32_t index)
{
	const struct region *region = ask->region;
	const struct region_place *place = &region->places[index];

	out_object(out, NULL);
	out_text(out, "code", place->code);
	out_text(out, "name", place->name);
	out_text(out, "kind", place->kind);
	list_put_life(out, place->life);
	list_put_codes(out, "successors", &place->successors, place_code, region);
	list_put_codes(out, "parents", &place->parents, place_code, region);
	put_dated_places(out, "under", region, &place->under);
	list_put_codes(out, "first", &place->first, function_code, region);
	list_put_codes(out, "services", &place->services, service_id, region);
	out_object_end(out);
}

static const char *
place_name(const struct region *region, uint32_t index)
{
	return region->places[index].name;
}

static bool
may_see_place(const struct ask *ask, uint32_t index)
{
	return rights_place(ask->region, ask->account, index);
}

void
view_places(struct ask *ask)
{
	static const struct set_up_list places = {
	    .name = "places",
	    SET_UP_OF(place_by_code, nplaces),
	    .code = place_code,
	    .called = place_name,
	    .may_see = may_see_place,
	    .put = put_place,
	};

	list_set_up(ask, &places);
}

/* ---------------------------------------------------------------------------------- people */

static const char *
person_id(const struct region *region, uint32_t index)
{
	return region_person(region, index)->shown_id;
}

static const char *
person_name(const struct region *region, uint32_t index)
{
	return region_person(region, index)->name;
}

static bool
may_see_person(const struct ask *ask, uint32_t index)
{
	return rights_setup_knows(ask->region, ask->account, index);
}

static void
put_person(struct json_out *out, const struct ask *ask, uint32_t index)
{
	const struct region_person *person = region_person(ask->region, index);

	out_object(out, NULL);
	out_text(out, "id", person->shown_id);
	out_text(out, "name", person->name);
	out_text(out, "organisation", organisation_code(ask->region, person->organisation));
	list_put_codes(out, "roles", &person->roles, function_code, ask->region);
	/* Others do not even see that there is a number. */
	if (rights_sight(ask->account) == SIGHT_MOBILES)
		ring_put_own(out, region_ring(person->contact, NULL));
	out_object_end(out);
}

void
view_people(struct ask *ask)
{
	static const struct set_up_list people = {
	    .name = "people",
	    SET_UP_OF(person_by_id, npeople),
	    .code = person_id,
	    .called = person_name,
	    .may_see = may_see_person,
	    .put = put_person,
	    .has_names = true,
	};

	/* Somebody who sees counts alone gets 403 and not an empty list, which would say that there
	 * is nobody. */
	if (rights_sight(ask->account) == SIGHT_COUNTS)
		ask_refuse(ask, 403, "This account sees counts and states, not names.");
	list_set_up(ask, &people);
}

/* ------------------------------------------------------------------------- services, rotas */

static const char *
service_name(const struct region *region, uint32_t index)
{
	return region->services[index].name;
}

static bool
may_see_service(const struct ask *ask, uint32_t index)
{
	return rights_service(ask->region, ask->account, index);
}

/* A service of a place below ${place} is not listed with it. */
static bool
service_is_at(const struct region *region, uint32_t index, uint32_t place)
{
	const struct region_list *places = &region->services[index].places;
	uint32_t i = 0;

	while (i < places->count && places->items[i] != place)
		i++;
	return i < places->count;
}

static uint32_t
service_function(const struct region *region, uint32_t index)
{
	return region->services[index].function;
}

static void
put_service(struct json_out *out, const struct ask *ask, uint32_t index)
{
	const struct region *region = ask->region;
	const struct region_service *service = &region->services[index];

	out_object(out, NULL);
	out_text(out, "id", service->id);
	out_text(out, "name", service->name);
	out_text(out, "function", function_code(region, service->function));
	out_text(out, "organisation", organisation_code(region, service->organisation));
	list_put_codes(out, "places", &service->places, place_code, region);
	put_dated_places(out, "footprint", region, &service->footprint);
	list_put_codes(out, "rotas", &service->rotas, rota_id, region);
	ring_put(out, region_ring(service->line, NULL));
	ring_put_fallback(
	    out, ask_shown_text(ask, service->fallback_text), service->fallback_phone);
	out_object_end(out);
}

void
view_services(struct ask *ask)
{
	static const struct set_up_list services = {
	    .name = "services",
	    SET_UP_OF(service_by_id, nservices),
	    .code = service_id,
	    .called = service_name,
	    .may_see = may_see_service,
	    .is_at = service_is_at,
	    .function_of = service_function,
	    .put = put_service,
	};

	list_set_up(ask, &services);
}

static bool
may_see_rota(const struct ask *ask, uint32_t index)
{
	return rights_rota(ask->region, ask->account, index);
}

static void
put_rota(struct json_out *out, const struct ask *ask, uint32_t index)
{
	const struct region *region = ask->region;
	const struct region_rota *rota = &region->rotas[index];

	out_object(out, NULL);
	out_text(out, "id", rota->id);
	out_text(out, "service",
	    rota->service == REGION_NONE ? NULL : region->services[rota->service].id);
	out_text(out, "organisation", organisation_code(region, rota->organisation));
	out_int(out, "tier", rota->tier);
	list_put_life(out, rota->life);
	out_bool(out, "absences", rota->absences);
	out_text(out, "kind", region_source_name(rota->source));
	out_bool(out, "tentative_counts", rota->tentative_counts);
	out_bool(out, "may_change", rights_change_rota(region, ask->account, index));
	out_object_end(out);
}

void
view_rotas(struct ask *ask)
{
	static const struct set_up_list rotas = {
	    .name = "rotas",
	    SET_UP_OF(rota_by_id, nrotas),
	    .code = rota_id,
	    .may_see = may_see_rota,
	    .put = put_rota,
	};

	list_set_up(ask, &rotas);
}
