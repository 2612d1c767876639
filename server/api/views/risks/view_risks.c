/* SPDX-License-Identifier: MIT */
#include <jansson.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/views/parts/historical.h"
#include "server/api/views/risks/risk_rights.h"
#include "server/api/views/views.h"

/* GET /v1/risks: risks that commissioners have accepted, or that wait for some of them, and those that have ended, from the record. */

#define READ_MOST 1000 /* rows of one answer, before those of other places are left out */

/* Accounts may be names of people: for those who commission it, and who review. */
static bool
names_accounts(const struct ask *ask, uint32_t demand)
{
	return rights_has(ask->account, RIGHT_REVIEW) ||
	       rights_commissions(ask->region, ask->account,
		   ask->region->demands[demand].requirement, INSTANT_END);
}

/* Puts who has accepted; returns how many have. */
static int64_t
put_needed(struct json_out *out, const char *text, bool named)
{
	json_t *list = json_loads(text, 0, NULL), *one;
	int64_t accepted = 0;
	size_t i;

	out_array(out, "commissioners");
	json_array_foreach(list, i, one)
	{
		const char *at = json_string_value(json_object_get(one, "at"));

		out_object(out, NULL);
		out_text(
		    out, "commissioner", json_string_value(json_object_get(one, "commissioner")));
		out_text(out, "accepted_at", at);
		out_text(out, "accepted_by",
		    named ? json_string_value(json_object_get(one, "account")) : NULL);
		out_object_end(out);
		accepted += at != NULL;
	}
	out_array_end(out);
	out_int(out, "accepted", accepted);
	out_int(out, "of", (int64_t)json_array_size(list));
	json_decref(list);
	return accepted;
}

static const char *
state_of(const struct pg_rows *rows, size_t row)
{
	if (!pg_is_null(rows, row, API_RISKS_HOW))
		return pg_get_text(rows, row, API_RISKS_HOW);
	return pg_is_null(rows, row, API_RISKS_IN_FORCE_AT) ? "waiting" : "accepted";
}

static void
put_risk(struct json_out *out, const struct ask *ask, const struct pg_rows *rows, size_t row,
    uint32_t demand)
{
	const struct region *region = ask->region;
	bool named = names_accounts(ask, demand);

	out_object(out, NULL);
	out_int(out, "id", pg_get_int(rows, row, API_RISKS_RISK));
	out_text(out, "state", state_of(rows, row));
	out_text(out, "requirement", pg_get_text(rows, row, API_RISKS_REQUIREMENT));
	out_text(out, "place", pg_get_text(rows, row, API_RISKS_PLACE));
	out_text(out, "function", region->functions[region->demands[demand].function].code);
	out_text(out, "reason", ask_shown_text(ask, pg_get_text(rows, row, API_RISKS_REASON)));
	out_time(out, "until", pg_get_time(rows, row, API_RISKS_UNTIL));
	out_time(out, "at", pg_get_time(rows, row, API_RISKS_AT));
	out_text(out, "by", named ? pg_get_text(rows, row, API_RISKS_ACCOUNT) : NULL);
	put_needed(out, pg_get_text(rows, row, API_RISKS_NEEDED), named);
	out_time(
	    out, "in_force_at", pg_get_time_or(rows, row, API_RISKS_IN_FORCE_AT, INSTANT_NEVER));
	out_time(out, "ended_at", pg_get_time_or(rows, row, API_RISKS_ENDED_AT, INSTANT_NEVER));
	out_text(out, "ended_by", named ? pg_get_text(rows, row, API_RISKS_ENDED_BY) : NULL);
	out_text(out, "why", ask_shown_text(ask, pg_get_text(rows, row, API_RISKS_WHY)));
	out_object_end(out);
}

static void
on_risks(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct ask *ask = &job->ask;
	size_t limit = *(const size_t *)job->data, shown = 0, row = 0;
	struct json_out out = {0};

	(void)st;
	out_object(&out, NULL);
	out_array(&out, "risks");
	for (; row < pg_rows_count(rows) && shown < limit; row++) {
		uint32_t demand = risk_demand(ask, pg_get_text(rows, row, API_RISKS_REQUIREMENT),
		    pg_get_text(rows, row, API_RISKS_PLACE));

		if (demand == REGION_NONE)
			continue;
		put_risk(&out, ask, rows, row, demand);
		shown++;
	}
	out_array_end(&out);
	out_text(&out, "next_cursor",
	    row > 0 && (row < pg_rows_count(rows) || row == READ_MOST)
		? arena_printf(
		      ask->arena, "%lld", (long long)pg_get_int(rows, row - 1, API_RISKS_RISK))
		: NULL);
	out_object_end(&out);
	ask_reply(&job->ask, &out);
	job_end(job);
}

void
view_risks(struct ask *ask)
{
	struct ask_page page = ask_page(ask);
	const char *state = ask_choice(ask, "state");
	int64_t known_at = historical_known_at(ask, INSTANT_NONE);
	struct pg_args args = {0};
	int64_t before = 0;
	struct job *job;

	if (page.cursor != NULL && !text_int(slice_of(page.cursor), 1, INT64_MAX, &before))
		ask_fault(ask, "query.cursor", "is not a cursor that this list gave");
	if (rights_is_device(ask->account))
		ask_refuse(ask, 403, "Risks are for people and programs, not for a ward's device.");
	if (!ask_fine(ask))
		return;
	pg_null(&args);
	if (before > 0)
		pg_int8(&args, before);
	else
		pg_null(&args);
	pg_bool(&args, strcmp(state, "open") == 0);
	pg_int8(&args, READ_MOST);
	if (known_at != INSTANT_NONE)
		pg_time(&args, known_at);
	else
		pg_null(&args);
	job = job_new(ask, sizeof(size_t));
	*(size_t *)job->data = page.limit;
	job_call(job, &API_RISKS, &args, on_risks);
}
