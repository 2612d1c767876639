/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/rights_swaps.h"
#include "server/api/views/leave/leave_decide.h"
#include "server/api/views/parts/manual.h"
#include "server/api/views/views.h"

/*
 * POST /v1/leave/{id}/approve, …/refuse and …/withdraw. The row is read first, since the rights depend on whose leave
 * it is; the database judges again, under its lock, whether it can still be decided about.
 */

/* ---------------------------------------------------------------------------- refuse, take back */

/* After a withdrawal those who stand in still do: "stands" names their overrides, so that somebody decides about them. */
static void
on_refused_or_withdrawn(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct leave_deciding *deciding = job->data;
	bool refused = deciding->decision == LEAVE_REFUSE;
	struct json_out out = {0};

	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	out_object(&out, NULL);
	out_int(&out, "id", deciding->leave.id);
	out_text(&out, "state", refused ? "refused" : "withdrawn");
	if (!refused)
		leave_case_put_numbers(&out, "stands", rows, 0, API_LEAVE_WITHDRAW_STANDS);
	out_object_end(&out);
	ask_reply_with(&job->ask, 200, &out, NULL);
	job_end(job);
}

static void
refuse_or_withdraw(struct job *job)
{
	const struct leave_deciding *deciding = job->data;
	struct pg_args args = {0};

	pg_int8(&args, deciding->leave.id);
	if (deciding->decision == LEAVE_REFUSE)
		pg_text(&args, deciding->leave.reason);
	pg_text(&args, job->ask.account->name);
	if (deciding->decision == LEAVE_REFUSE)
		job_write(job, &API_LEAVE_REFUSE, &args, on_refused_or_withdrawn);
	else
		job_write(job, &API_LEAVE_WITHDRAW, &args, on_refused_or_withdrawn);
}

/* ------------------------------------------------------------------------------------ whose it is */

/* What was approved is the person's no more to end alone: somebody else may stand in by now. */
static bool
may(const struct ask *ask, const struct leave_deciding *deciding)
{
	uint32_t person = deciding->leave.person;

	if (deciding->decision != LEAVE_WITHDRAW)
		return rights_leave_decides(ask->region, ask->account, person);
	return strcmp(deciding->leave.state, "approved") != 0
		   ? rights_knows_times(ask->region, ask->account, person)
		   : rights_speaks_for(ask->region, ask->account, person);
}

static void
on_found(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct leave_deciding *deciding = job->data;
	struct leave_case *leave = &deciding->leave;
	struct ask *ask = &job->ask;

	(void)st;
	leave->person = REGION_NONE;
	if (pg_rows_count(rows) == 1)
		leave->person = table_get(&ask->whole->setup->region->person_by_id,
		    pg_get_text(rows, 0, API_LEAVE_PERSON));
	if (leave->person == TABLE_NONE ||
	    !rights_knows_times(ask->region, ask->account, leave->person)) {
		job_problem(job, 404, "There is no leave with this number.");
		return;
	}
	leave->time = (struct span_time){
	    pg_get_time(rows, 0, API_LEAVE_STARTS_AT), pg_get_time(rows, 0, API_LEAVE_ENDS_AT)};
	/* The rows go with this callback, and approving asks the database once more. */
	leave->state = pg_copy_text(ask->arena, rows, 0, API_LEAVE_STATE);
	if (!may(ask, deciding))
		job_problem(job, 403,
		    "A manager of the person's organisation decides about leave. It is never the person.");
	else if (deciding->decision == LEAVE_APPROVE)
		leave_approve(job);
	else
		refuse_or_withdraw(job);
}

static void
decide(struct ask *ask, enum leave_decision decision, const char *const *members)
{
	struct leave_deciding deciding = {.decision = decision};
	json_t *body = ask_body(ask, members);
	struct pg_args args = {0};
	struct job *job;

	if (body != NULL) {
		leave_decision_read(ask, body, &deciding.leave);
		json_decref(body);
	}
	/* To refuse or to withdraw does nothing but what is asked for: there is nothing to preview. */
	if (decision == LEAVE_APPROVE)
		deciding.leave.dry = ask_yes(ask, "dry_run");
	deciding.leave.id = ask_id_named(ask, web_param(ask->exchange, "id"), "leave");
	if (!ask_fine(ask))
		return;
	pg_int8(&args, deciding.leave.id);
	job = job_new(ask, sizeof deciding);
	*(struct leave_deciding *)job->data = deciding;
	job_call(job, &API_LEAVE_ONE, &args, on_found);
}

void
view_leave_approve(struct ask *ask)
{
	static const char *const members[] = {"cover", "force", "reason", "gap_reason", NULL};

	decide(ask, LEAVE_APPROVE, members);
}

void
view_leave_refuse(struct ask *ask)
{
	static const char *const members[] = {"reason", NULL};

	decide(ask, LEAVE_REFUSE, members);
}

void
view_leave_withdraw(struct ask *ask)
{
	static const char *const members[] = {NULL};

	decide(ask, LEAVE_WITHDRAW, members);
}
