#pragma once

#include "server/api/ask/ask.h"

/*
 * What an override or an absence would do before it is made: where cover would be worse than it is,
 * and who could stand in there. From memory, nothing is written.
 */
struct plan {
	struct snapshot *after; /* the map with it, borrowed */
	struct span_time time;
	uint32_t rota;         /* whose shifts change; REGION_NONE: absences that are typed in */
	uint32_t organisation; /* whose people are named first; REGION_NONE */
};

/* ${map} with one more override, the newest. Yours. */
struct snapshot *plan_with_override(
    const struct snapshot *map, uint32_t rota, const struct shift_row *row);

/* ${map} with ${person} away over ${time}. Yours. */
struct snapshot *plan_with_absence(
    const struct snapshot *map, uint32_t person, struct span_time time);

/* Whether ${person} is neither away nor on any shift over ${time} or within the rest around it. */
bool plan_is_free(
    struct arena *arena, const struct snapshot *map, uint32_t person, struct span_time time);

/* The members of an answer: "dry_run": true, "requirements": [{"id","place","function","spans":
 * [{"start","end","was","state","present","required","cause","stand_ins":[…]}]}], "truncated".
 * Only places that the account may ask about. */
void plan_put(struct json_out *out, const struct ask *ask, const struct plan *plan);
