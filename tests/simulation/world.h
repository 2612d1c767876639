/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/coverage/setup.h"

/* Runs one world from its seed to its end. Returns false if something did not hold that must
 * (sim_failure). ${fault}: a name of a struct world_fault, or NULL. */
bool world_live(uint64_t seed, const char *fault, bool verbose, const struct setup_tools *context);

/* How many simulated seconds the last world took. */
int64_t world_seconds(void);

/* The deliberate faults; ends with NULL. Each breaks one rule in the model. */
struct world_fault {
	const char *name, *what;
	uint64_t first; /* a seed shortly before one that finds it, where the search begins; 0: none
			   is known */
};
extern const struct world_fault world_faults[];
