/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/vec.h"
#include "server/map/lookup.h"

/* Inside of a lookup; lookup.c asks who is on, lookup_life.c what is there at the instant. */

/* What is the same for the whole of one lookup. */
struct looking {
	struct arena *arena;
	const struct cover_asked *asked;
	const struct region *region;
	uint32_t place;
	int64_t at;
	struct succession succession;
	uint32_t *places; /* room for every place */
};

/* Where the duties of one function go. */
typedef VEC(struct lookup_duty) duty_list;

struct lookup_lists {
	uint32_t function;
	bool role_any; /* a requirement in force takes people who do not hold the function */
	duty_list on_call, not_counted, last_known;
};

/* When ${rota} serves ${place}, if it does at the instant. */
bool lookup_serves_now(
    const struct looking *looking, uint32_t place, uint32_t rota, struct span_time *serves);

/* Whether the service lists the place at the instant, with or without a rota. */
bool lookup_listed_now(
    const struct looking *looking, uint32_t place, const struct region_service *service);

/* Fills in the numbers of ${out}, whose state and people are known. */
void lookup_find_numbers(const struct looking *looking, struct lookup_function *out);

/* Of a place that is not there: the fallback of one function is who answers instead. */
void lookup_send_on(const struct looking *looking, uint32_t function, struct lookup_function *out);
