/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/region.h"

/*
 * What ${after}, a file as somebody sent it, changes in ${before}, the set-up as the api knows it:
 * with masks where feed addresses are. Addresses are compared by their masks, so that a changed one
 * shows and an unchanged one does not.
 */
void region_diff(struct arena *arena, const struct region *before, const struct region *after,
    struct region_changes *out);

/* What stands for an address where addresses have no business; a mask stands for itself. NULL:
 * NULL.
 */
const char *region_mask(struct arena *arena, const char *url);

#define REGION_MASK_PREFIX "https://address.invalid/"
