/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/json_out.h"
#include "server/base/arena.h"
#include "server/model/region.h"
#include "server/model/sweep.h"

/* What each commissioner has of the hours of a coverage answer. Each has the whole figure of all lines that they commission, whatever
 * their share: a gap is a gap for every one of them. */
struct commissioner_figure {
	const char *who;
	int64_t lines, gaps;
	int64_t whole[COVER_STATES], share[COVER_STATES]; /* seconds */
};

struct commissioner_figures {
	struct commissioner_figure *items;
	size_t count, capacity;
};

/* Adds a line of ${requirement}: ${seconds} by state, and how many gaps it has. */
void commissioner_figures_add(struct arena *arena, struct commissioner_figures *figures,
    const struct region_requirement *requirement, const int64_t seconds[COVER_STATES], size_t gaps);

/* Adds "totals_by_commissioner", in the order in which they were met. */
void commissioner_figures_put(struct json_out *out, const struct commissioner_figures *figures);

/* Adds a member for each state: its hours. */
void coverage_hours_put(struct json_out *out, const int64_t seconds[COVER_STATES]);
