/* SPDX-License-Identifier: MIT */
#include "server/api/views/risks/risk_rights.h"

#include <string.h>

#include "server/base/civil.h"
#include "server/model/commissioners.h"

static bool
stands_for(const struct ask *ask, const char *who, int64_t day)
{
	const struct account *account = ask->account;

	if (strcmp(account->kind, "person") != 0)
		return false;
	if (strcmp(account->name, who) == 0)
		return true;
	/* The account may still be of an organisation that the commissioner follows. */
	return account->role == ROLE_COMMISSIONER && account->organisation != NULL &&
	       (strcmp(account->organisation, who) == 0 ||
		   commissioner_is(ask->region, account->organisation, who, day));
}

struct risk_signing
risk_signing_of(const struct ask *ask, uint32_t requirement)
{
	int64_t day = civil_day_of(zone_local(ask->map->setup->zone, ask->now));
	struct commissioners all = commissioners_on(ask->arena, ask->region, requirement, day);
	struct risk_signing signing = {
	    .needed = arena_array(ask->arena, all.count + 1, sizeof *signing.needed),
	    .own = arena_array(ask->arena, all.count + 1, sizeof *signing.own),
	};

	for (uint32_t i = 0; i < all.count; i++) {
		signing.needed[signing.nneeded++] = all.items[i].who;
		if (stands_for(ask, all.items[i].who, day))
			signing.own[signing.nown++] = all.items[i].who;
	}
	return signing;
}

uint32_t
risk_demand(const struct ask *ask, const char *requirement, const char *place)
{
	uint32_t demand = snapshot_demand(ask->map, requirement, place);

	if (demand != REGION_NONE && !rights_sees_demand(ask->region, ask->account, demand))
		return REGION_NONE;
	return demand;
}
