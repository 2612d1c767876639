/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"
#include "server/base/zone.h"
#include "server/model/region.h"

/*
 * The places that answer for a place that has ended, or that has not begun. Pure.
 */
enum place_life { PLACE_LIVES, PLACE_ENDED, PLACE_TO_COME };

struct succession {
	enum place_life life;
	int64_t day; /* unless it lives: the local day on which it ended or begins */
	/* Unless it lives: the places that exist at the instant and answer for it. For an ended
	 * place its successors, for one to come the places that name it as their successor; if one
	 * of these does not exist either, those that answer for it. */
	struct region_list instead;
};

struct succession_asked {
	const struct region *region;
	const struct zone *zone;
	uint32_t place;
	int64_t at;
};

/* The list lives in ${arena}. */
struct succession succession_find(struct arena *arena, const struct succession_asked *asked);
