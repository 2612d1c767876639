/* SPDX-License-Identifier: MIT */
#include "clients/cli/ods_list.h"

#include <string.h>

void
ods_init(struct ods *ods, struct arena *arena)
{
	*ods = (struct ods){.arena = arena};
	/* It grows with what the files hold, which nobody knows before. */
	table_init(&ods->by_code, arena, 1024);
}

const struct ods_organisation *
ods_find(const struct ods *ods, const char *code)
{
	uint32_t index = table_get(&ods->by_code, code);

	return index == TABLE_NONE ? NULL : &ods->organisations.items[index];
}

const char *
ods_add(struct ods *ods, const struct ods_organisation *organisation)
{
	const struct ods_organisation *known = ods_find(ods, organisation->code);

	if (known == NULL) {
		table_put(&ods->by_code, ods->arena, organisation->code,
		    (uint32_t)ods->organisations.count);
		*VEC_PUSH(ods->arena, &ods->organisations) = *organisation;
		return NULL;
	}
	/* Several published files may hold one organisation. */
	if (strcmp(known->name, organisation->name) == 0 && known->until == organisation->until &&
	    known->closed == organisation->closed)
		return NULL;
	return arena_printf(ods->arena, "%s stands twice, and not alike", organisation->code);
}
