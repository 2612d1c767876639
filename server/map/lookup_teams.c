/* SPDX-License-Identifier: MIT */
#include "server/map/lookup_teams.h"

#include "server/base/civil.h"
#include "server/map/lookup_private.h"
#include "server/model/first.h"

typedef VEC(struct lookup_team) team_list;

static void
add_function(const struct looking *looking, uint32_t function, team_list *teams)
{
	const struct region_list *services = &looking->region->places[looking->place].services;
	size_t before = teams->count;

	for (uint32_t i = 0; i < services->count; i++) {
		const struct region_service *service =
		    &looking->region->services[services->items[i]];

		if (service->function == function &&
		    lookup_listed_now(looking, looking->place, service))
			*VEC_PUSH(looking->arena, teams) =
			    (struct lookup_team){function, services->items[i]};
	}
	/* Listed without a service: left out, it would look as if the place had no use for it. */
	if (teams->count == before)
		*VEC_PUSH(looking->arena, teams) = (struct lookup_team){function, REGION_NONE};
}

static bool
has(const struct region_list *list, uint32_t item)
{
	for (uint32_t i = 0; i < list->count; i++)
		if (list->items[i] == item)
			return true;
	return false;
}

void
lookup_teams_make(struct arena *arena, const struct cover_asked *asked, uint32_t place, int64_t at,
    struct lookup_teams *out)
{
	const struct region *region = asked->map->setup->region;
	struct looking looking = {
	    .arena = arena, .asked = asked, .region = region, .place = place, .at = at};
	struct region_list first = region_first(
	    arena, region, place, civil_day_of(zone_local(asked->map->setup->zone, at)));
	team_list teams = {0};

	for (uint32_t i = 0; i < first.count; i++)
		if (lookup_concerns(region, place, first.items[i]))
			add_function(&looking, first.items[i], &teams);
	for (uint32_t i = 0; i < region->nfunctions; i++)
		if (lookup_concerns(region, place, i) && !has(&first, i))
			add_function(&looking, i, &teams);
	*out = (struct lookup_teams){teams.items, teams.count};
}
