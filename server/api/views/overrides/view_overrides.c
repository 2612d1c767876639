/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/views/overrides/override_wish.h"
#include "server/api/views/parts/manual.h"
#include "server/api/views/views.h"

/*
 * /v1/overrides: for a time, X is on this rota, instead of Y or besides, or expressly nobody. The
 * request is checked in override_wish.c against the snapshot; model/override.h has the effect of an
 * override on the map, and 0003_decisions.sql where it is on and how its standing changes.
 */

static void
put_id(struct json_out *out, const char *key, const struct region *region, uint32_t person)
{
	out_text(out, key, person == REGION_NONE ? NULL : region_person(region, person)->shown_id);
}

static void
on_made(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct override_wish *wish = job->data;
	const struct region *region = job->ask.region;
	struct json_out out = {0};

	if (st == STATUS_REFUSED) {
		override_wish_named(&job->ask, wish);
		job_refuse(job, 409, rows);
		return;
	}
	/* Doubts name people, so the answer is noted in the audit. */
	if (wish->doubts.count > 0)
		override_wish_named(&job->ask, wish);
	out_object(&out, NULL);
	out_int(&out, "id", pg_get_int(rows, 0, API_OVERRIDE_ADD_ID));
	out_text(&out, "rota", region->rotas[wish->rota].id);
	put_id(&out, "person", region, wish->person);
	put_id(&out, "instead", region, wish->instead);
	out_bool(&out, "nobody", wish->nobody);
	out_bool(&out, "late", wish->late);
	out_time(&out, "start", wish->time.start);
	out_time(&out, "end", wish->asked_end);
	out_time(&out, "expires", wish->time.end);
	out_array(&out, "warnings");
	for (size_t i = 0; i < wish->doubts.count; i++)
		out_text(&out, NULL, wish->doubts.items[i]);
	out_array_end(&out);
	out_object_end(&out);
	ask_reply_with(&job->ask, 201, &out, NULL);
	job_end(job);
}

void
view_override_make(struct ask *ask)
{
	struct override_wish wish = {
	    .rota = REGION_NONE, .person = REGION_NONE, .instead = REGION_NONE};
	struct pg_args args = {0};
	struct job *job;

	wish.dry = ask_yes(ask, "dry_run");
	override_wish_read(ask, &wish);
	if (!ask_fine(ask))
		return;
	if (wish.dry) {
		override_plan_make(ask, &wish);
		return;
	}
	override_wish_args(ask, &wish, &args);
	job = job_new(ask, sizeof wish);
	*(struct override_wish *)job->data = wish;
	job_write(job, &API_OVERRIDE_ADD, &args, on_made);
}

/* -------------------------------------------------------------------------------- take back */

struct taking {
	int64_t id;
	bool dry, confirm;
};

static void
take(struct job *job)
{
	const struct taking *taking = job->data;
	struct pg_args args = {0};

	pg_int8(&args, taking->id);
	pg_bool(&args, taking->confirm);
	pg_text(&args, job->ask.account->name);
	job_write(job, &API_OVERRIDE_WITHDRAW, &args, manual_withdrawn);
}

/* Its rota is only known from the record, so the rights are checked in a second step. */
static void
on_found(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct ask *ask = &job->ask;
	const struct taking *taking = job->data;
	uint32_t rota = REGION_NONE;

	(void)st;
	if (pg_rows_count(rows) == 1)
		rota = table_get(&ask->region->rota_by_id, pg_get_text(rows, 0, API_OVERRIDE_ROTA));
	if (rota == REGION_NONE || !rights_rota(ask->region, ask->account, rota))
		job_problem(job, 404, "There is no override with this number.");
	else if (!rights_change_rota(ask->region, ask->account, rota))
		job_problem(job, 403, ASK_OTHERS_ROTA);
	else if (taking->dry)
		override_plan_withdraw(job, taking->id, rota);
	else
		take(job);
}

void
view_override_withdraw(struct ask *ask)
{
	struct pg_args args = {0};
	struct taking taking;
	struct job *job;

	taking.dry = ask_yes(ask, "dry_run");
	taking.confirm = ask_yes(ask, "confirm");
	taking.id = ask_id_named(ask, web_param(ask->exchange, "id"), "override");
	if (!ask_fine(ask))
		return;
	pg_int8(&args, taking.id);
	job = job_new(ask, sizeof taking);
	*(struct taking *)job->data = taking;
	job_call(job, &API_OVERRIDE, &args, on_found);
}
