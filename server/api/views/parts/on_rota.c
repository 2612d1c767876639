/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/on_rota.h"

uint32_t
on_rota_person(struct ask *ask, const char *path, const char *id)
{
	uint32_t person = id ? ask_person(ask, id) : REGION_NONE;

	if (id != NULL && person == REGION_NONE)
		ask_fault(ask, path, "there is no person with this id in the region");
	return person;
}

/* A person without the function would not be counted, so the shift would promise cover that does
 * not exist. */
const char *
on_rota_objection(const struct ask *ask, uint32_t rota, uint32_t person)
{
	const struct region *region = ask->region;
	uint32_t function = region->services[region->rotas[rota].service].function;

	if (region_holds(region, person, function))
		return NULL;
	return arena_printf(ask->arena,
	    "%s does not hold the function %s among the roles of the region file, so cannot be on this rota",
	    region->people[person].name, region->functions[function].code);
}

const char *
on_rota_not_free(const struct ask *ask, uint32_t person)
{
	return arena_printf(ask->arena,
	    "%s may not be free for all of that time with 11 hours off before and after it.",
	    ask->region->people[person].name);
}
