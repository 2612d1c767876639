/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/model/sweep.h"

/*
 * Who could stand in over an interval. Pure; what is free is judged by shifts and absences alone:
 * nobody has been asked whether they want to.
 */
#define STAND_IN_REST_SECONDS (11 * 3600)   /* off before and after */
#define STAND_IN_SPREAD_SECONDS (7 * 86400) /* hours on are counted so far before and after */

struct stand_in_person {
	uint32_t person;
	const char *name;
	bool own;           /* of the organisation that asks: first in the list */
	bool private_leave; /* whoever asks may not learn when this person is away: it leaves nobody
			       out */
};

struct stand_in_asked {
	struct span_time time;
	const struct stand_in_person *people; /* who have the function, each once */
	size_t npeople;
	struct person_times shifts; /* who is on, anywhere */
	struct person_times absences;
};

struct stand_in {
	uint32_t person;
	bool own;
	int64_t seconds; /* on, in the fortnight around; at once on two rotas counts once */
};

struct stand_ins {
	const struct stand_in *items;
	size_t count;
};

/* Those who are not away in any part of the time (unless that is private) and have no shift in it
 * or within the rest before and after: own organisation first, then fewest hours on around it, then
 * name, then person. Lives in ${arena}. */
struct stand_ins stand_in_find(struct arena *arena, const struct stand_in_asked *asked);
