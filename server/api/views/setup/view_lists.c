/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "server/api/ask/rights_setup.h"
#include "server/api/views/parts/commissioners_put.h"
#include "server/api/views/parts/list.h"
#include "server/api/views/parts/ring_put.h"
#include "server/api/views/views.h"
#include "server/base/civil.h"
#include "server/base/instant.h"

/* GET /v1/places, people, services, rotas, requirements: the set-up in force, from memory. Objects
 * that the asker may not see are passed over as if they did not exist. */

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
put_place(struct json_out *out, const struct region *region, const struct region_place *place)
{
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

void
view_places(struct ask *ask)
{
	const struct region *region;
	struct list list;
	const char *word;
	uint32_t i;

	region = ask->region;
	word = ask_text(ask, "q");
	if (!list_begin(
		&list, ask, (struct listed){"places", &region->place_by_code, region->nplaces}))
		return;
	while ((i = list_next(&list)) != REGION_NONE) {
		const struct region_place *place = &region->places[i];

		if (!rights_place(region, ask->account, i) ||
		    (!list_has(place->name, word) && !list_has(place->code, word)))
			continue;
		put_place(&list.out, region, place);
		list_shown(&list, place->code);
	}
	list_end(&list);
}

/* ---------------------------------------------------------------------------------- people */

static void
put_person(struct json_out *out, const struct ask *ask, const struct region_person *person)
{
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
	const struct region *region;
	struct list list;
	const char *word;
	uint32_t i;

	region = ask->region;
	word = ask_text(ask, "q");
	/* Somebody who sees counts alone gets 403 and not an empty list, which would say that there
	 * is nobody. */
	if (rights_sight(ask->account) == SIGHT_COUNTS)
		ask_refuse(ask, 403, "This account sees counts and states, not names.");
	if (!list_begin(
		&list, ask, (struct listed){"people", &region->person_by_id, region->npeople}))
		return;
	while ((i = list_next(&list)) != REGION_NONE) {
		const struct region_person *person = region_person(region, i);

		if ((!list_has(person->name, word) && !list_has(person->shown_id, word)) ||
		    !rights_setup_knows(region, ask->account, i))
			continue;
		put_person(&list.out, ask, person);
		list_shown(&list, person->shown_id);
	}
	/* Noted only if a name was shown: an empty page shows no name. */
	if (list.shown > 0)
		ask_read(ask, READ_PEOPLE, NULL, NULL, INSTANT_BEGINNING);
	list_end(&list);
}

/* ------------------------------------------------------------------------- services, rotas */

static void
put_service(struct json_out *out, const struct ask *ask, const struct region_service *service)
{
	const struct region *region = ask->region;

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
	const struct region *region;
	struct list list;
	const char *word;
	uint32_t i, place, function;

	region = ask->region;
	place = ask_place(ask);
	function = ask_function(ask);
	word = ask_text(ask, "q");
	if (!list_begin(
		&list, ask, (struct listed){"services", &region->service_by_id, region->nservices}))
		return;
	while ((i = list_next(&list)) != REGION_NONE) {
		const struct region_service *service = &region->services[i];
		/* A service of a place below this one is not listed. */
		bool here = place == REGION_NONE;

		for (uint32_t j = 0; j < service->places.count && !here; j++)
			here = service->places.items[j] == place;
		if (!here || (function != REGION_NONE && service->function != function) ||
		    (!list_has(service->name, word) && !list_has(service->id, word)) ||
		    !rights_service(region, ask->account, i))
			continue;
		put_service(&list.out, ask, service);
		list_shown(&list, service->id);
	}
	list_end(&list);
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
	const struct region *region;
	struct list list;
	const char *word;
	uint32_t i;

	region = ask->region;
	word = ask_text(ask, "q");
	if (!list_begin(&list, ask, (struct listed){"rotas", &region->rota_by_id, region->nrotas}))
		return;
	while ((i = list_next(&list)) != REGION_NONE) {
		if (!rights_rota(region, ask->account, i) || !list_has(region->rotas[i].id, word))
			continue;
		put_rota(&list.out, ask, i);
		list_shown(&list, region->rotas[i].id);
	}
	list_end(&list);
}

/* ---------------------------------------------------------------------------- requirements */

static void
put_hours(struct json_out *out, const struct region_hours *hours)
{
	char text[8];

	out_object(out, NULL);
	out_array(out, "days");
	for (int i = 0; i < REGION_DAYS; i++)
		if (hours->days & (1 << i))
			out_text(out, NULL, region_day_name(i));
	out_array_end(out);
	snprintf(text, sizeof text, "%02u:%02u", (unsigned)hours->from / 3600 % 100,
	    (unsigned)hours->from / 60 % 60);
	out_text(out, "from", text);
	snprintf(text, sizeof text, "%02u:%02u", (unsigned)hours->to / 3600 % 100,
	    (unsigned)hours->to / 60 % 60);
	out_text(out, "to", text);
	out_object_end(out);
}

/* The receivers of its gaps, how early flags call them, and the severity by then. */
static void
put_people_of(struct json_out *out, const struct region_requirement *requirement)
{
	out_object(out, "severity");
	out_int(out, "critical_hours", requirement->severity.critical_hours);
	out_int(out, "high_hours", requirement->severity.high_hours);
	out_object_end(out);
	out_text(out, "owner", requirement->owner);
	out_text(out, "deputy", requirement->deputy);
	out_text(out, "commissioner",
	    requirement->joint || requirement->ncommissioners == 0
		? NULL
		: requirement->commissioners[0].who);
	commissioners_put(out, requirement);
	out_array(out, "alerts");
	for (uint32_t i = 0; i < requirement->nalerts; i++) {
		out_object(out, NULL);
		out_text(out, "to", requirement->alerts[i].to);
		out_int(out, "lead_hours", requirement->alerts[i].lead_hours);
		out_object_end(out);
	}
	out_array_end(out);
	out_int(out, "handover_minutes", requirement->handover_minutes);
}

static void
put_pack(struct json_out *out, const struct region_requirement *requirement)
{
	char day[CIVIL_DAY_MAX];

	out_text(out, "pack", requirement->pack);
	out_bool(out, "template", region_is_template(requirement));
	if (requirement->confirmed_by == NULL) {
		out_null(out, "confirmed");
		return;
	}
	civil_day_text(requirement->confirmed_on, day);
	out_object(out, "confirmed");
	out_text(out, "by", requirement->confirmed_by);
	out_text(out, "on", day);
	out_object_end(out);
}

/* The parts of a bundle. */
static void
put_needs(
    struct json_out *out, const struct region *region, const struct region_requirement *requirement)
{
	out_array(out, "needs");
	for (uint32_t i = 0; i < requirement->nparts; i++) {
		const struct region_part *part = &requirement->parts[i];

		out_object(out, NULL);
		out_array(out, "any_of");
		for (uint32_t j = 0; j < part->functions.count; j++)
			out_text(out, NULL, function_code(region, part->functions.items[j]));
		out_array_end(out);
		out_int(out, "count", part->count);
		out_bool(out, "different_teams", part->different_teams);
		out_bool(out, "team_counts", part->team_counts);
		out_object_end(out);
	}
	out_array_end(out);
}

static void
put_requirement(
    struct json_out *out, const struct region *region, const struct region_requirement *requirement)
{
	out_object(out, NULL);
	out_text(out, "id", requirement->id);
	out_text(out, "place", place_code(region, requirement->place));
	out_text(out, "function", function_code(region, requirement->function));
	out_int(out, "count", requirement->count);
	out_bool(out, "team_counts", requirement->team_counts);
	out_int(out, "tolerance_minutes", requirement->tolerance_minutes);
	out_text(out, "role", requirement->role == REGION_ROLE_ANY ? "any" : "required");
	/* 0 inside means that no share is set; as a number it would allow nothing. */
	if (requirement->max_share == 0)
		out_null(out, "max_share");
	else
		out_int(out, "max_share", requirement->max_share);
	list_put_life(out, requirement->life);
	put_pack(out, requirement);
	out_array(out, "hours");
	for (uint32_t i = 0; i < requirement->nhours; i++)
		put_hours(out, &requirement->hours[i]);
	out_array_end(out);
	put_people_of(out, requirement);
	put_needs(out, region, requirement);
	out_object_end(out);
}

void
view_requirements(struct ask *ask)
{
	const struct region *region;
	struct list list;
	const char *word;
	uint32_t i, place, function;

	region = ask->region;
	place = ask_place(ask);
	function = ask_function(ask);
	word = ask_text(ask, "q");
	if (!list_begin(&list, ask,
		(struct listed){"requirements", &region->requirement_by_id, region->nrequirements}))
		return;
	while ((i = list_next(&list)) != REGION_NONE) {
		const struct region_requirement *requirement = &region->requirements[i];

		if ((place != REGION_NONE && requirement->place != place) ||
		    (function != REGION_NONE && requirement->function != function) ||
		    !list_has(requirement->id, word) ||
		    !rights_place(region, ask->account, requirement->place))
			continue;
		put_requirement(&list.out, region, requirement);
		list_shown(&list, requirement->id);
	}
	list_end(&list);
}
