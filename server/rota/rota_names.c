/* SPDX-License-Identifier: MIT */
#include "server/rota/rota_names.h"
#include "server/base/vec.h"

typedef VEC(const char *) name_list;

struct collector {
	struct arena *arena;
	const struct region *region;
	name_list names;
};

/* Names may be missing; the list ends with NULL, so that none may be in it. */
static void
add(struct collector *c, const char *name)
{
	if (name != NULL && name[0] != '\0')
		*VEC_PUSH(c->arena, &c->names) = name;
}

static void
add_place(struct collector *c, uint32_t place)
{
	add(c, c->region->places[place].code);
	add(c, c->region->places[place].name);
}

/* A service with its places, and the places that those are in. */
static void
add_service(struct collector *c, const struct region_service *service)
{
	add(c, service->id);
	add(c, service->name);
	/* Titles name the hospital or the county that a place is in as well. */
	for (uint32_t i = 0; i < service->places.count; i++) {
		uint32_t place = service->places.items[i];
		const struct region_list *parents = &c->region->places[place].parents;

		add_place(c, place);
		for (uint32_t j = 0; j < parents->count; j++)
			add_place(c, parents->items[j]);
	}
}

/* Words that a title may contain without naming a person: organisations, functions and places. All
 * functions and organisations, but the places of this organisation only. A place of another
 * organisation may be called as a person of this one is. */
const char *const *
rota_names(struct arena *arena, const struct region *region, const struct region_rota *rota)
{
	struct collector c = {.arena = arena, .region = region};

	for (uint32_t i = 0; i < region->norganisations; i++) {
		add(&c, region->organisations[i].code);
		add(&c, region->organisations[i].name);
	}
	for (uint32_t i = 0; i < region->nfunctions; i++) {
		add(&c, region->functions[i].code);
		add(&c, region->functions[i].name);
	}
	for (uint32_t i = 0; i < region->nservices; i++)
		if (region->services[i].organisation == rota->organisation)
			add_service(&c, &region->services[i]);
	*VEC_PUSH(arena, &c.names) = NULL;
	return c.names.items;
}

const char *const *
rota_own_names(struct arena *arena, const struct region *region, const struct region_rota *rota)
{
	struct collector c = {.arena = arena, .region = region};

	/* In a title of this rota its own names say nothing new: "Fenmere AMHP duty: Jo Jones". */
	add(&c, rota->id);
	if (rota->service != REGION_NONE) {
		const struct region_service *service = &region->services[rota->service];

		add(&c, service->id);
		add(&c, service->name);
		add(&c, region->functions[service->function].code);
		add(&c, region->functions[service->function].name);
	}
	*VEC_PUSH(arena, &c.names) = NULL;
	return c.names.items;
}
