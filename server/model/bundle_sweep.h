/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/bundle.h"
#include "server/model/demand.h"

/*
 * The spans of a demand for a bundle (bundle.h). Each of its functions is swept by itself, as every
 * requirement is: somebody counts for a function while they hold it and are approved for it, and
 * while every requirement of the function that is in force at the place (its approvers, its
 * max_share) lets them count. What the functions have at one instant is put together there. Pure.
 */

/* At an instant: who is on, and what they fill. */
struct bundle_moment {
	/* not_commissioned outside its hours: then the rest is as if it were wanted */
	enum cover_state state;
	enum cover_cause cause;
	struct bundle_state bundle;
	enum cover_cause causes[REGION_PARTS_MAX]; /* of each part */
	const struct bundle_head *heads; /* ${who} of a line: SWEEP_LINE, then the supply of the
					    demand that it is on, by sweep_line() */
	uint32_t nheads;
};

/* As demand_sweep(), which calls it for bundles. ${faults} (NULL: not wanted) gets for each span the
 * members of the demand of which its worst parts are: bit i for member i; 0 if it is covered. */
struct cover_spans bundle_sweep(
    struct arena *arena, const struct demand_asked *asked, const uint64_t **faults);

/* At the start of ${asked->window}. */
void bundle_look(struct arena *arena, const struct demand_asked *asked, struct bundle_moment *out);
