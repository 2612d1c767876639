/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/json_out.h"
#include "server/api/views/parts/effect_gaps.h"
#include "server/model/region.h"

/* Adds the list ${key} of gaps that a change would open or close; ${region} is the one whose demands they
 * name. */
void effect_gaps_put(struct json_out *out, const char *key, const struct region *region,
    const struct effect_gap *gaps, size_t count);
