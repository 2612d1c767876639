/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/region.h"

/*
 * The changes that ${after}, a file as somebody sent it, makes to ${before}, the set-up as the api
 * knows it: with masks where feed addresses are. Addresses are compared by their masks, so that a
 * changed one shows and an unchanged one does not.
 */
void region_diff(struct arena *arena, const struct region *before, const struct region *after,
    struct region_changes *out);

/* The mask that replaces an address where addresses must not be shown; a mask is returned as it is.
 * NULL: NULL.
 */
const char *region_mask(struct arena *arena, const char *url);

#define REGION_MASK_PREFIX "https://address.invalid/"
