/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/region_kind.h"

/*
 * One object of a set-up read by itself, by the functions that read it in a whole file. What changes
 * every day (telephones, names, aliases, addresses of calendars, how many a requirement asks for)
 * makes no difference to any other object, so that a set-up with such a change shares everything
 * else with the one before. That costs what one object costs, and the copy of an array; of people,
 * of whom there are many, of one block and the pointers to the blocks (region_people.h).
 */
enum region_patched {
	REGION_PATCHED,
	REGION_PATCH_FAULTY, /* the object has faults, which the whole file would have too */
	REGION_PATCH_WHOLE,  /* it may make a difference to others: read the whole file */
};

/* What one object becomes. It keeps its code, its former codes and its place in its list. */
struct region_patch {
	const struct region_kind *kind;
	struct slice item; /* a JSON object, as the region file has it */
	/* has what is read of the object; of a person, all but the pointers to blocks */
	struct arena *texts;
	struct region_zones zones;
};

struct region_patch_made {
	const struct region *region;
	uint32_t index;
	const char *keys; /* that differ, as in region_change.what; NULL: none */
};

/*
 * ${before} with ${patch}: the region and the array of that kind are new, in ${arena}; all else is
 * shared with ${before}, which must live as long. ${out} is only set if the answer is
 * REGION_PATCHED, and ${faults} then holds the warnings of the object and of those that its keys have
 * to do with.
 */
enum region_patched region_patch(struct arena *arena, const struct region *before,
    const struct region_patch *patch, struct region_patch_made *out, struct region_faults *faults);
