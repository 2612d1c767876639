/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/views/gaps/gap_render.h"

/* An open gap of the snapshot. */
struct gap_found {
	const struct gap_block *block;
	const struct kept_gap *gap;
	uint32_t demand;
};

/* Writes ${found}, which is sorted by start, as two members: "groups", gaps with the same cause (a source that
 * failed, a rota that was not filled in), each with its leader and members, and "gaps", those without a
 * group. Sorts ${found} in another order. */
void gap_groups_put(
    struct json_out *out, const struct gap_frame *frame, struct gap_found *found, size_t count);
