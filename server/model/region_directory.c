/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/model/region.h"

static bool
has_role(const struct region_person *person, uint32_t function)
{
	for (uint32_t i = 0; i < person->roles.count; i++)
		if (person->roles.items[i] == function)
			return true;
	return false;
}

bool
region_holds(const struct region *region, uint32_t person, uint32_t function)
{
	return has_role(region_person(region, person), function);
}

/* The people who may be named on a rota: those of the organisation that runs it, and people of
 * other organisations who hold its function. A calendar of absences is of its organisation
 * alone. */
bool
region_in_directory(
    const struct region *region, const struct region_rota *rota, const struct region_person *person)
{
	const struct region_service *service;

	if (rota->service == REGION_NONE)
		return person->organisation == rota->organisation;
	service = &region->services[rota->service];
	return person->organisation == service->organisation || has_role(person, service->function);
}

/* If a rota has exactly one team, no name is needed to mean it. */
const char *
region_team(const struct region_rota *rota, const char *name)
{
	const char *const *teams = rota->team_names;

	if (name == NULL)
		return teams[0] != NULL && teams[1] == NULL ? teams[0] : NULL;
	for (; *teams != NULL; teams++)
		if (strcmp(*teams, name) == 0)
			return *teams;
	return NULL;
}
