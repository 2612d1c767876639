/* SPDX-License-Identifier: MIT */
#include "server/api/ask/rights_links.h"

#include <string.h>

#include "server/api/ask/rights_swaps.h"

static const struct table *
table_of(const struct region *region, enum link_kind kind)
{
	switch (kind) {
	case LINK_ROTA:
		return &region->rota_by_id;
	case LINK_SERVICE:
	case LINK_CLOSING:
		return &region->service_by_id;
	case LINK_NAVIGATOR:
		return region->nnavigators == 0 ? NULL : &region->navigator_by_id;
	case LINK_PERSON:
		return &region->person_by_id;
	case LINK_GAPS:
		return &region->place_by_code;
	case LINK_NONE:
	case LINK_KINDS:
		break;
	}
	return NULL;
}

/* TABLE_NONE is REGION_NONE. The tables of a region find a thing by its former codes too. */
uint32_t
rights_link_thing(const struct region *region, enum link_kind kind, const char *code)
{
	const struct table *table = table_of(region, kind);

	return table == NULL || code == NULL ? REGION_NONE : table_get(table, code);
}

const char *
rights_link_code(const struct region *region, enum link_kind kind, uint32_t thing)
{
	switch (kind) {
	case LINK_ROTA:
		return region->rotas[thing].id;
	case LINK_SERVICE:
	case LINK_CLOSING:
		return region->services[thing].id;
	case LINK_NAVIGATOR:
		return region->navigators[thing].id;
	case LINK_PERSON:
		return region_person(region, thing)->id;
	case LINK_GAPS:
		return region->places[thing].code;
	case LINK_NONE:
	case LINK_KINDS:
		break;
	}
	return NULL;
}

bool
rights_link(
    const struct region *region, const struct account *account, enum link_kind kind, uint32_t thing)
{
	uint32_t organisation;

	if (rights_is_device(account))
		return false;
	if (thing == REGION_NONE)
		return account->role == ROLE_ADMINISTRATOR;
	switch (kind) {
	case LINK_ROTA:
		return rights_change_rota(region, account, thing);
	case LINK_SERVICE:
	case LINK_CLOSING:
		organisation = region->services[thing].organisation;
		if (organisation == REGION_NONE)
			return account->role == ROLE_ADMINISTRATOR;
		return rights_manages(account, region->organisations[organisation].code);
	case LINK_NAVIGATOR:
		organisation = region->navigators[thing].organisation;
		return rights_manages(account, region->organisations[organisation].code);
	case LINK_PERSON:
		return rights_knows_times(region, account, thing);
	case LINK_GAPS:
		/* Viewers, switchboards and auditors look, and give nothing out. */
		return rights_changes(account) && rights_place(region, account, thing);
	case LINK_NONE:
	case LINK_KINDS:
		break;
	}
	return false;
}

bool
rights_link_opens(const struct region *region, const struct account *account,
    const struct token_link *link, uint32_t thing)
{
	return thing != REGION_NONE && rights_link_thing(region, link->kind, link->of) == thing &&
	       rights_link(region, account, link->kind, thing);
}
