/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/map/snapshot.h"
#include "server/model/sweep.h"

/* From a snapshot to the model and back: what the sweep is given, and which shift an id in its
 * answer is. Pure. */

struct cover_asked {
	const struct snapshot *map;
	int64_t now; /* freshness is judged as of this instant */
};

/* A shift with what its text places mean. */
struct cover_shift {
	const struct kept_shift *shift;
	const struct rota_block *block;
	uint32_t rota;
	int64_t start, end; /* cut to the days on which the rota supplies the demand */
};

struct cover {
	struct cover_spans spans;
	const struct cover_shift *shifts; /* of the demand's rotas that overlap the window, by id,
					     then start; one that serves the place twice, or that an
					     override has cut, stands there twice */
	size_t nshifts;
};

/* The states of one demand over ${window}; lives in ${arena} and borrows from the snapshot. */
void cover_demand(struct arena *arena, const struct cover_asked *asked, uint32_t demand,
    struct span_time window, struct cover *out);

/* Whether a shift names somebody who counts if nothing else speaks against it: a person we know, or
 * a team line. */
bool cover_counts(const struct kept_shift *shift);

/* Whether it is an entry that a person must still decide: nobody is on by it, nor is it known that
 * nobody is. */
bool cover_is_undecided(const struct kept_shift *shift);

/* Whether it is the confirmed shift of a person we know. */
bool cover_names(const struct kept_shift *shift);
