/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/model/region_parts.h"

struct indexes {
	uint32_t *items;
	size_t count, capacity;
};

/* A requirement that applies to a place, and the local days on which it does. */
struct applied {
	uint32_t requirement;
	struct span_times days;
};

struct applies {
	struct applied *items;
	size_t count, capacity;
};

struct derivation {
	const struct region_field *root;
	struct arena *arena;
	struct region *region;
	const struct region_drafts *drafts;
	struct applies *applies; /* by place: the requirements that apply to it */
};

static struct region_list
list_of(const struct indexes *indexes)
{
	return (struct region_list){indexes->items, (uint32_t)indexes->count};
}

static int
by_tier_then_id(const void *a, const void *b, void *ctx)
{
	const struct region *region = ctx;
	const struct region_rota *left = &region->rotas[*(const uint32_t *)a];
	const struct region_rota *right = &region->rotas[*(const uint32_t *)b];

	if (left->tier != right->tier)
		return left->tier < right->tier ? -1 : 1;
	return strcmp(left->id, right->id);
}

static int
by_function(const void *a, const void *b, void *ctx)
{
	const struct region *region = ctx;
	uint32_t left = ((const struct applied *)a)->requirement;
	uint32_t right = ((const struct applied *)b)->requirement;
	uint32_t left_function = region->requirements[left].function;
	uint32_t right_function = region->requirements[right].function;

	if (left_function != right_function)
		return left_function < right_function ? -1 : 1;
	return left < right ? -1 : left > right;
}

static void
derive_rotas(const struct derivation *d)
{
	struct region *region = d->region;
	struct indexes *lists = arena_array(d->arena, region->nservices, sizeof *lists);
	uint32_t i;

	for (i = 0; i < region->nrotas; i++) {
		struct region_rota *rota = &d->drafts->rotas[i];

		if (rota->service == REGION_NONE)
			continue;
		rota->organisation = region->services[rota->service].organisation;
		*VEC_PUSH(d->arena, &lists[rota->service]) = i;
	}
	for (i = 0; i < region->nservices; i++) {
		if (lists[i].count > 0)
			qsort_r(lists[i].items, lists[i].count, sizeof(uint32_t), by_tier_then_id,
			    region);
		d->drafts->services[i].rotas = list_of(&lists[i]);
	}
}

static const bool *
holders_of(const struct derivation *d, uint32_t function)
{
	bool *holders = arena_array(d->arena, d->region->npeople + 1, sizeof *holders);

	for (uint32_t i = 0; i < d->region->npeople; i++)
		holders[i] = region_holds(d->region, i, function);
	return holders;
}

/* By function: the rotas of all its services, so that a search for a person's other shifts need not
 * look at every rota. */
static void
derive_functions(const struct derivation *d)
{
	struct region *region = d->region;
	struct indexes *lists = arena_array(d->arena, region->nfunctions, sizeof *lists);
	uint32_t i;

	for (i = 0; i < region->nrotas; i++)
		if (region->rotas[i].service != REGION_NONE)
			*VEC_PUSH(d->arena,
			    &lists[region->services[region->rotas[i].service].function]) = i;
	for (i = 0; i < region->nfunctions; i++) {
		d->drafts->functions[i].rotas = list_of(&lists[i]);
		d->drafts->functions[i].holders = holders_of(d, i);
	}
	for (i = 0; i < region->npeople; i++)
		for (uint32_t j = 0; j < region->people[i].napprovals; j++)
			d->drafts->functions[region->people[i].approvals[j].function].approved =
			    true;
}

static void
derive_services(const struct derivation *d)
{
	struct region *region = d->region;
	struct indexes *lists = arena_array(d->arena, region->nplaces, sizeof *lists);
	uint32_t i, j;

	for (i = 0; i < region->nservices; i++)
		for (j = 0; j < region->services[i].places.count; j++)
			*VEC_PUSH(d->arena, &lists[region->services[i].places.items[j]]) = i;
	for (i = 0; i < region->nplaces; i++)
		d->drafts->places[i].services = list_of(&lists[i]);
}

static struct span_times
days_of(struct arena *arena, struct span_time life)
{
	return span_normalise(arena, &life, 1);
}

/* The days on which a place has a requirement of its own for ${function}, among the first ${own}
 * that apply to it. */
static struct span_times
own_days(const struct derivation *d, const struct applies *applies, size_t own, uint32_t function)
{
	struct span_time *days = arena_array(d->arena, own, sizeof *days);
	size_t i, n = 0;

	for (i = 0; i < own; i++)
		if (d->region->requirements[applies->items[i].requirement].function == function &&
		    applies->items[i].days.count > 0)
			days[n++] = applies->items[i].days.items[0];
	return span_normalise(d->arena, days, n);
}

/* Adds what one parent requires: while the place is below it, and except on days on which the place
 * has a requirement of its own for the function. */
static void
inherit_from(
    const struct derivation *d, uint32_t place, const struct region_dated_place *dated, size_t own)
{
	const struct region *region = d->region;
	const struct applies *theirs = &d->applies[dated->place];
	struct span_times under = span_intersect(d->arena, days_of(d->arena, dated->life),
	    days_of(d->arena, region->places[place].life));
	size_t i;

	for (i = 0; i < theirs->count; i++) {
		const struct applied *asked = &theirs->items[i];
		uint32_t function = region->requirements[asked->requirement].function;
		struct span_times days =
		    span_subtract(d->arena, span_intersect(d->arena, asked->days, under),
			own_days(d, &d->applies[place], own, function));

		if (days.count > 0)
			*VEC_PUSH(d->arena, &d->applies[place]) =
			    (struct applied){asked->requirement, days};
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
inherit(const struct derivation *d, uint32_t place)
{
	const struct region_dated_places *under = &d->region->places[place].under;
	struct applies *applies = &d->applies[place];
	size_t own = applies->count, i, n = 0;
	uint32_t p;

	for (p = 0; p < under->count; p++)
		inherit_from(d, place, &under->items[p], own);
	if (applies->count == 0)
		return;
	qsort_r(applies->items, applies->count, sizeof *applies->items, by_function, d->region);
	for (i = 0; i < applies->count; i++) {
		struct applied *last = n > 0 ? &applies->items[n - 1] : NULL;

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
note_circle(const struct derivation *d, const struct step *steps, size_t depth)
{
	const struct region *region = d->region;
	const struct step *last = &steps[depth - 1];
	uint32_t parent = region->places[last->place].parents.items[last->next - 1];
	struct region_field places = field_get(d->root, "places");
	struct region_field item = field_at(&places, last->place);
	struct region_field parents = field_get(&item, "parents");
	struct region_field field = field_at(&parents, last->next - 1);
	const char *text = region->places[parent].code;

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
inherit_all(const struct derivation *d)
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
derive_own(const struct derivation *d)
{
	const struct region *region = d->region;
	uint32_t i;

	for (i = 0; i < region->nrequirements; i++) {
		uint32_t place = region->requirements[i].place;

		*VEC_PUSH(d->arena, &d->applies[place]) = (struct applied){
		    i, days_of(d->arena,
			   span_clip(region->requirements[i].life, region->places[place].life))};
	}
	for (i = 0; i < region->nplaces; i++)
		if (d->applies[i].count > 0)
			qsort_r(d->applies[i].items, d->applies[i].count,
			    sizeof *d->applies[i].items, by_function, d->region);
}

struct supplies {
	struct region_supply *items;
	size_t count, capacity;
};

/* Adds the rotas of a service that supply ${place}, with their days. A rota without such days is
 * left out. */
static void
add_supplies(const struct derivation *d, uint32_t place, const struct region_service *service,
    struct indexes *rotas, struct supplies *supplies)
{
	const struct region *region = d->region;
	uint32_t i, j;

	for (i = 0; i < service->rotas.count; i++) {
		uint32_t rota = service->rotas.items[i];
		size_t before = supplies->count;

		for (j = 0; j < service->footprint.count; j++) {
			const struct region_dated_place *dated = &service->footprint.items[j];
			struct span_time life =
			    span_clip(span_clip(dated->life, region->places[place].life),
				region->rotas[rota].life);

			if (dated->place == place && life.start < life.end)
				*VEC_PUSH(d->arena, supplies) = (struct region_supply){rota, life};
		}
		if (supplies->count > before)
			*VEC_PUSH(d->arena, rotas) = rota;
	}
}

static struct region_demand
demand_of(const struct derivation *d, uint32_t place, const struct applied *applied)
{
	const struct region *region = d->region;
	const struct region_list *serving = &region->places[place].services;
	struct region_demand demand = {
	    .requirement = applied->requirement,
	    .place = place,
	    .function = region->requirements[applied->requirement].function,
	    .days = applied->days,
	};
	struct indexes services = {0}, rotas = {0};
	struct supplies supplies = {0};
	uint32_t i;

	for (i = 0; i < serving->count; i++) {
		const struct region_service *service = &region->services[serving->items[i]];

		if (service->function != demand.function)
			continue;
		*VEC_PUSH(d->arena, &services) = serving->items[i];
		add_supplies(d, place, service, &rotas, &supplies);
	}
	demand.services = list_of(&services);
	demand.rotas = list_of(&rotas);
	demand.supplies = supplies.items;
	demand.nsupplies = (uint32_t)supplies.count;
	return demand;
}

static void
derive_demands(const struct derivation *d)
{
	struct region *region = d->region;
	struct region_demand *demands;
	uint32_t *all, i, n = 0;
	size_t j, count = 0;

	for (i = 0; i < region->nplaces; i++)
		count += d->applies[i].count;
	demands = arena_array(d->arena, count, sizeof *demands);
	all = arena_array(d->arena, count, sizeof *all);
	for (i = 0; i < region->nplaces; i++) {
		d->drafts->places[i].demands =
		    (struct region_list){all + n, (uint32_t)d->applies[i].count};
		for (j = 0; j < d->applies[i].count; j++, n++) {
			all[n] = n;
			demands[n] = demand_of(d, i, &d->applies[i].items[j]);
		}
	}
	region->demands = demands;
	region->ndemands = n;
}

void
region_derive(const struct region_field *root, const struct region_drafts *drafts)
{
	struct region_reader *reader = root->reader;
	struct derivation d = {
	    .root = root,
	    .arena = reader->arena,
	    .region = reader->region,
	    .drafts = drafts,
	    .applies = arena_array(reader->arena, reader->region->nplaces, sizeof(struct applies)),
	};

	derive_rotas(&d);
	derive_functions(&d);
	derive_services(&d);
	derive_own(&d);
	inherit_all(&d);
	derive_demands(&d);
	region_warn(root);
	region_life_warn(root);
}
