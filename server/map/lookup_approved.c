/* SPDX-License-Identifier: MIT */
#include "server/map/lookup_private.h"
#include "server/model/approval.h"
#include "server/model/demand.h"

/* Whether somebody on a rota is approved for what a place requires. */

bool
lookup_approved(const struct looking *looking, uint32_t function, uint32_t person, int64_t instant)
{
	const struct region *region = looking->region;
	const struct region_list *demands = &region->places[looking->place].demands;
	const struct snapshot_region *setup = looking->asked->map->setup;
	struct demand_context context = {region, setup->zone, &setup->holidays};
	struct region_requirement none = {.function = function};
	struct approval_wanted wanted = {region, setup->zone, &none};
	bool asked = false;

	for (uint32_t i = 0; i < demands->count; i++) {
		const struct region_demand *demand = &region->demands[demands->items[i]];

		if (demand->function != function || !demand_in_force(&context, demands->items[i],
							(struct span_time){instant, instant + 1}))
			continue;
		wanted.requirement = &region->requirements[demand->requirement];
		if (approval_has(&wanted, person, instant))
			return true;
		asked = true;
	}
	/* If a requirement is in force, its own rule of approval decides and the function's general
	 * rule is not a second chance. */
	return !asked && approval_has(&wanted, person, instant);
}

/* Whether a requirement in force counts people without the function. Without a requirement the
 * function must be held. */
bool
lookup_takes_any_role(const struct looking *looking, uint32_t function)
{
	const struct region *region = looking->region;
	const struct region_list *demands = &region->places[looking->place].demands;
	const struct snapshot_region *setup = looking->asked->map->setup;
	struct demand_context context = {region, setup->zone, &setup->holidays};
	struct span_time moment = {looking->at, looking->at + 1};

	for (uint32_t i = 0; i < demands->count; i++) {
		const struct region_demand *demand = &region->demands[demands->items[i]];

		if (demand->function == function &&
		    region->requirements[demand->requirement].role == REGION_ROLE_ANY &&
		    demand_in_force(&context, demands->items[i], moment))
			return true;
	}
	return false;
}
