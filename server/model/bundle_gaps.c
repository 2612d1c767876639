/* SPDX-License-Identifier: MIT */
#include "server/model/bundle_gaps.h"

#include "server/base/civil.h"

/* The members that are at fault at some instant of the hole. */
static uint64_t
faults_of(const struct bundle_gaps_asked *asked, const struct gap_hole *hole)
{
	uint64_t faults = 0;

	for (size_t i = 0; i < asked->spans.count; i++)
		if (asked->spans.items[i].state == hole->state &&
		    asked->spans.items[i].start < hole->end &&
		    asked->spans.items[i].end > hole->start)
			faults |= asked->faults[i];
	return faults;
}

/* The rotas of these members. */
static struct gap_rotas
rotas_of(struct arena *arena, const struct bundle_gaps_asked *asked, uint64_t members)
{
	const struct region_demand *demand = &asked->region->demands[asked->demand];
	struct gap_rota *rotas = arena_array(arena, asked->rotas.count, sizeof *rotas);
	size_t count = 0;

	for (uint32_t i = 0; i < demand->nmembers; i++)
		for (uint32_t j = 0; (members >> i & 1) != 0 && j < demand->members[i].nsupplies;
		     j++)
			rotas[count++] = asked->rotas.items[demand->members[i].supplies + j];
	return (struct gap_rotas){rotas, count};
}

/* Whether a bundle at the place of the demand needs its function. */
static bool
is_of_a_bundle(const struct region *region, const struct region_demand *demand)
{
	const struct region_list *others = &region->places[demand->place].demands;

	for (uint32_t i = 0; i < others->count; i++) {
		const struct region_demand *other = &region->demands[others->items[i]];

		for (uint32_t j = 0; j < other->nmembers; j++)
			if (other->members[j].function == demand->function)
				return true;
	}
	return false;
}

/* The one function whose people are missing; REGION_NONE: there are several, or none that both a
 * bundle and a requirement at the place have. */
static uint32_t
function_at_fault(const struct bundle_gaps_asked *asked, uint64_t members)
{
	const struct region_demand *demand = &asked->region->demands[asked->demand];

	if (demand->nmembers == 0)
		return is_of_a_bundle(asked->region, demand) ? demand->function : REGION_NONE;
	for (uint32_t i = 0; i < demand->nmembers; i++)
		if (members == UINT64_C(1) << i)
			return demand->members[i].function;
	return REGION_NONE;
}

static void
share_group(struct arena *arena, const struct bundle_gaps_asked *asked, uint64_t members,
    struct gap_hole *hole)
{
	const struct region *region = asked->region;
	uint32_t function = function_at_fault(asked, members);
	char start[CIVIL_RFC3339_MAX];

	if (hole->group != NULL || hole->nruns > 0 || function == REGION_NONE)
		return;
	civil_rfc3339(hole->start, start);
	hole->group = arena_printf(arena, "%s.%s.%s-%s",
	    region->places[region->demands[asked->demand].place].code,
	    region->functions[function].code, cover_cause_name(hole->cause), start);
}

struct gap_holes
bundle_blame(struct arena *arena, struct gap_holes holes, const struct bundle_gaps_asked *asked)
{
	bool bundle = asked->faults != NULL;
	struct gap_hole *blamed = arena_array(arena, holes.count, sizeof *blamed);

	for (size_t i = 0; i < holes.count; i++) {
		struct gap_holes one = {&holes.items[i], 1};
		uint64_t members = bundle ? faults_of(asked, &holes.items[i]) : 0;

		blamed[i] =
		    *gap_blame(arena, one, bundle ? rotas_of(arena, asked, members) : asked->rotas)
			 .items;
		share_group(arena, asked, members, &blamed[i]);
	}
	return (struct gap_holes){blamed, holes.count};
}
