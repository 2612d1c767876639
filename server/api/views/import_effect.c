#include "server/api/views/import_effect.h"

#include <stdlib.h>

#include "server/api/views/touched.h"
#include "server/base/vec.h"
#include "server/model/gap.h"

#define AHEAD_SECONDS (400 * (int64_t)86400)

typedef VEC(struct effect_gap) effect_list;

static bool
uncovered(enum cover_state state)
{
	return state == COVER_GAP || state == COVER_SHORT || state == COVER_UNKNOWN;
}

static struct span_times
uncovered_times(struct arena *arena, struct cover_spans spans)
{
	VEC(struct span_time) times = {0};

	for (size_t i = 0; i < spans.count; i++)
		if (uncovered(spans.items[i].state))
			*VEC_PUSH(arena, &times) =
			    (struct span_time){spans.items[i].start, spans.items[i].end};
	return span_normalise(arena, times.items, times.count);
}

/* The uncovered times of ${spans} that are none in ${other}, each in its state; pieces of one state
 * that touch are one. */
static void
add_new(struct arena *arena, uint32_t demand, struct cover_spans spans, struct span_times other,
    effect_list *list)
{
	for (size_t i = 0; i < spans.count; i++) {
		const struct cover_span *span = &spans.items[i];
		struct span_time time = {span->start, span->end};
		struct span_times left;

		if (!uncovered(span->state))
			continue;
		left = span_subtract(arena, (struct span_times){&time, 1}, other);
		for (size_t j = 0; j < left.count; j++) {
			struct effect_gap *last =
			    list->count > 0 ? &list->items[list->count - 1] : NULL;

			if (last != NULL && last->demand == demand &&
			    last->end == left.items[j].start && last->state == span->state) {
				last->end = left.items[j].end;
				continue;
			}
			*VEC_PUSH(arena, list) = (struct effect_gap){
			    demand, left.items[j].start, left.items[j].end, span->state};
		}
	}
}

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

static int
by_start(const void *left, const void *right)
{
	const struct effect_gap *a = left, *b = right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return (a->demand > b->demand) - (a->demand < b->demand);
}

void
import_effect(struct arena *arena, const struct snapshot *map, uint32_t rota,
    struct rota_block *block, int64_t horizon, int64_t now, struct import_effect *out)
{
	const struct region *region = map->setup->region;
	struct span_time window = {now, now + AHEAD_SECONDS};
	struct snapshot *after = exchange(map, rota, block, horizon, now);
	struct cover_asked is = {.map = map, .now = now}, would_be = {.map = after, .now = now};
	struct touched touched = touched_by(arena, map, after, rota);
	effect_list opens = {0}, closes = {0};

	for (uint32_t i = 0; i < region->ndemands; i++) {
		struct cover was, will;

		if (!touched_demand(&touched, i))
			continue;
		cover_demand(arena, &is, i, window, &was);
		cover_demand(arena, &would_be, i, window, &will);
		add_new(arena, i, will.spans, uncovered_times(arena, was.spans), &opens);
		add_new(arena, i, was.spans, uncovered_times(arena, will.spans), &closes);
	}
	if (opens.count > 1)
		qsort(opens.items, opens.count, sizeof *opens.items, by_start);
	if (closes.count > 1)
		qsort(closes.items, closes.count, sizeof *closes.items, by_start);
	*out = (struct import_effect){opens.items, closes.items, opens.count, closes.count};
	snapshot_unref(after);
}
