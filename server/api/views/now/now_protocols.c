/* SPDX-License-Identifier: MIT */
#include "server/api/views/now/now_lines.h"
#include "server/api/views/now/now_render.h"
#include "server/api/views/parts/protocol_words.h"
#include "server/base/civil.h"

/* The protocols of a function in the Now answer. They name nobody, so that who sees no names is told, too; who looks
 * after one is left out. */

void
now_put_protocols(
    struct json_out *out, const struct now_frame *frame, struct kept_protocols protocols)
{
	int64_t today = civil_day_of(zone_local(frame->map->setup->zone, frame->now));

	out_array(out, "protocols");
	for (size_t i = 0; i < protocols.count; i++) {
		out_object(out, NULL);
		protocol_put(out, frame->map->setup->region, protocols.items[i], today);
		out_object_end(out);
	}
	out_array_end(out);
}

void
now_add_protocols(
    struct now_lines *out, const struct now_frame *frame, struct kept_protocols protocols)
{
	int64_t today = civil_day_of(zone_local(frame->map->setup->zone, frame->now));
	char day[CIVIL_DAY_MAX];

	for (size_t i = 0; i < protocols.count; i++) {
		const struct kept_protocol *protocol = protocols.items[i];

		civil_day_text(protocol->review, day);
		now_add_line(out, "  Protocol: ", "%s, version %s (%s %s)",
		    now_shown_text(frame, protocol->name), now_shown_text(frame, protocol->version),
		    protocol_overdue(protocol, today) ? "ITS REVIEW WAS DUE ON" : "review by", day);
		now_add_link(out, "    ", protocol_href(out->arena, protocol));
	}
}
