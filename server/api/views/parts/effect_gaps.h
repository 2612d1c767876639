/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/model/sweep.h"

/* Which times a change would leave uncovered, and which it would cover. Used by every preview. Pure. */
struct effect_gap {
	uint32_t demand;
	int64_t start, end;
	enum cover_state state; /* what it would be, or was */
};

/* A VEC (base/vec.h) with a name, so that it can be passed to functions. */
struct effect_list {
	struct effect_gap *items;
	size_t count, capacity;
};

struct effect_gaps {
	struct effect_list opens;  /* demands are indexes of the region after the change */
	struct effect_list closes; /* of the region before it */
};

/* How far ahead a preview computes. */
#define EFFECT_AHEAD_SECONDS (400 * (int64_t)86400)

/* One demand before the change or after it, by the index in that region. Without spans: the demand does not
 * exist there. */
struct effect_side {
	uint32_t demand;
	struct cover_spans spans;
};

/* Adds to ${out} the gaps of one demand that only one of the two sides has. Memory of ${arena}. */
void effect_gaps_compare(struct arena *arena, const struct effect_side *was,
    const struct effect_side *will, struct effect_gaps *out);

/* Sorts both lists by start. Call it once, after the last comparison. */
void effect_gaps_sort(struct effect_gaps *gaps);
