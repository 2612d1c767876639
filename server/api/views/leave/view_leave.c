/* SPDX-License-Identifier: MIT */
#include "server/api/api_sql.h"
#include "server/api/ask/rights_swaps.h"
#include "server/api/views/leave/leave_case.h"
#include "server/api/views/parts/absence_rules.h"
#include "server/api/views/parts/manual.h"
#include "server/api/views/parts/members.h"
#include "server/api/views/views.h"

/*
 * /v1/leave: somebody asks to be away, for themselves or for who they speak for, and sees what others asked for. Only
 * the person and those who speak for the person learn that there is a request, and nobody is told why.
 */

_Static_assert(
    (int)API_LEAVE_ID == (int)API_OVERRIDES_ID, "manual.c reads the id of every list there");

/* ------------------------------------------------------------------------------------- ask for it */

static void
read_leave(struct ask *ask, json_t *body, struct leave_case *leave)
{
	struct ask_object object = {"$", body};

	/* Why somebody is away is stored nowhere: a reason that is sent is refused, not dropped, so that nobody
	 * believes that it was kept. */
	absence_refuse_reasons(ask, body);
	leave->person = member_person(ask, &object, "person", ASK_OPTIONAL);
	leave->time.start = ask_body_time(ask, body, "start", ASK_REQUIRED, 0);
	leave->time.end = ask_body_time(ask, body, "end", ASK_REQUIRED, 0);
	if (json_object_get(body, "person") == NULL)
		leave->person = rights_own_person(ask->region, ask->account);
	if (json_object_get(body, "person") == NULL && leave->person == REGION_NONE)
		ask_fault(ask, "$.person", "is missing: who is away? This account is no person's");
	else if (leave->person != REGION_NONE &&
		 !rights_knows_times(ask->region, ask->account, leave->person))
		ask_refuse(ask, 403, "This person belongs to another organisation.");
	/* Times that could not be read would give misleading faults about their order. */
	if (ask->faults.count == 0)
		absence_time_check(ask, leave->time);
}

/* The effect with those who are free to stand in is for those who decide: it names others. */
static void
put_effect(struct json_out *out, struct ask *ask, const struct leave_case *leave)
{
	struct snapshot *after;
	struct plan plan;

	leave_case_put_shifts(out, ask, leave);
	if (!rights_speaks_for(ask->region, ask->account, leave->person))
		return;
	after = leave_case_after(ask, leave, NULL, &plan);
	plan_put(out, ask, &plan);
	snapshot_unref(after);
}

static void
reply_dry(struct ask *ask, const struct leave_case *leave)
{
	struct json_out out = {0};

	out_object(&out, NULL);
	out_bool(&out, "dry_run", true);
	put_effect(&out, ask, leave);
	out_object_end(&out);
	ask_reply_with(ask, 200, &out, NULL);
	ask_read(ask, READ_LEAVE_PLAN, NULL, NULL, INSTANT_NONE);
	ask_end(ask);
}

static void
on_requested(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct leave_case *leave = job->data;
	struct json_out out = {0};

	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	out_object(&out, NULL);
	out_int(&out, "id", pg_get_int(rows, 0, API_LEAVE_REQUEST_ID));
	out_text(&out, "state", "requested");
	out_text(&out, "person", region_person(job->ask.region, leave->person)->shown_id);
	out_time(&out, "start", leave->time.start);
	out_time(&out, "end", leave->time.end);
	out_object_end(&out);
	ask_reply_with(&job->ask, 201, &out, NULL);
	job_end(job);
}

void
view_leave_request(struct ask *ask)
{
	static const char *const members[] = {"person", "start", "end", "reason", "note", NULL};
	struct leave_case leave = {.dry = ask_yes(ask, "dry_run")};
	json_t *body = ask_body(ask, members);
	struct pg_args args = {0};
	struct job *job;

	if (body != NULL) {
		read_leave(ask, body, &leave);
		json_decref(body);
	}
	if (!ask_fine(ask))
		return;
	if (leave.dry) {
		reply_dry(ask, &leave);
		return;
	}
	/* The account may have been shown another id than the one of the set-up. */
	pg_text(&args, region_person(ask->whole->setup->region, leave.person)->id);
	pg_time(&args, leave.time.start);
	pg_time(&args, leave.time.end);
	pg_text(&args, ask->account->name);
	job = job_new(ask, sizeof leave);
	*(struct leave_case *)job->data = leave;
	job_write(job, &API_LEAVE_REQUEST, &args, on_requested);
}

/* ------------------------------------------------------------------------------------- the list */

static void
put_members(struct json_out *out, const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	out_int(out, "id", pg_get_int(rows, row, API_LEAVE_ID));
	manual_put_person(out, ask, "person", pg_get_text(rows, row, API_LEAVE_PERSON));
	out_time(out, "start", pg_get_time(rows, row, API_LEAVE_STARTS_AT));
	out_time(out, "end", pg_get_time(rows, row, API_LEAVE_ENDS_AT));
	out_text(out, "state", pg_get_text(rows, row, API_LEAVE_STATE));
	out_time(out, "requested_at", pg_get_time(rows, row, API_LEAVE_REQUESTED_AT));
	out_text(out, "requested_by", pg_get_text(rows, row, API_LEAVE_REQUESTED_BY));
	out_time(out, "decided_at", pg_get_time_or(rows, row, API_LEAVE_DECIDED_AT, INSTANT_NEVER));
	out_text(out, "decided_by", pg_get_text(rows, row, API_LEAVE_DECIDED_BY));
	out_text(out, "reason", ask_shown_text(ask, pg_get_text(rows, row, API_LEAVE_REASON)));
	if (pg_is_null(rows, row, API_LEAVE_ABSENCE))
		out_null(out, "absence");
	else
		out_int(out, "absence", pg_get_int(rows, row, API_LEAVE_ABSENCE));
	leave_case_put_numbers(out, "overrides", rows, row, API_LEAVE_OVERRIDES);
}

static void
put_listed(struct json_out *out, const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	out_object(out, NULL);
	put_members(out, ask, rows, row);
	out_object_end(out);
}

/* Those whose times the account knows. Without any, the list sent is empty and so is the answer. */
static void
send_people(const struct ask *ask, struct pg_args *args)
{
	const struct region *region = ask->whole->setup->region;
	const char **ids = arena_array(ask->arena, region->npeople + 1, sizeof *ids);
	size_t count = 0;

	for (uint32_t i = 0; i < region->npeople; i++)
		if (rights_knows_times(region, ask->account, i))
			ids[count++] = region_person(region, i)->id;
	pg_text_array(args, ids, count);
}

void
view_leave_list(struct ask *ask)
{
	static const struct manual_list list = {"leave", put_listed, READ_LEAVE, NULL};
	struct manual_wanted wanted = manual_wanted_read(ask, ABSENCE_LENGTH_MAX_SECONDS);
	struct pg_args args = {0};

	if (!ask_fine(ask))
		return;
	send_people(ask, &args);
	manual_list_ask(ask, &API_LEAVE, &args, &wanted, &list);
}

/* ------------------------------------------------------------------------------------- one */

static void
on_found(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct ask *ask = &job->ask;
	struct leave_case leave = {.person = REGION_NONE};
	struct json_out out = {0};

	(void)st;
	if (pg_rows_count(rows) == 1)
		leave.person = table_get(&ask->whole->setup->region->person_by_id,
		    pg_get_text(rows, 0, API_LEAVE_PERSON));
	/* The same answer for one that does not exist: numbers that are tried tell nothing. */
	if (leave.person == TABLE_NONE ||
	    !rights_knows_times(ask->region, ask->account, leave.person)) {
		job_problem(job, 404, "There is no leave with this number.");
		return;
	}
	leave.time = (struct span_time){
	    pg_get_time(rows, 0, API_LEAVE_STARTS_AT), pg_get_time(rows, 0, API_LEAVE_ENDS_AT)};
	out_object(&out, NULL);
	put_members(&out, ask, rows, 0);
	put_effect(&out, ask, &leave);
	out_object_end(&out);
	ask_reply(ask, &out);
	ask_read(ask, READ_LEAVE, NULL, NULL, INSTANT_NONE);
	job_end(job);
}

void
view_leave(struct ask *ask)
{
	manual_find(ask, "leave", &API_LEAVE_ONE, on_found);
}
