/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/views/risks/risk_rights.h"
#include "server/api/views/views.h"

/*
 * POST /v1/risks: a commissioner proposes to accept the risk of a requirement at a place, and accepts it so far as it is theirs.
 * POST /v1/risks/{id}/accept: another accepts it too. DELETE /v1/risks/{id}: any of them withdraws it. It is in force when a person of
 * each has accepted (0020_risks.sql).
 */

#define CODE_MAX_BYTES 64
#define REASON_MAX_BYTES 400
#define AHEAD_SECONDS (366 * (int64_t)86400)

static const char others[] =
    "The risk of a requirement is accepted by its commissioners, each by a person who is signed in. A program cannot do it.";
static const char none[] = "No acceptance has this number: /v1/risks lists them.";

struct change {
	int64_t id;
	size_t needed;
	const char *why;
	bool withdraws;
};

static void
reply(struct job *job, unsigned status, int64_t accepted)
{
	const struct change *change = job->data;
	struct json_out out = {0};

	out_object(&out, NULL);
	out_int(&out, "id", change->id);
	out_int(&out, "accepted", accepted);
	out_int(&out, "of", (int64_t)change->needed);
	out_object_end(&out);
	ask_reply_with(&job->ask, status, &out, NULL);
	job_end(job);
}

/* -------------------------------------------------------------------------------------- propose */

static void
on_proposed(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct change *change = job->data;

	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	change->id = pg_get_int(rows, 0, API_RISK_PROPOSE_RISK);
	reply(job, 201, pg_get_int(rows, 0, API_RISK_PROPOSE_ACCEPTED));
}

static void
write_proposal(struct ask *ask, const struct region_demand *demand, const char *reason,
    int64_t until, const struct risk_signing *signing)
{
	struct pg_args args = {0};
	struct job *job;

	pg_text(&args, ask->region->requirements[demand->requirement].id);
	pg_text(&args, ask->region->places[demand->place].code);
	pg_text(&args, reason);
	pg_time(&args, until);
	pg_text(&args, ask->account->name);
	pg_text_array(&args, signing->own, signing->nown);
	pg_text_array(&args, signing->needed, signing->nneeded);
	job = job_new(ask, sizeof(struct change));
	*(struct change *)job->data = (struct change){.needed = signing->nneeded};
	job_write(job, &API_RISK_PROPOSE, &args, on_proposed);
}

static int64_t
read_until(struct ask *ask, const json_t *body)
{
	int64_t until = ask_body_time(ask, body, "until", ASK_REQUIRED, INSTANT_NONE);

	if (until != INSTANT_NONE && until <= ask->now)
		ask_fault(ask, "$.until", "is over: say until when the risk is accepted");
	else if (until != INSTANT_NONE && until > ask->now + AHEAD_SECONDS)
		ask_fault(ask, "$.until", "is more than a year ahead: accept it again by then");
	return until;
}

static const char *
read_reason(struct ask *ask, const json_t *body)
{
	const char *reason = ask_body_text(ask, body, "reason", REASON_MAX_BYTES, ASK_REQUIRED);

	if (reason != NULL && slice_trim(slice_of(reason)).len == 0)
		ask_fault(ask, "$.reason", "is missing: say why");
	return reason;
}

void
view_risk_propose(struct ask *ask)
{
	static const char *const members[] = {"requirement", "place", "reason", "until", NULL};
	json_t *body = ask_body(ask, members);
	const char *requirement =
		       ask_body_text(ask, body, "requirement", CODE_MAX_BYTES, ASK_REQUIRED),
		   *place = ask_body_text(ask, body, "place", CODE_MAX_BYTES, ASK_REQUIRED),
		   *reason = read_reason(ask, body);
	int64_t until = read_until(ask, body);
	struct risk_signing signing = {0};
	uint32_t demand = REGION_NONE;

	if (requirement != NULL && place != NULL)
		demand = risk_demand(ask, requirement, place);
	if (demand != REGION_NONE)
		signing = risk_signing_of(ask, ask->region->demands[demand].requirement);
	if (requirement != NULL && place != NULL && demand == REGION_NONE)
		ask_refuse(ask, 404, "There is no such requirement at this place.");
	else if (demand != REGION_NONE && signing.nown == 0)
		ask_refuse(ask, 403, "%s", others);
	if (ask_fine(ask))
		write_proposal(ask, &ask->region->demands[demand], reason, until, &signing);
	json_decref(body);
}

/* ------------------------------------------------------------------------------ accept, withdraw */

static void
on_accepted(struct job *job, enum status st, const struct pg_rows *rows)
{
	if (st == STATUS_REFUSED)
		job_refuse(job, 409, rows);
	else
		reply(job, 200, pg_get_int(rows, 0, API_RISK_ACCEPT_ACCEPTED));
}

static void
on_withdrawn(struct job *job, enum status st, const struct pg_rows *rows)
{
	(void)st;
	if (pg_get_bool(rows, 0, API_RISK_WITHDRAW_DONE))
		ask_reply_nothing(&job->ask, NULL);
	else
		problem_reply(job->ask.exchange, 409, "This risk has ended already.");
	job_end(job);
}

static void
write_change(struct job *job, const struct risk_signing *signing)
{
	struct change *change = job->data;
	struct pg_args args = {0};

	pg_int8(&args, change->id);
	pg_text(&args, job->ask.account->name);
	if (change->withdraws)
		pg_text(&args, change->why);
	else
		pg_text_array(&args, signing->own, signing->nown);
	change->needed = signing->nneeded;
	job_write(job, change->withdraws ? &API_RISK_WITHDRAW : &API_RISK_ACCEPT, &args,
	    change->withdraws ? on_withdrawn : on_accepted);
}

/* What a person has accepted stays theirs to withdraw, also when others commission it now. */
static bool
has_signed(const struct account *account, const struct pg_rows *rows)
{
	json_t *needed = json_loads(pg_get_text(rows, 0, API_RISKS_NEEDED), 0, NULL);
	bool found = false;
	json_t *one;
	size_t i;

	json_array_foreach(needed, i, one)
	{
		const char *who = json_string_value(json_object_get(one, "account"));

		found = found || (who != NULL && strcmp(who, account->name) == 0);
	}
	json_decref(needed);
	return found && strcmp(account->kind, "person") == 0;
}

static void
on_found(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct change *change = job->data;
	const struct ask *ask = &job->ask;
	uint32_t demand = REGION_NONE;
	struct risk_signing signing = {0};

	(void)st;
	if (change->withdraws && pg_rows_count(rows) == 1 && has_signed(ask->account, rows)) {
		write_change(job, &signing);
		return;
	}
	if (pg_rows_count(rows) == 1)
		demand = risk_demand(ask, pg_get_text(rows, 0, API_RISKS_REQUIREMENT),
		    pg_get_text(rows, 0, API_RISKS_PLACE));
	if (demand == REGION_NONE) {
		job_problem(job, 404, none);
		return;
	}
	signing = risk_signing_of(ask, ask->region->demands[demand].requirement);
	if (signing.nown == 0)
		job_problem(job, 403, others);
	else
		write_change(job, &signing);
}

static void
find(struct ask *ask, struct change change)
{
	struct pg_args args = {0};
	struct job *job;

	change.id = ask_id_named(ask, web_param(ask->exchange, "id"), "risk");
	if (!ask_fine(ask))
		return;
	pg_int8(&args, change.id);
	pg_null(&args);
	pg_bool(&args, false);
	pg_int8(&args, 1);
	pg_null(&args);
	job = job_new(ask, sizeof change);
	*(struct change *)job->data = change;
	job_call(job, &API_RISKS, &args, on_found);
}

void
view_risk_accept(struct ask *ask)
{
	static const char *const members[] = {NULL};
	json_t *body = ask_body(ask, members);

	json_decref(body);
	find(ask, (struct change){0});
}

void
view_risk_withdraw(struct ask *ask)
{
	const char *reason = ask_text(ask, "reason");

	if (reason == NULL || strlen(reason) > REASON_MAX_BYTES ||
	    slice_trim(slice_of(reason)).len == 0)
		ask_fault(
		    ask, "query.reason", "is not text of 1 to %d bytes: say why", REASON_MAX_BYTES);
	find(ask, (struct change){.withdraws = true, .why = reason});
}
