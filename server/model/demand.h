/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/zone.h"
#include "server/model/hours.h"
#include "server/model/region.h"
#include "server/model/share.h"
#include "server/model/sweep.h"

/*
 * Makes the input of a sweep from the set-up, for every caller: a demand's hours cut to the days on
 * which the demand is in force, each rota cut to the days on which it supplies the demand, and the
 * people who serve too many places to count. Pure.
 */
struct demand_context {
	const struct region *region;
	const struct zone *zone;
	const struct holidays *holidays;
};

/* When the demand is in force and in its hours, inside ${window}; normalised. */
struct span_times demand_hours(struct arena *arena, const struct demand_context *context,
    uint32_t demand, struct span_time window);

/* Whether the demand is in force at some instant of ${window}, in its hours or not. */
bool demand_in_force(
    const struct demand_context *context, uint32_t demand, struct span_time window);

/* Whether shifts on other rotas matter to the demand: its requirement has a max_share, or one of the
 * requirements at its place that say who counts for its bundle. */
bool demand_is_limited(const struct region *region, uint32_t demand);

/*
 * Which demands may look different once one rota's shifts change? Previews and coverage
 * (COVERAGE_MARKS) use this one rule. These demands: the demands that the rota supplies; demands on
 * whose rotas there is somebody whose absences change; and, if the requirement has a max_share,
 * demands on whose rotas there is somebody whose confirmed shifts change.
 */
typedef bool demand_names_fn(const void *ctx, uint32_t rota, const bool *people);
struct demand_change {
	uint32_t rota;          /* REGION_NONE: only absences change */
	const bool *away;       /* by person: whose absences change */
	const bool *on;         /* by person: whose confirmed shifts change */
	demand_names_fn *names; /* whether a confirmed shift of the rota is of one of the people */
	const void *ctx;
};
bool demand_may_change(
    const struct region *region, uint32_t demand, const struct demand_change *change);

struct demand_asked {
	struct demand_context context;
	uint32_t demand;
	struct span_time window;
	const struct sweep_rota *rotas; /* in the order of the demand's rotas; not cut */
	struct person_times absences;   /* as in sweep_input */
	/* For a limited demand: confirmed shifts of its people on other rotas of the function. It
	 * may hold more: shifts on its own rotas, of other people, of other functions. */
	struct share_list elsewhere;
};

/* Fills ${parts}, one for each supply of the demand and in their order: the rotas for sweep(), cut
 * to the days on which they serve. ${parts} must have room for all. */
void demand_cut(struct arena *arena, const struct demand_asked *asked, struct sweep_rota *parts);

/* The spans of one demand, as sweep() gives them. */
struct cover_spans demand_sweep(struct arena *arena, const struct demand_asked *asked);
