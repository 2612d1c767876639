/* SPDX-License-Identifier: MIT */
#include "server/model/rotation_fill.h"

#include "server/base/hash.h"

/* Grows when this program makes other shifts of the same rotation: they are then written again. */
#define RULES_VERSION 1

const char *
rotation_made_with(struct arena *arena, const struct holidays *holidays, uint64_t zones_fingerprint)
{
	uint64_t days =
	    hash_bytes(HASH_START, holidays->days, holidays->count * sizeof *holidays->days);

	return arena_printf(arena, "%d-%016llx-%016llx", RULES_VERSION, (unsigned long long)days,
	    (unsigned long long)zones_fingerprint);
}

struct rotation_fill
rotation_fill(struct arena *arena, const struct rotation_asked *asked, uint64_t zones_fingerprint,
    int64_t now)
{
	int64_t until = now + ROTATION_AHEAD_SECONDS;

	return (struct rotation_fill){
	    .shifts = rotation_expand(arena, asked, (struct span_time){now, until}),
	    .filled_to = until,
	    .reach = rotation_reach(asked, until),
	    .made_with = rotation_made_with(arena, asked->holidays, zones_fingerprint),
	};
}
