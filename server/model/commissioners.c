/* SPDX-License-Identifier: MIT */
#include "server/model/commissioners.h"

#include <string.h>

#include "server/base/instant.h"
#include "server/base/vec.h"

typedef VEC(const char *) who_list;

static bool
is_in(const who_list *list, const char *who)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i], who) == 0)
			return true;
	return false;
}

/* A chain of successors ends: each one ends later than the one before (region_successors.c). */
static void
follow(struct arena *arena, const struct region *region, uint32_t organisation, int64_t day,
    who_list *out)
{
	const struct region_organisation *one = &region->organisations[organisation];

	if (day >= one->life.end && one->successors.count > 0) {
		for (uint32_t i = 0; i < one->successors.count; i++)
			follow(arena, region, one->successors.items[i], day, out);
		return;
	}
	if (!is_in(out, one->code))
		*VEC_PUSH(arena, out) = one->code;
}

const char *const *
commissioner_now(struct arena *arena, const struct region *region, const char *who, int64_t day)
{
	uint32_t organisation = table_get(&region->organisation_by_code, who);
	who_list list = {0};

	/* A name may be that of an account and the code of an organisation: then both are meant, and it is not followed. */
	if (organisation == TABLE_NONE || table_get(&region->account_by_name, who) != TABLE_NONE)
		*VEC_PUSH(arena, &list) = who;
	else
		follow(arena, region, organisation, day, &list);
	*VEC_PUSH(arena, &list) = NULL;
	return list.items;
}

static bool
leads_to(const struct region *region, uint32_t from, const char *organisation, int64_t day)
{
	const struct region_organisation *one = &region->organisations[from];

	if (strcmp(one->code, organisation) == 0)
		return true;
	if (day < one->life.end)
		return false;
	for (uint32_t i = 0; i < one->successors.count; i++)
		if (leads_to(region, one->successors.items[i], organisation, day))
			return true;
	return false;
}

bool
commissioner_is(const struct region *region, const char *who, const char *organisation, int64_t day)
{
	uint32_t from;

	if (organisation == NULL)
		return false;
	if (strcmp(who, organisation) == 0)
		return true;
	from = table_get(&region->organisation_by_code, who);
	return from != TABLE_NONE && leads_to(region, from, organisation, day);
}

typedef VEC(struct region_commissioner) commissioner_list;

/* ${share} 0 of one part makes all of it unknown. */
static void
add(struct arena *arena, commissioner_list *list, struct region_commissioner one)
{
	for (size_t i = 0; i < list->count; i++) {
		struct region_commissioner *had = &list->items[i];

		if (strcmp(had->who, one.who) != 0)
			continue;
		had->share = had->share == 0 || one.share == 0 ? 0 : had->share + one.share;
		return;
	}
	*VEC_PUSH(arena, list) = one;
}

struct commissioners
commissioners_on(
    struct arena *arena, const struct region *region, uint32_t requirement, int64_t day)
{
	const struct region_requirement *asked = &region->requirements[requirement];
	commissioner_list list = {0};

	for (uint32_t i = 0; i < asked->ncommissioners; i++) {
		struct region_commissioner one = asked->commissioners[i];
		const char *const *who = commissioner_now(arena, region, one.who, day);

		if (who[0] != NULL && who[1] != NULL)
			one.share = 0;
		for (; *who != NULL; who++) {
			one.who = *who;
			add(arena, &list, one);
		}
	}
	return (struct commissioners){list.items, (uint32_t)list.count};
}

void
commissioners_divide(const struct region_requirement *requirement, int64_t whole, int64_t *out)
{
	const struct region_commissioner *items = requirement->commissioners;
	bool given[REGION_COMMISSIONERS_MAX] = {false};
	int64_t left = whole;

	for (uint32_t i = 0; i < requirement->ncommissioners; i++) {
		out[i] = whole * items[i].share / items[i].of;
		left -= out[i];
	}
	for (; left > 0; left--) {
		uint32_t best = requirement->ncommissioners;

		for (uint32_t i = 0; i < requirement->ncommissioners; i++)
			if (!given[i] && (best == requirement->ncommissioners ||
					     whole * items[i].share % items[i].of >
						 whole * items[best].share % items[best].of))
				best = i;
		given[best] = true;
		out[best]++;
	}
}
