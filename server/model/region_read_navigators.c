/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/model/region_parts.h"

/* Navigators: where to send somebody instead. A card is told to everybody who may ask about its places, so that it
 * has no number of a person. */

static void
read_ways(const struct region_field *item, struct region_navigator *navigator)
{
	struct region_field phone = field_get(item, "phone"), walk_in = field_get(item, "walk_in");

	navigator->line = region_contact_read(item, "phone");
	navigator->address = field_text(item, "address", REGION_OPTIONAL);
	navigator->walk_in = field_bool(item, "walk_in");
	navigator->self_referral = field_bool(item, "self_referral");
	if (navigator->line == NULL && navigator->address == NULL)
		field_fault(
		    item, "needs \"phone\" or \"address\": else nobody could be sent there");
	if (navigator->line != NULL && navigator->line->personal)
		field_fault(&phone,
		    "is personal, and everybody is told a card: give the number of the team");
	if (navigator->walk_in && navigator->address == NULL)
		field_fault(&walk_in, "needs \"address\": where one may walk in");
}

/* Without hours it is not known when it is open. An empty list would say that it never is. */
static void
read_hours(const struct region_field *item, struct region_navigator *navigator)
{
	struct region_field hours = field_get(item, "hours");

	if (hours.json == NULL)
		return;
	navigator->nhours = region_hours_read(&hours, &navigator->hours);
	if (json_is_array(hours.json) && navigator->nhours == 0)
		field_fault(
		    &hours, "must have at least one line; leave it out where they are not known");
}

void
region_navigator_read(const struct region_field *item, void *out)
{
	static const char *const known[] = {"id", "name", "kind", "organisation", "for", "address",
	    "phone", "places", "areas", "functions", "hours", "walk_in", "self_referral", "from",
	    "until", NULL};
	static const char *const kinds[] = {"crisis_cafe", "helpline", "police", "ambulance",
	    "housing", "liaison_and_diversion", "other", NULL};
	const struct region *region = item->reader->region;
	struct region_navigator *navigator = out;

	if (!field_object(item, known))
		return;
	navigator->name = field_text(item, "name", REGION_REQUIRED);
	navigator->kind = field_choice(item, "kind", kinds);
	navigator->organisation = field_ref(
	    item, "organisation", REGION_REQUIRED, &region->organisation_by_code, "organisation");
	navigator->whom = field_text(item, "for", REGION_REQUIRED);
	navigator->areas =
	    field_refs(item, "areas", REGION_OPTIONAL, &region->area_by_code, "area");
	/* One of the two: else it would be shown nowhere. */
	navigator->places = field_refs(item, "places",
	    field_get(item, "areas").json == NULL ? REGION_REQUIRED : REGION_OPTIONAL,
	    &region->place_by_code, "place");
	navigator->functions =
	    field_refs(item, "functions", REGION_OPTIONAL, &region->function_by_code, "function");
	navigator->life = region_life_read(item);
	read_ways(item, navigator);
	read_hours(item, navigator);
}

static bool
tells(const struct region_navigator *navigator, const struct region_person *person)
{
	return navigator->line != NULL && navigator->line->number != NULL &&
	       person->contact != NULL && person->contact->number != NULL &&
	       strcmp(navigator->line->number, person->contact->number) == 0;
}

bool
region_navigators_tell(const struct region *region, uint32_t person)
{
	for (uint32_t i = 0; i < region->nnavigators; i++)
		if (tells(&region->navigators[i], region_person(region, person)))
			return true;
	return false;
}

void
region_navigators_check(const struct region_field *root)
{
	const struct region *region = root->reader->region;
	struct region_field list = field_get(root, "navigators");

	for (uint32_t i = 0; i < region->nnavigators; i++) {
		struct region_field item = field_at(&list, i);
		struct region_field phone = field_get(&item, "phone");

		for (uint32_t j = 0; j < region->npeople; j++)
			if (tells(&region->navigators[i], region_person(region, j))) {
				field_fault(&phone,
				    "is the number of person %s, and everybody would see it: give the number of the team",
				    region_person(region, j)->id);
				break;
			}
	}
}

void
region_warn_navigator(const struct region_field *root, uint32_t index)
{
	const struct region_navigator *navigator = &root->reader->region->navigators[index];
	struct region_field list = field_get(root, "navigators");
	struct region_field item = field_at(&list, index);

	if (navigator->nhours == 0)
		field_warn(&item,
		    "navigator %s has no \"hours\": it is shown as one of which we cannot confirm that it is open",
		    navigator->id);
}
