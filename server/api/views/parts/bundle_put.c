/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/bundle_put.h"

void
bundle_put_cause(struct json_out *out, enum cover_cause cause)
{
	out_text(out, "cause", cause == CAUSE_NONE ? NULL : cover_cause_text(cause));
	out_text(out, "cause_code", cause == CAUSE_NONE ? NULL : cover_cause_name(cause));
}

void
bundle_put_part(struct json_out *out, const struct region *region, const struct lookup_part *part)
{
	out_array(out, "any_of");
	for (uint32_t i = 0; i < part->part->functions.count; i++) {
		const struct region_function *function =
		    &region->functions[part->part->functions.items[i]];

		out_object(out, NULL);
		out_text(out, "function", function->code);
		out_text(out, "name", function->name);
		out_object_end(out);
	}
	out_array_end(out);
	out_int(out, "required", part->part->count);
	out_int(out, "present", part->present);
	out_bool(out, "different_teams", part->part->different_teams);
	out_text(out, "state", cover_state_name(part->state));
	bundle_put_cause(out, part->cause);
}

void
bundle_part_words(struct buf *words, const struct region *region, const struct region_part *part)
{
	for (uint32_t i = 0; i < part->functions.count; i++)
		buf_printf(words, "%s%s", i > 0 ? " or " : "",
		    region->functions[part->functions.items[i]].name);
	if (part->different_teams)
		buf_add_text(words, ", of different teams");
}
