/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/json_out.h"
#include "server/api/views/parts/places.h"
#include "server/base/instant.h"
#include "server/map/fragile_cover.h"

/* The selection of a list that is written. */
struct warnings_wanted {
	uint32_t function;                /* REGION_NONE: any */
	int64_t at;                       /* that hold at this instant; INSTANT_NONE: all */
	const struct places_scope *scope; /* while their place is in; NULL: always */
};

/* A list of warnings as ${key}: what is fragile, from when to when, whose cover, in a sentence. */
void warnings_put(struct json_out *out, struct arena *arena, const struct region *region,
    const struct fragile_cover_list *list, struct warnings_wanted wanted);
