/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/model/sweep.h"

/*
 * The people who could stand in during an interval. Pure. Whether a person is free is judged by
 * shifts and absences alone: nobody has been asked.
 */
#define STAND_IN_REST_SECONDS (11 * 3600)   /* of rest before and after */
#define STAND_IN_SPREAD_SECONDS (7 * 86400) /* before and after: hours on duty are counted */

struct stand_in_person {
	uint32_t person;
	const char *name;
	bool own;           /* of the organisation that asks; listed first */
	bool private_leave; /* the asker may not learn when this person is away, so absences are
			       ignored */
};

struct stand_in_asked {
	struct span_time time;
	const struct stand_in_person *people; /* who hold the function, each once */
	size_t npeople;
	struct person_times shifts; /* of anybody, on any rota */
	struct person_times absences;
};

/* What is against a person, a bit each; 0: free. */
enum {
	STAND_IN_AWAY = 1,     /* on leave at some time of it; never, if that is private */
	STAND_IN_ON = 2,       /* on another shift at some time of it */
	STAND_IN_UNRESTED = 4, /* on another shift within the rest before or after it */
};
unsigned stand_in_against(const struct stand_in_asked *asked, const struct stand_in_person *person);

struct stand_in {
	uint32_t person;
	bool own;
	int64_t seconds; /* on duty in the two weeks around; on two rotas at once counts once */
};

struct stand_ins {
	const struct stand_in *items;
	size_t count;
};

/* People who are not away at any time of the interval (unless that is private) and have no shift in
 * it, or within the rest before and after it. Order: own organisation first, then fewest hours
 * around it, then name, then person. Lives in ${arena}. */
struct stand_ins stand_in_find(struct arena *arena, const struct stand_in_asked *asked);
