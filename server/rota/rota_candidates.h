/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "server/base/arena.h"
#include "server/model/region.h"

/*
 * The people of a rota's directory whom a name in a title may mean: a help for the person who
 * decides, never a decision. A shared name or alias, initials, the beginning of a name ("Sam" of
 * Samuel) and one wrong letter count for it.
 */
#define ROTA_CANDIDATES_MAX 5

struct rota_candidates {
	uint32_t people[ROTA_CANDIDATES_MAX]; /* indexes into the region's people, likeliest first,
						 then by name */
	uint32_t count;
};

/* The directory of one rota with its names cut into words, to ask about many names. Borrows
 * ${region}; lives in ${arena}. */
struct rota_directory;
struct rota_directory *rota_directory_of(
    struct arena *arena, const struct region *region, const struct region_rota *rota);

/* Its people by name: indexes into the region's people. */
struct region_list rota_directory_people(const struct rota_directory *directory);

void rota_candidates(
    const struct rota_directory *directory, const char *words, struct rota_candidates *out);
