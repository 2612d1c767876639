/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/json_out.h"
#include "server/model/region.h"
#include "server/rota/rota_candidates.h"

/* Adds "candidates": the people of the directory that ${words} may mean, the likeliest first: [{"id",
 * "name"}, …]. */
void candidates_put(struct json_out *out, const struct region *region,
    const struct rota_directory *directory, const char *words);

/* Adds one person, {"id", "name"}, to an array. */
void candidate_put(struct json_out *out, const struct region *region, uint32_t person);
