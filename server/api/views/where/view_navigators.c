/* SPDX-License-Identifier: MIT */
#include "server/api/ask/rights.h"
#include "server/api/views/parts/list.h"
#include "server/api/views/parts/navigator_words.h"
#include "server/api/views/views.h"
#include "server/base/civil.h"

/* GET /v1/navigators: where to send somebody instead, and what of it is open now. From memory. Of a place: those
 * that hold there, also those of the places above it. */

struct wanted {
	uint32_t function;
	bool all;                /* no place is asked for */
	struct region_list here; /* else: those that hold at it */
};

static bool
holds(const struct wanted *wanted, uint32_t index)
{
	bool found = wanted->all;

	for (uint32_t i = 0; i < wanted->here.count; i++)
		found |= wanted->here.items[i] == index;
	return found;
}

static void
put_one(struct list *list, const struct navigator_told *told, uint32_t index)
{
	const struct ask *ask = list->ask;
	const struct snapshot_region *setup = ask->map->setup;
	struct navigator_asked asked = {setup->zone, &setup->holidays, ask->now, {0}};
	struct lookup_navigator one = {.navigator = index};

	one.closed = asked.closed = closings_at(ask->map->closings, index, ask->now);
	one.is = navigator_judge(ask->arena, &setup->region->navigators[index], &asked);
	out_object(&list->out, NULL);
	navigator_put(&list->out, told, &one);
	out_object_end(&list->out);
	list_shown(list, setup->region->navigators[index].id);
}

void
view_navigators(struct ask *ask)
{
	const struct region *region = ask->region;
	uint32_t place = ask_place(ask), i;
	const char *word = ask_text(ask, "q");
	struct wanted wanted = {.function = ask_function(ask), .all = place == REGION_NONE};
	struct navigator_told told = {
	    ask->arena, ask->map->setup, place == REGION_NONE ? NULL : &region->places[place]};
	struct list list;

	if (!list_begin(&list, ask,
		(struct listed){"navigators", &region->navigator_by_id, region->nnavigators}))
		return;
	if (place != REGION_NONE)
		wanted.here = navigators_at(ask->arena, region, place,
		    civil_day_of(zone_local(ask->map->setup->zone, ask->now)));
	while ((i = list_next(&list)) != REGION_NONE) {
		const struct region_navigator *card = &region->navigators[i];

		if (holds(&wanted, i) && navigator_serves(card, wanted.function) &&
		    (list_has(card->name, word) || list_has(card->id, word)))
			put_one(&list, &told, i);
	}
	list_end(&list);
}
