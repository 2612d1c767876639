/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"
#include "server/pg/pg.h"

/*
 * The preview of an override or an absence: where cover would be worse than it is, and who is free to
 * stand in. Computed in memory from two snapshots, the present one and one with the change; nothing is
 * written.
 */
struct plan {
	struct snapshot *after; /* the map with the change; borrowed */
	struct span_time time;
	uint32_t rota;         /* whose shifts change; REGION_NONE: absences that are typed in */
	uint32_t organisation; /* whose people are named first; REGION_NONE */
};

/* These three return a new snapshot, of which the caller owns one reference. */

/* ${map} with ${block} as the shifts of ${rota}. Takes over one reference to ${block}. */
struct snapshot *plan_with_rota(
    const struct snapshot *map, uint32_t rota, struct rota_block *block);

/* The same, with the shifts in ${rows}, which have the columns of API_SHIFTS. */
struct snapshot *plan_with_rows(
    const struct snapshot *map, uint32_t rota, const struct pg_rows *rows);

/* ${map} with an absence of ${person} over ${time}. */
struct snapshot *plan_with_absence(
    const struct snapshot *map, uint32_t person, struct span_time time);

/* Whether ${person} is free in all of ${times}: not away, and on no shift then or within the rest that is
 * required before and after. Always false if the account does not speak for the person, so that nobody can
 * find out when people of other organisations are on leave. */
bool plan_is_free(const struct ask *ask, uint32_t person, struct span_times times);

/* Adds the members of the answer: "dry_run": true, "requirements": [{"id","place","function","spans":
 * [{"start","end","was","state","present","required","cause","stand_ins":[…]}]}], "truncated" (there were
 * more spans than are listed). Only of places that the account may ask about. */
void plan_put(struct json_out *out, const struct ask *ask, const struct plan *plan);
