/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/model/region_parts.h"

/* Requirements and their hours. */

#define DAY_SECONDS (24 * 3600)
#define ALL_DAYS ((1 << REGION_DAYS) - 1)

const char *
region_day_name(int day)
{
	static const char *const names[REGION_DAYS] = {
	    [REGION_MON] = "mon",
	    [REGION_TUE] = "tue",
	    [REGION_WED] = "wed",
	    [REGION_THU] = "thu",
	    [REGION_FRI] = "fri",
	    [REGION_SAT] = "sat",
	    [REGION_SUN] = "sun",
	    [REGION_BANK_HOLIDAY] = "bank_holiday",
	};

	return names[day];
}

static int
day_bits(const struct region_field *day)
{
	const char *text = json_string_value(day->json);
	int i;

	/* "all" has every day and bank holidays. */
	if (text && strcmp(text, "all") == 0)
		return ALL_DAYS;
	for (i = 0; i < REGION_DAYS; i++)
		if (text && strcmp(text, region_day_name(i)) == 0)
			return 1 << i;
	field_fault(day, "must be one of all, mon, tue, wed, thu, fri, sat, sun or bank_holiday");
	return 0;
}

/* A day that is named twice is a fault: probably another day was meant. */
static uint8_t
read_days(const struct region_field *line)
{
	struct region_field list = field_get(line, "days");
	size_t count = field_list(&list, REGION_REQUIRED), i;
	int days = 0;

	if (json_is_array(list.json) && count == 0)
		field_fault(&list, "must name at least one day");
	for (i = 0; i < count; i++) {
		struct region_field item = field_at(&list, i);
		int bits = day_bits(&item);

		if ((days & bits) != 0)
			field_fault(&item, "says a day that this list has already");
		days |= bits;
	}
	return (uint8_t)days;
}

static void
read_line(const struct region_field *line, struct region_hours *hours)
{
	static const char *const known[] = {"days", "from", "to", NULL};
	struct region_field from = field_get(line, "from");

	if (!field_object(line, known))
		return;
	hours->days = read_days(line);
	hours->from = field_time(line, "from");
	hours->to = field_time(line, "to");
	/* 24:00 is an end and no start: hours that begin then belong to the next day, and must say
	 * so. */
	if (hours->from == DAY_SECONDS)
		field_fault(&from, "must be before \"24:00\"");
}

uint32_t
region_hours_read(const struct region_field *list, const struct region_hours **out)
{
	size_t count = field_list(list, REGION_REQUIRED), i;
	struct region_hours *hours = arena_array(list->reader->arena, count, sizeof *hours);

	for (i = 0; i < count; i++) {
		struct region_field line = field_at(list, i);

		read_line(&line, &hours[i]);
	}
	*out = hours;
	return (uint32_t)count;
}

static void
read_hours(const struct region_field *item, struct region_requirement *requirement)
{
	struct region_field list = field_get(item, "hours");

	requirement->nhours = region_hours_read(&list, &requirement->hours);
	if (json_is_array(list.json) && requirement->nhours == 0)
		field_fault(
		    &list, "must have at least one line, or this requirement never applies");
}

/* "shared_ok": false is another way to write "max_share": 1. */
static int32_t
read_max_share(const struct region_field *item)
{
	struct region_field max = field_get(item, "max_share"), ok = field_get(item, "shared_ok");
	bool shared_ok = field_bool(item, "shared_ok");

	if (max.json && json_is_false(ok.json))
		field_fault(&ok, "is false, which is \"max_share\": 1: give one of the two");
	if (json_is_boolean(ok.json) && !shared_ok)
		return 1;
	return field_int(
	    item, "max_share", REGION_OPTIONAL, (struct field_range){1, 99, .otherwise = 0});
}

/* The default is the strict one: a requirement counts only holders of its function unless the file
 * says otherwise. */
static enum region_role
read_role(const struct region_field *item)
{
	static const char *const roles[] = {"required", "any", NULL};
	const char *role = NULL;

	if (field_get(item, "role").json)
		role = field_choice(item, "role", roles);
	return role && strcmp(role, "any") == 0 ? REGION_ROLE_ANY : REGION_ROLE_REQUIRED;
}

/* A requirement that somebody confirmed stays one of its pack, so that readers see where it
 * comes from. */
static void
read_pack(const struct region_field *item, struct region_requirement *requirement)
{
	static const char *const known[] = {"by", "on", NULL};
	struct region_field confirmed = field_get(item, "confirmed");

	requirement->pack = field_text(item, "pack", REGION_OPTIONAL);
	if (!confirmed.json || !field_object(&confirmed, known))
		return;
	if (requirement->pack == NULL)
		field_fault(
		    &confirmed, "is for a requirement of a starter pack: this one has no \"pack\"");
	requirement->confirmed_by = field_text(&confirmed, "by", REGION_REQUIRED);
	requirement->confirmed_on = field_day(&confirmed, "on", REGION_REQUIRED, 0);
}

void
region_requirement_read(const struct region_field *item, void *out)
{
	static const char *const known[] = {"id", "place", "function", "count", "team_counts",
	    "tolerance_minutes", "hours", "severity", "owner", "deputy", "commissioner",
	    "commissioners", "alerts", "handover_minutes", "max_share", "shared_ok", "role",
	    "approvers", "pack", "confirmed", "from", "until", "needs", NULL};
	const struct region *region = item->reader->region;
	struct region_requirement *requirement = out;

	if (!field_object(item, known))
		return;
	requirement->place =
	    field_ref(item, "place", REGION_REQUIRED, &region->place_by_code, "place");
	requirement->function =
	    field_ref(item, "function", REGION_REQUIRED, &region->function_by_code, "function");
	region_needs_read(item, requirement);
	if (requirement->nparts == 0)
		/* At least one: a requirement of nobody would be covered by nothing. */
		requirement->count = field_int(
		    item, "count", REGION_REQUIRED, (struct field_range){1, 99, .otherwise = 1});
	requirement->team_counts = field_bool(item, "team_counts");
	requirement->tolerance_minutes = field_int(item, "tolerance_minutes", REGION_OPTIONAL,
	    (struct field_range){0, 7 * 24 * 60, .otherwise = 0});
	requirement->max_share = read_max_share(item);
	requirement->role = read_role(item);
	requirement->approvers = field_refs(
	    item, "approvers", REGION_OPTIONAL, &region->organisation_by_code, "organisation");
	/* Approvals are asked only of those who hold the role. */
	if (requirement->approvers.count > 0 && requirement->role == REGION_ROLE_ANY) {
		struct region_field field = field_get(item, "approvers");

		field_fault(&field, "is for a requirement whose \"role\" is \"required\"");
	}
	requirement->life = region_life_read(item);
	read_hours(item, requirement);
	read_pack(item, requirement);
	region_alerts_read(item, requirement);
}
