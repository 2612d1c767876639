/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/map/cover.h"

/* The services that a place may turn to at an instant, no matter who is on. Pure. */

struct lookup_team {
	uint32_t function;
	uint32_t service; /* REGION_NONE: none provides the function, which is required there */
};

struct lookup_teams {
	const struct lookup_team *items; /* of one function together, by the order of the file */
	size_t count;
};

/* For ${place}: first the functions that its first screen shows first, then the others in the order
 * of the region file. Lives in ${arena}. */
void lookup_teams_make(struct arena *arena, const struct cover_asked *asked, uint32_t place,
    int64_t at, struct lookup_teams *out);
