/* SPDX-License-Identifier: MIT */
#include "server/api/views/now/now_lines.h"
#include "server/api/views/now/now_render.h"
#include "server/base/civil.h"

/* An accepted risk in the answer to who is on. */

int64_t
now_accepted_until(const struct now_frame *frame, const struct lookup_function *item)
{
	const struct region *region = frame->map->setup->region;
	const struct region_list *demands = &region->places[frame->lookup->place].demands;

	if (item->state == COVER_COVERED || item->state == COVER_NOT_COMMISSIONED)
		return INSTANT_NEVER;
	for (uint32_t i = 0; i < demands->count; i++) {
		int64_t end =
		    gap_block_accepted(frame->map->gaps[demands->items[i]], frame->lookup->at);

		if (region->demands[demands->items[i]].function == item->function && end != 0)
			return end;
	}
	return INSTANT_NEVER;
}

/* That commissioners live with the gap changes nothing for who rings: it is said beside the state, never for it. */
void
now_add_accepted(
    struct now_lines *out, const struct now_frame *frame, const struct lookup_function *item)
{
	int64_t end = now_accepted_until(frame, item);
	char until[CIVIL_RFC3339_MAX];

	if (end == INSTANT_NEVER)
		return;
	civil_rfc3339(zone_local(frame->map->setup->zone, end), until);
	now_add_line(out, "  ",
	    "Accepted by its commissioners until %.10s %.5s: the gap stays a gap", until,
	    until + 11);
}
