/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/model/region_parts.h"

/* Bundles: requirements whose parts people of several functions fill. */

/* A part has one function, or some of which one is enough. */
static struct region_list
read_functions(const struct region_field *item)
{
	const struct table *table = &item->reader->region->function_by_code;
	struct region_field any = field_get(item, "any_of");
	struct region_list functions;
	uint32_t *one;

	if ((any.json != NULL) == (field_get(item, "function").json != NULL)) {
		field_fault(item,
		    "must say who is needed by \"function\", or by \"any_of\" where one of several is enough");
		return (struct region_list){0};
	}
	if (any.json == NULL) {
		one = arena_array(item->reader->arena, 1, sizeof *one);
		*one = field_ref(item, "function", REGION_REQUIRED, table, "function");
		return (struct region_list){one, 1};
	}
	functions = field_refs(item, "any_of", REGION_REQUIRED, table, "function");
	if (functions.count < 2 || functions.count > REGION_PART_FUNCTIONS_MAX)
		field_fault(&any, "must list 2 to %d functions", REGION_PART_FUNCTIONS_MAX);
	return functions;
}

static void
read_part(const struct region_field *item, struct region_part *part)
{
	static const char *const known[] = {
	    "function", "any_of", "count", "different_teams", "team_counts", NULL};
	struct region_field teams = field_get(item, "different_teams");

	if (!field_object(item, known))
		return;
	part->functions = read_functions(item);
	part->count = field_int(item, "count", REGION_OPTIONAL,
	    (struct field_range){1, REGION_PART_COUNT_MAX, .otherwise = 1});
	part->different_teams = field_bool(item, "different_teams");
	part->team_counts = field_bool(item, "team_counts");
	if (part->different_teams && part->count < 2)
		field_fault(&teams, "is for a \"count\" of 2 or more");
	/* A line may be answered by anybody: nobody could say of which team that is. */
	if (part->different_teams && part->team_counts)
		field_fault(&teams, "does not go with \"team_counts\"");
}

/* What a requirement of one function says of who counts; a bundle says it part by part, or takes it
 * from the requirements of its functions at the place. */
static void
refuse_other_keys(const struct region_field *item)
{
	static const char *const others[] = {"count", "team_counts", "role", "approvers",
	    "max_share", "shared_ok", "handover_minutes", NULL};

	for (size_t i = 0; others[i] != NULL; i++) {
		struct region_field field = field_get(item, others[i]);

		if (field.json != NULL)
			field_fault(&field, "does not go with \"needs\"");
	}
}

void
region_needs_read(const struct region_field *item, struct region_requirement *requirement)
{
	struct region_field list = field_get(item, "needs");
	size_t count = field_list(&list, REGION_OPTIONAL);
	struct region_part *parts;

	if (list.json == NULL)
		return;
	if (count == 0 || count > REGION_PARTS_MAX) {
		field_fault(&list, "must have 1 to %d parts", REGION_PARTS_MAX);
		count = 0;
	}
	refuse_other_keys(item);
	parts = arena_array(item->reader->arena, count + 1, sizeof *parts);
	for (size_t i = 0; i < count; i++) {
		struct region_field part = field_at(&list, i);

		read_part(&part, &parts[i]);
		requirement->count += parts[i].count;
	}
	requirement->parts = parts;
	requirement->nparts = (uint32_t)count;
}

/* By function: whether bundles are of it. */
static bool *
functions_of_bundles(struct arena *arena, const struct region *region)
{
	bool *bundles = arena_array(arena, region->nfunctions + 1, sizeof *bundles);

	for (uint32_t i = 0; i < region->nrequirements; i++)
		if (region->requirements[i].nparts > 0)
			bundles[region->requirements[i].function] = true;
	return bundles;
}

/* A bundle in a bundle would be filled by nobody. */
static void
check_parts(const struct region_field *root, uint32_t index, const bool *bundles)
{
	const struct region *region = root->reader->region;
	const struct region_requirement *requirement = &region->requirements[index];
	struct region_field requirements = field_get(root, "requirements");
	struct region_field item = field_at(&requirements, index);
	struct region_field list = field_get(&item, "needs");

	for (uint32_t i = 0; i < requirement->nparts; i++) {
		const struct region_part *part = &requirement->parts[i];
		struct region_field field = field_at(&list, i);

		for (uint32_t j = 0; j < part->functions.count; j++)
			if (bundles[part->functions.items[j]])
				field_fault(&field,
				    "needs function %s, which is a bundle itself: say its parts here",
				    region->functions[part->functions.items[j]].code);
	}
}

void
region_needs_check(const struct region_field *root)
{
	const struct region *region = root->reader->region;
	const bool *bundles = functions_of_bundles(root->reader->arena, region);
	struct region_field services = field_get(root, "services");

	for (uint32_t i = 0; i < region->nrequirements; i++)
		check_parts(root, i, bundles);
	for (uint32_t i = 0; i < region->nservices; i++) {
		struct region_field item = field_at(&services, i);
		struct region_field field = field_get(&item, "function");

		if (bundles[region->services[i].function])
			field_fault(&field,
			    "is the function of a bundle, which services fill by the functions of its parts");
	}
}

static bool
needs(const struct region_requirement *requirement, uint32_t function)
{
	for (uint32_t i = 0; i < requirement->nparts; i++)
		for (uint32_t j = 0; j < requirement->parts[i].functions.count; j++)
			if (requirement->parts[i].functions.items[j] == function)
				return true;
	return false;
}

bool
region_needs_depend(const struct region *region, uint32_t index)
{
	for (uint32_t i = 0; i < region->nrequirements; i++)
		if (needs(&region->requirements[i], region->requirements[index].function))
			return true;
	return false;
}

/* Whether a service of one of the part's functions lists the place. */
static bool
is_served(
    const struct region *region, const struct region_demand *demand, const struct region_part *part)
{
	for (uint32_t i = 0; i < demand->services.count; i++)
		for (uint32_t j = 0; j < part->functions.count; j++)
			if (region->services[demand->services.items[i]].function ==
			    part->functions.items[j])
				return true;
	return false;
}

/* Warns of people who can never count where the teams must differ. */
static void
warn_of_teams(
    const struct region_field *field, const struct region *region, const struct region_part *part)
{
	const char *first = NULL;
	uint32_t without = 0;

	for (uint32_t i = 0; i < region->npeople; i++) {
		bool holds = false;

		for (uint32_t j = 0; j < part->functions.count; j++)
			holds |= region_holds(region, i, part->functions.items[j]);
		if (!holds || region_person(region, i)->team != NULL)
			continue;
		first = first != NULL ? first : region_person(region, i)->id;
		without++;
	}
	if (without > 0)
		field_warn(field,
		    "%u of the people who may fill this have no \"team\" (the first is %s): it cannot be confirmed that they are of different teams",
		    without, first);
}

void
region_needs_warn(const struct region_field *root, uint32_t index)
{
	const struct region *region = root->reader->region;
	const struct region_demand *demand = &region->demands[index];
	const struct region_requirement *requirement = &region->requirements[demand->requirement];
	struct region_field requirements = field_get(root, "requirements");
	struct region_field item = field_at(&requirements, demand->requirement);
	struct region_field list = field_get(&item, "needs");

	for (uint32_t i = 0; i < requirement->nparts; i++) {
		struct region_field field = field_at(&list, i);

		if (!is_served(region, demand, &requirement->parts[i]))
			field_warn(&field,
			    "no service of this lists place %s: bundle %s is a gap there from end to end",
			    region->places[demand->place].code, requirement->id);
		/* People are the same at every place. */
		if (requirement->parts[i].different_teams && requirement->place == demand->place)
			warn_of_teams(&field, region, &requirement->parts[i]);
	}
}
