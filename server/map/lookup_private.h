/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/vec.h"
#include "server/map/lookup.h"

/* Internal to lookup*.c: lookup.c finds who is on, lookup_life.c what exists at the instant. */

/* The state that all functions of one lookup share. */
struct looking {
	struct arena *arena;
	const struct cover_asked *asked;
	const struct region *region;
	uint32_t place;
	int64_t at;
	struct succession succession;
	uint32_t *places; /* room for every place */
};

typedef VEC(struct lookup_function) function_list;

/* The duties of one function. */
typedef VEC(struct lookup_duty) duty_list;

struct lookup_lists {
	uint32_t function;
	bool role_any; /* a requirement in force also counts people who do not hold the function */
	duty_list on_call, not_counted, last_known;
};

/* Puts the functions of ${lookup}, of which ${items} are as many as it has, in order; they are its
 * items then. */
void lookup_sort(struct lookup *lookup, struct lookup_function *items);

/* Whether the place ${index} requires the function, or is offered it by a service, at any time. */
bool lookup_concerns(const struct region *region, uint32_t index, uint32_t function);

/* Whether the person is approved at ${instant} for a requirement of the function that is in force at
 * the place; without one, for the function as such. */
bool lookup_approved(
    const struct looking *looking, uint32_t function, uint32_t person, int64_t instant);

/* When ${rota} serves ${place}, if it does so at the instant. */
bool lookup_serves_now(
    const struct looking *looking, uint32_t place, uint32_t rota, struct span_time *serves);

/* Whether the service lists the place at the instant; its rotas do not matter. */
bool lookup_listed_now(
    const struct looking *looking, uint32_t place, const struct region_service *service);

/* The other places of this kind that ${person} serves at the instant on any rota of the function, by
 * name; lives in the arena. */
struct region_list lookup_find_shared(
    const struct looking *looking, uint32_t function, uint32_t person);

/* Fills in the numbers of ${out}, whose state and people are known. */
void lookup_find_numbers(const struct looking *looking, struct lookup_function *out);

/* Fills in what was remarked: of ${duty} on the function; of the function, its services and the lines
 * among its numbers. */
void lookup_remark_duty(const struct looking *looking, uint32_t function, struct lookup_duty *duty);
const struct kept_report *lookup_remark_line(
    const struct looking *looking, uint32_t function, uint32_t service);
void lookup_remark_function(const struct looking *looking, struct lookup_function *out);

/* Whether a service of ${offered} has to do with ${function} at the place: it is of that function,
 * or of one that a bundle of that function needs there. */
bool lookup_is_of(
    const struct looking *looking, uint32_t place, uint32_t offered, uint32_t function);

/* Fills in the bundles of the function. */
void lookup_find_bundles(const struct looking *looking, struct lookup_function *out);

/* Whether a requirement in force counts people without the function. */
bool lookup_takes_any_role(const struct looking *looking, uint32_t function);

/* Fills in the protocols of the function. */
void lookup_find_protocols(const struct looking *looking, struct lookup_function *out);

/* Fills in the navigators of the place, or of those that answer instead of it. */
void lookup_find_navigators(const struct looking *looking, struct lookup *out);

/* For a place that does not exist at the instant: makes the place that answers instead the
 * fallback. */
void lookup_send_on(const struct looking *looking, struct lookup_function *out);
