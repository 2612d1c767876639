/* SPDX-License-Identifier: MIT */
#include "server/api/ask/ask.h"
#include "server/api/ask/rights.h"
#include "server/api/views/views.h"
#include "server/base/civil.h"
#include "server/base/instant.h"
#include "server/base/zone.h"
#include "server/model/approval.h"

/* GET /v1/approvals: whose approval ends soon. After that day the person does not count where
 * the role must be held, so it has to be renewed before. Shown to those who speak for the
 * person, and to the organisation that gave the approval. */

static bool
may_see(const struct ask *ask, const struct approval_end *end)
{
	const struct region *region = ask->region;
	uint32_t by = end->approval->organisation;

	if (rights_speaks_for(region, ask->account, end->person))
		return true;
	/* An account that sees counts alone gets no name, even where its organisation gave the
	 * approval. */
	return by != REGION_NONE && rights_sight(ask->account) != SIGHT_COUNTS &&
	       rights_manages(ask->account, region->organisations[by].code);
}

static void
put_end(struct json_out *out, const struct region *region, const struct approval_end *end,
    int64_t today)
{
	const struct region_person *person = region_person(region, end->person);
	uint32_t by = end->approval->organisation;
	char day[CIVIL_DAY_MAX];

	civil_day_text(end->approval->life.end, day);
	out_object(out, NULL);
	out_text(out, "person", person->shown_id);
	out_text(out, "name", person->name);
	out_text(out, "organisation", region->organisations[person->organisation].code);
	out_text(out, "function", region->functions[end->approval->function].code);
	out_text(out, "approved_by", by == REGION_NONE ? NULL : region->organisations[by].code);
	out_text(out, "until", day);
	out_int(out, "days_left", end->approval->life.end - today);
	out_object_end(out);
}

void
view_approvals(struct ask *ask)
{
	const struct region *region = ask->region;
	int64_t days = ask_number(ask, "days");
	int64_t today = civil_day_of(zone_local(ask->map->setup->zone, ask->now));
	struct approval_ends ends;
	struct json_out out = {0};
	bool any = false;

	if (!ask_fine(ask))
		return;
	/* Also those that ended within the same number of days: they cost cover now. */
	ends =
	    approval_ending(ask->arena, region, (struct span_time){today - days, today + days + 1});
	out_object(&out, NULL);
	out_array(&out, "approvals");
	for (size_t i = 0; i < ends.count; i++)
		if (may_see(ask, &ends.items[i])) {
			put_end(&out, region, &ends.items[i], today);
			any = true;
		}
	out_array_end(&out);
	out_object_end(&out);
	if (any)
		ask_read(ask, READ_APPROVALS, NULL, NULL, INSTANT_NONE);
	ask_reply(ask, &out);
	ask_end(ask);
}
