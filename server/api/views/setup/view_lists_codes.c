/* SPDX-License-Identifier: MIT */
#include "server/api/ask/rights_setup.h"
#include "server/api/views/parts/list.h"
#include "server/api/views/views.h"

/* GET /v1/organisations, functions, accounts, areas: the set-up in force, from memory. Codes and
 * names of organisations, functions and areas are known to everybody who may ask at all. */

static const char *
organisation_code(const struct region *region, uint32_t index)
{
	return region->organisations[index].code;
}

void
view_organisations(struct ask *ask)
{
	const struct region *region = ask->region;
	const char *word = ask_text(ask, "q");
	struct list list;
	uint32_t i;

	if (!list_begin(&list, ask,
		(struct listed){
		    "organisations", &region->organisation_by_code, region->norganisations}))
		return;
	while ((i = list_next(&list)) != REGION_NONE) {
		const struct region_organisation *organisation = &region->organisations[i];

		if (!list_has(organisation->name, word) && !list_has(organisation->code, word))
			continue;
		out_object(&list.out, NULL);
		out_text(&list.out, "code", organisation->code);
		out_text(&list.out, "name", organisation->name);
		out_text(&list.out, "kind", organisation->kind);
		list_put_life(&list.out, organisation->life);
		list_put_codes(
		    &list.out, "successors", &organisation->successors, organisation_code, region);
		out_object_end(&list.out);
		list_shown(&list, organisation->code);
	}
	list_end(&list);
}

void
view_functions(struct ask *ask)
{
	const struct region *region = ask->region;
	const char *word = ask_text(ask, "q");
	struct list list;
	uint32_t i;

	if (!list_begin(&list, ask,
		(struct listed){"functions", &region->function_by_code, region->nfunctions}))
		return;
	while ((i = list_next(&list)) != REGION_NONE) {
		const struct region_function *function = &region->functions[i];

		if (!list_has(function->name, word) && !list_has(function->code, word))
			continue;
		out_object(&list.out, NULL);
		out_text(&list.out, "code", function->code);
		out_text(&list.out, "name", function->name);
		out_object(&list.out, "severity");
		out_int(&list.out, "critical_hours", function->severity.critical_hours);
		out_int(&list.out, "high_hours", function->severity.high_hours);
		out_object_end(&list.out);
		out_object_end(&list.out);
		list_shown(&list, function->code);
	}
	list_end(&list);
}

static void
put_account(struct json_out *out, const struct region *region, const struct region_account *account)
{
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
	const struct region *region = ask->region;
	const struct region_kind *kind = region_kind_of("account");
	const char *word = ask_text(ask, "q");
	struct list list;
	uint32_t i;

	if (!list_begin(&list, ask,
		(struct listed){"accounts", &region->account_by_name, region->naccounts}))
		return;
	while ((i = list_next(&list)) != REGION_NONE) {
		const struct region_account *account = &region->accounts[i];

		if (!list_has(account->name, word) ||
		    !rights_setup_sees(region, ask->account, kind, account->name))
			continue;
		put_account(&list.out, region, account);
		list_shown(&list, account->name);
	}
	list_end(&list);
}

static const char *
place_code(const struct region *region, uint32_t index)
{
	return region->places[index].code;
}

void
view_areas(struct ask *ask)
{
	const struct region *region = ask->region;
	const char *word = ask_text(ask, "q");
	struct list list;
	uint32_t i;

	if (!list_begin(
		&list, ask, (struct listed){"areas", &region->area_by_code, region->nareas}))
		return;
	while ((i = list_next(&list)) != REGION_NONE) {
		const struct region_area *area = &region->areas[i];

		if (!list_has(area->name, word) && !list_has(area->code, word))
			continue;
		out_object(&list.out, NULL);
		out_text(&list.out, "code", area->code);
		out_text(&list.out, "name", area->name);
		out_text(&list.out, "kind", area->kind);
		out_text(&list.out, "place", region->places[area->place].code);
		list_put_codes(&list.out, "also", &area->also, place_code, region);
		out_object_end(&list.out);
		list_shown(&list, area->code);
	}
	list_end(&list);
}
