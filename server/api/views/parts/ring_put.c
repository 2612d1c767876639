/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/ring_put.h"

void
ring_put(struct json_out *out, struct region_ring ring)
{
	out_text(out, "phone", ring.phone);
	out_text(out, "extension", ring.extension);
	out_text(out, "bleep", ring.bleep);
	out_bool(out, "via_switchboard", ring.via_switchboard);
}

void
ring_put_fallback(struct json_out *out, const char *text, const char *phone)
{
	if (text == NULL) {
		out_null(out, "fallback");
		return;
	}
	out_object(out, "fallback");
	out_text(out, "text", text);
	out_text(out, "phone", phone);
	out_object_end(out);
}

/* Other keys than those of the team's number, since both stand in one object. */
void
ring_put_own(struct json_out *out, struct region_ring ring)
{
	out_text(out, "work_phone", ring.phone);
	out_text(out, "work_extension", ring.extension);
	out_text(out, "work_bleep", ring.bleep);
	out_bool(out, "work_via_switchboard", ring.via_switchboard);
}
