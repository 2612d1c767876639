/* SPDX-License-Identifier: MIT */
#include "server/map/lookup_private.h"

/* Bundles of a place: who fills their parts at an instant, and how long that has been and will be
 * so. */

#define DAY_SECONDS INT64_C(86400)

static bool
has_member(const struct region_demand *demand, uint32_t function)
{
	for (uint32_t i = 0; i < demand->nmembers; i++)
		if (demand->members[i].function == function)
			return true;
	return false;
}

bool
lookup_is_of(const struct looking *looking, uint32_t place, uint32_t offered, uint32_t function)
{
	const struct region *region = looking->region;
	const struct region_list *demands = &region->places[place].demands;

	if (offered == function)
		return true;
	for (uint32_t i = 0; i < demands->count; i++)
		if (region->demands[demands->items[i]].function == function &&
		    has_member(&region->demands[demands->items[i]], offered))
			return true;
	return false;
}

/* The function of the part for which the head counts: the first, if it does for several. */
static uint32_t
function_of(const struct region_demand *demand, const struct region_part *part,
    const struct bundle_head *head)
{
	for (uint32_t i = 0; i < part->functions.count; i++)
		for (uint32_t j = 0; j < demand->nmembers; j++)
			if (demand->members[j].function == part->functions.items[i] &&
			    (head->functions >> j & 1) != 0)
				return part->functions.items[i];
	return REGION_NONE;
}

static struct lookup_filler
filler_of(const struct looking *looking, const struct region_demand *demand,
    const struct region_part *part, const struct bundle_head *head)
{
	const struct snapshot *map = looking->asked->map;
	uint32_t supply = (uint32_t)((head->who & ~SWEEP_LINE) >> 32),
		 index = (uint32_t)head->who; /* of a line: of its name */
	struct lookup_filler filler = {.function = function_of(demand, part, head)};

	if ((head->who & SWEEP_LINE) == 0) {
		filler.person = index;
		filler.name = region_person(looking->region, index)->name;
	} else {
		filler.person = REGION_NONE;
		filler.name = rota_block_text(map->rotas[demand->supplies[supply].rota], index);
	}
	return filler;
}

static void
find_people(const struct looking *looking, const struct region_demand *demand,
    const struct bundle_moment *moment, uint32_t part, struct lookup_part *out)
{
	struct lookup_filler *people = arena_array(looking->arena, moment->nheads, sizeof *people);

	for (uint32_t i = 0; i < moment->nheads; i++)
		if (moment->bundle.filled[i] == part)
			people[out->npeople++] =
			    filler_of(looking, demand, out->part, &moment->heads[i]);
	out->people = people;
}

/* Whether the span is of the same kind: whole, or not. Hours in which nobody asks for the bundle are
 * neither. */
static bool
is_whole(const struct cover_span *span)
{
	return span->state == COVER_COVERED;
}

/* Since when the bundle is whole, or is not, and until when. */
static void
find_times(const struct looking *looking, uint32_t demand, struct lookup_bundle *out)
{
	struct span_time window = {looking->at - LOOKUP_BUNDLE_BACK_DAYS * DAY_SECONDS,
	    looking->at + LOOKUP_BUNDLE_DAYS * DAY_SECONDS};
	bool whole = out->state == COVER_COVERED;
	size_t at = 0, first, after;
	struct cover cover;
	const struct cover_span *spans;

	cover_demand(looking->arena, looking->asked, demand, window, &cover);
	spans = cover.spans.items;
	while (spans[at].end <= looking->at)
		at++;
	for (first = at; first > 0 && spans[first - 1].state != COVER_NOT_COMMISSIONED &&
			 is_whole(&spans[first - 1]) == whole;)
		first--;
	/* What is not whole stays so over hours in which nobody asks for it. */
	for (after = at + 1; after < cover.spans.count && is_whole(&spans[after]) == whole;)
		after++;
	out->since = first > 0 ? spans[first].start : INSTANT_NONE;
	out->until = after < cover.spans.count ? spans[after].start : INSTANT_NONE;
}

static void
find_bundle(const struct looking *looking, uint32_t index, const struct bundle_moment *moment,
    struct lookup_bundle *out)
{
	const struct region_demand *demand = &looking->region->demands[index];
	const struct region_requirement *requirement =
	    &looking->region->requirements[demand->requirement];
	struct lookup_part *parts = arena_array(looking->arena, requirement->nparts, sizeof *parts);

	for (uint32_t i = 0; i < requirement->nparts; i++) {
		parts[i] = (struct lookup_part){
		    .part = &requirement->parts[i],
		    .state = moment->bundle.parts[i].state,
		    .cause = moment->causes[i],
		    .present = moment->bundle.parts[i].present,
		};
		find_people(looking, demand, moment, i, &parts[i]);
	}
	*out = (struct lookup_bundle){
	    .requirement = demand->requirement,
	    .state = moment->state,
	    .cause = moment->cause,
	    .present = moment->bundle.present,
	    .required = moment->bundle.required,
	    .parts = parts,
	    .nparts = requirement->nparts,
	};
	find_times(looking, index, out);
}

bool
lookup_bundle_at(struct arena *arena, const struct cover_asked *asked, uint32_t demand, int64_t at,
    struct lookup_bundle *out)
{
	const struct region *region = asked->map->setup->region;
	struct looking looking = {.arena = arena,
	    .asked = asked,
	    .region = region,
	    .place = region->demands[demand].place,
	    .at = at};
	struct bundle_moment moment;

	if (region->demands[demand].nmembers == 0)
		return false;
	cover_bundle(arena, asked, demand, at, &moment);
	if (moment.state == COVER_NOT_COMMISSIONED)
		return false;
	find_bundle(&looking, demand, &moment, out);
	return true;
}

void
lookup_find_bundles(const struct looking *looking, struct lookup_function *out)
{
	const struct region_list *demands = &looking->region->places[looking->place].demands;
	struct lookup_bundle *bundles =
	    arena_array(looking->arena, demands->count, sizeof *bundles);

	for (uint32_t i = 0; i < demands->count; i++)
		if (looking->region->demands[demands->items[i]].function == out->function &&
		    lookup_bundle_at(looking->arena, looking->asked, demands->items[i], looking->at,
			&bundles[out->nbundles]))
			out->nbundles++;
	out->bundles = bundles;
}
