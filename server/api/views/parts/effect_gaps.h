/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/model/sweep.h"

/* Which times would become uncovered, and which would be no longer: for every preview. Pure. */
struct effect_gap {
	uint32_t demand;
	int64_t start, end;
	enum cover_state state; /* what it would be, or was */
};

/* As VEC has it. */
struct effect_list {
	struct effect_gap *items;
	size_t count, capacity;
};

struct effect_gaps {
	struct effect_list opens;  /* demands of what will be */
	struct effect_list closes; /* demands of what was */
};

/* How far ahead a preview computes. */
#define EFFECT_AHEAD_SECONDS (400 * (int64_t)86400)

/* One demand as it is, or will be; the index is that of its own region. No spans: there is none. */
struct effect_side {
	uint32_t demand;
	struct cover_spans spans;
};

/* Adds what differs between the two. */
void effect_gaps_compare(struct arena *arena, const struct effect_side *was,
    const struct effect_side *will, struct effect_gaps *out);

/* By start, once all are there. */
void effect_gaps_sort(struct effect_gaps *gaps);
