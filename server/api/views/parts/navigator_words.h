/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/json_out.h"
#include "server/map/lookup.h"

/* A navigator as people and programs are told of it. It names nobody. */
struct navigator_told {
	struct arena *arena;
	const struct snapshot_region *setup;
	const struct region_place *from; /* the place that asks; NULL: none in particular */
};

/* "open until Sun 22 Nov 2026 08:00 GMT", "shut, opens …", "we cannot confirm that it is open", "CLOSED
 * until …, … said so on …". In ${told->arena}. */
const char *navigator_state_words(
    const struct navigator_told *told, const struct lookup_navigator *navigator);

/* How it is reached, in words: "tel 111, 1 High Street, no need to ring first". */
const char *navigator_way_words(const struct navigator_told *told, uint32_t navigator);

/* Its members, in an object that is open. */
void navigator_put(struct json_out *out, const struct navigator_told *told,
    const struct lookup_navigator *navigator);
