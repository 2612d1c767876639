/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "server/api/ask/rights_setup.h"
#include "server/api/views/parts/commissioners_put.h"
#include "server/api/views/parts/list.h"
#include "server/api/views/views.h"
#include "server/base/civil.h"

/* GET /v1/requirements: those in force, from memory. */

static void
put_hours(struct json_out *out, const struct region_hours *hours)
{
	char text[8];

	out_object(out, NULL);
	out_array(out, "days");
	for (int i = 0; i < REGION_DAYS; i++)
		if (hours->days & (1 << i))
			out_text(out, NULL, region_day_name(i));
	out_array_end(out);
	snprintf(text, sizeof text, "%02u:%02u", (unsigned)hours->from / 3600 % 100,
	    (unsigned)hours->from / 60 % 60);
	out_text(out, "from", text);
	snprintf(text, sizeof text, "%02u:%02u", (unsigned)hours->to / 3600 % 100,
	    (unsigned)hours->to / 60 % 60);
	out_text(out, "to", text);
	out_object_end(out);
}

/* The receivers of its gaps, how early flags call them, and the severity by then. */
static void
put_people_of(struct json_out *out, const struct region_requirement *requirement)
{
	out_object(out, "severity");
	out_int(out, "critical_hours", requirement->severity.critical_hours);
	out_int(out, "high_hours", requirement->severity.high_hours);
	out_object_end(out);
	out_text(out, "owner", requirement->owner);
	out_text(out, "deputy", requirement->deputy);
	out_text(out, "commissioner",
	    requirement->joint || requirement->ncommissioners == 0
		? NULL
		: requirement->commissioners[0].who);
	commissioners_put(out, requirement);
	out_array(out, "alerts");
	for (uint32_t i = 0; i < requirement->nalerts; i++) {
		out_object(out, NULL);
		out_text(out, "to", requirement->alerts[i].to);
		out_int(out, "lead_hours", requirement->alerts[i].lead_hours);
		out_object_end(out);
	}
	out_array_end(out);
	out_int(out, "handover_minutes", requirement->handover_minutes);
}

static void
put_pack(struct json_out *out, const struct region_requirement *requirement)
{
	char day[CIVIL_DAY_MAX];

	out_text(out, "pack", requirement->pack);
	out_bool(out, "template", region_is_template(requirement));
	if (requirement->confirmed_by == NULL) {
		out_null(out, "confirmed");
		return;
	}
	civil_day_text(requirement->confirmed_on, day);
	out_object(out, "confirmed");
	out_text(out, "by", requirement->confirmed_by);
	out_text(out, "on", day);
	out_object_end(out);
}

/* The parts of a bundle. */
static void
put_needs(
    struct json_out *out, const struct region *region, const struct region_requirement *requirement)
{
	out_array(out, "needs");
	for (uint32_t i = 0; i < requirement->nparts; i++) {
		const struct region_part *part = &requirement->parts[i];

		out_object(out, NULL);
		out_array(out, "any_of");
		for (uint32_t j = 0; j < part->functions.count; j++)
			out_text(out, NULL, region->functions[part->functions.items[j]].code);
		out_array_end(out);
		out_int(out, "count", part->count);
		out_bool(out, "different_teams", part->different_teams);
		out_bool(out, "team_counts", part->team_counts);
		out_object_end(out);
	}
	out_array_end(out);
}

static const char *
requirement_id(const struct region *region, uint32_t index)
{
	return region->requirements[index].id;
}

static bool
may_see_requirement(const struct ask *ask, uint32_t index)
{
	return rights_place(ask->region, ask->account, ask->region->requirements[index].place);
}

static bool
requirement_is_at(const struct region *region, uint32_t index, uint32_t place)
{
	return region->requirements[index].place == place;
}

static uint32_t
requirement_function(const struct region *region, uint32_t index)
{
	return region->requirements[index].function;
}

static void
put_requirement(struct json_out *out, const struct ask *ask, uint32_t index)
{
	const struct region *region = ask->region;
	const struct region_requirement *requirement = &region->requirements[index];

	out_object(out, NULL);
	out_text(out, "id", requirement->id);
	out_text(out, "place", region->places[requirement->place].code);
	out_text(out, "function", region->functions[requirement->function].code);
	out_int(out, "count", requirement->count);
	out_bool(out, "team_counts", requirement->team_counts);
	out_int(out, "tolerance_minutes", requirement->tolerance_minutes);
	out_text(out, "role", requirement->role == REGION_ROLE_ANY ? "any" : "required");
	/* 0 inside means that no share is set; as a number it would allow nothing. */
	if (requirement->max_share == 0)
		out_null(out, "max_share");
	else
		out_int(out, "max_share", requirement->max_share);
	list_put_life(out, requirement->life);
	put_pack(out, requirement);
	out_array(out, "hours");
	for (uint32_t i = 0; i < requirement->nhours; i++)
		put_hours(out, &requirement->hours[i]);
	out_array_end(out);
	put_people_of(out, requirement);
	put_needs(out, region, requirement);
	out_object_end(out);
}

void
view_requirements(struct ask *ask)
{
	static const struct set_up_list requirements = {
	    .name = "requirements",
	    SET_UP_OF(requirement_by_id, nrequirements),
	    .code = requirement_id,
	    .may_see = may_see_requirement,
	    .is_at = requirement_is_at,
	    .function_of = requirement_function,
	    .put = put_requirement,
	};

	list_set_up(ask, &requirements);
}
