/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/views/parts/numbered.h"
#include "server/api/views/setup/object.h"
#include "server/api/views/setup/setup_withheld.h"
#include "server/api/views/views.h"
#include "server/base/instant.h"

/*
 * Changes of one object that want a second person. A proposal keeps the change as it was sent, the
 * version of the object that it was made against, and the effect that the proposer was shown. When
 * it is accepted, the change is made as if the accepting account had sent it, against that version,
 * in one transaction with the acceptance: so nothing is applied that differs from what was
 * proposed.
 */

#define REASON_MAX_BYTES 400
#define ROWS_MAX 1001 /* that the statement gives at once */

static const char *const change_names[] = {
    [SETUP_PUT] = "put",
    [SETUP_PATCH] = "patch",
    [SETUP_DELETE] = "delete",
};

void
setup_object_second(struct json_out *out, const struct job *job)
{
	const struct setup_answer *second = &((struct region_put *)job->data)->object->second;

	if (second->verdict != SETUP_SECOND) {
		out_null(out, "second");
		return;
	}
	out_object(out, "second");
	out_text(out, "what", second->key);
	out_text(out, "why", second->why);
	out_object_end(out);
}

/* ---------------------------------------------------------------------------------- proposing */

static void
on_made(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct json_out out = {0};

	/* Such as a mask that belongs to no known address: the sentence comes from the SQL
	 * function. */
	if (st == STATUS_REFUSED) {
		job_refuse(job, 422, rows);
		return;
	}
	out_object(&out, NULL);
	out_int(&out, "proposal", pg_get_int(rows, 0, API_PROPOSAL_MAKE_ID));
	out_text(&out, "state", "open");
	out_time(&out, "expires_at", pg_get_time(rows, 0, API_PROPOSAL_MAKE_EXPIRES_AT));
	out_bool(&out, "applied", false);
	setup_object_second(&out, job);
	region_put_dependents(&out, job);
	out_object_end(&out);
	/* 202: accepted for processing, and nothing is in force yet (RFC 9110, 15.3.3). */
	ask_reply_with(&job->ask, 202, &out, NULL);
	job_end(job);
}

static void
propose(struct job *job)
{
	struct region_put *put = job->data;
	const struct setup_object *object = put->object;
	struct json_out shown = {0};
	struct pg_args args = {0};

	/* The effect that the proposer was shown is kept: the second person must see the same, also
	 * when the map has changed since. */
	out_object(&shown, NULL);
	setup_object_second(&shown, job);
	region_put_dependents(&shown, job);
	out_object_end(&shown);
	pg_text(&args, object->kind->kind);
	pg_text(&args, object->key);
	pg_text(&args, change_names[object->change]);
	/* A deletion has no body, and an empty one would be another change. */
	if (object->change == SETUP_DELETE)
		pg_null(&args);
	else
		pg_slice(&args, object->body);
	pg_int8(&args, object->version);
	pg_text(&args, object->until);
	pg_text(&args, object->reason);
	pg_slice(&args, (struct slice){shown.buf.at, shown.buf.len});
	pg_text(&args, job->ask.account->name);
	addresses_send(put->arena, &put->addresses, &args);
	out_free(&shown);
	job_write(job, &API_PROPOSAL_MAKE, &args, on_made);
}

/* ---------------------------------------------------------------------------------- accepting */

/* One function for both outcomes: who may decide, and that it is still open, is checked in one
 * place in SQL. */
static void
decide(struct job *job, const char *outcome, const char *why, job_take_fn *take)
{
	struct pg_args args = {0};

	pg_int8(&args, ((struct region_put *)job->data)->object->proposal);
	pg_text(&args, outcome);
	pg_text(&args, why);
	pg_text(&args, job->ask.account->name);
	job_write(job, &API_PROPOSAL_DECIDE, &args, take);
}

static void
on_accepted(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct region_put *put = job->data;

	/* Somebody else has decided first, or it has expired since it was read. */
	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	/* The deed follows in the same transaction. If it is refused, the acceptance is undone with
	 * it. */
	put->object->decided = true;
	region_put_deed(job);
}

void
setup_object_deed(struct job *job)
{
	const struct setup_object *object = ((struct region_put *)job->data)->object;

	/* Acceptance first: it locks the proposal, so that two people who accept at once cannot
	 * both continue. */
	if (object->proposal != 0 && !object->decided)
		decide(job, "accepted", NULL, on_accepted);
	else if (object->proposal == 0 && object->second.verdict == SETUP_SECOND)
		propose(job);
	else
		region_put_deed(job);
}

/* The proposal as the change to be made. Refusals in this order, so that an account without
 * rights learns neither whose proposal it is nor what became of it. False: answered. */
static bool
take_proposal(struct job *job, const struct pg_rows *rows)
{
	struct region_put *put = job->data;
	struct setup_object *object = put->object;
	const char *change;

	if (pg_rows_count(rows) == 0)
		return job_problem(job, 404, "There is no proposal with this number.");
	object->kind = region_kind_of(pg_get_text(rows, 0, API_PROPOSAL_KIND));
	object->key = pg_copy_text(put->arena, rows, 0, API_PROPOSAL_CODE);
	/* The version that it was made against: if the object has changed since, the deed is
	 * refused as it is with If-Match. */
	object->seen = pg_get_int(rows, 0, API_PROPOSAL_VERSION);
	if (!rights_setup_keeps(job->ask.region, job->ask.account, object->kind,
		object->seen != 0 ? object->key : NULL))
		return job_problem(job, 403, "This account may not decide about that.");
	/* Also an administrator's own: the rule is two persons, not two roles. */
	if (pg_get_bool(rows, 0, API_PROPOSAL_OWN))
		return job_problem(
		    job, 403, "This proposal is your own: another person decides about it.");
	if (strcmp(pg_get_text(rows, 0, API_PROPOSAL_STATE), "open") != 0)
		return job_problem(job, 409,
		    arena_printf(job->ask.arena, "This proposal is not open: it is %s.",
			pg_get_text(rows, 0, API_PROPOSAL_STATE)));
	change = pg_get_text(rows, 0, API_PROPOSAL_CHANGE);
	object->change = strcmp(change, "put") == 0     ? SETUP_PUT
			 : strcmp(change, "patch") == 0 ? SETUP_PATCH
							: SETUP_DELETE;
	if (object->change != SETUP_DELETE)
		object->body = slice_of(pg_copy_text(put->arena, rows, 0, API_PROPOSAL_BODY));
	object->until = pg_copy_text(put->arena, rows, 0, API_PROPOSAL_UNTIL);
	object->shown = pg_copy_text(put->arena, rows, 0, API_PROPOSAL_SHOWN);
	return true;
}

static void
on_proposal(struct job *job, enum status st, const struct pg_rows *rows)
{
	(void)st;
	if (take_proposal(job, rows))
		setup_object_begin(job);
}

static void
ask_proposal(struct ask *ask, int64_t id, const char *reason, job_take_fn *take)
{
	struct setup_object object = {.proposal = id, .reason = reason};
	struct region_put put = {.dry_run = false};
	struct pg_args args = {0};

	ask_as_keeper(ask);
	pg_int8(&args, id);
	pg_text(&args, ask->account->name);
	/* Not a dry run, and no reason: those were given when it was proposed. */
	job_call(setup_object_job(ask, &put, &object), &API_PROPOSAL, &args, take);
}

void
view_proposal_accept(struct ask *ask)
{
	int64_t id = ask_id_named(ask, web_param(ask->exchange, "id"), "proposal");

	if (ask_fine(ask))
		ask_proposal(ask, id, NULL, on_proposal);
}

static void
on_refused(struct job *job, enum status st, const struct pg_rows *rows)
{
	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	ask_reply_nothing(&job->ask, NULL);
	job_end(job);
}

static void
on_to_refuse(struct job *job, enum status st, const struct pg_rows *rows)
{
	/* Refusing asks the same questions as accepting; only what follows is different. */
	(void)st;
	if (take_proposal(job, rows))
		decide(
		    job, "refused", ((struct region_put *)job->data)->object->reason, on_refused);
}

void
view_proposal_refuse(struct ask *ask)
{
	static const char *const members[] = {"reason", NULL};
	int64_t id = ask_id_named(ask, web_param(ask->exchange, "id"), "proposal");
	json_t *body = ask_body(ask, members);
	const char *reason = ask_body_text(ask, body, "reason", REASON_MAX_BYTES, ASK_REQUIRED);

	json_decref(body);
	if (ask_fine(ask))
		ask_proposal(ask, id, reason, on_to_refuse);
}

/* -------------------------------------------------------------------------------------- the list */

/* Those who review, the proposer, and those who may change the object. */
static bool
may_see(const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	const struct region_kind *kind = region_kind_of(pg_get_text(rows, row, API_PROPOSALS_KIND));

	return rights_has(ask->account, RIGHT_REVIEW) ||
	       strcmp(pg_get_text(rows, row, API_PROPOSALS_BY_ACCOUNT), ask->account->name) == 0 ||
	       rights_setup_keeps(
		   ask->region, ask->account, kind, pg_get_text(rows, row, API_PROPOSALS_CODE));
}

static void
put_text(
    struct json_out *out, const char *key, const struct pg_rows *rows, size_t row, unsigned column)
{
	out_text(out, key, pg_is_null(rows, row, column) ? NULL : pg_get_text(rows, row, column));
}

/* The database has checked that it is JSON, so it is passed on as it is. */
static void
put_raw(
    struct json_out *out, const char *key, const struct pg_rows *rows, size_t row, unsigned column)
{
	out_raw(out, key,
	    pg_is_null(rows, row, column) ? (struct slice){0} : pg_get_bytes(rows, row, column));
}

/* A proposed change may contain a telephone. Those who only review see of it what they see of
 * the object. */
static void
put_body(struct json_out *out, const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	const struct region_kind *kind = region_kind_of(pg_get_text(rows, row, API_PROPOSALS_KIND));
	const char *code = pg_get_text(rows, row, API_PROPOSALS_CODE);
	const struct setup_seer seer = setup_seer_of(ask);

	if (pg_is_null(rows, row, API_PROPOSALS_BODY) ||
	    (ask->view == NULL && rights_setup_keeps(ask->region, ask->account, kind, code)))
		put_raw(out, "body", rows, row, API_PROPOSALS_BODY);
	else
		out_raw(out, "body",
		    setup_seen_object(
			&seer, kind, code, pg_get_bytes(rows, row, API_PROPOSALS_BODY)));
}

static void
put_proposal(struct json_out *out, const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	const struct setup_seer seer = setup_seer_of(ask);
	const char *code = pg_get_text(rows, row, API_PROPOSALS_CODE);
	bool withheld = setup_is_withheld(
	    &seer, region_kind_of(pg_get_text(rows, row, API_PROPOSALS_KIND)), code);

	out_object(out, NULL);
	out_int(out, "id", pg_get_int(rows, row, API_PROPOSALS_ID));
	put_text(out, "kind", rows, row, API_PROPOSALS_KIND);
	out_text(out, "code", withheld ? ask_shown_id(ask, code) : code);
	put_text(out, "change", rows, row, API_PROPOSALS_CHANGE);
	put_body(out, ask, rows, row);
	put_text(out, "until", rows, row, API_PROPOSALS_UNTIL);
	out_text(out, "reason", ask_shown_text(ask, pg_get_text(rows, row, API_PROPOSALS_REASON)));
	/* The effect was written for those who keep the person. */
	if (withheld)
		out_null(out, "shown");
	else
		put_raw(out, "shown", rows, row, API_PROPOSALS_SHOWN);
	put_text(out, "by", rows, row, API_PROPOSALS_BY_ACCOUNT);
	out_time(out, "at", pg_get_time(rows, row, API_PROPOSALS_MADE_AT));
	out_time(out, "expires_at", pg_get_time(rows, row, API_PROPOSALS_EXPIRES_AT));
	put_text(out, "state", rows, row, API_PROPOSALS_STATE);
	put_text(out, "decided_by", rows, row, API_PROPOSALS_DECIDED_BY);
	out_time(
	    out, "decided_at", pg_get_time_or(rows, row, API_PROPOSALS_DECIDED_AT, INSTANT_NEVER));
	put_text(out, "why", rows, row, API_PROPOSALS_WHY);
	out_object_end(out);
}

static void
on_proposals(struct job *job, enum status st, const struct pg_rows *rows)
{
	static const struct numbered_list proposals = {
	    .name = "proposals",
	    .id = API_PROPOSALS_ID,
	    .rows_max = ROWS_MAX,
	    .may_see = may_see,
	    .put = put_proposal,
	};
	const struct numbered_page *page = job->data;

	(void)st;
	if (numbered_reply(job, &proposals, page->limit, rows) > 0)
		ask_read(&job->ask, READ_PROPOSALS, NULL, NULL, INSTANT_NONE);
	job_end(job);
}

void
view_proposals(struct ask *ask)
{
	struct numbered_page page = numbered_page(ask, INT64_MAX);
	bool open = strcmp(ask_choice(ask, "state"), "open") == 0;
	struct pg_args args = {0};
	struct job *job;

	ask_as_keeper(ask);
	if (!ask_fine(ask))
		return;
	pg_bool(&args, open);
	pg_int8(&args, page.cursor);
	job = job_new(ask, sizeof page);
	*(struct numbered_page *)job->data = page;
	job_call(job, &API_PROPOSALS, &args, on_proposals);
}
