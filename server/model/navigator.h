/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"
#include "server/model/hours.h"
#include "server/model/region.h"

/*
 * Where to send somebody instead: which navigators of the set-up hold at a place, and whether each is open.
 * The one rule of it. A navigator makes nobody count. Pure.
 */

/* In the order in which they are shown. */
enum navigator_state {
	NAVIGATOR_OPEN,
	NAVIGATOR_UNKNOWN, /* nobody has said its hours: never said to be open */
	NAVIGATOR_SHUT,    /* outside its hours */
	NAVIGATOR_CLOSED,  /* somebody of it has said so, until an instant */
	NAVIGATOR_STATES
};
const char *navigator_state_name(enum navigator_state state); /* "open", "unknown", … */

struct navigator_asked {
	const struct zone *zone;
	const struct holidays *holidays;
	int64_t at;
	/* The time for which somebody said that it is closed; empty: nobody has. */
	struct span_time closed;
};

struct navigator_answer {
	enum navigator_state state;
	/* When it shuts, of one that is open; INSTANT_NONE: not within a week. */
	int64_t until;
	/* When it opens next, of one that is shut or closed; INSTANT_NONE: not within NAVIGATOR_DAYS, or
	 * its hours are not known. */
	int64_t opens;
};
#define NAVIGATOR_DAYS 400

/* Its hours are wall clock of the zone and know bank holidays, as those of requirements do (hours.h). */
struct navigator_answer navigator_judge(struct arena *arena,
    const struct region_navigator *navigator, const struct navigator_asked *asked);

/* Those of ${place} and of the places above it on the local day ${day}, each once and in force that
 * day, the nearest place first. In ${arena}. */
struct region_list navigators_at(
    struct arena *arena, const struct region *region, uint32_t place, int64_t day);

/* Whether one is sent there instead of ${function}; REGION_NONE: of any. */
bool navigator_serves(const struct region_navigator *navigator, uint32_t function);
