/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/ask/rights_setup.h"
#include "server/api/views/parts/numbered.h"
#include "server/api/views/views.h"

/* People whom an identity provider knows: requests for an account, and who is linked to which. Kept
 * by those who look after the organisation's accounts. */

#define ACCOUNT_MAX_BYTES 64
#define ROWS_MAX 1000

/* The same answer for a number that does not exist and one of another organisation. */
static const char none[] = "There is none with this number that you look after.";

/* ------------------------------------------------------------------------------------- list */

static bool
may_see(const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	return rights_keeps_accounts(
	    ask->account, pg_get_text(rows, row, API_IDENTITIES_ORGANISATION));
}

static void
put_one(struct json_out *out, const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	(void)ask;
	out_object(out, NULL);
	out_int(out, "id", pg_get_int(rows, row, API_IDENTITIES_ID));
	out_text(out, "state", pg_get_text(rows, row, API_IDENTITIES_STATE));
	out_text(out, "provider", pg_get_text(rows, row, API_IDENTITIES_PROVIDER));
	out_text(out, "organisation", pg_get_text(rows, row, API_IDENTITIES_ORGANISATION));
	out_text(out, "name", pg_get_text(rows, row, API_IDENTITIES_NAME));
	out_text(out, "account", pg_get_text(rows, row, API_IDENTITIES_ACCOUNT));
	out_time(out, "asked_at", pg_get_time(rows, row, API_IDENTITIES_ASKED_AT));
	out_time(
	    out, "decided_at", pg_get_time_or(rows, row, API_IDENTITIES_DECIDED_AT, INSTANT_NEVER));
	out_text(out, "decided_by", pg_get_text(rows, row, API_IDENTITIES_DECIDED_BY));
	out_time(out, "used_at", pg_get_time_or(rows, row, API_IDENTITIES_USED_AT, INSTANT_NEVER));
	out_object_end(out);
}

static void
on_listed(struct job *job, enum status st, const struct pg_rows *rows)
{
	static const struct numbered_list identities = {
	    .name = "identities",
	    .id = API_IDENTITIES_ID,
	    .rows_max = ROWS_MAX,
	    .may_see = may_see,
	    .put = put_one,
	};
	const struct numbered_page *page = job->data;

	(void)st;
	(void)numbered_reply(job, &identities, page->limit, rows);
	job_end(job);
}

void
view_identities(struct ask *ask)
{
	struct numbered_page page = numbered_page(ask, INT64_MAX);
	const char *state = ask_choice(ask, "state");
	struct pg_args args = {0};
	struct job *job;

	if (!ask_fine(ask))
		return;
	pg_int8(&args, page.cursor);
	pg_text(&args, strcmp(state, "all") == 0 ? NULL : state);
	job = job_new(ask, sizeof page);
	*(struct numbered_page *)job->data = page;
	job_call(job, &API_IDENTITIES, &args, on_listed);
}

/* ----------------------------------------------------------------------------------- decide */

struct deciding {
	int64_t id;
	const char *account; /* NULL: it is not linked */
	void (*decide)(struct job *job, const struct deciding *deciding);
};

/* The organisation stands in the row alone, so it is read first and judged before anything is
 * written. */
static void
on_found(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct deciding *deciding = job->data;

	(void)st;
	if (pg_rows_count(rows) == 1 &&
	    rights_keeps_accounts(
		job->ask.account, pg_get_text(rows, 0, API_IDENTITY_ORGANISATION_ORGANISATION))) {
		deciding->decide(job, deciding);
		return;
	}
	job_problem(job, 404, none);
}

static void
begin(struct ask *ask, struct deciding deciding)
{
	struct pg_args args = {0};
	struct job *job;

	deciding.id = ask_id_named(ask, web_param(ask->exchange, "id"), "identity");
	if (!ask_fine(ask))
		return;
	pg_int8(&args, deciding.id);
	job = job_new(ask, sizeof deciding);
	*(struct deciding *)job->data = deciding;
	job_call(job, &API_IDENTITY_ORGANISATION, &args, on_found);
}

/* ${why}: what is in the way, or NULL. */
static void
answer_decided(struct job *job, const char *why)
{
	if (why == NULL)
		ask_reply_nothing(&job->ask, NULL);
	else if (strcmp(why, "done") == 0)
		problem_reply(job->ask.exchange, 409, "This was decided already.");
	else if (strcmp(why, "account") == 0)
		problem_reply(job->ask.exchange, 409,
		    "The organisation has no account of a person with this name.");
	else
		problem_reply(job->ask.exchange, 404, none);
	job_end(job);
}

static void
on_accepted(struct job *job, enum status st, const struct pg_rows *rows)
{
	(void)st;
	answer_decided(job, pg_get_text(rows, 0, API_IDENTITY_ACCEPT_REFUSED));
}

static void
accept_it(struct job *job, const struct deciding *deciding)
{
	struct pg_args args = {0};

	pg_int8(&args, deciding->id);
	pg_text(&args, deciding->account);
	pg_text(&args, job->ask.account->name);
	job_write(job, &API_IDENTITY_ACCEPT, &args, on_accepted);
}

void
view_identity_accept(struct ask *ask)
{
	static const char *const members[] = {"account", NULL};
	json_t *body = ask_body(ask, members);
	const char *account = ask_body_text(ask, body, "account", ACCOUNT_MAX_BYTES, ASK_REQUIRED);

	json_decref(body);
	/* The person may do what the account may: nobody gives more than they could give by making
	 * the account. */
	if (account != NULL && !rights_setup_keeps_account(ask->region, ask->account, account))
		ask_refuse(ask, 404, "There is no account with this name that you look after.");
	begin(ask, (struct deciding){.account = account, .decide = accept_it});
}

static void
on_refused(struct job *job, enum status st, const struct pg_rows *rows)
{
	(void)st;
	answer_decided(job, pg_get_text(rows, 0, API_IDENTITY_REFUSE_REFUSED));
}

static void
refuse_it(struct job *job, const struct deciding *deciding)
{
	struct pg_args args = {0};

	pg_int8(&args, deciding->id);
	pg_text(&args, job->ask.account->name);
	job_write(job, &API_IDENTITY_REFUSE, &args, on_refused);
}

void
view_identity_refuse(struct ask *ask)
{
	static const char *const members[] = {NULL};

	json_decref(ask_body(ask, members));
	begin(ask, (struct deciding){.decide = refuse_it});
}

static void
on_ended(struct job *job, enum status st, const struct pg_rows *rows)
{
	(void)st;
	answer_decided(job, pg_get_bool(rows, 0, API_IDENTITY_END_ENDED) ? NULL : "absent");
}

static void
end_it(struct job *job, const struct deciding *deciding)
{
	struct pg_args args = {0};

	pg_int8(&args, deciding->id);
	pg_text(&args, job->ask.account->name);
	job_write(job, &API_IDENTITY_END, &args, on_ended);
}

void
view_identity_end(struct ask *ask)
{
	begin(ask, (struct deciding){.decide = end_it});
}
