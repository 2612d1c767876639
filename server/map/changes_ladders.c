/* SPDX-License-Identifier: MIT */
#include "server/base/civil.h"
#include "server/map/changes_private.h"
#include "server/model/ladder.h"

/* What ladders add to a change: the answer about a function has those who are on call for others, and
 * lines of services that do not serve the place. */

bool
changes_have_ladders(const struct region *region)
{
	for (uint32_t i = 0; i < region->nplaces; i++)
		if (region->places[i].nladders > 0)
			return true;
	return false;
}

static const struct region_ladder *
ladder_of(const struct map_look *after, struct arena *arena, uint32_t place, uint32_t function)
{
	const struct snapshot_region *setup = after->map->setup;
	const struct ladder_of asked = {
	    place, function, civil_day_of(zone_local(setup->zone, after->at))};
	uint32_t of;

	return ladder_set_up(arena, setup->region, &asked, &of);
}

static bool
goes_on_to(const struct region_ladder *ladder, uint32_t function)
{
	for (uint32_t i = 0; ladder != NULL && i < ladder->nsteps; i++)
		if (ladder->steps[i].kind == REGION_STEP_ON_CALL &&
		    ladder->steps[i].function == function)
			return true;
	return false;
}

void
changes_find_ladders(struct finding *finding)
{
	const size_t count = finding->touched.count;

	if (count == 0 || !changes_have_ladders(finding->region))
		return;
	for (size_t i = 0; i < count; i++) {
		const struct touched touched = finding->touched.items[i];

		for (uint32_t f = 0; f < finding->region->nfunctions; f++)
			if (f != touched.function &&
			    goes_on_to(ladder_of(finding->after, finding->arena, touched.place, f),
				touched.function))
				changes_touch(finding, touched.place, f);
	}
}

/* Whether one of the people or the lines that the ladder rings was reported on. */
static bool
is_reported(const struct region_ladder *ladder, const bool *functions, const bool *lines)
{
	for (uint32_t i = 0; ladder != NULL && i < ladder->nsteps; i++) {
		const struct region_step *step = &ladder->steps[i];

		if ((step->kind == REGION_STEP_ON_CALL && functions[step->function]) ||
		    (step->kind == REGION_STEP_LINE && lines[step->service]))
			return true;
	}
	return false;
}

void
changes_mark_ladders(
    struct arena *arena, const struct map_look *after, bool *contacts, const bool *lines)
{
	const struct region *region = after->map->setup->region;

	if (!changes_have_ladders(region))
		return;
	for (uint32_t i = 0; i < region->nplaces; i++) {
		bool *own = contacts + (size_t)i * region->nfunctions;
		bool *functions = arena_copy(arena, own, region->nfunctions * sizeof *functions);

		for (uint32_t f = 0; f < region->nfunctions; f++)
			if (is_reported(ladder_of(after, arena, i, f), functions, lines))
				own[f] = true;
	}
}
