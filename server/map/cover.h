/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/map/snapshot.h"
#include "server/model/bundle_sweep.h"
#include "server/model/sweep.h"

/* Makes the sweep's input from a snapshot, and finds the shift for an id in its result. Pure. */

struct cover_asked {
	const struct snapshot *map;
	int64_t now; /* freshness is judged as of this instant */
};

/* A shift, with its texts. */
struct cover_shift {
	const struct kept_shift *shift;
	const struct rota_block *block;
	uint32_t rota;
	int64_t start, end; /* cut to the days on which the rota supplies the demand */
};

struct cover {
	struct cover_spans spans;
	/* Of the demand's rotas, overlapping the window, by id, then start. A shift that serves the
	 * place twice, or that an override has cut, is in it twice. */
	const struct cover_shift *shifts;
	size_t nshifts;
};

/* The states of one demand over ${window}; lives in ${arena} and borrows from the snapshot. */
void cover_demand(struct arena *arena, const struct cover_asked *asked, uint32_t demand,
    struct span_time window, struct cover *out);

/* Who fills the parts of a demand for a bundle at an instant. */
void cover_bundle(struct arena *arena, const struct cover_asked *asked, uint32_t demand,
    int64_t instant, struct bundle_moment *out);

/* Whether a shift names somebody who counts unless something else contradicts it: a person of the
 * region, or a team line. */
bool cover_counts(const struct kept_shift *shift);

/* Whether a person must still decide the entry: nobody is on by it, but neither is it known that
 * nobody is. */
bool cover_is_undecided(const struct kept_shift *shift);

/* Whether it is the confirmed shift of a person of the region. */
bool cover_names(const struct kept_shift *shift);
