/* SPDX-License-Identifier: MIT */
#include "server/base/civil.h"
#include "server/base/instant.h"
#include "server/base/vec.h"
#include "server/map/lookup_private.h"

/* Where to send somebody instead. */

typedef VEC(struct lookup_navigator) navigator_list;

static bool
has(const navigator_list *list, uint32_t navigator)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].navigator == navigator)
			return true;
	return false;
}

static void
add_place(struct arena *arena, const struct snapshot *map, const struct lookup_asked *wanted,
    navigator_list *list)
{
	const struct snapshot_region *setup = map->setup;
	const struct region *region = setup->region;
	struct navigator_asked asked = {setup->zone, &setup->holidays, wanted->at, {0}};
	struct region_list here = navigators_at(
	    arena, region, wanted->place, civil_day_of(zone_local(setup->zone, wanted->at)));

	for (uint32_t i = 0; i < here.count; i++) {
		const struct region_navigator *navigator = &region->navigators[here.items[i]];

		if (!navigator_serves(navigator, wanted->function) || has(list, here.items[i]))
			continue;
		asked.closed = closings_at(map->closings, here.items[i], wanted->at);
		*VEC_PUSH(arena, list) = (struct lookup_navigator){
		    here.items[i], navigator_judge(arena, navigator, &asked), asked.closed};
	}
}

/* What is open first; within one state the order stays. */
static size_t
sorted(struct arena *arena, const navigator_list *list, const struct lookup_navigator **out)
{
	struct lookup_navigator *items = arena_array(arena, list->count + 1, sizeof *items);
	size_t count = 0;

	for (int state = 0; state < NAVIGATOR_STATES; state++)
		for (size_t i = 0; i < list->count; i++)
			if ((int)list->items[i].is.state == state)
				items[count++] = list->items[i];
	*out = items;
	return count;
}

size_t
lookup_navigators(struct arena *arena, const struct snapshot *map,
    const struct lookup_asked *wanted, const struct lookup_navigator **out)
{
	navigator_list list = {0};

	add_place(arena, map, wanted, &list);
	return sorted(arena, &list, out);
}

/* A place that does not exist sends nobody anywhere: those that answer instead do. */
void
lookup_find_navigators(const struct looking *looking, struct lookup *out)
{
	const struct succession *succession = &looking->succession;
	struct lookup_asked wanted = {out->place, out->function, out->at};
	navigator_list list = {0};

	if (looking->region->nnavigators == 0)
		return;
	if (succession->life == PLACE_LIVES)
		add_place(looking->arena, looking->asked->map, &wanted, &list);
	for (uint32_t i = 0; i < succession->instead.count; i++) {
		wanted.place = succession->instead.items[i];
		add_place(looking->arena, looking->asked->map, &wanted, &list);
	}
	out->nnavigators = sorted(looking->arena, &list, &out->navigators);
}
