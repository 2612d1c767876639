/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/coverage/setup.h"

/* Lives one world from its seed to its end. False: something that must hold did not (sim_failure).
 * ${fault} as in faults.h, or NULL. */
bool world_live(uint64_t seed, const char *fault, bool verbose, const struct setup_ground *ground);

/* How long the last one lasted on its own clock. */
int64_t world_seconds(void);

/* The deliberate faults; ends with NULL. Each is a rule broken on the model's side of the fence. */
struct world_fault {
	const char *name, *what;
	uint64_t first; /* where the search for a seed that finds it begins: not far from one; 0:
			   none is known */
};
extern const struct world_fault world_faults[];
