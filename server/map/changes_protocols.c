/* SPDX-License-Identifier: MIT */
#include "server/base/civil.h"
#include "server/map/changes_private.h"
#include "server/model/above.h"

/* Protocols that are in one of two snapshots only, or have another edition: shown at their place and at all below it. */

static bool
is_in(const struct protocols *protocols, const struct kept_protocol *sought)
{
	const struct kept_protocol *found = protocols_find(protocols, sought->id);

	return found != NULL && found->edition == sought->edition && found->place == sought->place;
}

static void
mark(const struct protocols *these, const struct protocols *others, bool *places)
{
	for (size_t i = 0; i < these->count; i++)
		if (!is_in(others, &these->items[i]))
			places[these->items[i].place] = true;
}

static bool
is_below(struct finding *finding, uint32_t place, const bool *marked)
{
	int64_t day =
	    civil_day_of(zone_local(finding->after->map->setup->zone, finding->after->at));
	struct region_list above = region_above(finding->arena, finding->region, place, day);

	for (uint32_t i = 0; i < above.count; i++)
		if (marked[above.items[i]])
			return true;
	return false;
}

void
changes_find_protocols(struct finding *finding)
{
	const struct protocols *before = finding->before->map->protocols,
			       *after = finding->after->map->protocols;
	bool *marked;

	if (before == after)
		return;
	marked = arena_array(finding->arena, finding->region->nplaces + 1, sizeof *marked);
	mark(before, after, marked);
	mark(after, before, marked);
	for (uint32_t i = 0; i < finding->region->nplaces; i++)
		if (is_below(finding, i, marked))
			*VEC_PUSH(finding->arena, &finding->changes) = (struct change){
			    .kind = CHANGE_PROTOCOL, .place = i, .rota = REGION_NONE};
}
