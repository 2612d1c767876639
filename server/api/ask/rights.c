/* SPDX-License-Identifier: MIT */
#include "server/api/ask/rights.h"

#include <string.h>

#include "server/base/instant.h"
#include "server/model/commissioners.h"

enum sight
rights_sight(const struct account *account)
{
	switch (account->role) {
	case ROLE_COMMISSIONER:
		return SIGHT_COUNTS;
	case ROLE_SWITCHBOARD:
	case ROLE_ADMINISTRATOR:
		return account->no_numbers ? SIGHT_NAMES : SIGHT_MOBILES;
	case ROLE_VIEWER:
	case ROLE_ROTA_MANAGER:
	case ROLE_AUDITOR:
	case ROLE_PLACE_MANAGER:
	case ROLE_ORGANISATION_ADMINISTRATOR:
	/* No default: the compiler names a role that is added and not decided here. */
	case ACCOUNT_ROLES:
		break;
	}
	return SIGHT_NAMES;
}

bool
rights_has(const struct account *account, enum right right)
{
	switch (right) {
	case RIGHT_READ:
		return true;
	case RIGHT_CHANGE:
		return account->role == ROLE_ROTA_MANAGER || account->role == ROLE_ADMINISTRATOR;
	case RIGHT_REVIEW:
		return account->role == ROLE_AUDITOR || account->role == ROLE_ADMINISTRATOR;
	case RIGHT_SET_UP:
		return rights_changes(account);
	case RIGHT_SET_UP_READ:
		return rights_changes(account) || account->role == ROLE_AUDITOR;
	case RIGHT_ADMINISTER:
		return account->role == ROLE_ADMINISTRATOR;
	case RIGHT_NONE:
		/* For routes that ask nothing of the account beyond what their view judges. */
		return true;
	}
	return false;
}

bool
rights_changes(const struct account *account)
{
	switch (account->role) {
	case ROLE_VIEWER:
	case ROLE_SWITCHBOARD:
	case ROLE_AUDITOR:
		return false;
	case ROLE_ROTA_MANAGER:
	case ROLE_COMMISSIONER:
	case ROLE_PLACE_MANAGER:
	case ROLE_ORGANISATION_ADMINISTRATOR:
	case ROLE_ADMINISTRATOR:
	case ACCOUNT_ROLES:
		/* A role that is not known counts as one that may change things: it then needs a
		 * second factor. */
		break;
	}
	return true;
}

/* By code, since an account outlives the region in which its places had an index. */
static bool
lists(const struct account *account, const char *code)
{
	for (uint32_t i = 0; i < account->nplaces; i++)
		if (strcmp(account->places[i], code) == 0)
			return true;
	return false;
}

/* Recursive over the parents. It ends, because a region with a cycle of parents is refused. */
bool
rights_place(const struct region *region, const struct account *account, uint32_t place)
{
	const struct region_place *asked = &region->places[place];

	/* An account that lists no places may ask about all of them. */
	if (account->nplaces == 0 || lists(account, asked->code))
		return true;
	for (uint32_t i = 0; i < asked->parents.count; i++)
		if (rights_place(region, account, asked->parents.items[i]))
			return true;
	return false;
}

const struct account *
rights_with_glass(struct arena *arena, const struct account *account, int64_t now)
{
	struct account *more;
	const char **places;

	/* An account without places sees everything already. */
	if (account->nglass == 0 || account->nplaces == 0)
		return account;
	places = arena_array(arena, account->nplaces + account->nglass, sizeof *places);
	more = arena_alloc(arena, sizeof *more);
	*more = *account;
	more->places = places;
	memcpy(places, account->places, account->nplaces * sizeof *places);
	for (uint32_t i = 0; i < account->nglass; i++)
		if (account->glass[i].until > now)
			places[more->nplaces++] = account->glass[i].place;
	return more;
}

bool
rights_service(const struct region *region, const struct account *account, uint32_t service)
{
	const struct region_list *places = &region->services[service].places;

	if (account->nplaces == 0)
		return true;
	for (uint32_t i = 0; i < places->count; i++)
		if (rights_place(region, account, places->items[i]))
			return true;
	return false;
}

bool
rights_rota(const struct region *region, const struct account *account, uint32_t rota)
{
	uint32_t service = region->rotas[rota].service;

	if (account->nplaces == 0 || rights_change_rota(region, account, rota))
		return true;
	return service != REGION_NONE && rights_service(region, account, service);
}

bool
rights_reviews_rota(const struct region *region, const struct account *account, uint32_t rota)
{
	return rights_has(account, RIGHT_REVIEW) &&
	       /* An auditor who is kept to some places reviews the rotas that serve them. */
	       (account->nplaces == 0 ||
		   (rota != REGION_NONE && rights_rota(region, account, rota)));
}

/* Whether the account is an administrator, or has ${role} in ${organisation}. */
static bool
is_of(const struct account *account, enum account_role role, const char *organisation)
{
	if (account->role == ROLE_ADMINISTRATOR)
		return true;
	return account->role == role && account->organisation != NULL &&
	       strcmp(account->organisation, organisation) == 0;
}

bool
rights_manages(const struct account *account, const char *organisation)
{
	return is_of(account, ROLE_ROTA_MANAGER, organisation);
}

bool
rights_keeps_accounts(const struct account *account, const char *organisation)
{
	return is_of(account, ROLE_ORGANISATION_ADMINISTRATOR, organisation);
}

bool
rights_change_rota(const struct region *region, const struct account *account, uint32_t rota)
{
	uint32_t organisation = region->rotas[rota].organisation;

	/* A rota that belongs to nobody is the administrator's alone. */
	if (organisation == REGION_NONE)
		return account->role == ROLE_ADMINISTRATOR;
	return rights_manages(account, region->organisations[organisation].code);
}

bool
rights_is_device(const struct account *account)
{
	return strcmp(account->kind, "device") == 0;
}

bool
rights_speaks_for(const struct region *region, const struct account *account, uint32_t person)
{
	return rights_manages(
	    account, region->organisations[region_person(region, person)->organisation].code);
}

/* Whether ${who}, the name of an account or the code of an organisation, means the account. */
static bool
is_named(const struct account *account, const char *who)
{
	if (who == NULL || rights_is_device(account))
		return false;
	if (strcmp(account->name, who) == 0)
		return true;
	/* By organisation only for these two roles: a viewer of the trust does not answer for its
	 * gaps. */
	return (account->role == ROLE_ROTA_MANAGER || account->role == ROLE_COMMISSIONER) &&
	       account->organisation != NULL && strcmp(account->organisation, who) == 0;
}

bool
rights_named(const struct region *region, const struct account *account, uint32_t requirement)
{
	const struct region_requirement *asked = &region->requirements[requirement];

	return is_named(account, asked->owner) || is_named(account, asked->deputy) ||
	       rights_commissions(region, account, requirement, INSTANT_END);
}

bool
rights_commissions(
    const struct region *region, const struct account *account, uint32_t requirement, int64_t day)
{
	const struct region_requirement *asked = &region->requirements[requirement];

	for (uint32_t i = 0; i < asked->ncommissioners; i++) {
		const char *who = asked->commissioners[i].who;

		if (is_named(account, who))
			return true;
		if (account->role == ROLE_COMMISSIONER && !rights_is_device(account) &&
		    commissioner_is(region, who, account->organisation, day))
			return true;
	}
	return false;
}

bool
rights_sees_demand(const struct region *region, const struct account *account, uint32_t demand)
{
	const struct region_demand *asked = &region->demands[demand];

	return rights_place(region, account, asked->place) ||
	       (account->role == ROLE_COMMISSIONER &&
		   rights_commissions(region, account, asked->requirement, INSTANT_END));
}

bool
rights_sees_cover(const struct region *region, const struct account *account, uint32_t place)
{
	const struct region_list *demands = &region->places[place].demands;

	for (uint32_t i = 0; i < demands->count; i++)
		if (rights_sees_demand(region, account, demands->items[i]))
			return true;
	return rights_place(region, account, place);
}

bool
rights_answer_at_all(const struct region *region, const struct account *account)
{
	if (rights_has(account, RIGHT_CHANGE))
		return !rights_is_device(account);
	for (uint32_t i = 0; i < region->nrequirements; i++)
		if (rights_named(region, account, i))
			return true;
	return false;
}

bool
rights_answer_for(const struct region *region, const struct account *account, uint32_t demand)
{
	const struct region_list *rotas = &region->demands[demand].rotas;

	if (rights_named(region, account, region->demands[demand].requirement))
		return true;
	if (!rights_has(account, RIGHT_CHANGE) || rights_is_device(account))
		return false;
	for (uint32_t i = 0; i < rotas->count; i++)
		if (rights_change_rota(region, account, rotas->items[i]))
			return true;
	/* No rota supplies it: those who may change any rota may say that the gap is known. */
	return rotas->count == 0;
}
