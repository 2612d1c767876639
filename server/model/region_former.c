/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/base/vec.h"
#include "server/model/region.h"
#include "server/model/region_kind.h"

/* Former codes are few, and looked for only when set-ups are compared or an object is renamed: a
 * list will do. */
bool
region_is_former(const struct region *region, const char *code, const char *was)
{
	for (uint32_t i = 0; i < region->nformers; i++)
		if (strcmp(region->formers[i].was, was) == 0 &&
		    strcmp(region->formers[i].code, code) == 0)
			return true;
	return false;
}

/* The code that a thing has now; ${code} itself if no thing has had it before. */
static const char *
own_code(const struct region *region, const char *kind, const char *code)
{
	for (uint32_t i = 0; i < region->nformers; i++)
		if (strcmp(region->formers[i].kind, kind) == 0 &&
		    strcmp(region->formers[i].was, code) == 0)
			return region->formers[i].code;
	return code;
}

/* The code in force comes first, then the former ones in the order of the file. */
const char *const *
region_codes(struct arena *arena, const struct region *region, const char *kind, const char *code)
{
	const char *own = own_code(region, kind, code);
	VEC(const char *) codes = {0};

	*VEC_PUSH(arena, &codes) = own;
	for (uint32_t i = 0; i < region->nformers; i++)
		if (strcmp(region->formers[i].kind, kind) == 0 &&
		    strcmp(region->formers[i].code, own) == 0)
			*VEC_PUSH(arena, &codes) = region->formers[i].was;
	*VEC_PUSH(arena, &codes) = NULL;
	return codes.items;
}

/* By the code in force of each: a former code leads to its own thing in both. */
const struct region_former *
region_made_one(const struct region *before, const struct region *after)
{
	for (uint32_t i = 0; i < after->nformers; i++) {
		const struct region_former *former = &after->formers[i];
		const struct region_kind *kind = region_kind_of(former->kind);
		uint32_t gone = region_kind_find(kind, before, former->was);
		uint32_t kept = region_kind_find(kind, before, former->code);

		if (gone != TABLE_NONE && kept != TABLE_NONE && gone != kept)
			return former;
	}
	return NULL;
}
