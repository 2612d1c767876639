/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/model/region_inherit.h"
#include "server/model/region_parts.h"

/* Which requirements apply to a place, on which days: its own, and those of the places above it. */

struct inheritance {
	const struct region_field *root;
	struct arena *arena;
	struct region *region;
	struct region_applies *applies; /* by place */
};

static int
by_function(const void *a, const void *b, void *ctx)
{
	const struct region *region = ctx;
	uint32_t left = ((const struct region_applied *)a)->requirement;
	uint32_t right = ((const struct region_applied *)b)->requirement;
	uint32_t left_function = region->requirements[left].function;
	uint32_t right_function = region->requirements[right].function;

	if (left_function != right_function)
		return left_function < right_function ? -1 : 1;
	return left < right ? -1 : left > right;
}

static struct span_times
days_of(struct arena *arena, struct span_time life)
{
	return span_normalise(arena, &life, 1);
}

/* The days on which a place has a requirement of its own for ${function}, among the first ${own}
 * that apply to it. */
static struct span_times
own_days(const struct inheritance *d, const struct region_applies *applies, size_t own,
    uint32_t function)
{
	struct span_time *days = arena_array(d->arena, own, sizeof *days);
	size_t i, n = 0;

	for (i = 0; i < own; i++)
		if (d->region->requirements[applies->items[i].requirement].function == function &&
		    applies->items[i].days.count > 0)
			/* The own requirements were sorted first, and each has one stretch of
			 * days. */
			days[n++] = applies->items[i].days.items[0];
	return span_normalise(d->arena, days, n);
}

/* Adds what one parent requires: while the place is below it, and except on days on which the place
 * has a requirement of its own for the function. */
static void
inherit_from(
    const struct inheritance *d, uint32_t place, const struct region_dated_place *dated, size_t own)
{
	const struct region *region = d->region;
	const struct region_applies *theirs = &d->applies[dated->place];
	struct span_times under = span_intersect(d->arena, days_of(d->arena, dated->life),
	    days_of(d->arena, region->places[place].life));
	size_t i;

	for (i = 0; i < theirs->count; i++) {
		const struct region_applied *asked = &theirs->items[i];
		uint32_t function = region->requirements[asked->requirement].function;
		/* Own days are taken out, not whole requirements: a place may have its own only for
		 * some months. */
		struct span_times days =
		    span_subtract(d->arena, span_intersect(d->arena, asked->days, under),
			own_days(d, &d->applies[place], own, function));

		if (days.count > 0)
			*VEC_PUSH(d->arena, &d->applies[place]) =
			    (struct region_applied){asked->requirement, days};
	}
}

/* The days of either list. */
static struct span_times
union_of(struct arena *arena, struct span_times a, struct span_times b)
{
	struct span_time *all = arena_array(arena, a.count + b.count, sizeof *all);
	size_t i, n = 0;

	for (i = 0; i < a.count; i++)
		all[n++] = a.items[i];
	for (i = 0; i < b.count; i++)
		all[n++] = b.items[i];
	return span_normalise(arena, all, n);
}

/* Completes what applies to ${place}, whose parents are complete: its own requirements, and its
 * parents' for functions and days for which it has none. */
static void
inherit(const struct inheritance *d, uint32_t place)
{
	const struct region_dated_places *under = &d->region->places[place].under;
	struct region_applies *applies = &d->applies[place];
	size_t own = applies->count, i, n = 0;
	uint32_t p;

	/* ${own} is fixed before: what one parent requires does not displace another's. */
	for (p = 0; p < under->count; p++)
		inherit_from(d, place, &under->items[p], own);
	if (applies->count == 0)
		return;
	qsort_r(applies->items, applies->count, sizeof *applies->items, by_function, d->region);
	/* Two parents may hand down one requirement, from a grandparent: it is one demand, not
	 * two. */
	for (i = 0; i < applies->count; i++) {
		struct region_applied *last = n > 0 ? &applies->items[n - 1] : NULL;

		if (last && last->requirement == applies->items[i].requirement)
			last->days = union_of(d->arena, last->days, applies->items[i].days);
		else
			applies->items[n++] = applies->items[i];
	}
	applies->count = n;
}

/* A place on the way up, and the index of its next parent. */
struct step {
	uint32_t place, next;
};

/* Notes a fault: the last parent on the way ${steps} is already on it. */
static void
note_circle(const struct inheritance *d, const struct step *steps, size_t depth)
{
	const struct region *region = d->region;
	const struct step *last = &steps[depth - 1];
	/* The parent was already counted up by the step, so the one before is meant. */
	uint32_t parent = region->places[last->place].parents.items[last->next - 1];
	struct region_field places = field_get(d->root, "places");
	struct region_field item = field_at(&places, last->place);
	struct region_field parents = field_get(&item, "parents");
	struct region_field field = field_at(&parents, last->next - 1);
	const char *text = region->places[parent].code;

	/* From the end of the way back to where the circle began: only that part is the circle. */
	do {
		depth--;
		text = arena_printf(
		    d->arena, "%s < %s", region->places[steps[depth].place].code, text);
	} while (steps[depth].place != parent);
	field_fault(&field, "closes a circle of parents: %s", text);
}

/* Visits every place after its parents. Uses a stack of its own, because a file may have a chain of
 * parents of any length. */
static void
inherit_all(const struct inheritance *d)
{
	enum { UNSEEN, ON_THE_WAY, DONE };
	const struct region *region = d->region;
	struct step *steps = arena_array(d->arena, region->nplaces, sizeof *steps);
	uint8_t *seen = arena_array(d->arena, region->nplaces, sizeof *seen);
	size_t depth = 0;
	uint32_t i;

	for (i = 0; i < region->nplaces; i++) {
		if (seen[i] == UNSEEN)
			steps[depth++] = (struct step){.place = i};
		seen[i] = seen[i] == UNSEEN ? ON_THE_WAY : seen[i];
		while (depth > 0) {
			struct step *step = &steps[depth - 1];
			const struct region_list *parents = &region->places[step->place].parents;
			uint32_t parent;

			if (step->next == parents->count) {
				inherit(d, step->place);
				seen[step->place] = DONE;
				depth--;
				continue;
			}
			parent = parents->items[step->next++];
			/* A circle is noted and not followed, so that the walk ends. */
			if (seen[parent] == ON_THE_WAY)
				note_circle(d, steps, depth);
			if (seen[parent] != UNSEEN)
				continue;
			seen[parent] = ON_THE_WAY;
			steps[depth++] = (struct step){.place = parent};
		}
	}
}

/* By place: its own requirements, by function, then in the order of the file. */
static void
apply_own(const struct inheritance *d)
{
	const struct region *region = d->region;
	uint32_t i;

	for (i = 0; i < region->nrequirements; i++) {
		uint32_t place = region->requirements[i].place;

		*VEC_PUSH(d->arena, &d->applies[place]) = (struct region_applied){
		    i, days_of(d->arena,
			   span_clip(region->requirements[i].life, region->places[place].life))};
	}
	for (i = 0; i < region->nplaces; i++)
		if (d->applies[i].count > 0)
			qsort_r(d->applies[i].items, d->applies[i].count,
			    sizeof *d->applies[i].items, by_function, d->region);
}

const struct region_applies *
region_inherit(const struct region_field *root)
{
	struct region_reader *reader = root->reader;
	struct inheritance d = {
	    .root = root,
	    .arena = reader->arena,
	    .region = reader->region,
	    .applies =
		arena_array(reader->arena, reader->region->nplaces, sizeof(struct region_applies)),
	};

	apply_own(&d);
	inherit_all(&d);
	return d.applies;
}
