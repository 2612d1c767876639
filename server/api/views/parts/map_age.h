/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"

/* Which version of the map an answer was made from, how old it is, and how far it may be relied on. */
struct map_age {
	int64_t as_of; /* when the map was last known to be right */
	enum confidence confidence;
	/* seconds by which the database's clock is ahead of this one; 0: agrees */
	int64_t clock_off;
};

/* The age of the map of ${ask}. A historical map is "live", as of its own time. */
struct map_age map_age_of(const struct ask *ask);

/* Adds `map` to an answer that was made from ${map}. */
void map_age_put(struct json_out *out, const struct snapshot *map, const struct map_age *age);
