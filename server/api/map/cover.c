#include "server/api/map/cover.h"

#include <stdlib.h>

#include "server/base/vec.h"
#include "server/model/hours.h"

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

/* One rota's shifts that overlap the window, for the sweep and for finding them again. */
struct gathering {
	struct arena *arena;
	const struct cover_asked *asked;
	struct span_time window;
	VEC(struct cover_shift) found;
};

static struct sweep_rota
gather(struct gathering *gathering, uint32_t index)
{
	const struct snapshot *map = gathering->asked->map;
	const struct rota_block *block = map->rotas[index];
	VEC(struct shift) shifts = {0};
	enum shift_class class;

	for (uint32_t i = rota_block_from(block, gathering->window.start); i < block->count; i++) {
		const struct kept_shift *kept = &block->shifts[i];

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
		};
		*VEC_PUSH(gathering->arena, &gathering->found) =
		    (struct cover_shift){.shift = kept, .block = block, .rota = index};
	}
	return (struct sweep_rota){
	    .shifts = shifts.items,
	    .nshifts = shifts.count,
	    .horizon = kept_feed_horizon(map->feeds[index]),
	    .trusted_until = kept_feed_trusted_until(map->feeds[index], gathering->asked->now),
	};
}

static int
by_id(const void *left, const void *right)
{
	const struct cover_shift *a = left, *b = right;

	return (a->shift->id > b->shift->id) - (a->shift->id < b->shift->id);
}

void
cover_demand(struct arena *arena, const struct cover_asked *asked, uint32_t demand,
    struct span_time window, struct cover *out)
{
	const struct snapshot_region *setup = asked->map->setup;
	const struct region_demand *wanted = &setup->region->demands[demand];
	const struct region_requirement *requirement =
	    &setup->region->requirements[wanted->requirement];
	struct gathering gathering = {.arena = arena, .asked = asked, .window = window};
	struct sweep_rota *rotas = arena_array(arena, wanted->rotas.count + 1, sizeof *rotas);

	for (uint32_t i = 0; i < wanted->rotas.count; i++)
		rotas[i] = gather(&gathering, wanted->rotas.items[i]);
	out->spans = sweep(arena,
	    &(struct sweep_input){
		.window = window,
		.hours = hours_expand(arena, requirement, setup->zone, &setup->holidays, window),
		.required = requirement->count,
		.team_counts = requirement->team_counts,
		.rotas = rotas,
		.nrotas = wanted->rotas.count,
		.absences = asked->map->absences->items,
		.nabsences = asked->map->absences->count,
	    });
	if (gathering.found.count > 1)
		qsort(gathering.found.items, gathering.found.count, sizeof *gathering.found.items,
		    by_id);
	out->shifts = gathering.found.items;
	out->nshifts = gathering.found.count;
}

const struct cover_shift *
cover_find(const struct cover *cover, int64_t id)
{
	size_t low = 0, high = cover->nshifts;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (cover->shifts[middle].shift->id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < cover->nshifts && cover->shifts[low].shift->id == id ? &cover->shifts[low]
									  : NULL;
}
