/* SPDX-License-Identifier: MIT */
#include "server/model/region_kind.h"

#include <string.h>

#include "server/model/region_compare.h"

/* The members of struct region are named after the list in the file: an array of the plural, and its length with an n before it. */
#define KIND(kind, plural, id, table)                                                              \
	KIND_OF(sizeof *((struct region *)NULL)->plural, kind, plural, id, table)
#define KIND_OF(size, kind, plural, id, table)                                                     \
	{                                                                                          \
		kind, #plural, id, size, offsetof(struct region, plural),                          \
		    offsetof(struct region, n##plural), offsetof(struct region, table)             \
	}

const struct region_kind region_kinds[REGION_KINDS] = {
    [REGION_KIND_ORGANISATION] = KIND("organisation", organisations, "code", organisation_by_code),
    [REGION_KIND_FUNCTION] = KIND("function", functions, "code", function_by_code),
    [REGION_KIND_PLACE] = KIND("place", places, "code", place_by_code),
    [REGION_KIND_PERSON] =
	KIND_OF(sizeof(struct region_person), "person", people, "id", person_by_id),
    [REGION_KIND_SERVICE] = KIND("service", services, "id", service_by_id),
    [REGION_KIND_ROTA] = KIND("rota", rotas, "id", rota_by_id),
    [REGION_KIND_REQUIREMENT] = KIND("requirement", requirements, "id", requirement_by_id),
    [REGION_KIND_ACCOUNT] = KIND("account", accounts, "name", account_by_name),
    [REGION_KIND_AREA] = KIND("area", areas, "code", area_by_code),
    [REGION_KIND_NAVIGATOR] = KIND("navigator", navigators, "id", navigator_by_id),
};

const struct region_kind *
region_kind_of(const char *kind)
{
	for (int i = 0; i < REGION_KINDS; i++)
		if (strcmp(region_kinds[i].kind, kind) == 0)
			return &region_kinds[i];
	return NULL;
}

const struct region_kind *
region_kind_listed(struct slice list)
{
	for (int i = 0; i < REGION_KINDS; i++)
		if (slice_is(list, region_kinds[i].list))
			return &region_kinds[i];
	return NULL;
}

uint32_t
region_kind_count(const struct region_kind *kind, const struct region *region)
{
	uint32_t count;

	memcpy(&count, (const char *)region + kind->count_at, sizeof count);
	return count;
}

const void *
region_kind_item(const struct region_kind *kind, const struct region *region, uint32_t index)
{
	const char *items;

	if (kind == &region_kinds[REGION_KIND_PERSON])
		return region_person(region, index);
	/* Copied and not read through a cast: the member is a pointer to another type for each
	 * kind, and the compiler may assume that such pointers never meet. */
	memcpy(&items, (const char *)region + kind->items_at, sizeof items);
	return items + index * kind->size;
}

/* Every struct of a region's things begins with its id or code, so one function serves all
 * kinds. */
const char *
region_kind_code(const struct region_kind *kind, const struct region *region, uint32_t index)
{
	const char *code;

	memcpy(&code, region_kind_item(kind, region, index), sizeof code);
	return code;
}

/* A list that a region does not have has no table either. */
uint32_t
region_kind_find(const struct region_kind *kind, const struct region *region, const char *code)
{
	const struct table *table = (const void *)((const char *)region + kind->table_at);

	return region_kind_count(kind, region) == 0 ? TABLE_NONE : table_get(table, code);
}
