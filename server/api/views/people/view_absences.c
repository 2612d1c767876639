/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/views/parts/absence_rules.h"
#include "server/api/views/parts/manual.h"
#include "server/api/views/parts/plan_effect.h"
#include "server/api/views/views.h"
#include "server/base/instant.h"

/*
 * /v1/absences: for a time, X is away. Absences are typed in by those who keep the rotas of that
 * person's organisation, and seen by them alone; cover ends everywhere, and everybody else sees
 * only that it has ended. Why somebody is away is not asked, not taken and not kept.
 */

#define CODE_MAX_BYTES 64

/* ------------------------------------------------------------------------------------- make */

struct wish {
	uint32_t person;
	struct span_time time;
};

static void
read_wish(struct ask *ask, struct wish *wish)
{
	static const char *const members[] = {"person", "start", "end", "reason", "note", NULL};
	json_t *body = ask_body(ask, members);
	const char *id;

	if (body == NULL)
		return;
	absence_refuse_reasons(ask, body);
	id = ask_body_text(ask, body, "person", CODE_MAX_BYTES, ASK_REQUIRED);
	wish->person = id ? ask_person(ask, id) : REGION_NONE;
	wish->time.start = ask_body_time(ask, body, "start", ASK_REQUIRED, 0);
	wish->time.end = ask_body_time(ask, body, "end", ASK_REQUIRED, 0);
	json_decref(body);
	if (id != NULL && wish->person == REGION_NONE)
		ask_fault(ask, "$.person", "there is no person with this id in the region");
	else if (id != NULL && !rights_speaks_for(ask->region, ask->account, wish->person))
		ask_refuse(ask, 403, "This person belongs to another organisation.");
	/* Times that could not be read would give misleading faults about their order. */
	if (ask->faults.count > 0)
		return;
	absence_time_check(ask, wish->time);
}

/* As for an override; but the trial is in memory alone, since an absence cuts no shift of
 * another. */
static void
reply_dry(struct ask *ask, const struct wish *wish)
{
	/* In memory alone: the database is not asked, since an absence cuts no other row. */
	struct snapshot *after = plan_with_absence(ask->map, wish->person, wish->time);
	const uint32_t typed = REGION_NONE;
	struct plan plan = {
	    .after = after,
	    .time = wish->time,
	    .rotas = &typed,
	    .nrotas = 1,
	    .organisation = region_person(ask->region, wish->person)->organisation,
	};
	struct json_out out = {0};

	/* Cover is not known after the window. */
	if (plan.time.end > ask->map->window.end)
		plan.time.end = ask->map->window.end;
	out_object(&out, NULL);
	out_bool(&out, "dry_run", true);
	plan_put(&out, ask, &plan);
	out_object_end(&out);
	snapshot_unref(after);
	ask_reply_with(ask, 200, &out, NULL);
	ask_read(ask, READ_ABSENCE_PLAN, NULL, NULL, INSTANT_NONE);
	ask_end(ask);
}

static void
on_made(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct wish *wish = job->data;
	struct json_out out = {0};

	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	out_object(&out, NULL);
	out_int(&out, "id", pg_get_int(rows, 0, API_ABSENCE_ADD_ID));
	out_text(&out, "person", region_person(job->ask.region, wish->person)->shown_id);
	out_time(&out, "start", wish->time.start);
	out_time(&out, "end", wish->time.end);
	out_object_end(&out);
	ask_reply_with(&job->ask, 201, &out, NULL);
	job_end(job);
}

void
view_absence_make(struct ask *ask)
{
	struct wish wish = {.person = REGION_NONE};
	struct pg_args args = {0};
	struct job *job;
	bool dry;

	dry = ask_yes(ask, "dry_run");
	read_wish(ask, &wish);
	if (!ask_fine(ask))
		return;
	if (dry) {
		reply_dry(ask, &wish);
		return;
	}
	pg_text(&args, region_person(ask->region, wish.person)->id);
	pg_time(&args, wish.time.start);
	pg_time(&args, wish.time.end);
	pg_text(&args, ask->account->name);
	job = job_new(ask, sizeof wish);
	*(struct wish *)job->data = wish;
	job_write(job, &API_ABSENCE_ADD, &args, on_made);
}

/* -------------------------------------------------------------------------------- take back */

/* Even the existence of an absence of another organisation's person is not shown. */
static void
on_found(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct ask *ask = &job->ask;
	uint32_t person = REGION_NONE;

	(void)st;
	if (pg_rows_count(rows) == 1)
		person =
		    table_get(&ask->region->person_by_id, pg_get_text(rows, 0, API_ABSENCE_PERSON));
	if (person == REGION_NONE || !rights_speaks_for(ask->region, ask->account, person))
		job_problem(job, 404, "There is no absence with this number.");
	else
		manual_withdraw(job, &API_ABSENCE_WITHDRAW);
}

void
view_absence_withdraw(struct ask *ask)
{
	manual_find(ask, "absence", &API_ABSENCE, on_found);
}

/* ------------------------------------------------------------------------------------- list */

static void
put_absence(struct json_out *out, const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	uint32_t person =
	    table_get(&ask->region->person_by_id, pg_get_text(rows, row, API_ABSENCES_PERSON));
	bool withdrawn = !pg_is_null(rows, row, API_ABSENCES_WITHDRAWN_AT);

	out_object(out, NULL);
	out_int(out, "id", pg_get_int(rows, row, API_ABSENCES_ID));
	out_text(out, "person", ask_shown_id(ask, pg_get_text(rows, row, API_ABSENCES_PERSON)));
	out_text(
	    out, "name", person == REGION_NONE ? NULL : region_person(ask->region, person)->name);
	out_time(out, "start", pg_get_time(rows, row, API_ABSENCES_STARTS_AT));
	out_time(out, "end", pg_get_time(rows, row, API_ABSENCES_ENDS_AT));
	out_time(out, "made_at", pg_get_time(rows, row, API_ABSENCES_MADE_AT));
	out_text(out, "made_by", pg_get_text(rows, row, API_ABSENCES_MADE_BY));
	out_time(out, "withdrawn_at",
	    withdrawn ? pg_get_time(rows, row, API_ABSENCES_WITHDRAWN_AT) : INSTANT_NEVER);
	out_text(out, "withdrawn_by", pg_get_text(rows, row, API_ABSENCES_WITHDRAWN_BY));
	out_object_end(out);
}

/* The person asked for, or all whom the account speaks for. Without any, the list sent is empty
 * and so is the answer, as for an organisation without people. */
static void
send_people(struct ask *ask, const char *wanted, struct pg_args *args)
{
	const struct region *region = ask->region;
	const char **ids = arena_array(ask->arena, region->npeople + 1, sizeof *ids);
	size_t count = 0;

	for (uint32_t i = 0; i < region->npeople; i++)
		if (rights_speaks_for(region, ask->account, i) &&
		    (wanted == NULL || ask_person(ask, wanted) == i))
			ids[count++] = region_person(region, i)->id;
	if (wanted != NULL && count == 0)
		ask_refuse(ask, 404, "There is no person with this id in your organisation.");
	pg_text_array(args, ids, count);
}

void
view_absences(struct ask *ask)
{
	static const struct manual_list list = {"absences", put_absence, READ_ABSENCES, NULL};
	struct manual_wanted wanted;
	struct pg_args args = {0};

	send_people(ask, ask_text(ask, "person"), &args);
	wanted = manual_wanted_read(ask, ABSENCE_LENGTH_MAX_SECONDS);
	if (ask_fine(ask))
		manual_list_ask(ask, &API_ABSENCES, &args, &wanted, &list);
	else
		/* manual_list_ask() would have sent and freed them. */
		pg_args_free(&args);
}
