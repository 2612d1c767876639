/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/views/elsewhere/areas.h"
#include "server/api/views/parts/hours_words.h"
#include "server/api/views/parts/map_age.h"
#include "server/api/views/parts/ring_put.h"
#include "server/api/views/views.h"
#include "server/base/vec.h"
#include "server/map/lookup_teams.h"
#include "server/model/region_contact.h"
#include "server/model/succession.h"

/*
 * GET /v1/elsewhere: whom to ring about somebody who lives in another area. Answered from the
 * snapshot, to every account and device, whatever its places: lines of teams and fallbacks, and no
 * names. What was typed may be about a patient. It is in no answer, log, audit or list of what was
 * read, and no cache keeps the answer.
 */

/* The same for every account, so it is made once for a set-up. */
static const struct areas *
areas_of(struct ask *ask)
{
	struct api *api = ask->api;

	const struct region *region = ask->whole->setup->region;

	if (!areas_are_of(api->areas, region)) {
		areas_free(api->areas);
		api->areas = areas_new(region);
	}
	return api->areas;
}

/* A team, and the place that it is rung for. */
struct team {
	struct lookup_team of;
	uint32_t place;
};
typedef VEC(struct team) team_list;

static void
put_team(struct json_out *out, const struct ask *ask, const struct team *team)
{
	const struct region *region = ask->region;
	const struct region_service *service =
	    team->of.service == REGION_NONE ? NULL : &region->services[team->of.service];
	struct region_ring ring = {0};

	if (service != NULL)
		ring = region_ring_team(region, service, REGION_NONE, &region->places[team->place]);
	out_object(out, NULL);
	out_text(out, "function", region->functions[team->of.function].code);
	out_text(out, "name", region->functions[team->of.function].name);
	out_text(out, "place", region->places[team->place].code);
	out_text(out, "service", service == NULL ? NULL : service->id);
	out_text(out, "service_name", service == NULL ? NULL : service->name);
	ring_put(out, ring);
	ring_put_fallback(out, service == NULL ? NULL : ask_shown_text(ask, service->fallback_text),
	    service == NULL ? NULL : service->fallback_phone);
	out_text(out, "hours",
	    hours_words(ask->arena, ask->map->setup, team->place, team->of.function, ask->now));
	out_object_end(out);
}

/* Whether the first ${count} teams have the function: 0 no, 1 without a service, 2 with one. */
static int
has(const team_list *teams, size_t count, uint32_t function)
{
	int found = 0;

	for (size_t i = 0; i < count; i++)
		if (teams->items[i].of.function == function)
			found = teams->items[i].of.service != REGION_NONE ? 2 : found == 2 ? 2 : 1;
	return found;
}

/* The teams of one more place: of functions that those before it have no service of. */
static void
add_teams(struct ask *ask, uint32_t place, team_list *teams)
{
	struct cover_asked asked = {.map = ask->map, .now = ask->now};
	struct lookup_teams more;
	size_t before = teams->count;

	lookup_teams_make(ask->arena, &asked, place, ask->now, &more);
	for (size_t i = 0; i < more.count; i++) {
		int known = has(teams, before, more.items[i].function);

		if (known == 0 || (known == 1 && more.items[i].service != REGION_NONE))
			*VEC_PUSH(ask->arena, teams) = (struct team){more.items[i], place};
	}
}

/* A function that some place has a service of is not also said to have none. */
static void
put_teams(struct json_out *out, struct ask *ask, const struct region_area *area, uint32_t place)
{
	team_list teams = {0};

	add_teams(ask, place, &teams);
	for (uint32_t i = 0; i < area->also.count; i++)
		add_teams(ask, area->also.items[i], &teams);
	out_array(out, "functions");
	for (size_t i = 0; i < teams.count; i++)
		if (teams.items[i].of.service != REGION_NONE ||
		    has(&teams, teams.count, teams.items[i].of.function) == 1)
			put_team(out, ask, &teams.items[i]);
	out_array_end(out);
}

static void
put_match(struct json_out *out, struct ask *ask, const struct region_area *area, uint32_t place)
{
	const struct region_place *answers = &ask->region->places[place];

	out_object(out, NULL);
	out_text(out, "code", area->code);
	out_text(out, "area", area->name);
	out_text(out, "kind", area->kind);
	out_text(out, "place", answers->code);
	out_text(out, "name", answers->name);
	out_text(out, "switchboard", answers->switchboard);
	put_teams(out, ask, area, place);
	out_object_end(out);
}

/* A place that has closed is answered for by its successors, each with its own teams. One without a
 * successor is shown as it is: there is nothing else to show. */
static void
put_area(struct json_out *out, struct ask *ask, uint32_t index)
{
	const struct region_area *area = &ask->region->areas[index];
	struct succession succession = succession_find(ask->arena,
	    &(struct succession_asked){ask->region, ask->map->setup->zone, area->place, ask->now});

	for (uint32_t i = 0; i < succession.instead.count; i++)
		put_match(out, ask, area, succession.instead.items[i]);
	if (succession.instead.count == 0)
		put_match(out, ask, area, area->place);
}

static void
put_notices(struct json_out *out, const struct ask *ask, const struct areas_found *found)
{
	out_array(out, "notices");
	if (found->cut)
		out_text(out, NULL,
		    "Only the first half of the postcode was used. Nothing that was typed is kept.");
	if (found->count > 1 && found->district != NULL)
		out_text(out, NULL,
		    "This postcode district lies in more than one area: ask which council it is.");
	if (found->left_off > 0)
		out_text(out, NULL, "There are more areas of that name: type more of it.");
	if (found->count == 0 && ask->region->nareas == 0)
		out_text(out, NULL,
		    "This region has no table of areas. Ring your own switchboard; an administrator "
		    "adds the table with crisiscover areas import.");
	else if (found->count == 0)
		out_text(out, NULL,
		    "No area was found. Type the council's name, the GP area's name, or the first half of "
		    "the postcode, as in ZF1. If none is found, ring your own switchboard.");
	out_array_end(out);
}

void
view_elsewhere(struct ask *ask)
{
	const char *of = ask_text(ask, "of");
	struct areas_found found;
	struct map_age age;
	struct json_out out = {0};

	if (!ask_fine(ask))
		return;
	areas_find(areas_of(ask), ask->arena, of, &found);
	age = map_age_of(ask);
	out_object(&out, NULL);
	out_text(&out, "district", found.count > 0 ? found.district : NULL);
	out_array(&out, "matches");
	for (size_t i = 0; i < found.count; i++)
		put_area(&out, ask, found.items[i]);
	out_array_end(&out);
	put_notices(&out, ask, &found);
	map_age_put(&out, ask->map, &age);
	out_object_end(&out);
	/* No tag: an answer that is kept would tell what was asked. */
	ask_reply_with(ask, 200, &out, NULL);
	ask_end(ask);
}
