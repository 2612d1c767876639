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

struct demand_asked {
	struct demand_ground ground;
	uint32_t demand;
	struct span_time window;
	const struct sweep_rota *rotas;       /* by place in the demand's list of rotas; whole */
	const struct sweep_absence *absences; /* as sweep_input has them */
	size_t nabsences;
	/* Of a limited demand: confirmed shifts of its people on other rotas of its function. May
	 * hold more: its own rotas', other people's, other functions'. */
	struct share_list elsewhere;
};

/* What sweep() is given for the demand's supplies, one for each, in their order: the rotas cut to
 * the days on which they serve. ${parts} has room for them. */
void demand_cut(struct arena *arena, const struct demand_asked *asked, struct sweep_rota *parts);

/* The map of one demand; as sweep(). */
struct cover_spans demand_sweep(struct arena *arena, const struct demand_asked *asked);
