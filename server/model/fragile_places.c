/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "server/base/breath.h"
#include "server/model/fragile_private.h"
#include "server/model/share.h"

/* People in two places at once. For every two overlapping duties of one person: the places that
 * each rota serves, judged separately in each stretch between two days on which they change. */

/* A place that a rota serves, and when. */
struct spell {
	uint32_t place;
	int64_t start, end;
};

typedef VEC(struct spell) spell_list;
typedef VEC(int64_t) cut_list;

struct comparing {
	struct arena *arena;
	const struct region *region;
	const struct zone *zone;
	fragile_list list;
};

static int
by_person(const void *left, const void *right)
{
	const struct fragile_duty *a = left, *b = right;

	breath(); /* of a country there are hundreds of thousands */
	if (a->person != b->person)
		return a->person < b->person ? -1 : 1;
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return (a->rota > b->rota) - (a->rota < b->rota);
}

static int
by_time(const void *left, const void *right)
{
	const int64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* Returns the places that ${rota} serves within ${time}, and adds to ${cuts} the instants at
 * which they change. */
static spell_list
find_spells(const struct comparing *comparing, uint32_t rota, struct span_time time, cut_list *cuts)
{
	const struct region *region = comparing->region;
	const struct region_dated_places *footprint =
	    &region->services[region->rotas[rota].service].footprint;
	spell_list spells = {0};

	for (uint32_t i = 0; i < footprint->count; i++) {
		struct span_time served = span_clip(
		    share_dated_place(region, comparing->zone, rota, &footprint->items[i]), time);

		if (span_is_empty(served))
			continue;
		*VEC_PUSH(comparing->arena, &spells) =
		    (struct spell){footprint->items[i].place, served.start, served.end};
		*VEC_PUSH(comparing->arena, cuts) = served.start;
		*VEC_PUSH(comparing->arena, cuts) = served.end;
	}
	return spells;
}

static bool
serves(const spell_list *spells, uint32_t place, int64_t instant)
{
	for (size_t i = 0; i < spells->count; i++)
		if (spells->items[i].place == place && spells->items[i].start <= instant &&
		    instant < spells->items[i].end)
			return true;
	return false;
}

/* Whether ${spells} include every place of ${other} at ${instant}; true if ${other} has none
 * then. */
static bool
serves_all(const spell_list *spells, const spell_list *other, int64_t instant)
{
	for (size_t i = 0; i < other->count; i++)
		if (other->items[i].start <= instant && instant < other->items[i].end &&
		    !serves(spells, other->items[i].place, instant))
			return false;
	return true;
}

/* Compares the two rotas of one person over ${time}. */
static void
compare(struct comparing *comparing, uint32_t a, uint32_t b, struct span_time time)
{
	const struct region *region = comparing->region;
	cut_list cuts = {0};
	spell_list of_a, of_b;

	/* Rotas of one service serve the same places. */
	if (region->rotas[a].service == region->rotas[b].service)
		return;
	of_a = find_spells(comparing, a, time, &cuts);
	of_b = find_spells(comparing, b, time, &cuts);
	if (cuts.count > 1)
		qsort(cuts.items, cuts.count, sizeof *cuts.items, by_time);
	/* Between two cuts nothing changes, so the first instant speaks for all of them. */
	for (size_t i = 0; i + 1 < cuts.count; i++) {
		int64_t start = cuts.items[i], end = cuts.items[i + 1];

		/* One that serves all places of the other is no second place: the hospital and its
		 * emergency department. */
		if (start == end || serves_all(&of_a, &of_b, start) ||
		    serves_all(&of_b, &of_a, start))
			continue;
		fragile_warn(comparing->arena, &comparing->list,
		    (struct fragile_warning){
			.kind = FRAGILE_TWO_PLACES,
			.start = start,
			.end = end,
			.rota = a < b ? a : b,
			.other = a < b ? b : a,
		    });
	}
}

struct fragile_warnings
fragile_two_places(struct arena *arena, const struct region *region, const struct zone *zone,
    struct fragile_duty *duties, size_t count)
{
	struct comparing comparing = {.arena = arena, .region = region, .zone = zone};

	if (count > 1)
		qsort(duties, count, sizeof *duties, by_person);
	for (size_t i = 0; i < count; i++) {
		breath();
		/* Sorted by start, so the first duty that begins after the end of this one ends the
		 * search. */
		for (size_t j = i + 1; j < count && duties[j].person == duties[i].person &&
				       duties[j].start < duties[i].end;
		     j++)
			compare(&comparing, duties[i].rota, duties[j].rota,
			    span_clip((struct span_time){duties[j].start, duties[j].end},
				(struct span_time){duties[i].start, duties[i].end}));
	}
	return fragile_in_order(&comparing.list);
}
