/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "calendars/titles/people_alike.h"
#include "server/api/views/setup/region_effect.h"
#include "server/base/vec.h"
#include "server/model/region_keys.h"

/* Whom an organisation has twice, as far as calendars can tell: nobody is told so where a shift of one is undecided, weeks
 * later, so it is told where the second one comes. */

/* Keys of a person without which no name is another's. */
#define NAMELESS "work_phone, roles, protected, id"

static bool
may_make_alike(const struct region_change *change)
{
	return strcmp(change->kind, "person") == 0 && change->sign != '-' &&
	       (change->sign == '+' || !region_keys_all(NAMELESS, change->what));
}

/* The people who have another name now. */
static struct region_list
renamed(struct arena *arena, const struct region_effect_asked *asked)
{
	const struct region *after = asked->setup->region;
	VEC(uint32_t) found = {0};

	for (size_t i = 0; after->npeople > 0 && i < asked->changes->count; i++) {
		const struct region_change *change = &asked->changes->items[i];
		uint32_t person;

		if (!may_make_alike(change))
			continue;
		person = table_get(&after->person_by_id, change->code);
		if (person != TABLE_NONE)
			*VEC_PUSH(arena, &found) = person;
	}
	return (struct region_list){found.items, (uint32_t)found.count};
}

/* The people of an organisation, and where they are in the region. */
struct members {
	VEC(struct reading_person) people;
	VEC(uint32_t) at;
};

static void
find_members(struct arena *arena, const struct region *region, const bool *of,
    struct members *by_organisation)
{
	for (uint32_t i = 0; i < region->npeople; i++) {
		const struct region_person *person = region_person(region, i);
		struct members *members = &by_organisation[person->organisation];

		if (!of[person->organisation])
			continue;
		*VEC_PUSH(arena, &members->people) =
		    (struct reading_person){person->id, person->name, person->aliases};
		*VEC_PUSH(arena, &members->at) = i;
	}
}

/* Whether the two were alike already, so that it is no effect of the change. */
static bool
were_alike(struct arena *arena, const struct region *before, const char *one, const char *other)
{
	struct reading_person two[2];
	const char *const ids[] = {one, other};
	const struct region_person *person[2];

	for (size_t i = 0; i < 2; i++) {
		uint32_t was =
		    before->npeople == 0 ? TABLE_NONE : table_get(&before->person_by_id, ids[i]);

		if (was == TABLE_NONE)
			return false;
		person[i] = region_person(before, was);
		two[i] =
		    (struct reading_person){person[i]->id, person[i]->name, person[i]->aliases};
	}
	return person[0]->organisation == person[1]->organisation &&
	       people_alike(arena, two, 2).count > 0;
}

typedef VEC(struct region_alike) alike_list;

static void
find_in(struct arena *arena, const struct region_effect_asked *asked, const struct members *members,
    const bool *changed, alike_list *found)
{
	const struct people_alikes alikes =
	    people_alike(arena, members->people.items, members->people.count);

	for (size_t i = 0; i < alikes.count; i++) {
		const struct people_alike *pair = &alikes.items[i];
		uint32_t one = members->at.items[pair->one - members->people.items];
		uint32_t other = members->at.items[pair->other - members->people.items];

		if ((!changed[one] && !changed[other]) ||
		    were_alike(arena, asked->map->setup->region, pair->one->id, pair->other->id))
			continue;
		*VEC_PUSH(arena, found) = changed[other]
					      ? (struct region_alike){other, one, pair->written}
					      : (struct region_alike){one, other, pair->written};
	}
}

void
region_effect_alike(
    struct arena *arena, const struct region_effect_asked *asked, struct region_effect *out)
{
	const struct region *after = asked->setup->region;
	const struct region_list people = renamed(arena, asked);
	bool *changed, *of;
	struct members *members;
	alike_list found = {0};

	/* Of a country only if somebody has another name. */
	if (people.count == 0)
		return;
	changed = arena_array(arena, after->npeople, sizeof *changed);
	of = arena_array(arena, after->norganisations, sizeof *of);
	for (uint32_t i = 0; i < people.count; i++) {
		changed[people.items[i]] = true;
		of[region_person(after, people.items[i])->organisation] = true;
	}
	members = arena_array(arena, after->norganisations, sizeof *members);
	find_members(arena, after, of, members);
	for (uint32_t i = 0; i < after->norganisations; i++)
		if (members[i].people.count > 1)
			find_in(arena, asked, &members[i], changed, &found);
	out->alike = found.items;
	out->nalike = found.count;
}
