/* SPDX-License-Identifier: MIT */
#include "server/base/civil.h"
#include "server/base/instant.h"
#include "server/model/region_parts.h"

/* Places and organisations that end, and who follows them. */

/* What places and organisations have in common here. */
struct ending {
	const char *kind, *code;
	struct span_time life;
	const struct region_list *successors;
};

typedef struct ending ending_fn(const struct region *region, uint32_t index);

static struct ending
place_ending(const struct region *region, uint32_t index)
{
	const struct region_place *place = &region->places[index];

	return (struct ending){"place", place->code, place->life, &place->successors};
}

static struct ending
organisation_ending(const struct region *region, uint32_t index)
{
	const struct region_organisation *organisation = &region->organisations[index];

	return (struct ending){
	    "organisation", organisation->code, organisation->life, &organisation->successors};
}

const char *
region_day_text(struct arena *arena, int64_t day)
{
	char text[CIVIL_DAY_MAX];

	civil_day_text(day, text);
	return arena_strdup(arena, text);
}

/* A successor must exist on the day on which its predecessor ends, and end later. So nobody is sent
 * to something that does not exist, and a chain of successors ends. */
static void
check(const struct region_field *item, uint32_t index, ending_fn *ending_of)
{
	const struct region *region = item->reader->region;
	struct ending ending = ending_of(region, index);
	struct region_field list = field_get(item, "successors");
	uint32_t i;

	/* The checks below ask about the day of the end, so there must be one. */
	if (ending.successors->count > 0 && ending.life.end == INSTANT_END) {
		field_fault(&list,
		    "needs an \"until\" beside it: the first day on which %s %s is no more",
		    ending.kind, ending.code);
		return;
	}
	for (i = 0; i < ending.successors->count; i++) {
		struct ending next = ending_of(region, ending.successors->items[i]);
		struct region_field field = field_at(&list, i);

		if (ending.successors->items[i] == index)
			field_fault(&field, "is the %s itself", ending.kind);
		else if (!span_has(next.life, ending.life.end))
			field_fault(&field, "%s %s is not there on %s, when %s %s is no more",
			    next.kind, next.code,
			    region_day_text(item->reader->arena, ending.life.end), ending.kind,
			    ending.code);
	}
}

void
region_successors_check(const struct region_field *root)
{
	const struct region *region = root->reader->region;
	struct region_field places = field_get(root, "places");
	struct region_field organisations = field_get(root, "organisations");
	uint32_t i;

	for (i = 0; i < region->norganisations; i++) {
		struct region_field item = field_at(&organisations, i);

		check(&item, i, organisation_ending);
	}
	for (i = 0; i < region->nplaces; i++) {
		struct region_field item = field_at(&places, i);

		check(&item, i, place_ending);
	}
}

static uint32_t
count_people(const struct region *region, uint32_t organisation)
{
	uint32_t count = 0, i;

	for (i = 0; i < region->npeople; i++)
		count += region_person(region, i)->organisation == organisation;
	return count;
}

/* The end of an organisation ends nothing by itself: whether a team continues under the successor
 * is for people to say, and until they have said it cover continues. */
void
region_warn_organisation(const struct region_field *root, uint32_t index)
{
	const struct region *region = root->reader->region;
	struct region_field organisations = field_get(root, "organisations");
	struct region_field item = field_at(&organisations, index);
	const struct region_organisation *organisation = &region->organisations[index];
	const char *first = NULL;
	uint32_t services = 0, people, i;

	if (organisation->life.end == INSTANT_END)
		return;
	/* Counted over the whole set-up: this is asked of the few organisations that end. */
	people = count_people(region, index);
	for (i = 0; i < region->nservices; i++) {
		if (region->services[i].organisation != index)
			continue;
		services++;
		if (first == NULL)
			first = region->services[i].id;
	}
	if (services + people > 0)
		field_warn(&item,
		    "organisation %s ends on %s, and %u services%s%s%s and %u people are listed under it: "
		    "their shifts count all the same, so give them the organisation that they then belong to",
		    organisation->code,
		    region_day_text(root->reader->arena, organisation->life.end), services,
		    first != NULL ? " (the first is " : "", first != NULL ? first : "",
		    first != NULL ? ")" : "", people);
}
