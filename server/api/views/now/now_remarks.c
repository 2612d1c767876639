/* SPDX-License-Identifier: MIT */
#include "server/api/views/now/now_lines.h"
#include "server/api/views/now/now_render.h"

/* Reports and notes in the Now answer. A report names nobody, so that who sees no names is told, too. */

void
now_put_reported(
    struct json_out *out, const struct now_frame *frame, const struct kept_report *report)
{
	const struct region *region = frame->map->setup->region;

	if (report == NULL) {
		out_null(out, "reported");
		return;
	}
	out_object(out, "reported");
	out_text(out, "outcome", report_outcome_name((enum report_outcome)report->outcome));
	out_time(out, "at", report->at);
	out_text(out, "place", region->places[report->place].code);
	out_text(out, "place_name", region->places[report->place].name);
	out_time(out, "until", report->until);
	out_object_end(out);
}

void
now_put_notes(struct json_out *out, const struct now_frame *frame, struct kept_notes notes)
{
	const struct region *region = frame->map->setup->region;

	out_array(out, "notes");
	for (size_t i = 0; frame->sight != SIGHT_COUNTS && i < notes.count; i++) {
		const struct kept_note *note = notes.items[i];

		out_object(out, NULL);
		out_int(out, "id", note->id);
		out_text(out, "on", note_on_name((enum note_on)note->on));
		out_text(out, "service",
		    note->service == REGION_NONE ? NULL : region->services[note->service].id);
		out_text(out, "text", now_shown_text(frame, note->text));
		out_time(out, "at", note->at);
		out_time(out, "until", note->until);
		/* The role and not the account, which may be somebody's name. */
		out_text(out, "by", note->role);
		out_object_end(out);
	}
	out_array_end(out);
}

void
now_add_reported(struct now_lines *out, const struct now_frame *frame, const char *first,
    const struct kept_report *report)
{
	char at[ZONE_TEXT_MAX];

	if (report == NULL)
		return;
	zone_text(frame->map->setup->zone, report->at, at);
	now_add_line(out, first, "RUNG at %s%s, by %s", at,
	    report->outcome == REPORT_NO_ANSWER  ? " WITHOUT ANSWER"
	    : report->outcome == REPORT_DECLINED ? ", DECLINED"
						 : ", WRONG PERSON",
	    frame->map->setup->region->places[report->place].name);
}

void
now_add_notes(struct now_lines *out, const struct now_frame *frame, const char *first,
    struct kept_notes notes)
{
	char until[ZONE_TEXT_MAX];

	for (size_t i = 0; frame->sight != SIGHT_COUNTS && i < notes.count; i++) {
		zone_text(frame->map->setup->zone, notes.items[i]->until, until);
		now_add_line(out, first, "%s (until %s, by %s)",
		    now_shown_text(frame, notes.items[i]->text), until, notes.items[i]->role);
	}
}
