/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/views/gaps/gap_render.h"

/* An open gap of the snapshot. */
struct gap_found {
	const struct gap_block *block;
	const struct kept_gap *gap;
	uint32_t demand;
};

/* Writes "groups" (gaps that one source has made, or one rota that was not filled in, each with its
 * leader and its members) and "gaps" (those without a group) of ${found}, which is by start; puts
 * it in another order. */
void gap_groups_put(
    struct json_out *out, const struct gap_frame *frame, struct gap_found *found, size_t count);
