/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/gap.h"

/* Internal to gap*.c: one comparison of holes with the gaps of a demand. gap_match.c pairs them, and
 * gap_step.c makes the steps. */

#define GAP_UNMATCHED SIZE_MAX

struct gap_match_state {
	struct arena *arena;
	struct gap_hole *holes; /* a copy, because starts may be set back before the window */
	size_t nholes;
	struct gap *gaps; /* by start */
	size_t ngaps;
	size_t *gap_of_hole, *hole_of_gap; /* GAP_UNMATCHED: none */
	int64_t now;
	const struct gap_policy *policy;
	struct span_time window;
	struct {
		struct gap_step *items;
		size_t count, capacity;
	} steps;
	int64_t next;
};

/* Adds the steps of all holes and gaps, which have been paired, in order, and sets ${m}->next. */
void gap_decide(struct gap_match_state *m);

/* The first second at which less than ${hours} are left before ${start}. */
int64_t gap_below(int64_t start, int32_t hours);
