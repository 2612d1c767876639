/* SPDX-License-Identifier: MIT */
#include "server/coverage/diff.h"

#include <string.h>

#include "server/base/vec.h"

/* The record keeps every span that was ever in force, so that a sweep that changes nothing must
 * write nothing. Spans that differ are ended and begun; the rest keep their rows and their age. */

struct differ {
	struct arena *arena;
	VEC(int64_t) ended;
	VEC(struct cover_span) begun;
};

/* The same in everything but its edges. The shift ids are part of it: another shift with the same
 * effect is other evidence, and the record must say which it was. */
static bool
same(const struct cover_span *a, const struct cover_span *b)
{
	return a->state == b->state && a->cause == b->cause && a->present == b->present &&
	       a->required == b->required && a->nshifts == b->nshifts &&
	       (a->nshifts == 0 ||
		   memcmp(a->shifts, b->shifts, a->nshifts * sizeof *a->shifts) == 0);
}

/* The spans of a sweep that the map keeps, in an array of their own, since the first may get
 * another start. The map has no rows for times at which nothing is required; absence of a row says
 * so. */
static size_t
keep_commissioned(struct arena *arena, struct cover_spans swept, struct cover_span **out)
{
	struct cover_span *kept = arena_array(arena, swept.count, sizeof *kept);
	size_t count = 0;

	for (size_t i = 0; i < swept.count; i++)
		if (swept.items[i].state != COVER_NOT_COMMISSIONED)
			kept[count++] = swept.items[i];
	*out = kept;
	return count;
}

/* Decides about the span in force that runs across ${from}, if there is one. The sweep begins at
 * ${from} and knows nothing of the time before. The map's statement about that time is kept: the
 * old span is written again up to ${from} if its continuation differs. */
static void
join_past(struct differ *differ, struct cover_spans held, struct cover_span *first, int64_t from)
{
	const struct cover_span *across = NULL;

	for (size_t i = 0; i < held.count && held.items[i].start < from; i++)
		if (across == NULL || (first != NULL && same(&held.items[i], first)))
			across = &held.items[i];
	if (across == NULL)
		return;
	if (first != NULL && first->start == from && same(across, first)) {
		/* The span continues over the edge of the window and stays one row. */
		first->start = across->start;
		return;
	}
	*VEC_PUSH(differ->arena, &differ->begun) = *across;
	differ->begun.items[differ->begun.count - 1].end = from;
}

/* Both lists are sorted by start, so that one pass finds all differences. */
struct diff
diff_spans(struct arena *arena, struct cover_spans held, struct cover_spans swept, int64_t from)
{
	struct differ differ = {.arena = arena};
	struct cover_span *kept;
	size_t count = keep_commissioned(arena, swept, &kept), i = 0, j = 0;

	join_past(&differ, held, count > 0 ? &kept[0] : NULL, from);
	while (i < held.count && j < count) {
		const struct cover_span *old = &held.items[i], *new = &kept[j];

		if (old->start == new->start && old->end == new->end &&same(old, new)) {
			i++;
			j++;
		} else if (old->start <= new->start) {
			*VEC_PUSH(arena, &differ.ended) = old->start;
			i++;
		} else {
			*VEC_PUSH(arena, &differ.begun) = *new;
			j++;
		}
	}
	for (; i < held.count; i++)
		*VEC_PUSH(arena, &differ.ended) = held.items[i].start;
	for (; j < count; j++)
		*VEC_PUSH(arena, &differ.begun) = kept[j];
	return (struct diff){
	    differ.ended.items, differ.ended.count, differ.begun.items, differ.begun.count};
}
