/* SPDX-License-Identifier: MIT */
#include "server/api/views/out/calendar_duty.h"

#include <stdlib.h>

#include "server/map/duty.h"
#include "server/model/approval.h"
#include "server/model/demand.h"

/* Whether who is named counts for a demand of the rota, or, where there is none, for the function of its
 * service. */
static bool
is_accepted(const struct calendar_rota *rota, const struct kept_shift *shift, struct span_time time,
    uint32_t demand)
{
	const struct snapshot_region *setup = rota->map->setup;
	const struct region *region = setup->region;
	const struct region_service *service =
	    &region->services[region->rotas[rota->index].service];
	struct region_requirement none = {.function = service->function};
	struct approval_wanted wanted = {region, setup->zone, &none};

	if (demand != REGION_NONE)
		wanted.requirement = &region->requirements[region->demands[demand].requirement];
	if (wanted.requirement->role == REGION_ROLE_ANY && demand != REGION_NONE)
		return true;
	return duty_holds(region, shift, service->function) &&
	       approval_covers(rota->arena, &wanted, shift->person, time);
}

/* Whether who is named counts anywhere, all of ${time}. On a day on which the rota supplies nothing nobody does. */
static bool
counts(const struct calendar_rota *rota, const struct kept_shift *shift, struct span_time time)
{
	const struct snapshot_region *setup = rota->map->setup;
	const struct region_rota *of = &setup->region->rotas[rota->index];
	struct span_time life = region_instants(setup->zone, of->life);
	struct demand_context context = {setup->region, setup->zone, &setup->holidays};
	bool asked = false;

	if (of->service == REGION_NONE || time.start < life.start || time.end > life.end)
		return false;
	if (shift->class == KEPT_TEAM)
		return true;
	for (size_t i = 0; i < rota->demands.count; i++) {
		/* The parts are cut where a demand begins or ends. */
		if (!demand_in_force(&context, rota->demands.items[i],
			(struct span_time){time.start, time.start + 1}))
			continue;
		if (is_accepted(rota, shift, time, rota->demands.items[i]))
			return true;
		asked = true;
	}
	/* If a requirement is in force, its own rule decides, as in a lookup. */
	return !asked && is_accepted(rota, shift, time, REGION_NONE);
}

typedef VEC(int64_t) instants;

static void
add_edges(
    const struct calendar_rota *rota, instants *edges, struct span_time days, struct span_time time)
{
	struct span_time life = region_instants(rota->map->setup->zone, days);

	if (life.start > time.start && life.start < time.end)
		*VEC_PUSH(rota->arena, edges) = life.start;
	if (life.end > time.start && life.end < time.end)
		*VEC_PUSH(rota->arena, edges) = life.end;
}

static int
by_time(const void *left, const void *right)
{
	const int64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* The parts of the shift in which who is named counts: it changes where an approval, the rota or a demand
 * begins or ends. */
static struct span_times
counted_in(const struct calendar_rota *rota, const struct kept_shift *shift)
{
	const struct region *region = rota->map->setup->region;
	struct span_time time = kept_shift_time(shift);
	VEC(struct span_time) counted = {0};
	instants edges = {0};

	*VEC_PUSH(rota->arena, &edges) = time.start;
	*VEC_PUSH(rota->arena, &edges) = time.end;
	add_edges(rota, &edges, region->rotas[rota->index].life, time);
	for (uint32_t i = 0;
	     shift->person != REGION_NONE && i < region_person(region, shift->person)->napprovals;
	     i++)
		add_edges(
		    rota, &edges, region_person(region, shift->person)->approvals[i].life, time);
	for (size_t i = 0; i < rota->demands.count; i++) {
		const struct span_times *days = &region->demands[rota->demands.items[i]].days;

		for (size_t j = 0; j < days->count; j++)
			add_edges(rota, &edges, days->items[j], time);
	}
	qsort(edges.items, edges.count, sizeof *edges.items, by_time);
	for (size_t i = 0; i + 1 < edges.count; i++) {
		struct span_time part = {edges.items[i], edges.items[i + 1]};

		if (part.start < part.end && counts(rota, shift, part))
			*VEC_PUSH(rota->arena, &counted) = part;
	}
	return span_normalise(rota->arena, counted.items, counted.count);
}

static struct span_times
without(const struct calendar_rota *rota, struct span_times from, struct span_times taken)
{
	return span_subtract(rota->arena, from, taken);
}

/* From when on the source of the shift is not believed. What was decided here does not lose its trust with the age of
 * a calendar. */
static struct span_times
unbelieved(const struct calendar_rota *rota, const struct kept_shift *shift)
{
	struct span_time *time = arena_alloc(rota->arena, sizeof *time);
	int64_t trusted = kept_feed_trusted_until(rota->map->feeds[rota->index], rota->now);

	*time = (struct span_time){trusted > shift->start ? trusted : shift->start, shift->end};
	if (shift->override || time->start >= time->end)
		return (struct span_times){0};
	return (struct span_times){time, 1};
}

struct calendar_duty
calendar_duty_of(const struct calendar_rota *rota, const struct kept_shift *shift)
{
	struct span_time *time = arena_alloc(rota->arena, sizeof *time);
	struct span_times whole = {time, 1}, here, counted;
	struct calendar_duty duty;

	*time = kept_shift_time(shift);
	here = duty_in(rota->arena, rota->map, shift, *time);
	counted = span_intersect(rota->arena, here, counted_in(rota, shift));
	duty.believed = without(rota, counted, unbelieved(rota, shift));
	duty.away = without(rota, whole, here);
	duty.uncounted = without(rota, here, counted);
	duty.unbelieved = without(rota, counted, duty.believed);
	return duty;
}

void
calendar_rota_begin(struct calendar_rota *out, struct arena *arena, const struct snapshot *map,
    uint32_t rota, int64_t now)
{
	const struct region *region = map->setup->region;

	*out = (struct calendar_rota){.arena = arena, .map = map, .now = now, .index = rota};
	for (uint32_t i = 0; i < region->ndemands; i++) {
		const struct region_list *rotas = &region->demands[i].rotas;

		for (uint32_t j = 0; j < rotas->count; j++)
			if (rotas->items[j] == rota)
				*VEC_PUSH(arena, &out->demands) = i;
	}
}
