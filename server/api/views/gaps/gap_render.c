/* SPDX-License-Identifier: MIT */
#include "server/api/views/gaps/gap_render.h"

#include <string.h>

#include "server/api/views/parts/commissioners_put.h"
#include "server/map/kept_feed.h"

/* Without a named owner it is the organisation of the first service that could fill the gap. */
const char *
gap_owner(const struct region *region, uint32_t demand)
{
	const struct region_demand *asked = &region->demands[demand];
	const char *named = region->requirements[asked->requirement].owner;
	uint32_t organisation;

	if (named != NULL || asked->services.count == 0)
		return named;
	organisation = region->services[asked->services.items[0]].organisation;
	return organisation == REGION_NONE ? NULL : region->organisations[organisation].code;
}

struct gap_item
gap_item_of(const struct region *region, const struct gap_block *block, const struct kept_gap *gap,
    uint32_t demand)
{
	const struct region_demand *asked = &region->demands[demand];

	return (struct gap_item){
	    .gap = *gap,
	    .acknowledged_by = gap_block_text(block, gap->acknowledged_by),
	    .note = gap_block_text(block, gap->note),
	    .notes = gap_block_text(block, gap->notes),
	    .risk = gap_block_text(block, gap->risk),
	    .group = gap_block_text(block, gap->group),
	    .requirement = region->requirements[asked->requirement].id,
	    .place = region->places[asked->place].code,
	    .function = region->functions[asked->function].code,
	    .demand = demand,
	    .closed_at = gap->closed_at == 0 ? INSTANT_NEVER : gap->closed_at,
	};
}

/* How many minutes are left before the gap begins; 0 if it has begun. */
static int64_t
lead_minutes(const struct kept_gap *gap, int64_t now)
{
	return (int64_t)gap->start > now ? ((int64_t)gap->start - now) / 60 : 0;
}

enum gap_severity
gap_item_severity(const struct gap_item *item, const struct region *region, int64_t now)
{
	struct region_severity bands = REGION_SEVERITY_DEFAULT;

	/* A closed gap keeps its last severity. */
	if (item->closed_at != INSTANT_NEVER && item->gap.settle_at == 0)
		return item->severity;
	if (item->demand != REGION_NONE)
		bands = region->requirements[region->demands[item->demand].requirement].severity;
	/* It depends on the time that is left, so it is judged now and not taken from the row. */
	return gap_severity_of(
	    bands, (enum cover_state)item->gap.state, (int64_t)item->gap.start - now);
}

bool
gap_item_awaits(const struct gap_item *item, const struct region *region, int64_t now)
{
	/* The instant is compared, because the row of an acknowledgement that has just run out is
	 * updated only a moment later. */
	return item->closed_at == INSTANT_NEVER && (int64_t)item->gap.accepted_until <= now &&
	       gap_awaits((int64_t)item->gap.acknowledged_until > now,
		   (enum gap_severity)item->gap.acknowledged_as,
		   gap_item_severity(item, region, now));
}

/* ----------------------------------------------------------------------------------- the alerts */

/* Who is meant by an alert: "owner", "deputy", or commissioner ${n}. */
static const char *
who_is(const struct region *region, uint32_t demand, const char *to, uint32_t n)
{
	const struct region_requirement *asked =
	    &region->requirements[region->demands[demand].requirement];

	if (strcmp(to, "deputy") == 0)
		return asked->deputy;
	if (strcmp(to, "commissioner") == 0)
		return n < asked->ncommissioners ? asked->commissioners[n].who : NULL;
	return gap_owner(region, demand);
}

/* An alert; one to several commissioners is an item for each of them, since each is told. */
static void
put_alert(
    struct json_out *out, const struct gap_item *item, const struct region *region, uint32_t i)
{
	const struct region_requirement *asked =
	    &region->requirements[region->demands[item->demand].requirement];
	const struct region_alert *alert = &asked->alerts[i];
	uint32_t n = strcmp(alert->to, "commissioner") == 0 && asked->ncommissioners > 1
			 ? asked->ncommissioners
			 : 1;

	for (uint32_t j = 0; j < n; j++) {
		out_object(out, NULL);
		out_text(out, "to", alert->to);
		out_text(out, "who", who_is(region, item->demand, alert->to, j));
		out_time(out, "at", gap_alert_at(alert, item->gap.start));
		out_bool(out, "sent", i < item->gap.alerts_sent);
		out_object_end(out);
	}
}

/* Which alerts have been sent, and when the next one is due. There is no next one while the gap
 * is acknowledged, and none before its opening was announced (`told`), since they start with that. */
static void
put_alerts(
    struct json_out *out, const struct gap_item *item, const struct region *region, int64_t now)
{
	const struct region_requirement *asked;
	bool climbs = gap_item_awaits(item, region, now) && item->gap.told;
	int64_t next = INSTANT_NEVER;

	out_array(out, "alerts");
	for (uint32_t i = 0; item->demand != REGION_NONE; i++) {
		asked = &region->requirements[region->demands[item->demand].requirement];
		if (i == asked->nalerts)
			break;
		put_alert(out, item, region, i);
		if (climbs && next == INSTANT_NEVER && i >= item->gap.alerts_sent)
			next = gap_alert_at(&asked->alerts[i], item->gap.start);
	}
	out_array_end(out);
	out_time(out, "next_alert_at", next);
}

/* ------------------------------------------------------------------------------------ the whole */

/* Notes are stored as the JSON in which they are answered. */
static void
put_people(struct json_out *out, const struct gap_item *item, const struct gap_frame *frame)
{
	const struct region *region = frame->region;
	struct slice notes = slice_of(item->notes != NULL ? item->notes : "[]");
	int64_t now = frame->now;
	const struct kept_gap *gap = &item->gap;
	bool device = rights_is_device(frame->ask->account);

	out_text(
	    out, "owner", item->demand == REGION_NONE ? NULL : gap_owner(region, item->demand));
	if (item->demand == REGION_NONE)
		out_null(out, "commissioners");
	else
		commissioners_put(
		    out, &region->requirements[region->demands[item->demand].requirement]);
	put_alerts(out, item, region, now);
	out_text(out, "group", item->group);
	out_bool(out, "lead", gap->lead);
	out_time(out, "acknowledged_at",
	    gap->acknowledged_at == 0 ? INSTANT_NEVER : gap->acknowledged_at);
	out_text(out, "acknowledged_by", item->acknowledged_by);
	out_time(out, "acknowledged_until",
	    gap->acknowledged_until == 0 ? INSTANT_NEVER : gap->acknowledged_until);
	/* They are for those who deal with the gap, and anybody may read a device's screen. */
	out_text(out, "note", device ? NULL : ask_shown_text(frame->ask, item->note));
	out_raw(out, "notes", device ? SLICE("[]") : ask_shown_json(frame->ask, notes));
	out_time(out, "accepted_until",
	    (int64_t)gap->accepted_until > now ? gap->accepted_until : INSTANT_NEVER);
	if (device || item->risk == NULL)
		out_null(out, "risk");
	else
		out_raw(out, "risk", ask_shown_json(frame->ask, slice_of(item->risk)));
	out_bool(out, "acknowledge_again",
	    gap->acknowledged_at != 0 && gap_item_awaits(item, region, now));
}

/* A gap ends in three ways, and only "filled" means that somebody was found. */
static const char *
why_closed(const struct gap_item *item)
{
	return item->passed ? "passed" : item->not_required ? "not_required" : "filled";
}

void
gap_render(struct json_out *out, const char *key, const struct gap_item *item,
    const struct gap_frame *frame)
{
	const struct region *region = frame->region;
	const struct zone *zone = frame->zone;
	const struct kept_gap *gap = &item->gap;
	int64_t now = frame->now;
	char id[GAP_ID_MAX];

	gap_id_text(gap->id, id);
	out_object(out, key);
	out_text(out, "id", id);
	out_text(out, "requirement", item->requirement);
	places_put(out, region, frame->scope, item->place, item->requirement);
	out_text(out, "function", item->function);
	out_text(out, "state", cover_state_name((enum cover_state)gap->state));
	out_time(out, "start", gap->start);
	out_time(out, "end", gap->end);
	out_local(out, "start_local", zone, gap->start);
	out_local(out, "end_local", zone, gap->end);
	out_int(out, "present", gap->present);
	out_int(out, "required", gap->required);
	out_bool(out, "template",
	    item->demand != REGION_NONE &&
		region_is_template(
		    &region->requirements[region->demands[item->demand].requirement]));
	out_text(out, "cause", cover_cause_text((enum cover_cause)gap->cause));
	out_text(out, "cause_code", cover_cause_name((enum cover_cause)gap->cause));
	out_text(out, "severity", gap_severity_name(gap_item_severity(item, region, now)));
	out_int(out, "lead_minutes", lead_minutes(gap, now));
	out_time(out, "opened_at", gap->opened_at);
	out_time(out, "changed_at", gap->changed_at);
	out_bool(out, "told", gap->told);
	put_people(out, item, frame);
	out_time(out, "closed_at", item->closed_at);
	out_time(out, "settles_at", gap->settle_at == 0 ? INSTANT_NEVER : gap->settle_at);
	if (item->closed_at != INSTANT_NEVER) {
		out_bool(out, "passed", item->passed);
		out_text(out, "why_closed", why_closed(item));
	}
	late_corrections_put_ids(
	    out, region, frame->late, item->demand, (struct span_time){gap->start, gap->end});
	out_object_end(out);
}
