/* SPDX-License-Identifier: MIT */
#include "server/map/lookup_private.h"

#include "server/base/civil.h"
#include "server/model/share.h"

/* A lookup over time: whether the place and those who serve it are there at the instant, and where
 * to go if not. */

/* When the ${rota} serves the place, if that is now. */
bool
lookup_serves_now(
    const struct looking *looking, uint32_t place, uint32_t rota, struct span_time *serves)
{
	const struct region *region = looking->region;
	const struct region_stays *footprint =
	    &region->services[region->rotas[rota].service].footprint;

	for (uint32_t i = 0; i < footprint->count; i++) {
		if (footprint->items[i].place != place)
			continue;
		*serves = share_stay(
		    region, looking->asked->map->setup->zone, rota, &footprint->items[i]);
		if (span_has(*serves, looking->at))
			return true;
	}
	return false;
}

/* Whether the service lists the place now, with or without a rota. */
bool
lookup_listed_now(
    const struct looking *looking, uint32_t place, const struct region_service *service)
{
	const struct zone *zone = looking->asked->map->setup->zone;

	for (uint32_t i = 0; i < service->footprint.count; i++) {
		const struct region_stay *stay = &service->footprint.items[i];

		if (stay->place == place &&
		    span_has(region_instants(zone, stay->life), looking->at) &&
		    span_has(
			region_instants(zone, looking->region->places[place].life), looking->at))
			return true;
	}
	return false;
}

/* "1 Apr 2027" */
static const char *
day_words(struct arena *arena, int64_t days)
{
	static const char *const months[] = {
	    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int year, month, day;

	civil_from_days(days, &year, &month, &day);
	return arena_printf(arena, "%d %s %d", day, months[month - 1], year);
}

/* The number to ring for ${function} at ${place}: a service's own, or that of its fallback. */
static const char *
phone_at(const struct looking *looking, uint32_t place, uint32_t function)
{
	const struct region *region = looking->region;
	const struct region_list *services = &region->places[place].services;

	for (uint32_t i = 0; i < services->count; i++) {
		const struct region_service *service = &region->services[services->items[i]];

		if (service->function != function || !lookup_listed_now(looking, place, service))
			continue;
		if (service->phone != NULL)
			return service->phone;
		if (service->fallback_phone != NULL)
			return service->fallback_phone;
	}
	return NULL;
}

/* The place is not there: who answers in its stead. */
void
lookup_send_on(const struct looking *looking, uint32_t function, struct lookup_function *out)
{
	const struct region *region = looking->region;
	const struct region_place *place = &region->places[looking->place];
	const char *text = "";

	for (uint32_t i = 0; i < looking->instead.count; i++) {
		const struct region_place *other = &region->places[looking->instead.items[i]];

		text = arena_printf(looking->arena, "%s%s%s (%s)", text, i == 0 ? "" : " or ",
		    other->name, other->code);
		if (out->fallback_phone == NULL)
			out->fallback_phone =
			    phone_at(looking, looking->instead.items[i], function);
	}
	out->fallback_text = arena_printf(looking->arena, "%s %s on %s. %s%s", place->name,
	    looking->life == LOOKUP_ENDED ? "ended" : "begins",
	    day_words(looking->arena, looking->day),
	    looking->instead.count > 0      ? "Ask for "
	    : looking->life == LOOKUP_ENDED ? "No successor is named: ask your switchboard"
					    : "Ask your switchboard",
	    text);
}

/* ---------------------------------------------------------------------------- the place */

struct ways {
	uint32_t *items, count;
	bool *seen;
};

static void
add_way(struct ways *ways, uint32_t place)
{
	if (ways->seen[place])
		return;
	ways->seen[place] = true;
	ways->items[ways->count++] = place;
}

static bool
is_there(const struct looking *looking, uint32_t place)
{
	return span_has(
	    region_instants(looking->asked->map->setup->zone, looking->region->places[place].life),
	    looking->at);
}

/* Those who come after the place, and after them if they have ended too: from one to the next until
 * they are there. */
static void
find_successors(struct looking *looking, struct ways *ways)
{
	const struct region *region = looking->region;
	uint32_t *there = arena_array(looking->arena, region->nplaces, sizeof *there), n = 0;

	add_way(ways, looking->place);
	for (uint32_t i = 0; i < ways->count; i++) {
		const struct region_place *place = &region->places[ways->items[i]];

		if (is_there(looking, ways->items[i])) {
			there[n++] = ways->items[i];
			continue;
		}
		for (uint32_t j = 0; j < place->successors.count; j++)
			add_way(ways, place->successors.items[j]);
	}
	looking->instead = (struct region_list){there, n};
}

/* Those who name the place their successor, and before them likewise. */
static void
find_predecessors(struct looking *looking, struct ways *ways)
{
	const struct region *region = looking->region;
	uint32_t *there = arena_array(looking->arena, region->nplaces, sizeof *there), n = 0;

	add_way(ways, looking->place);
	for (uint32_t i = 0; i < ways->count; i++) {
		if (is_there(looking, ways->items[i])) {
			there[n++] = ways->items[i];
			continue;
		}
		for (uint32_t p = 0; p < region->nplaces; p++)
			for (uint32_t j = 0; j < region->places[p].successors.count; j++)
				if (region->places[p].successors.items[j] == ways->items[i])
					add_way(ways, p);
	}
	looking->instead = (struct region_list){there, n};
}

void
lookup_find_life(struct looking *looking)
{
	const struct region *region = looking->region;
	const struct region_place *place = &region->places[looking->place];
	struct span_time life = region_instants(looking->asked->map->setup->zone, place->life);
	struct ways ways = {0};

	if (span_has(life, looking->at))
		return;
	ways.items = arena_array(looking->arena, region->nplaces, sizeof *ways.items);
	ways.seen = arena_array(looking->arena, region->nplaces, sizeof *ways.seen);
	if (looking->at >= life.end) {
		looking->life = LOOKUP_ENDED;
		looking->day = place->life.end;
		find_successors(looking, &ways);
	} else {
		looking->life = LOOKUP_TO_COME;
		looking->day = place->life.start;
		find_predecessors(looking, &ways);
	}
}
