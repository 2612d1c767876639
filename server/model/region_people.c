/* SPDX-License-Identifier: MIT */
#include "server/model/region_people.h"

static size_t
count_blocks(uint32_t people)
{
	return ((size_t)people + REGION_PEOPLE_BLOCK - 1) / REGION_PEOPLE_BLOCK;
}

const struct region_people_block *const *
region_people_over(struct arena *arena, const struct region_person *people, uint32_t count)
{
	size_t nblocks = count_blocks(count);
	struct region_people_block *blocks = arena_array(arena, nblocks, sizeof *blocks);
	const struct region_people_block **all = arena_array(arena, nblocks, sizeof *all);

	for (uint32_t i = 0; i < count; i++)
		blocks[i / REGION_PEOPLE_BLOCK].people[i % REGION_PEOPLE_BLOCK] = &people[i];
	for (size_t i = 0; i < nblocks; i++)
		all[i] = &blocks[i];
	return all;
}

size_t
region_people_bytes(const struct region *region)
{
	return count_blocks(region->npeople) * sizeof *region->people;
}

const struct region_people_block *const *
region_people_with(struct arena *arena, struct arena *blocks, const struct region *region,
    const struct region_people_puts *puts)
{
	const struct region_people_block **all =
	    arena_copy(arena, region->people, region_people_bytes(region));
	struct region_people_block *block = NULL;

	for (size_t i = 0; i < puts->count; i++) {
		size_t at = puts->items[i].index / REGION_PEOPLE_BLOCK;

		if (all[at] == region->people[at])
			all[at] = block = arena_copy(blocks, all[at], sizeof *block);
		block->people[puts->items[i].index % REGION_PEOPLE_BLOCK] = puts->items[i].person;
	}
	return all;
}
