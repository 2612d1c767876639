/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/effect_gaps_put.h"

void
effect_gaps_put(struct json_out *out, const char *key, const struct region *region,
    const struct effect_gap *gaps, size_t count)
{
	out_array(out, key);
	for (size_t i = 0; i < count; i++) {
		const struct region_demand *demand = &region->demands[gaps[i].demand];

		out_object(out, NULL);
		out_text(out, "requirement", region->requirements[demand->requirement].id);
		out_text(out, "place", region->places[demand->place].code);
		out_text(out, "function", region->functions[demand->function].code);
		out_text(out, "state", cover_state_name(gaps[i].state));
		out_time(out, "start", gaps[i].start);
		out_time(out, "end", gaps[i].end);
		out_object_end(out);
	}
	out_array_end(out);
}
