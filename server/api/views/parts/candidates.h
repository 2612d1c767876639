/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/json_out.h"
#include "server/model/region.h"
#include "server/rota/rota_candidates.h"

/* "candidates": whom of the directory ${words} may mean, likeliest first: [{"id", "name"}, …]. */
void candidates_put(struct json_out *out, const struct region *region,
    const struct rota_directory *directory, const char *words);

/* {"id", "name"} of one person. */
void candidate_put(struct json_out *out, const struct region *region, uint32_t person);
