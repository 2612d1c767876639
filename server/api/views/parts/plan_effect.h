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
	/* whose shifts change; one is REGION_NONE for absences that are typed in */
	const uint32_t *rotas;
	size_t nrotas;
	uint32_t organisation; /* whose people are named first; REGION_NONE */
};

/* These four return a new snapshot, of which the caller owns one reference. */

/* ${map} with ${block} as the shifts of ${rota}. Takes over one reference to ${block}. */
struct snapshot *plan_with_rota(
    const struct snapshot *map, uint32_t rota, struct rota_block *block);

/* The same, with the shifts in ${rows}, which have the columns of API_SHIFTS. */
struct snapshot *plan_with_rows(
    const struct snapshot *map, uint32_t rota, const struct pg_rows *rows);

/* ${map} with the shifts of several rotas in ${rows}, which have the columns of API_SHIFTS; one without a row
 * has none. */
struct plan_rows {
	const struct pg_rows *rows;
	const uint32_t *rotas;
	size_t nrotas;
};
struct snapshot *plan_with_rotas(const struct snapshot *map, const struct plan_rows *rows);

/* ${map} with an absence of ${person} over ${time}. */
struct snapshot *plan_with_absence(
    const struct snapshot *map, uint32_t person, struct span_time time);

/* Whether ${person} is free in all of ${times}: not away, and on no shift then or within the rest that is
 * required before and after. Always false if the account does not speak for the person, so that nobody can
 * find out when people of other organisations are on leave. */
bool plan_is_free(const struct ask *ask, uint32_t person, struct span_times times);

/* When demands would be worse covered than they are, and not covered: of all demands, also those that the
 * account may not ask about. In the arena of the ask. */
struct plan_gap {
	uint32_t demand;
	struct span_time time;
};
struct plan_gaps {
	const struct plan_gap *items;
	size_t count;
};
struct plan_gaps plan_gaps(const struct ask *ask, const struct plan *plan);

/* Adds the members of the answer: "requirements": [{"id","place","function","spans":
 * [{"start","end","was","state","present","required","cause","stand_ins":[…]}]}], "truncated" (there were
 * more spans than are listed). Only of places that the account may ask about. */
void plan_put(struct json_out *out, const struct ask *ask, const struct plan *plan);
