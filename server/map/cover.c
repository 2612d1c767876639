/* SPDX-License-Identifier: MIT */
#include "server/map/cover.h"

#include <stdlib.h>

#include "server/base/vec.h"
#include "server/model/demand.h"

/* The class that the sweep gives to a shift. Every question about a single shift asks here, so
 * that a lookup cannot count somebody whom the sweep does not. False for absences, which the
 * sweep has from another list. An entry that could not be read is undecided: it is shown and
 * does not count. */
static bool
weigh(const struct kept_shift *shift, enum shift_class *out)
{
	return shift_class_read(
	    kept_class_name((enum kept_class)shift->class), shift->person != REGION_NONE, out);
}

bool
cover_counts(const struct kept_shift *shift)
{
	enum shift_class class;

	return weigh(shift, &class) && (class == SHIFT_NAMED || class == SHIFT_TEAM);
}

bool
cover_is_undecided(const struct kept_shift *shift)
{
	enum shift_class class;

	return weigh(shift, &class) && class == SHIFT_UNDECIDED;
}

bool
cover_names(const struct kept_shift *shift)
{
	enum shift_class class;

	return weigh(shift, &class) && class == SHIFT_NAMED;
}

/* Collects the shifts of one rota that overlap the window, for the sweep and for finding them by
 * id. */
struct gathering {
	struct arena *arena;
	const struct cover_asked *asked;
	struct span_time window;
	VEC(struct cover_shift) found;
};

/* The shifts are not cut to the days on which the rota serves the place: the sweep does that
 * itself, from the demand's supplies. */
static struct sweep_rota
gather(struct gathering *gathering, uint32_t index)
{
	const struct snapshot *map = gathering->asked->map;
	const struct rota_block *block = map->rotas[index];
	VEC(struct shift) shifts = {0};
	enum shift_class class;

	for (uint32_t i = rota_block_from(block, gathering->window.start); i < block->count; i++) {
		const struct kept_shift *kept = &block->shifts[i];

		/* Shifts are sorted by start, so that none that follows overlaps the window
		 * either. */
		if ((int64_t)kept->start >= gathering->window.end)
			break;
		if ((int64_t)kept->end <= gathering->window.start || !weigh(kept, &class))
			continue;
		*VEC_PUSH(gathering->arena, &shifts) = (struct shift){
		    .start = kept->start,
		    .end = kept->end,
		    .id = kept->id,
		    .person = kept->person,
		    .team = kept->team,
		    .class = class,
		    .override = kept->override != 0,
		    .disputed = kept->disputed != 0,
		};
	}
	return (struct sweep_rota){
	    .shifts = shifts.items,
	    .nshifts = shifts.count,
	    /* From these two the sweep decides where silence of the rota means "nobody" and where
	     * it means "not known": after the horizon, or when the source is too old. */
	    .horizon = kept_feed_horizon(map->feeds[index]),
	    .trusted_until = kept_feed_trusted_until(map->feeds[index], gathering->asked->now),
	};
}

/* Adds the shifts of one supply, cut to the days on which it serves the place. A rota may have
 * several supplies of one demand, one for each period in which it serves the place; then a shift is
 * listed once for each. */
static void
find_shifts(struct gathering *gathering, const struct region_supply *supply)
{
	const struct snapshot *map = gathering->asked->map;
	const struct rota_block *block = map->rotas[supply->rota];
	struct span_time serves = region_instants(map->setup->zone, supply->life);
	enum shift_class class;

	for (uint32_t i = rota_block_from(block, gathering->window.start); i < block->count; i++) {
		const struct kept_shift *kept = &block->shifts[i];
		struct span_time time = span_clip(kept_shift_time(kept), serves);

		if ((int64_t)kept->start >= gathering->window.end)
			break;
		if (!span_is_empty(time) && time.end > gathering->window.start &&
		    weigh(kept, &class))
			*VEC_PUSH(gathering->arena, &gathering->found) =
			    (struct cover_shift){.shift = kept,
				.block = block,
				.rota = supply->rota,
				.start = time.start,
				.end = time.end};
	}
}

typedef VEC(struct share_duty) duty_list;

/* Adds the confirmed shifts of ${ours} on all rotas of the function. */
static void
add_elsewhere(
    const struct gathering *gathering, uint32_t function, const bool *ours, duty_list *found)
{
	const struct snapshot *map = gathering->asked->map;
	const struct region_list *all = &map->setup->region->functions[function].rotas;

	for (uint32_t i = 0; i < all->count; i++) {
		const struct rota_block *block = map->rotas[all->items[i]];

		for (uint32_t j = rota_block_from(block, gathering->window.start); j < block->count;
		     j++) {
			const struct kept_shift *kept = &block->shifts[j];

			if ((int64_t)kept->start >= gathering->window.end)
				break;
			if ((int64_t)kept->end > gathering->window.start && cover_names(kept) &&
			    ours[kept->person])
				*VEC_PUSH(gathering->arena, found) = (struct share_duty){
				    kept->person, all->items[i], kept->start, kept->end};
		}
	}
}

/* Adds confirmed shifts of people on the demand's rotas from all rotas of its function. Only a
 * service that limits how many places a person may cover at once needs them. Without that limit no
 * shift on another rota can change the state, and this search is left out because it reads every
 * rota of the function. */
static struct share_list
gather_elsewhere(const struct gathering *gathering, const struct region_demand *wanted,
    const struct sweep_rota *rotas)
{
	const struct snapshot *map = gathering->asked->map;
	const struct region *region = map->setup->region;
	struct arena *arena = gathering->arena;
	bool *ours = arena_array(arena, region->npeople, sizeof *ours);
	duty_list found = {0};

	for (uint32_t i = 0; i < wanted->rotas.count; i++)
		for (size_t j = 0; j < rotas[i].nshifts; j++)
			if (rotas[i].shifts[j].class == SHIFT_NAMED)
				/* SHIFT_NAMED implies a person of the region, so that the index is
				 * valid (shift_class_read()). */
				ours[rotas[i].shifts[j].person] = true;
	if (wanted->nmembers == 0)
		add_elsewhere(gathering, wanted->function, ours, &found);
	for (uint32_t i = 0; i < wanted->nmembers; i++)
		add_elsewhere(gathering, wanted->members[i].function, ours, &found);
	return (struct share_list){found.items, found.count};
}

/* The start decides between the pieces of one shift, which share its id. */
static int
by_id(const void *left, const void *right)
{
	const struct cover_shift *a = left, *b = right;

	if (a->shift->id != b->shift->id)
		return a->shift->id < b->shift->id ? -1 : 1;
	return (a->start > b->start) - (a->start < b->start);
}

/* The input of the sweep of a demand. The shifts of other rotas are input of the sweep only. */
static struct demand_asked
sweep_of(struct gathering *gathering, uint32_t demand)
{
	const struct snapshot_region *setup = gathering->asked->map->setup;
	const struct region_demand *wanted = &setup->region->demands[demand];
	struct sweep_rota *rotas =
	    arena_array(gathering->arena, wanted->rotas.count, sizeof *rotas);
	struct demand_asked sweeping = {
	    .context = {setup->region, setup->zone, &setup->holidays},
	    .demand = demand,
	    .window = gathering->window,
	    .rotas = rotas,
	    .absences = snapshot_absences(gathering->asked->map),
	};

	for (uint32_t i = 0; i < wanted->rotas.count; i++)
		rotas[i] = gather(gathering, wanted->rotas.items[i]);
	if (demand_is_limited(setup->region, demand))
		sweeping.elsewhere = gather_elsewhere(gathering, wanted, rotas);
	return sweeping;
}

void
cover_bundle(struct arena *arena, const struct cover_asked *asked, uint32_t demand, int64_t instant,
    struct bundle_moment *out)
{
	struct gathering gathering = {
	    .arena = arena, .asked = asked, .window = {instant, instant + 1}};
	struct demand_asked sweeping = sweep_of(&gathering, demand);

	bundle_look(arena, &sweeping, out);
}

void
cover_demand(struct arena *arena, const struct cover_asked *asked, uint32_t demand,
    struct span_time window, struct cover *out)
{
	const struct region_demand *wanted = &asked->map->setup->region->demands[demand];
	struct gathering gathering = {.arena = arena, .asked = asked, .window = window};
	struct demand_asked sweeping = sweep_of(&gathering, demand);

	out->spans = demand_sweep(arena, &sweeping);
	for (uint32_t i = 0; i < wanted->nsupplies; i++)
		find_shifts(&gathering, &wanted->supplies[i]);
	if (gathering.found.count > 1)
		qsort(gathering.found.items, gathering.found.count, sizeof *gathering.found.items,
		    by_id);
	out->shifts = gathering.found.items;
	out->nshifts = gathering.found.count;
}
