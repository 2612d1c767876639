/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"
#include "server/pg/pg.h"

/*
 * The effect that an override or an absence would have: where cover would be worse than it is, and
 * who is free for that time. From memory, nothing is written.
 */
struct plan {
	struct snapshot *after; /* the map with it, borrowed */
	struct span_time time;
	uint32_t rota;         /* whose shifts change; REGION_NONE: absences that are typed in */
	uint32_t organisation; /* whose people are named first; REGION_NONE */
};

/* ${map} with ${block} (one reference, taken over) in place of what ${rota} says. Yours. */
struct snapshot *plan_with_rota(
    const struct snapshot *map, uint32_t rota, struct rota_block *block);

/* The same with ${rows} as API_SHIFTS gives them. Yours. */
struct snapshot *plan_with_rows(
    const struct snapshot *map, uint32_t rota, const struct pg_rows *rows);

/* ${map} with ${person} away over ${time}. Yours. */
struct snapshot *plan_with_absence(
    const struct snapshot *map, uint32_t person, struct span_time time);

/* Whether ${person} is neither away nor on any shift in ${times} or within the rest around each.
 * False, whatever is so, if the account does not speak for the person: when people of other
 * organisations are on leave must not be found out by asking. */
bool plan_is_free(const struct ask *ask, uint32_t person, struct span_times times);

/* The members of an answer: "dry_run": true, "requirements": [{"id","place","function","spans":
 * [{"start","end","was","state","present","required","cause","stand_ins":[…]}]}], "truncated".
 * Only places that the account may ask about. */
void plan_put(struct json_out *out, const struct ask *ask, const struct plan *plan);
