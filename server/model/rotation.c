/* SPDX-License-Identifier: MIT */
#include "server/model/rotation.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/civil.h"
#include "server/base/instant.h"
#include "server/base/vec.h"

#define DAY CIVIL_DAY_SECONDS

/* A time of somebody of one layer. */
struct piece {
	struct span_time time;
	const struct rotation_group *group;
};
typedef VEC(struct piece) pieces;
typedef VEC(struct rotation_shift) shift_list;

/* ------------------------------------------------------------------------------------------ turns */

static int64_t
instant_on(const struct zone *zone, int64_t day, int32_t at)
{
	return zone_instant(zone, day * DAY + at, NULL);
}

/* The day of the first handover: the layer's first day, or the handover day on or before it, so that a layer
 * that begins in the middle of a week begins with a shorter turn. */
static int64_t
first_handover(const struct rotation_layer *layer)
{
	if (layer->handover_day < 0)
		return layer->start;
	return layer->start - (civil_weekday(layer->start) - layer->handover_day + 7) % 7;
}

static int64_t
turn_start(const struct rotation_layer *layer, const struct zone *zone, int64_t turn)
{
	return instant_on(
	    zone, first_handover(layer) + turn * layer->turn_days, layer->handover_at);
}

/* The number of the turn that has ${instant}, which is not before the first. */
static int64_t
turn_at(const struct rotation_layer *layer, const struct zone *zone, int64_t instant)
{
	int64_t day = civil_day_of(zone_local(zone, instant));
	int64_t turn = civil_floor_div(day - first_handover(layer), layer->turn_days);

	/* By its day it may be the one before: the handover is later on that day. */
	while (turn_start(layer, zone, turn) > instant)
		turn--;
	while (turn_start(layer, zone, turn + 1) <= instant)
		turn++;
	return turn;
}

static const struct rotation_group *
group_of(const struct rotation_layer *layer, int64_t turn)
{
	return &layer->groups[turn % layer->ngroups];
}

/* From the first handover on that falls on or after the layer's first day, to the handover of its last. */
static struct span_time
life_of(const struct rotation_layer *layer, const struct zone *zone)
{
	return (struct span_time){
	    instant_on(zone, layer->start, layer->handover_at),
	    layer->end == INSTANT_END ? INSTANT_END
				      : instant_on(zone, layer->end, layer->handover_at),
	};
}

/* ------------------------------------------------------------------------------ pieces of one layer */

static void
add_turns(struct arena *arena, const struct rotation_layer *layer, const struct zone *zone,
    struct span_time bounds, pieces *out)
{
	int64_t turn;

	if (span_is_empty(bounds))
		return;
	turn = turn_at(layer, zone, bounds.start);
	for (int64_t start = turn_start(layer, zone, turn); start < bounds.end; turn++) {
		int64_t end = turn_start(layer, zone, turn + 1);

		*VEC_PUSH(arena, out) = (struct piece){
		    span_clip((struct span_time){start, end}, bounds), group_of(layer, turn)};
		start = end;
	}
}

/* When the pieces of a layer may be: in ${life} they begin, and those that overlap ${wide} are looked for. */
struct bounds {
	struct span_time life, wide;
};

static void
add_hours(struct arena *arena, const struct rotation_asked *asked,
    const struct rotation_layer *layer, const struct bounds *bounds, pieces *out)
{
	struct span_times times =
	    hours_pieces(arena, &layer->hours, asked->zone, asked->holidays, bounds->wide);

	for (size_t i = 0; i < times.count; i++) {
		struct span_time time = times.items[i];

		/* None is empty, as a line is on the night in which the clocks skip it. */
		if (!span_has(bounds->life, time.start))
			continue;
		*VEC_PUSH(arena, out) =
		    (struct piece){time, group_of(layer, turn_at(layer, asked->zone, time.start))};
	}
}

/* ---------------------------------------------------------------------------------------- layers */

static void
add_shifts(struct arena *arena, const struct piece *piece, struct span_times left, shift_list *out)
{
	for (size_t i = 0; i < left.count; i++)
		for (uint32_t j = 0; j < piece->group->count; j++)
			*VEC_PUSH(arena, out) = (struct rotation_shift){
			    piece->group->people[j], left.items[i].start, left.items[i].end};
}

/* The layers of one edition, the last first: what it has is not the others'. */
static void
add_edition(struct arena *arena, const struct rotation_asked *asked, size_t edition,
    struct span_time wide, shift_list *out)
{
	const struct rotation *rotation = &asked->editions[edition].rotation;
	struct span_time life = {asked->editions[edition].starts_at,
	    edition + 1 < asked->neditions ? asked->editions[edition + 1].starts_at : INSTANT_END};
	VEC(struct span_time) taken = {0};

	for (uint32_t i = rotation->nlayers; i-- > 0;) {
		const struct rotation_layer *layer = &rotation->layers[i];
		struct span_time bounds = span_clip(life_of(layer, asked->zone), life);
		struct span_times before = span_normalise(arena, taken.items, taken.count);
		pieces own = {0};

		if (layer->hours.count == 0)
			add_turns(arena, layer, asked->zone, span_clip(bounds, wide), &own);
		else
			add_hours(arena, asked, layer, &(struct bounds){bounds, wide}, &own);
		for (size_t j = 0; j < own.count; j++) {
			add_shifts(arena, &own.items[j],
			    span_subtract(
				arena, (struct span_times){&own.items[j].time, 1}, before),
			    out);
			*VEC_PUSH(arena, &taken) = own.items[j].time;
		}
	}
}

/* How much wider than what is asked for one must look, so that a shift is the same whatever is asked: a turn
 * that reaches into it may be cut by a layer before it or after it. */
static struct span_time
widen(const struct rotation_asked *asked, struct span_time window)
{
	int64_t longest = 0;

	for (size_t i = 0; i < asked->neditions; i++)
		for (uint32_t j = 0; j < asked->editions[i].rotation.nlayers; j++) {
			const struct rotation_layer *layer = &asked->editions[i].rotation.layers[j];

			if (layer->hours.count == 0 && layer->turn_days > longest)
				longest = layer->turn_days;
		}
	return (struct span_time){
	    window.start - (longest + 3) * DAY, window.end + (longest + 3) * DAY};
}

static int
by_start(const void *left, const void *right)
{
	const struct rotation_shift *a = left, *b = right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return strcmp(a->person, b->person);
}

struct rotation_shifts
rotation_expand(struct arena *arena, const struct rotation_asked *asked, struct span_time window)
{
	struct span_time wide = widen(asked, window);
	shift_list all = {0};
	size_t kept = 0;

	for (size_t i = 0; i < asked->neditions; i++)
		add_edition(arena, asked, i, wide, &all);
	for (size_t i = 0; i < all.count; i++)
		if (span_overlap((struct span_time){all.items[i].start, all.items[i].end}, window))
			all.items[kept++] = all.items[i];
	if (kept > 1)
		qsort(all.items, kept, sizeof *all.items, by_start);
	return (struct rotation_shifts){all.items, kept};
}

/* ------------------------------------------------------------------------------------------ ends */

int64_t
rotation_reach(const struct rotation_asked *asked, int64_t until)
{
	const struct rotation_edition *last = &asked->editions[asked->neditions - 1];
	int64_t reach = last->starts_at;

	for (uint32_t i = 0; i < last->rotation.nlayers; i++) {
		int64_t end = life_of(&last->rotation.layers[i], asked->zone).end;

		if (end > reach)
			reach = end;
	}
	return reach < until ? reach : until;
}

int64_t
rotation_handover(const struct rotation *rotation, const struct zone *zone, int64_t day)
{
	return instant_on(zone, day, rotation->nlayers > 0 ? rotation->layers[0].handover_at : 0);
}
