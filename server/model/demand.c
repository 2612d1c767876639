/* SPDX-License-Identifier: MIT */
#include "server/model/demand_private.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/instant.h"
#include "server/base/vec.h"
#include "server/model/approval.h"
#include "server/model/bundle_sweep.h"

struct span_times
demand_hours(struct arena *arena, const struct demand_context *context, uint32_t demand,
    struct span_time window)
{
	const struct region *region = context->region;
	const struct region_demand *wanted = &region->demands[demand];
	const struct region_requirement *requirement = &region->requirements[wanted->requirement];
	struct span_time *in_force;
	struct span_times hours =
	    hours_expand(arena, requirement, context->zone, context->holidays, window);
	size_t i;

	if (wanted->days.count == 1 && wanted->days.items[0].start == INSTANT_BEGINNING &&
	    wanted->days.items[0].end == INSTANT_END)
		return hours; /* the usual case: no need to cut */
	in_force = arena_array(arena, wanted->days.count, sizeof *in_force);
	for (i = 0; i < wanted->days.count; i++)
		in_force[i] = region_instants(context->zone, wanted->days.items[i]);
	return span_intersect(arena, hours, span_normalise(arena, in_force, wanted->days.count));
}

bool
demand_in_force(const struct demand_context *context, uint32_t demand, struct span_time window)
{
	const struct region_demand *wanted = &context->region->demands[demand];
	size_t i;

	for (i = 0; i < wanted->days.count; i++) {
		if (span_overlap(region_instants(context->zone, wanted->days.items[i]), window))
			return true;
	}
	return false;
}

static bool
has_limit(const struct region *region, uint32_t demand)
{
	return region->requirements[region->demands[demand].requirement].max_share > 0;
}

/* Whether who counts for ${demand} is limited by their shifts on rotas of ${function}. The
 * requirements of its functions at the place say who counts for a bundle. */
static bool
is_limited_by(const struct region *region, uint32_t index, uint32_t function)
{
	const struct region_demand *demand = &region->demands[index];
	const struct region_list *others;
	bool member = false;

	if (demand->nmembers == 0)
		return demand->function == function && has_limit(region, index);
	others = &region->places[demand->place].demands;
	for (uint32_t i = 0; i < demand->nmembers; i++)
		member |= demand->members[i].function == function;
	for (uint32_t i = 0; member && i < others->count; i++)
		if (region->demands[others->items[i]].function == function &&
		    has_limit(region, others->items[i]))
			return true;
	return false;
}

bool
demand_is_limited(const struct region *region, uint32_t index)
{
	const struct region_demand *demand = &region->demands[index];

	for (uint32_t i = 0; i < demand->nmembers; i++)
		if (is_limited_by(region, index, demand->members[i].function))
			return true;
	return has_limit(region, index);
}

/* Whether shifts elsewhere matter to the demand, and ${rota} is of its function. Only rotas of the
 * demand's function can spread its people over too many places. */
static bool
minds_elsewhere(const struct region *region, uint32_t demand, uint32_t rota)
{
	uint32_t service = rota == REGION_NONE ? REGION_NONE : region->rotas[rota].service;

	return service != REGION_NONE &&
	       is_limited_by(region, demand, region->services[service].function);
}

/* A change counts for a demand if it is on one of its rotas, if it may take away a person of them,
 * or if it may spread one over more places. */
bool
demand_may_change(const struct region *region, uint32_t demand, const struct demand_change *change)
{
	const struct region_list *rotas = &region->demands[demand].rotas;
	bool elsewhere = minds_elsewhere(region, demand, change->rota);

	for (uint32_t i = 0; i < rotas->count; i++)
		if (rotas->items[i] == change->rota ||
		    change->names(change->ctx, rotas->items[i], change->away) ||
		    (elsewhere && change->names(change->ctx, rotas->items[i], change->on)))
			return true;
	return false;
}

/* sweep() takes the shifts of each rota in this order. */
static int
by_start(const void *a, const void *b)
{
	const struct shift *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->end != y->end)
		return x->end < y->end ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

/* The part of ${whole} in the days on which it serves. A shift that crosses an edge is cut
 * there. */
static struct sweep_rota
cut(struct arena *arena, const struct sweep_rota *whole, const struct span_time *serves)
{
	struct shift *shifts = arena_array(arena, whole->nshifts, sizeof *shifts);
	struct sweep_rota part = *whole;
	size_t i, n = 0;

	for (i = 0; i < whole->nshifts; i++) {
		struct shift shift = whole->shifts[i];

		struct span_time time =
		    span_clip((struct span_time){shift.start, shift.end}, *serves);

		shift.start = time.start;
		shift.end = time.end;
		if (!span_is_empty(time))
			shifts[n++] = shift;
	}
	/* Shifts that run across the edge have one start now, so their order is by end. */
	if (n > 1)
		qsort(shifts, n, sizeof *shifts, by_start);
	part.shifts = shifts;
	part.nshifts = n;
	part.serves = serves;
	return part;
}

/* A supply without dates is used as it is, without a copy. */
void
demand_cut(struct arena *arena, const struct demand_asked *asked, struct sweep_rota *parts)
{
	const struct region_demand *wanted = &asked->context.region->demands[asked->demand];
	uint32_t i, at = 0;

	for (i = 0; i < wanted->nsupplies; i++) {
		const struct region_supply *supply = &wanted->supplies[i];
		struct span_time *serves;

		/* Supplies are in the order of the rotas, several of one rota next to each
		 * other. */
		while (wanted->rotas.items[at] != supply->rota)
			at++;
		parts[i] = asked->rotas[at];
		if (supply->life.start == INSTANT_BEGINNING && supply->life.end == INSTANT_END)
			continue;
		serves = arena_alloc(arena, sizeof *serves);
		*serves = region_instants(asked->context.zone, supply->life);
		parts[i] = cut(arena, &asked->rotas[at], serves);
	}
}

struct share_list
demand_duties(struct arena *arena, const struct demand_asked *asked)
{
	const struct region *region = asked->context.region;
	const struct region_demand *wanted = &region->demands[asked->demand];
	/* A set of flags by person: asked for each shift elsewhere, which may be many. */
	bool *ours = arena_array(arena, region->npeople, sizeof *ours);
	VEC(struct share_duty) duties = {0};
	uint32_t i;
	size_t j;

	for (i = 0; i < wanted->rotas.count; i++)
		for (j = 0; j < asked->rotas[i].nshifts; j++) {
			const struct shift *shift = &asked->rotas[i].shifts[j];

			if (shift->class != SHIFT_NAMED)
				continue;
			/* A shift counts for spread only if its person is certain, as for cover. */
			ours[shift->person] = true;
			*VEC_PUSH(arena, &duties) = (struct share_duty){
			    shift->person, wanted->rotas.items[i], shift->start, shift->end};
		}
	for (j = 0; j < asked->elsewhere.count; j++)
		if (ours[asked->elsewhere.items[j].person])
			*VEC_PUSH(arena, &duties) = asked->elsewhere.items[j];
	return (struct share_list){duties.items, duties.count};
}

const bool *
demand_people(struct arena *arena, const struct demand_asked *asked)
{
	const struct region *region = asked->context.region;
	bool *people = arena_array(arena, region->npeople, sizeof *people);

	for (uint32_t i = 0; i < region->demands[asked->demand].rotas.count; i++)
		for (size_t j = 0; j < asked->rotas[i].nshifts; j++)
			if (asked->rotas[i].shifts[j].class == SHIFT_NAMED)
				people[asked->rotas[i].shifts[j].person] = true;
	return people;
}

/* The order of supplies, not of rotas: a rota that serves the place in two periods is two parts,
 * each with its own days. */
struct cover_spans
demand_sweep(struct arena *arena, const struct demand_asked *asked)
{
	const struct region *region = asked->context.region;
	const struct region_demand *wanted = &region->demands[asked->demand];
	const struct region_requirement *requirement = &region->requirements[wanted->requirement];
	struct sweep_rota *rotas = arena_array(arena, wanted->nsupplies, sizeof *rotas);
	struct person_times spread = {0}, unapproved = {0};

	if (wanted->nmembers > 0)
		return bundle_sweep(arena, asked, NULL);
	demand_cut(arena, asked, rotas);
	if (demand_is_limited(region, asked->demand))
		spread = share_spread(
		    arena, region, asked->context.zone, asked->demand, demand_duties(arena, asked));
	if (approval_matters(region, asked->demand))
		unapproved = approval_missing(arena,
		    &(struct approval_wanted){region, asked->context.zone, requirement},
		    demand_people(arena, asked));
	return sweep(
	    arena, &(struct sweep_input){
		       .window = asked->window,
		       .hours = demand_hours(arena, &asked->context, asked->demand, asked->window),
		       .required = requirement->count,
		       .team_counts = requirement->team_counts,
		       .rotas = rotas,
		       .nrotas = wanted->nsupplies,
		       .absences = asked->absences,
		       .spread = spread,
		       .unapproved = unapproved,
		       .holders = requirement->role == REGION_ROLE_REQUIRED
				      ? region->functions[requirement->function].holders
				      : NULL,
		   });
}
