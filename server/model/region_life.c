/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <string.h>

#include "server/base/civil.h"
#include "server/base/instant.h"
#include "server/model/region_parts.h"

/* Faults, and likely mistakes, in the days on which things of a region hold. */

/* ---- Places with one name. */

/* Only capitals and blanks at the ends are ignored. Names that differ in more can be
 * distinguished by a reader. */
static const char *
folded(struct arena *arena, const char *name)
{
	struct slice trimmed = slice_trim(slice_of(name));
	size_t i, len = trimmed.len;
	char *text = arena_alloc(arena, len + 1);

	for (i = 0; i < len; i++)
		text[i] = (char)tolower((unsigned char)trimmed.at[i]);
	return text;
}

/* Warns of two places with one name: people in a hurry take one for the other. */
static void
warn_of_twins(const struct region_field *places, const struct region *region)
{
	struct arena *arena = places->reader->arena;
	uint32_t *next = arena_array(arena, region->nplaces, sizeof *next), i, other;
	struct table by_name;

	table_init(&by_name, arena, region->nplaces);
	for (i = 0; i < region->nplaces; i++) {
		const struct region_place *place = &region->places[i];
		struct region_field item = field_at(places, i), name = field_get(&item, "name");

		other = table_put(&by_name, arena, folded(arena, place->name), i);
		/* Places of one name form a chain, each linked to the one before it. */
		next[i] = other;
		for (; other != TABLE_NONE; other = next[other]) {
			struct span_time time = span_clip(place->life, region->places[other].life);

			if (time.start >= time.end)
				continue;
			field_warn(&name,
			    "place %s bears the name of place %s, and both are there at once: "
			    "tell them apart by a word more, or one is taken for the other",
			    place->code, region->places[other].code);
			/* One warning for each place is enough, however many share the name. */
			break;
		}
	}
}

/* ---- Parents. */

/* Warns of a place that remains after its last parent has ended: it would inherit nothing from then
 * on. */
static void
warn_of_lost_parent(const struct region_field *item, const struct region *region, uint32_t index)
{
	const struct region_place *place = &region->places[index];
	struct region_field list = field_get(item, "parents");
	uint32_t i, j;

	for (i = 0; i < place->under.count; i++) {
		const struct region_dated_place *dated = &place->under.items[i];
		const struct region_place *parent = &region->places[dated->place];
		struct region_field field = field_at(&list, i);
		bool followed = false;

		/* The place leaves the parent, or ends itself, no later than the parent ends. */
		if (parent->life.end >= dated->life.end || parent->life.end >= place->life.end)
			continue;
		for (j = 0; j < place->under.count; j++) {
			const struct region_dated_place *other = &place->under.items[j];

			followed |=
			    span_has(span_clip(other->life, region->places[other->place].life),
				parent->life.end);
		}
		if (!followed)
			field_warn(&field,
			    "place %s ends on %s and place %s goes on without a parent: list the one it is under from then",
			    parent->code, region_day_text(item->reader->arena, parent->life.end),
			    place->code);
	}
}

void
region_life_check(const struct region_field *root)
{
	const struct region *region = root->reader->region;
	struct region_field places = field_get(root, "places");
	uint32_t i;

	for (i = 0; i < region->nplaces; i++) {
		struct region_field item = field_at(&places, i);

		warn_of_lost_parent(&item, region, i);
	}
	warn_of_twins(&places, region);
}

/* ---- What outlives its place. */

static bool
serves_on(
    const struct region *region, const struct region_service *service, uint32_t place, int64_t day)
{
	uint32_t i;

	for (i = 0; i < service->footprint.count; i++)
		if (service->footprint.items[i].place == place &&
		    span_has(service->footprint.items[i].life, day) &&
		    span_has(region->places[place].life, day))
			return true;
	return false;
}

static bool
asked_on(const struct region *region, uint32_t place, uint32_t function, int64_t day)
{
	const struct region_list *demands = &region->places[place].demands;
	uint32_t i;
	size_t j;

	for (i = 0; i < demands->count; i++) {
		const struct region_demand *demand = &region->demands[demands->items[i]];

		for (j = 0; j < demand->days.count; j++)
			if (demand->function == function && span_has(demand->days.items[j], day))
				return true;
	}
	return false;
}

/* Whether a successor of the place is served for ${function} when the place ends. */
static bool
is_followed(const struct region *region, const struct region_place *place, uint32_t function)
{
	uint32_t i, j;

	for (i = 0; i < place->successors.count; i++) {
		uint32_t next = place->successors.items[i];
		const struct region_list *services = &region->places[next].services;

		for (j = 0; j < services->count; j++) {
			const struct region_service *service =
			    &region->services[services->items[j]];

			if (service->function == function &&
			    serves_on(region, service, next, place->life.end))
				return true;
		}
	}
	return false;
}

/* Warns of footprints that remain after the place has ended. One without an end is fine if somebody
 * serves a successor of the place. */
static void
warn_of_footprint(const struct region_field *item, const struct region *region, uint32_t index)
{
	const struct region_service *service = &region->services[index];
	struct region_field list = field_get(item, "places");
	uint32_t i;

	for (i = 0; i < service->footprint.count; i++) {
		const struct region_dated_place *dated = &service->footprint.items[i];
		const struct region_place *place = &region->places[dated->place];
		struct region_field field = field_at(&list, i);

		if (dated->life.end <= place->life.end ||
		    (dated->life.end == INSTANT_END &&
			is_followed(region, place, service->function)))
			continue;
		field_warn(&field,
		    "place %s ends on %s, and service %s with it: from then on it serves nobody there, so list the place it serves instead",
		    place->code, region_day_text(item->reader->arena, place->life.end),
		    service->id);
	}
}

/* Warns of requirements that end with their place, although no successor has such a requirement. */
static void
warn_of_requirement(const struct region_field *item, const struct region *region, uint32_t index)
{
	const struct region_requirement *requirement = &region->requirements[index];
	const struct region_place *place = &region->places[requirement->place];
	struct span_time life = span_clip(requirement->life, place->life);
	bool moves = false;
	uint32_t i;

	if (life.start >= life.end) {
		field_warn(item, "requirement %s is never in force: place %s is not there then",
		    requirement->id, place->code);
		return;
	}
	for (i = 0; i < place->successors.count; i++)
		moves |= asked_on(
		    region, place->successors.items[i], requirement->function, place->life.end);
	if (requirement->life.end <= place->life.end ||
	    (moves && requirement->life.end == INSTANT_END))
		return;
	field_warn(item,
	    "place %s ends on %s, and requirement %s with it: if it is to be met from then on, a successor of the place needs one",
	    place->code, region_day_text(item->reader->arena, place->life.end), requirement->id);
}

/* ---- Who supplies it. */

/* Warns of days on which a demand is in force and no rota supplies it, though one does on other
 * days. */
static void
warn_of_unsupplied(const struct region_field *item, const struct region *region, uint32_t index)
{
	const struct region_demand *demand = &region->demands[index];
	struct arena *arena = item->reader->arena;
	struct span_time *lives = arena_array(arena, demand->nsupplies, sizeof *lives), first;
	struct span_times left;
	uint32_t i;

	/* region_warn() warns of it, unless only the rotas are missing. */
	if (demand->nsupplies == 0)
		return;
	for (i = 0; i < demand->nsupplies; i++)
		lives[i] = demand->supplies[i].life;
	left = span_subtract(arena, demand->days, span_normalise(arena, lives, demand->nsupplies));
	if (left.count == 0)
		return;
	first = left.items[0];
	field_warn(item,
	    "no rota supplies function %s at place %s%s%s%s%s: requirement %s is a gap then",
	    region->functions[demand->function].code, region->places[demand->place].code,
	    first.start == INSTANT_BEGINNING ? "" : " from ",
	    first.start == INSTANT_BEGINNING ? "" : region_day_text(arena, first.start),
	    first.end == INSTANT_END ? "" : " until ",
	    first.end == INSTANT_END ? "" : region_day_text(arena, first.end),
	    region->requirements[demand->requirement].id);
}

/* The number of places of one kind that the service serves, on the day on which that is most. */
static uint32_t
widest(const struct region *region, const struct region_service *service, const char *kind)
{
	uint32_t most = 0, i, j;

	for (i = 0; i < service->footprint.count; i++) {
		const struct region_dated_place *from = &service->footprint.items[i];
		/* The number can only grow on a day on which a listing begins. */
		int64_t day = span_clip(from->life, region->places[from->place].life).start;
		uint32_t count = 0;

		for (j = 0; j < service->places.count; j++)
			count += strcmp(region->places[service->places.items[j]].kind, kind) == 0 &&
				 serves_on(region, service, service->places.items[j], day);
		most = count > most ? count : most;
	}
	return most;
}

static void
warn_of_share(const struct region_field *item, const struct region *region, uint32_t index)
{
	const struct region_demand *demand = &region->demands[index];
	const struct region_requirement *requirement = &region->requirements[demand->requirement];
	const char *kind = region->places[demand->place].kind;
	uint32_t i, count;

	/* An inherited requirement is checked at the place that it was made for. */
	if (requirement->max_share == 0 || requirement->place != demand->place)
		return;
	for (i = 0; i < demand->services.count; i++) {
		const struct region_service *service = &region->services[demand->services.items[i]];

		count = widest(region, service, kind);
		if (count > (uint32_t)requirement->max_share)
			field_warn(item,
			    "service %s serves %u places of the kind %s at once, and requirement %s takes nobody who serves more than %d: "
			    "nobody of that service counts then",
			    service->id, count, kind, requirement->id, requirement->max_share);
	}
}

void
region_life_warn_service(const struct region_field *root, uint32_t index)
{
	struct region_field services = field_get(root, "services");
	struct region_field item = field_at(&services, index);

	warn_of_footprint(&item, root->reader->region, index);
}

void
region_life_warn_requirement(const struct region_field *root, uint32_t index)
{
	struct region_field requirements = field_get(root, "requirements");
	struct region_field item = field_at(&requirements, index);

	warn_of_requirement(&item, root->reader->region, index);
}

void
region_life_warn_demand(const struct region_field *root, uint32_t index)
{
	const struct region *region = root->reader->region;
	struct region_field requirements = field_get(root, "requirements");
	struct region_field item = field_at(&requirements, region->demands[index].requirement);

	if (region->demands[index].nmembers > 0)
		region_needs_warn(root, index);
	else
		warn_of_unsupplied(&item, region, index);
	warn_of_share(&item, region, index);
}
