/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/model/region_parts.h"

/* The receivers of a gap's alerts, how early they are called, and its severity by then. */

#define LEAD_MAX_HOURS (400 * 24)
#define HANDOVER_MAX_MINUTES (12 * 60)

/* 14 days for the rota's own people to fill it, three days for those above them, one day for who
 * commissions the cover. */
static const struct region_alert default_alerts[] = {
    {"owner", 336}, {"deputy", 72}, {"commissioner", 24}};

bool
region_severity_read(
    const struct region_field *item, struct region_severity otherwise, struct region_severity *out)
{
	static const char *const known[] = {"critical_hours", "high_hours", NULL};
	struct region_field severity = field_get(item, "severity");
	struct region_field high = field_get(&severity, "high_hours");

	*out = otherwise;
	if (!severity.json || !field_object(&severity, known))
		return false;
	out->critical_hours = field_int(&severity, "critical_hours", REGION_OPTIONAL,
	    (struct field_range){1, LEAD_MAX_HOURS, .otherwise = otherwise.critical_hours});
	out->high_hours = field_int(&severity, "high_hours", REGION_OPTIONAL,
	    (struct field_range){1, LEAD_MAX_HOURS, .otherwise = otherwise.high_hours});
	if (out->high_hours <= out->critical_hours)
		field_fault(&high,
		    "must be more than critical_hours (%d): a gap is high before it is critical",
		    out->critical_hours);
	return true;
}

const char *
region_who_read(const struct region_field *item, const char *key)
{
	const struct region *region = item->reader->region;
	struct region_field field = field_get(item, key);
	const char *who = field_text(item, key, REGION_OPTIONAL);

	if (!who)
		return NULL;
	if (table_get(&region->account_by_name, who) == TABLE_NONE &&
	    table_get(&region->organisation_by_code, who) == TABLE_NONE)
		field_fault(
		    &field, "there is neither an account nor an organisation \"%.80s\"", who);
	return who;
}

/* The longest lead first: the first of them is called first. */
static int
by_lead(const void *left, const void *right)
{
	const struct region_alert *a = left, *b = right;

	return (a->lead_hours < b->lead_hours) - (a->lead_hours > b->lead_hours);
}

/* Each receiver is there once: of two leads for one, one would have no meaning. */
static void
check_alerts(const struct region_field *list, const struct region_alert *alerts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct region_field item = field_at(list, i);
		bool again = false;

		for (size_t j = 0; j < i && alerts[i].to != NULL && !again; j++)
			again = alerts[j].to != NULL && strcmp(alerts[j].to, alerts[i].to) == 0;
		if (again)
			field_fault(&item, "\"%s\" stands in this list already", alerts[i].to);
	}
}

static void
read_alerts(const struct region_field *list, struct region_requirement *requirement)
{
	static const char *const known[] = {"to", "lead_hours", NULL};
	static const char *const receivers[] = {"owner", "deputy", "commissioner", NULL};
	size_t count = field_list(list, REGION_OPTIONAL);
	struct region_alert *alerts = arena_array(list->reader->arena, count + 1, sizeof *alerts);

	for (size_t i = 0; i < count; i++) {
		struct region_field item = field_at(list, i);

		if (!field_object(&item, known))
			continue;
		alerts[i].to = field_choice(&item, "to", receivers);
		alerts[i].lead_hours = field_int(&item, "lead_hours", REGION_REQUIRED,
		    (struct field_range){0, LEAD_MAX_HOURS, .otherwise = 0});
	}
	check_alerts(list, alerts, count);
	if (count > 1)
		qsort(alerts, count, sizeof *alerts, by_lead);
	requirement->alerts = alerts;
	requirement->nalerts = (uint32_t)count;
}

void
region_alerts_read(const struct region_field *item, struct region_requirement *requirement)
{
	const struct region *region = item->reader->region;
	struct region_field list = field_get(item, "alerts");
	struct region_severity otherwise = REGION_SEVERITY_DEFAULT;

	/* The severity is the requirement's own, else its function's, else the default. Functions
	 * are read before requirements, so theirs is known here. */
	if (requirement->function != REGION_NONE)
		otherwise = region->functions[requirement->function].severity;
	requirement->own_severity = region_severity_read(item, otherwise, &requirement->severity);
	requirement->owner = region_who_read(item, "owner");
	requirement->deputy = region_who_read(item, "deputy");
	region_commissioners_read(item, requirement);
	requirement->handover_minutes = field_int(item, "handover_minutes", REGION_OPTIONAL,
	    (struct field_range){0, HANDOVER_MAX_MINUTES, .otherwise = 0});
	requirement->alerts = default_alerts;
	requirement->nalerts = sizeof default_alerts / sizeof *default_alerts;
	if (list.json)
		read_alerts(&list, requirement);
}
