/* SPDX-License-Identifier: MIT */
#include "server/api/ask/rights_setup.h"
#include "server/api/views/parts/list.h"
#include "server/api/views/views.h"

/* GET /v1/organisations, functions, accounts, areas: the set-up in force, from memory. Codes and
 * names of organisations, functions and areas are known to everybody who may ask at all. */

/* --------------------------------------------------------------------------- organisations */

static const char *
organisation_code(const struct region *region, uint32_t index)
{
	return region->organisations[index].code;
}

static const char *
organisation_name(const struct region *region, uint32_t index)
{
	return region->organisations[index].name;
}

static void
put_organisation(struct json_out *out, const struct ask *ask, uint32_t index)
{
	const struct region_organisation *organisation = &ask->region->organisations[index];

	out_object(out, NULL);
	out_text(out, "code", organisation->code);
	out_text(out, "name", organisation->name);
	out_text(out, "kind", organisation->kind);
	list_put_life(out, organisation->life);
	list_put_codes(
	    out, "successors", &organisation->successors, organisation_code, ask->region);
	out_object_end(out);
}

void
view_organisations(struct ask *ask)
{
	static const struct set_up_list organisations = {
	    .name = "organisations",
	    SET_UP_OF(organisation_by_code, norganisations),
	    .code = organisation_code,
	    .called = organisation_name,
	    .put = put_organisation,
	};

	list_set_up(ask, &organisations);
}

/* ------------------------------------------------------------------------------- functions */

static const char *
function_code(const struct region *region, uint32_t index)
{
	return region->functions[index].code;
}

static const char *
function_name(const struct region *region, uint32_t index)
{
	return region->functions[index].name;
}

static void
put_function(struct json_out *out, const struct ask *ask, uint32_t index)
{
	const struct region_function *function = &ask->region->functions[index];

	out_object(out, NULL);
	out_text(out, "code", function->code);
	out_text(out, "name", function->name);
	out_object(out, "severity");
	out_int(out, "critical_hours", function->severity.critical_hours);
	out_int(out, "high_hours", function->severity.high_hours);
	out_object_end(out);
	out_object_end(out);
}

void
view_functions(struct ask *ask)
{
	static const struct set_up_list functions = {
	    .name = "functions",
	    SET_UP_OF(function_by_code, nfunctions),
	    .code = function_code,
	    .called = function_name,
	    .put = put_function,
	};

	list_set_up(ask, &functions);
}

/* -------------------------------------------------------------------------------- accounts */

static const char *
account_name(const struct region *region, uint32_t index)
{
	return region->accounts[index].name;
}

static bool
may_see_account(const struct ask *ask, uint32_t index)
{
	return rights_setup_sees(ask->region, ask->account, region_kind_of("account"),
	    ask->region->accounts[index].name);
}

static void
put_account(struct json_out *out, const struct ask *ask, uint32_t index)
{
	const struct region *region = ask->region;
	const struct region_account *account = &region->accounts[index];

	out_object(out, NULL);
	out_text(out, "name", account->name);
	out_text(out, "kind", account->kind);
	out_text(out, "role", account->role);
	out_text(out, "organisation",
	    account->organisation == REGION_NONE
		? NULL
		: region->organisations[account->organisation].code);
	out_array(out, "places");
	for (uint32_t i = 0; i < account->places.count; i++)
		out_text(out, NULL, region->places[account->places.items[i]].code);
	out_array_end(out);
	out_text(out, "person",
	    account->person == REGION_NONE ? NULL
					   : region_person(region, account->person)->shown_id);
	out_object_end(out);
}

void
view_accounts(struct ask *ask)
{
	static const struct set_up_list accounts = {
	    .name = "accounts",
	    SET_UP_OF(account_by_name, naccounts),
	    .code = account_name,
	    .may_see = may_see_account,
	    .put = put_account,
	};

	list_set_up(ask, &accounts);
}

/* ----------------------------------------------------------------------------------- areas */

static const char *
place_code(const struct region *region, uint32_t index)
{
	return region->places[index].code;
}

static const char *
area_code(const struct region *region, uint32_t index)
{
	return region->areas[index].code;
}

static const char *
area_name(const struct region *region, uint32_t index)
{
	return region->areas[index].name;
}

static void
put_area(struct json_out *out, const struct ask *ask, uint32_t index)
{
	const struct region_area *area = &ask->region->areas[index];

	out_object(out, NULL);
	out_text(out, "code", area->code);
	out_text(out, "name", area->name);
	out_text(out, "kind", area->kind);
	out_text(out, "place", place_code(ask->region, area->place));
	list_put_codes(out, "also", &area->also, place_code, ask->region);
	out_object_end(out);
}

void
view_areas(struct ask *ask)
{
	static const struct set_up_list areas = {
	    .name = "areas",
	    SET_UP_OF(area_by_code, nareas),
	    .code = area_code,
	    .called = area_name,
	    .put = put_area,
	};

	list_set_up(ask, &areas);
}
