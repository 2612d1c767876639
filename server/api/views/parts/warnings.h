/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/json_out.h"
#include "server/api/views/parts/places.h"
#include "server/base/instant.h"
#include "server/map/fragile_cover.h"

/* Which warnings of the list are written. */
struct warnings_wanted {
	uint32_t function;                /* REGION_NONE: any */
	int64_t at;                       /* those that hold then; INSTANT_NONE: all */
	const struct places_scope *scope; /* those of its places; NULL: of every place */
};

/* Adds "warnings": for each its kind, its time, a sentence, and whose cover is fragile. */
void warnings_put(struct json_out *out, struct arena *arena, const struct region *region,
    const struct fragile_cover_list *list, struct warnings_wanted wanted);
