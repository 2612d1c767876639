/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/ask/rights_links.h"
#include "server/api/ask/rights_setup.h"
#include "server/api/ask/rights_swaps.h"
#include "server/api/views/out/calendar.h"
#include "server/api/views/parts/places.h"
#include "server/api/views/views.h"
#include "server/model/region_protected.h"

/*
 * GET /v1/rotas/{id}.ics, /v1/services/{id}.ics, /v1/people/{id}.ics, /v1/gaps.ics: calendars that others
 * subscribe to, by a secret link to that one thing, or by an account that may know of it.
 */

static const char not_here[] = "There is no such thing that you may know of.";

/* Whether the request's link opens ${thing}, or, without a link, ${may}. */
static bool
opens(const struct ask *ask, uint32_t thing, bool may)
{
	if (!ask->linked)
		return thing != REGION_NONE && may;
	return rights_link_opens(ask->region, ask->account, &ask->token->link, thing);
}

/* Notes a refusal that does not say whether the thing exists. */
static void
check(struct ask *ask, bool open)
{
	if (!open)
		ask_refuse(ask, 404, "%s", ask->linked ? ASK_NO_LINK : not_here);
}

/* Whether names are wanted, and may be seen. A link says it itself. */
static bool
wants_names(struct ask *ask)
{
	bool wanted = ask_yes(ask, "names");
	struct slice given;

	if (ask->linked && web_query(ask->exchange, "names", &given))
		ask_fault(ask, "query.names",
		    "is not for a link, which says itself whether people are named");
	if (ask->linked)
		return ask->token->link.names;
	if (wanted && rights_sight(ask->account) == SIGHT_COUNTS)
		ask_refuse(ask, 403, "This account sees counts and states, not names.");
	return wanted;
}

/* From here on everything is seen as an outsider sees it, no matter who asks: the calendar is copied into
 * others. */
static struct calendar
begin(struct ask *ask, bool names)
{
	struct calendar calendar = {.ask = ask, .names = names, .person = REGION_NONE};

	ask_as_outsider(ask);
	return calendar;
}

static uint32_t
thing_of(struct ask *ask, enum link_kind kind)
{
	struct slice id = web_param(ask->exchange, "id");

	if (!text_is_code(id))
		return REGION_NONE;
	return rights_link_thing(ask->region, kind, arena_strndup(ask->arena, id.at, id.len));
}

/* The open gaps of the demands that ${service} may supply. */
static void
add_gaps_of(struct calendar *calendar, uint32_t service)
{
	const struct region *region = calendar->ask->region;

	for (uint32_t i = 0; i < region->ndemands; i++) {
		const struct region_list *services = &region->demands[i].services;

		for (uint32_t j = 0; j < services->count; j++)
			if (services->items[j] == service)
				calendar_add_gaps(calendar, i);
	}
}

void
view_rota_calendar(struct ask *ask)
{
	uint32_t rota = thing_of(ask, LINK_ROTA);
	bool names = wants_names(ask);
	struct calendar calendar;
	const char *id;

	check(ask,
	    opens(ask, rota, rota != REGION_NONE && rights_rota(ask->region, ask->account, rota)));
	/* A calendar of leave says who is away: that goes to nobody. */
	if (ask->refused == 0 && ask->region->rotas[rota].absences)
		ask_refuse(ask, 404, "A calendar of absences is not given out.");
	if (!ask_fine(ask))
		return;
	id = ask->region->rotas[rota].id;
	calendar = begin(ask, names);
	calendar_add_rota(&calendar, rota);
	if (ask->region->rotas[rota].service != REGION_NONE)
		add_gaps_of(&calendar, ask->region->rotas[rota].service);
	if (calendar.named)
		ask_read(ask, READ_ROTA_CALENDAR, id, NULL, INSTANT_NONE);
	calendar_reply(&calendar, "rota", id, id);
}

void
view_service_calendar(struct ask *ask)
{
	uint32_t service = thing_of(ask, LINK_SERVICE);
	bool names = wants_names(ask);
	const struct region_service *found;
	struct calendar calendar;

	check(
	    ask, opens(ask, service,
		     service != REGION_NONE && rights_service(ask->region, ask->account, service)));
	if (!ask_fine(ask))
		return;
	calendar = begin(ask, names);
	found = &ask->region->services[service];
	for (uint32_t i = 0; i < found->rotas.count; i++)
		calendar_add_rota(&calendar, found->rotas.items[i]);
	add_gaps_of(&calendar, service);
	if (calendar.named)
		ask_read(ask, READ_SERVICE_CALENDAR, found->id, NULL, INSTANT_NONE);
	calendar_reply(&calendar, "service", found->id, ask_shown_text(ask, found->name));
}

/* Without names the title says only that it is somebody's. */
static const char *
title_of_person(const struct ask *ask, uint32_t person, bool names)
{
	const struct region_person *found = region_person(ask->region, person);

	if (!names || region_is_withheld(found))
		return "On call";
	return arena_printf(ask->arena, "On call: %s", found->name);
}

void
view_person_calendar(struct ask *ask)
{
	struct slice id = web_param(ask->exchange, "id");
	char *code = text_is_code(id) ? arena_strndup(ask->arena, id.at, id.len) : NULL;
	uint32_t person = code == NULL ? REGION_NONE : ask_person(ask, code);
	bool names = wants_names(ask);
	struct calendar calendar;

	check(ask, opens(ask, person,
		       person != REGION_NONE && rights_sight(ask->account) != SIGHT_COUNTS &&
			   (rights_setup_knows(ask->region, ask->account, person) ||
			       rights_own_person(ask->region, ask->account) == person)));
	if (!ask_fine(ask))
		return;
	calendar = begin(ask, names);
	calendar.person = person;
	for (uint32_t i = 0; i < ask->region->nrotas; i++)
		/* What has gone may have named the person as well. */
		if (!ask->region->rotas[i].absences &&
		    (ask->linked || rights_rota(ask->region, ask->account, i)) &&
		    (ask->whole->rotas[i]->ngone > 0 ||
			rota_block_may_name(ask->whole->rotas[i], person)))
			calendar_add_rota(&calendar, i);
	/* Whose shifts they are is said by the address, whether or not a name stands in them. */
	ask_read(ask, READ_PERSON_CALENDAR, code, NULL, INSTANT_NONE);
	/* Not by the id that was asked for: an administrator may ask by that of somebody protected. */
	calendar_reply(&calendar, "person", region_person(ask->region, person)->shown_id,
	    title_of_person(ask, person, names));
}

void
view_gaps_calendar(struct ask *ask)
{
	uint32_t place = ask_place(ask);
	struct places_scope scope;
	struct calendar calendar;
	const char *code;

	if (ask->linked)
		check(ask, opens(ask, place, false));
	if (!ask_fine(ask))
		return;
	calendar = begin(ask, false);
	code = ask->region->places[place].code;
	scope = places_scope_of(
	    ask->arena, ask->region, ask->whole->setup->zone, place, PLACES_DEFAULT);
	calendar.scope = &scope;
	for (uint32_t i = 0; i < ask->region->ndemands; i++)
		calendar_add_gaps(&calendar, i);
	calendar_reply(&calendar, "gaps", code,
	    arena_printf(
		ask->arena, "Gaps: %s", ask_shown_text(ask, ask->region->places[place].name)));
}
