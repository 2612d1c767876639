/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

#include "server/base/arena.h"
#include "server/model/region.h"

/*
 * The people of a region. A country has tens of thousands of them, and every day some have another
 * number. So they are kept as blocks of pointers (the last block has NULL at its end), and a region
 * in which one person is another shares with the one before all other people and all blocks but
 * one. region_person() in region.h finds a person.
 */

/* The blocks over an array of ${count} people, which must live as long as ${arena}. */
const struct region_people_block *const *region_people_over(
    struct arena *arena, const struct region_person *people, uint32_t count);

/* Bytes of the pointers to the blocks of ${region}. */
size_t region_people_bytes(const struct region *region);

/* Who is to be person ${index}. */
struct region_people_put {
	uint32_t index;
	const struct region_person *person;
};
struct region_people_puts {
	const struct region_people_put *items; /* ascending by index */
	size_t count;
};

/* The people of ${region} with some of them replaced: the blocks of these are in ${blocks}, the
 * pointers to all blocks in ${arena}. All else is shared with ${region}. */
const struct region_people_block *const *region_people_with(struct arena *arena,
    struct arena *blocks, const struct region *region, const struct region_people_puts *puts);
