/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/effect_gaps.h"

#include <stdlib.h>

#include "server/base/vec.h"
#include "server/model/gap.h"

/* Whether people call a span of this state a gap. If nothing is commissioned nothing is missing. */
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

/* The uncovered times of ${spans} that are none in ${other}, each in its state. Pieces of one state
 * that touch are joined, as a person would count them. */
static void
add_new(struct arena *arena, uint32_t demand, struct cover_spans spans, struct span_times other,
    struct effect_list *list)
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

/* By demand too, so that two previews of the same change list the gaps in the same order. */
static int
by_start(const void *left, const void *right)
{
	const struct effect_gap *a = left, *b = right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return (a->demand > b->demand) - (a->demand < b->demand);
}

/* Opens and closes are found by the same function with the two sides exchanged, so that a time
 * cannot be in both. */
void
effect_gaps_compare(struct arena *arena, const struct effect_side *was,
    const struct effect_side *will, struct effect_gaps *out)
{
	struct cover_spans before = was->spans, after = will->spans;

	add_new(arena, will->demand, after, uncovered_times(arena, before), &out->opens);
	add_new(arena, was->demand, before, uncovered_times(arena, after), &out->closes);
}

/* After all demands: each adds its own in order of start. */
void
effect_gaps_sort(struct effect_gaps *gaps)
{
	if (gaps->opens.count > 1)
		qsort(gaps->opens.items, gaps->opens.count, sizeof *gaps->opens.items, by_start);
	if (gaps->closes.count > 1)
		qsort(gaps->closes.items, gaps->closes.count, sizeof *gaps->closes.items, by_start);
}
