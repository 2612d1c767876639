/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/region_kind.h"

/*
 * The changes that ${after}, a file as somebody sent it, makes to ${before}, the set-up as the api
 * knows it: with masks where feed addresses are. Addresses are compared by their masks, so that a
 * changed one shows and an unchanged one does not.
 */
void region_diff(struct arena *arena, const struct region *before, const struct region *after,
    struct region_changes *out);

/* The same, where nothing but object ${which} of both may differ. */
struct region_diff_one {
	const struct region_kind *kind;
	uint32_t index;
};
void region_diff_one(struct arena *arena, const struct region *before, const struct region *after,
    const struct region_diff_one *which, struct region_changes *out);

/* The mask that replaces an address where addresses must not be shown; a mask is returned as it is.
 * NULL: NULL.
 */
const char *region_mask(struct arena *arena, const char *url);

#define REGION_MASK_PREFIX "https://address.invalid/"
