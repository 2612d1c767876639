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

/* The names and codes of ${rota} itself, its service and its function, as above. An absence calendar
 * has no service: of it, its own code only. */
const char *const *rota_own_names(
    struct arena *arena, const struct region *region, const struct region_rota *rota);
