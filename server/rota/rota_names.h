/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"
#include "server/model/region.h"

/*
 * The names and codes that titles of ${rota} may hold beside people: of all organisations and
 * functions, and of the services of the rota's organisation with their places. Not the whole
 * region's places: each request to the reader carries the list. NULL-terminated; the list lives in
 * ${arena}, its texts in ${region}.
 */
const char *const *rota_names(
    struct arena *arena, const struct region *region, const struct region_rota *rota);
