/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/bundle_sweep.h"

/* Internal to bundle_sweep.c, and bundle_member.c, which sweeps one function of a bundle. */

/* A bundle while it is swept. */
struct bundling {
	struct arena *arena;
	const struct demand_asked *asked;
	const struct region *region;
	const struct region_demand *demand;
	const struct region_requirement *requirement;
	struct bundle_need needs[REGION_PARTS_MAX];
	struct cover_spans *swept; /* by member */
	size_t *at;                /* by member: the span that has the instant */
	struct span_times hours;
};

/* The spans of one function over the window, with members. ${rotas} are those of the demand, by
 * supply. More are required than there can be: so the state of a span says whether a rota could
 * supply more. */
struct cover_spans bundle_sweep_member(
    const struct bundling *b, uint32_t index, const struct sweep_rota *rotas);
