#pragma once

#include "server/model/region.h"

/*
 * What ${after}, a file as somebody sent it, changes in ${before}, the set-up as the api knows it:
 * with masks where feed addresses are. Addresses are compared by their masks, so that a changed one
 * shows and an unchanged one does not.
 */
void region_diff(struct arena *arena, const struct region *before, const struct region *after,
    struct region_changes *out);

#define REGION_MASK_PREFIX "https://address.invalid/"
