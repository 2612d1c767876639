#include <stdlib.h>
#include <string.h>

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
	struct indexes *applies; /* by place: the requirements that apply to it */
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
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
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

static bool
has_function(
    const struct region *region, const uint32_t *requirements, size_t count, uint32_t function)
{
	for (; count > 0; count--)
		if (region->requirements[requirements[count - 1]].function == function)
			return true;
	return false;
}

/* What applies to a place whose parents are done: its own, and for functions it has none of its own
 * for, its parents'. */
static void
inherit(const struct derivation *d, uint32_t place)
{
	const struct region *region = d->region;
	const struct region_list *parents = &region->places[place].parents;
	struct indexes *applies = &d->applies[place];
	size_t own = applies->count, i, n = 0;
	uint32_t p;

	for (p = 0; p < parents->count; p++) {
		const struct indexes *theirs = &d->applies[parents->items[p]];

		for (i = 0; i < theirs->count; i++) {
			uint32_t function = region->requirements[theirs->items[i]].function;

			if (!has_function(region, applies->items, own, function))
				*VEC_PUSH(d->arena, applies) = theirs->items[i];
		}
	}
	if (applies->count == 0)
		return;
	qsort_r(applies->items, applies->count, sizeof(uint32_t), by_function, d->region);
	for (i = 0; i < applies->count; i++)
		if (n == 0 || applies->items[n - 1] != applies->items[i])
			applies->items[n++] = applies->items[i];
	applies->count = n;
}

/* One place on the way up, and which of its parents is next. */
struct step {
	uint32_t place, next;
};

/* The last parent taken on the way ${steps} is itself on the way. */
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

/* Every place after its parents; with a stack of its own, since a chain of parents may be as long
 * as the file likes. */
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

/* By place: its own requirements, by function, then as in the file. */
static void
derive_own(const struct derivation *d)
{
	const struct region *region = d->region;
	uint32_t i;

	for (i = 0; i < region->nrequirements; i++)
		*VEC_PUSH(d->arena, &d->applies[region->requirements[i].place]) = i;
	for (i = 0; i < region->nplaces; i++)
		if (d->applies[i].count > 0)
			qsort_r(d->applies[i].items, d->applies[i].count, sizeof(uint32_t),
			    by_function, d->region);
}

static struct region_demand
demand_of(const struct derivation *d, uint32_t place, uint32_t requirement)
{
	const struct region *region = d->region;
	const struct region_list *serving = &region->places[place].services;
	struct region_demand demand = {
	    .requirement = requirement,
	    .place = place,
	    .function = region->requirements[requirement].function,
	};
	struct indexes services = {0}, rotas = {0};
	uint32_t i, j;

	for (i = 0; i < serving->count; i++) {
		const struct region_service *service = &region->services[serving->items[i]];

		if (service->function != demand.function)
			continue;
		*VEC_PUSH(d->arena, &services) = serving->items[i];
		for (j = 0; j < service->rotas.count; j++)
			*VEC_PUSH(d->arena, &rotas) = service->rotas.items[j];
	}
	demand.services = list_of(&services);
	demand.rotas = list_of(&rotas);
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
			demands[n] = demand_of(d, i, d->applies[i].items[j]);
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
	    .applies = arena_array(reader->arena, reader->region->nplaces, sizeof(struct indexes)),
	};

	derive_rotas(&d);
	derive_services(&d);
	derive_own(&d);
	inherit_all(&d);
	derive_demands(&d);
	region_warn(root);
}
