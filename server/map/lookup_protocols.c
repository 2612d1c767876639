/* SPDX-License-Identifier: MIT */
#include "server/base/civil.h"
#include "server/base/instant.h"
#include "server/map/lookup_private.h"

/* The protocols of a function that hold at the place. Of an instant that is over, those that were there by then; of the
 * present and what is to come, all that are known: a clock that is slow must hide nothing. */
void
lookup_find_protocols(const struct looking *looking, struct lookup_function *out)
{
	const struct snapshot *map = looking->asked->map;

	out->protocols = protocols_at(looking->arena, map->protocols,
	    &(struct protocols_asked){
		.region = looking->region,
		.place = looking->place,
		.function = out->function,
		.day = civil_day_of(zone_local(map->setup->zone, looking->at)),
		.until = looking->at >= looking->asked->now ? INSTANT_END : looking->at,
	    });
}
