/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/zone.h"
#include "server/model/hours.h"
#include "server/model/region.h"
#include "server/model/share.h"
#include "server/model/sweep.h"

/*
 * From the set-up to the sweep, in one place for whoever sweeps: a demand's hours cut to the days
 * on which it is in force, each rota cut to the days on which it supplies the demand, and the
 * people who serve too many places to count. Pure.
 */
struct demand_ground {
	const struct region *region;
	const struct zone *zone;
	const struct holidays *holidays;
};

/* When the demand is in force and in its hours, inside ${window}; normalised. */
struct span_times demand_hours(struct arena *arena, const struct demand_ground *ground,
    uint32_t demand, struct span_time window);

/* Whether the demand is in force at some instant of ${window}, in its hours or not. */
bool demand_in_force(const struct demand_ground *ground, uint32_t demand, struct span_time window);

/* Whether somebody's other shifts matter to it: its requirement has a max_share. */
bool demand_is_limited(const struct region *region, uint32_t demand);

/*
 * One rota's shifts change: which demands may look different by it? The one rule for whoever shows
 * what a change would do, and the same that coverage sweeps by (COVERAGE_MARKS): those that the
 * rota supplies, those on whose rotas somebody is who is away by it, and, where somebody may not be
 * in many places at once, those on whose rotas somebody is whose confirmed shifts change here.
 */
typedef bool demand_names_fn(const void *ctx, uint32_t rota, const bool *people);
struct demand_change {
	uint32_t rota;          /* REGION_NONE: none, only absences change */
	const bool *away;       /* by person: whose absences change */
	const bool *on;         /* by person: whose confirmed shifts change */
	demand_names_fn *names; /* whether a confirmed shift of the rota is of one of the people */
	const void *ctx;
};
bool demand_may_change(
    const struct region *region, uint32_t demand, const struct demand_change *change);

struct demand_asked {
	struct demand_ground ground;
	uint32_t demand;
	struct span_time window;
	const struct sweep_rota *rotas; /* by place in the demand's list of rotas; whole */
	struct person_times absences;   /* as sweep_input has them */
	/* Of a limited demand: confirmed shifts of its people on other rotas of its function. May
	 * hold more: its own rotas', other people's, other functions'. */
	struct share_list elsewhere;
};

/* What sweep() is given for the demand's supplies, one for each, in their order: the rotas cut to
 * the days on which they serve. ${parts} has room for them. */
void demand_cut(struct arena *arena, const struct demand_asked *asked, struct sweep_rota *parts);

/* The map of one demand; as sweep(). */
struct cover_spans demand_sweep(struct arena *arena, const struct demand_asked *asked);
