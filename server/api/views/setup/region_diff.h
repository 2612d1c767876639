/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/region_kind.h"

/* As region_compare(), for two regions that can differ only in the object ${which}: the others are not
 * compared. */
struct region_diff_one {
	const struct region_kind *kind;
	uint32_t index;
};
void region_diff_one(struct arena *arena, const struct region *before, const struct region *after,
    const struct region_diff_one *which, struct region_changes *out);
