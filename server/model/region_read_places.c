/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/model/region_contact.h"
#include "server/model/region_parts.h"

/* Organisations, functions, places, people, accounts and areas. */

void
region_organisation_read(const struct region_field *item, void *out)
{
	static const char *const known[] = {
	    "code", "name", "kind", "from", "until", "successors", NULL};
	static const char *const kinds[] = {"local_authority", "nhs_trust", "icb", "voluntary",
	    "police", "ambulance", "housing", "other", NULL};
	struct region_organisation *organisation = out;

	if (!field_object(item, known))
		return;
	organisation->name = field_text(item, "name", REGION_REQUIRED);
	organisation->kind = field_choice(item, "kind", kinds);
	organisation->life = region_life_read(item);
	organisation->successors = field_refs(item, "successors", REGION_OPTIONAL,
	    &item->reader->region->organisation_by_code, "organisation");
}

/* The severity of a function is the default of its requirements. */
void
region_function_read(const struct region_field *item, void *out)
{
	static const char *const known[] = {"code", "name", "severity", NULL};
	struct region_function *function = out;

	if (!field_object(item, known))
		return;
	function->name = field_text(item, "name", REGION_REQUIRED);
	region_severity_read(item, REGION_SEVERITY_DEFAULT, &function->severity);
}

void
region_place_read(const struct region_field *item, void *out)
{
	static const char *const known[] = {"code", "name", "kind", "from", "until", "successors",
	    "parents", "switchboard", "first", "public_card", "ladders", "sites", "research", NULL};
	static const char *const kinds[] = {"council_area", "icb", "trust_patch", "hospital",
	    "emergency_department", "place_of_safety", "region", NULL};
	struct region_place *place = out;

	if (!field_object(item, known))
		return;
	place->name = field_text(item, "name", REGION_REQUIRED);
	place->kind = field_choice(item, "kind", kinds);
	place->switchboard = field_phone(item, "switchboard");
	place->life = region_life_read(item);
	place->successors = field_refs(
	    item, "successors", REGION_OPTIONAL, &item->reader->region->place_by_code, "place");
	place->public_card = field_bool(item, "public_card");
	place->research = field_bool(item, "research");
	place->first = field_refs(
	    item, "first", REGION_OPTIONAL, &item->reader->region->function_by_code, "function");
	region_ladders_read(item, place);
	region_sites_read(item, place);
	place->under = region_dated_places_read(item, "parents", REGION_OPTIONAL, &place->parents);
}

static size_t
count_texts(const char *const *texts)
{
	size_t count = 0;

	while (texts[count] != NULL)
		count++;
	return count;
}

/* Former names are aliases as well, since calendars continue to use them. */
static void
read_names(const struct region_field *item, struct region_person *person)
{
	const char *const *aliases = field_texts(item, "aliases");
	const char *const *former = field_texts(item, "former_names");
	size_t naliases = count_texts(aliases), nformer = count_texts(former);
	const char **all = arena_array(item->reader->arena, naliases + nformer + 1, sizeof *all);

	if (naliases > 0)
		/* Former names last: their number alone shows where they begin. */
		memcpy(all, aliases, naliases * sizeof *all);
	if (nformer > 0)
		memcpy(all + naliases, former, nformer * sizeof *all);
	person->aliases = all;
	person->nformer_names = (uint32_t)nformer;
}

void
region_person_read(const struct region_field *item, void *out)
{
	static const char *const known[] = {"id", "name", "organisation", "aliases", "roles",
	    "work_phone", "former_names", "protected", "team", NULL};
	const struct region *region = item->reader->region;
	struct region_person *person = out;

	if (!field_object(item, known))
		return;
	person->name = field_text(item, "name", REGION_REQUIRED);
	person->organisation = field_ref(
	    item, "organisation", REGION_REQUIRED, &region->organisation_by_code, "organisation");
	read_names(item, person);
	region_roles_read(item, person);
	person->contact = region_contact_read(item, "work_phone");
	person->work_phone = region_contact_phone(person->contact);
	if (field_get(item, "team").json != NULL)
		person->team = field_code(item, "team");
	person->protected = field_bool(item, "protected");
	/* A copy of the region for accounts that may not see a protected person has another one
	 * (region_protected.h). */
	person->shown_id = person->id;
}

/* The account then speaks as that person. It is not known who uses a device or a program. */
static void
read_account_person(const struct region_field *item, struct region_account *account)
{
	struct region_field field = field_get(item, "person");

	account->person = field_ref(
	    item, "person", REGION_OPTIONAL, &item->reader->region->person_by_id, "person");
	if (account->person != REGION_NONE && account->kind != NULL &&
	    strcmp(account->kind, "person") != 0)
		field_fault(&field, "only an account of kind \"person\" is a person's");
}

void
region_account_read(const struct region_field *item, void *out)
{
	static const char *const known[] = {
	    "name", "kind", "role", "organisation", "places", "person", NULL};
	static const char *const kinds[] = {"person", "device", "program", NULL};
	/* Every place in the code that decides by role is a switch without a default, so that the
	 * compiler asks about a new one (ask/rights.c). */
	static const char *const roles[] = {"viewer", "switchboard", "rota_manager", "commissioner",
	    "place_manager", "organisation_administrator", "auditor", "administrator", NULL};
	const struct region *region = item->reader->region;
	struct region_account *account = out;

	if (!field_object(item, known))
		return;
	account->kind = field_choice(item, "kind", kinds);
	account->role = field_choice(item, "role", roles);
	account->organisation = field_ref(
	    item, "organisation", REGION_OPTIONAL, &region->organisation_by_code, "organisation");
	account->places =
	    field_refs(item, "places", REGION_OPTIONAL, &region->place_by_code, "place");
	read_account_person(item, account);
}

void
region_area_read(const struct region_field *item, void *out)
{
	static const char *const known[] = {"code", "name", "kind", "place", "also", NULL};
	static const char *const kinds[] = {"council", "gp_area", "postcode_district", NULL};
	struct region_area *area = out;

	if (!field_object(item, known))
		return;
	area->name = field_text(item, "name", REGION_REQUIRED);
	area->kind = field_choice(item, "kind", kinds);
	area->place = field_ref(
	    item, "place", REGION_REQUIRED, &item->reader->region->place_by_code, "place");
	area->also = field_refs(
	    item, "also", REGION_OPTIONAL, &item->reader->region->place_by_code, "place");
}
