/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"
#include "server/model/region.h"

/*
 * ${place}, and the places above it on the local day ${day}, each once: level by level, so that a parent comes
 * before a grandparent, and of two that are equally near the one that the place lists first. The list lives in ${arena}.
 */
struct region_list region_above(
    struct arena *arena, const struct region *region, uint32_t place, int64_t day);
