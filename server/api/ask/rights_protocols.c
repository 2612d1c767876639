/* SPDX-License-Identifier: MIT */
#include "server/api/ask/rights_protocols.h"

#include "server/api/ask/rights.h"
#include "server/model/above.h"

static bool
has(const struct region_list *list, uint32_t place)
{
	for (uint32_t i = 0; i < list->count; i++)
		if (list->items[i] == place)
			return true;
	return false;
}

bool
rights_reads_protocols(
    const struct region *region, const struct account *account, uint32_t place, int64_t day)
{
	struct arena *arena;
	bool found = rights_place(region, account, place);

	if (found)
		return true;
	arena = arena_new(0);
	for (size_t i = 0; i < account->nplaces && !found; i++) {
		uint32_t own = table_get(&region->place_by_code, account->places[i]);
		struct region_list above = {0};

		if (own != TABLE_NONE)
			above = region_above(arena, region, own, day);
		found = has(&above, place);
	}
	arena_free(arena);
	return found;
}

bool
rights_keeps_protocols(const struct region *region, const struct account *account, uint32_t place)
{
	if (rights_is_device(account))
		return false;
	if (account->role == ROLE_ADMINISTRATOR)
		return true;
	/* Who lists no places keeps none (rights_setup.h). */
	return (account->role == ROLE_COMMISSIONER || account->role == ROLE_PLACE_MANAGER) &&
	       account->nplaces > 0 && rights_place(region, account, place);
}
