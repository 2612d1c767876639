/* SPDX-License-Identifier: MIT */
#include "server/model/region_kind.h"

#include <string.h>

static const struct region_kind kinds[] = {
    {"organisation", "organisations", "code"},
    {"function", "functions", "code"},
    {"place", "places", "code"},
    {"person", "people", "id"},
    {"service", "services", "id"},
    {"rota", "rotas", "id"},
    {"requirement", "requirements", "id"},
    {"account", "accounts", "name"},
};
#define NKINDS (sizeof kinds / sizeof *kinds)

const struct region_kind *
region_kind_of(const char *kind)
{
	for (size_t i = 0; i < NKINDS; i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			return &kinds[i];
	return NULL;
}

const struct region_kind *
region_kind_listed(struct slice list)
{
	for (size_t i = 0; i < NKINDS; i++)
		if (slice_is(list, kinds[i].list))
			return &kinds[i];
	return NULL;
}
