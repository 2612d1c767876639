/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/model/region_inherit.h"
#include "server/model/region_parts.h"

struct indexes {
	uint32_t *items;
	size_t count, capacity;
};

struct derivation {
	const struct region_field *root;
	struct arena *arena;
	struct region *region;
	const struct region_drafts *drafts;
	const struct region_applies *applies; /* by place: the requirements that apply to it */
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

/* Lists the rotas of each service, the first on call before the second. Demands take them in
 * this order, so derive_demands() is called later. */
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
		/* A rota with a service belongs to the service's organisation; the file need not
		 * repeat it. */
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

/* Lists the rotas of each function over all its services, so that a search for a person's other
 * shifts need not read every rota. */
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
	/* A function of which anybody has an approval: only there does the lack of one say
	 * anything. */
	for (i = 0; i < region->npeople; i++)
		for (uint32_t j = 0; j < region_person(region, i)->napprovals; j++)
			d->drafts->functions[region_person(region, i)->approvals[j].function]
			    .approved = true;
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
			/* A rota supplies a place only while all three last: the listing, the place
			 * and the rota. */
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

/* What a demand is supplied by, while it is collected. */
struct supplied {
	struct indexes services, rotas;
	struct supplies supplies;
	VEC(struct region_member) members;
};

static void
add_function(
    const struct derivation *d, uint32_t place, uint32_t function, struct supplied *supplied)
{
	const struct region_list *serving = &d->region->places[place].services;

	for (uint32_t i = 0; i < serving->count; i++) {
		const struct region_service *service = &d->region->services[serving->items[i]];

		if (service->function != function)
			continue;
		*VEC_PUSH(d->arena, &supplied->services) = serving->items[i];
		add_supplies(d, place, service, &supplied->rotas, &supplied->supplies);
	}
}

/* A service has one function, so that no rota is in two members. */
static void
add_member(const struct derivation *d, uint32_t place, uint32_t function, struct supplied *supplied)
{
	struct region_member member = {.function = function,
	    .rotas = (uint32_t)supplied->rotas.count,
	    .supplies = (uint32_t)supplied->supplies.count};

	for (size_t i = 0; i < supplied->members.count; i++)
		if (supplied->members.items[i].function == function)
			return;
	add_function(d, place, function, supplied);
	member.nrotas = (uint32_t)supplied->rotas.count - member.rotas;
	member.nsupplies = (uint32_t)supplied->supplies.count - member.supplies;
	*VEC_PUSH(d->arena, &supplied->members) = member;
}

static struct region_demand
demand_of(const struct derivation *d, uint32_t place, const struct region_applied *applied)
{
	const struct region_requirement *requirement =
	    &d->region->requirements[applied->requirement];
	struct supplied supplied = {0};

	if (requirement->nparts == 0)
		add_function(d, place, requirement->function, &supplied);
	for (uint32_t i = 0; i < requirement->nparts; i++)
		for (uint32_t j = 0; j < requirement->parts[i].functions.count; j++)
			add_member(d, place, requirement->parts[i].functions.items[j], &supplied);
	return (struct region_demand){
	    .requirement = applied->requirement,
	    .place = place,
	    .function = requirement->function,
	    .days = applied->days,
	    .services = list_of(&supplied.services),
	    .rotas = list_of(&supplied.rotas),
	    .supplies = supplied.supplies.items,
	    .nsupplies = (uint32_t)supplied.supplies.count,
	    .members = supplied.members.items,
	    .nmembers = (uint32_t)supplied.members.count,
	};
}

/* Demands are in the order of places, and those of one place are together: so the list of a
 * place is a slice of the list of all. */
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

static void
derive_navigators(const struct derivation *d)
{
	const struct region *region = d->region;
	struct indexes *lists = arena_array(d->arena, region->nplaces + 1, sizeof *lists);

	for (uint32_t i = 0; i < region->nnavigators; i++) {
		const struct region_navigator *card = &region->navigators[i];

		for (uint32_t j = 0; j < card->places.count; j++)
			*VEC_PUSH(d->arena, &lists[card->places.items[j]]) = i;
		for (uint32_t j = 0; j < card->areas.count; j++)
			*VEC_PUSH(d->arena, &lists[region->areas[card->areas.items[j]].place]) = i;
	}
	for (uint32_t i = 0; i < region->nplaces; i++)
		d->drafts->places[i].navigators = list_of(&lists[i]);
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
	};

	derive_rotas(&d);
	derive_functions(&d);
	derive_services(&d);
	derive_navigators(&d);
	/* Inherited before the demands are made: a demand is a requirement at each place that it
	 * applies to. */
	d.applies = region_inherit(root);
	derive_demands(&d);
	region_warn(root);
}
