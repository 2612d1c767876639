/* SPDX-License-Identifier: MIT */
#include "server/api/ask/rights_months.h"

#include <string.h>

#include "server/api/ask/rights.h"

/* Whether ${place} is ${asked} or was ever below it. */
static bool
is_within(const struct region *region, uint32_t place, uint32_t asked)
{
	const struct account of_asked = {.places = &region->places[asked].code, .nplaces = 1};

	return rights_place(region, &of_asked, place);
}

static bool
serves(const struct region *region, const struct region_service *service, uint32_t asked)
{
	for (uint32_t i = 0; i < service->places.count; i++)
		if (is_within(region, service->places.items[i], asked))
			return true;
	return false;
}

static bool
has_a_service(const struct region *region, const struct account *account, uint32_t asked)
{
	if (account->organisation == NULL)
		return false;
	for (uint32_t i = 0; i < region->nservices; i++) {
		const struct region_service *service = &region->services[i];

		if (strcmp(region->organisations[service->organisation].code,
			account->organisation) == 0 &&
		    serves(region, service, asked))
			return true;
	}
	return false;
}

bool
rights_reads_months(const struct region *region, const struct account *account, uint32_t place)
{
	if (rights_is_device(account) || !rights_place(region, account, place))
		return false;
	switch (account->role) {
	case ROLE_COMMISSIONER:
	case ROLE_PLACE_MANAGER:
	case ROLE_AUDITOR:
	case ROLE_ADMINISTRATOR:
		return true;
	case ROLE_ROTA_MANAGER:
	case ROLE_ORGANISATION_ADMINISTRATOR:
		return has_a_service(region, account, place);
	default:
		return false;
	}
}
