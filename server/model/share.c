/* SPDX-License-Identifier: MIT */
#include "server/model/share.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/vec.h"

/* The days of the footprint, the place and the rota are cut first and made into instants last:
 * midnight is local, and days compare without a zone. */
struct span_time
share_dated_place(const struct region *region, const struct zone *zone, uint32_t rota,
    const struct region_dated_place *dated)
{
	struct span_time days = span_clip(
	    span_clip(dated->life, region->places[dated->place].life), region->rotas[rota].life);

	return days.start < days.end ? region_instants(zone, days) : (struct span_time){0, 0};
}

/* max_share limits places of one kind: somebody on call for a hospital and for the area that it
 * lies in is not spread over two hospitals. */
static bool
alike(const struct region *region, uint32_t place, uint32_t like)
{
	return strcmp(region->places[place].kind, region->places[like].kind) == 0;
}

/* A time of one person in one place. */
struct piece {
	uint32_t person, place;
	int64_t start, end;
};

/* One person is in one place more, or one fewer, from this instant on. */
struct step {
	uint32_t person;
	int32_t by;
	int64_t at;
};

typedef VEC(struct piece) piece_list;
typedef VEC(struct step) step_list;

static int
by_person_then_place(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	if (x->person != y->person)
		return x->person < y->person ? -1 : 1;
	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return x->start < y->start ? -1 : x->start > y->start;
}

/* At one instant an end comes before a start: above() depends on that. */
static int
by_person_then_time(const void *a, const void *b)
{
	const struct step *x = a, *y = b;

	if (x->person != y->person)
		return x->person < y->person ? -1 : 1;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->by < y->by ? -1 : x->by > y->by;
}

struct gathering {
	struct arena *arena;
	const struct region *region;
	const struct zone *zone;
	uint32_t like; /* only places of this place's kind */
	piece_list pieces;
};

/* A duty on a rota is a duty at every place that the rota serves in that time. */
static void
add_pieces(struct gathering *gathering, const struct share_duty *duty)
{
	const struct region *region = gathering->region;
	const struct region_dated_places *footprint =
	    &region->services[region->rotas[duty->rota].service].footprint;
	uint32_t i;

	for (i = 0; i < footprint->count; i++) {
		const struct region_dated_place *dated = &footprint->items[i];
		struct span_time time;

		if (!alike(region, dated->place, gathering->like))
			continue;
		time = span_clip(share_dated_place(region, gathering->zone, duty->rota, dated),
		    (struct span_time){duty->start, duty->end});
		if (time.start < time.end)
			*VEC_PUSH(gathering->arena, &gathering->pieces) =
			    (struct piece){duty->person, dated->place, time.start, time.end};
	}
}

/* Joins overlapping times of a person in one place, so that two shifts at one place count as one,
 * and makes their steps. */
static void
make_steps(struct arena *arena, const piece_list *pieces, step_list *steps)
{
	size_t i = 0;

	while (i < pieces->count) {
		struct piece whole = pieces->items[i++];

		for (; i < pieces->count && pieces->items[i].person == whole.person &&
		       pieces->items[i].place == whole.place && pieces->items[i].start <= whole.end;
		     i++)
			if (pieces->items[i].end > whole.end)
				whole.end = pieces->items[i].end;
		*VEC_PUSH(arena, steps) = (struct step){whole.person, 1, whole.start};
		*VEC_PUSH(arena, steps) = (struct step){whole.person, -1, whole.end};
	}
}

/* Steps of one person come together, and each start has its end, so ${count} is back at 0 before
 * the next person. */
static struct person_times
above(struct arena *arena, const step_list *steps, int32_t most)
{
	VEC(struct person_time) times = {0};
	int32_t count = 0;
	size_t i;

	/* At one instant ends come before starts, so that leaving one place for another adds
	 * none. */
	for (i = 0; i < steps->count; i++) {
		const struct step *step = &steps->items[i];
		bool was = count > most;

		count += step->by;
		if (!was && count > most)
			*VEC_PUSH(arena, &times) =
			    (struct person_time){.person = step->person, .start = step->at};
		else if (was && count <= most)
			times.items[times.count - 1].end = step->at;
	}
	return (struct person_times){times.items, times.count};
}

/* The times in which people are spread over more places than the demand allows; none without a
 * limit. */
struct person_times
share_spread(struct arena *arena, const struct region *region, const struct zone *zone,
    uint32_t demand, struct share_list duties)
{
	const struct region_demand *wanted = &region->demands[demand];
	int32_t most = region->requirements[wanted->requirement].max_share;
	struct gathering gathering = {
	    .arena = arena, .region = region, .zone = zone, .like = wanted->place};
	piece_list *pieces = &gathering.pieces;
	step_list steps = {0};
	size_t i;

	if (most == 0)
		return (struct person_times){0};
	for (i = 0; i < duties.count; i++) {
		uint32_t service = region->rotas[duties.items[i].rota].service;

		if (service != REGION_NONE &&
		    region->services[service].function == wanted->function)
			add_pieces(&gathering, &duties.items[i]);
	}
	/* First by place, to join a person's shifts at one place; then by time, to count places. */
	if (pieces->count > 1)
		qsort(pieces->items, pieces->count, sizeof *pieces->items, by_person_then_place);
	make_steps(arena, pieces, &steps);
	if (steps.count > 1)
		qsort(steps.items, steps.count, sizeof *steps.items, by_person_then_time);
	return above(arena, &steps, most);
}

/* Adds the other places of that kind. ${like} itself is left out: it is the one that was asked
 * about. */
uint32_t
share_places(const struct share_at *at, uint32_t rota, uint32_t *places, uint32_t count)
{
	const struct region *region = at->region;
	const struct region_dated_places *footprint =
	    &region->services[region->rotas[rota].service].footprint;
	uint32_t i, j;

	for (i = 0; i < footprint->count; i++) {
		const struct region_dated_place *dated = &footprint->items[i];
		struct span_time time;

		if (dated->place == at->like || !alike(region, dated->place, at->like))
			continue;
		time = share_dated_place(region, at->zone, rota, dated);
		if (!span_has(time, at->instant))
			continue;
		/* A place may be listed in two stretches of days. */
		for (j = 0; j < count && places[j] != dated->place; j++)
			;
		if (j == count)
			places[count++] = dated->place;
	}
	return count;
}
