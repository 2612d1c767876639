#include "server/api/views/import_effect.h"

#include "server/api/views/touched.h"

/* What somebody has just put in force by hand is believed. */
static struct snapshot *
exchange(const struct snapshot *map, uint32_t rota, struct rota_block *block, int64_t horizon,
    int64_t now)
{
	struct snapshot *after = snapshot_copy(map);
	struct feed_facts facts =
	    map->feeds[rota] ? map->feeds[rota]->facts : (struct feed_facts){0};

	facts.horizon = horizon;
	facts.last_good_at = now;
	snapshot_set_rota(after, rota, rota_block_ref(block));
	snapshot_set_feed(after, rota, kept_feed_new(&facts, NULL, NULL));
	snapshot_gather_absences(after);
	return after;
}

void
import_effect(struct arena *arena, const struct snapshot *map, uint32_t rota,
    struct rota_block *block, int64_t horizon, int64_t now, struct import_effect *out)
{
	const struct region *region = map->setup->region;
	struct span_time window = {now, now + EFFECT_AHEAD_SECONDS};
	struct snapshot *after = exchange(map, rota, block, horizon, now);
	struct cover_asked is = {.map = map, .now = now}, would_be = {.map = after, .now = now};
	struct touched touched = touched_by(arena, map, after, rota);
	struct effect_gaps gaps = {0};

	for (uint32_t i = 0; i < region->ndemands; i++) {
		struct cover was, will;

		if (!touched_demand(&touched, i))
			continue;
		cover_demand(arena, &is, i, window, &was);
		cover_demand(arena, &would_be, i, window, &will);
		effect_gaps_compare(arena, &(struct effect_side){i, was.spans},
		    &(struct effect_side){i, will.spans}, &gaps);
	}
	effect_gaps_sort(&gaps);
	*out = (struct import_effect){
	    gaps.opens.items, gaps.closes.items, gaps.opens.count, gaps.closes.count};
	snapshot_unref(after);
}
