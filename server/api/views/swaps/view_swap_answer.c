/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/views/parts/manual.h"
#include "server/api/views/swaps/swap_deal.h"
#include "server/api/views/views.h"

/*
 * POST /v1/swaps/{id}/accept, …/refuse and …/withdraw. Who receives the shift accepts or refuses, signed in;
 * or a manager says so for them. The row is read first, since the rights depend on whose it is; the database
 * judges again, under its locks, whether the offer is still open.
 */

enum answer { ACCEPT, REFUSE, WITHDRAW };

struct answering {
	struct swap_deal deal; /* first: swap_deal_try() takes it for the job's data */
	enum answer answer;
	enum swap_answerer as;
};

/* The history says whether the receiver answered, or somebody for them. */
static const char *
how_of(const struct answering *answering)
{
	return answering->as == SWAP_ANSWERS_RECEIVER ? "receiver" : "word";
}

static void
on_answered(struct job *job, enum status st, const struct pg_rows *rows)
{
	static const char *const states[] = {
	    [ACCEPT] = "accepted", [REFUSE] = "refused", [WITHDRAW] = "withdrawn"};
	const struct answering *answering = job->data;
	struct json_out out = {0};

	swap_deal_named(&job->ask, &answering->deal);
	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	out_object(&out, NULL);
	out_int(&out, "id", answering->deal.id);
	out_text(&out, "state", states[answering->answer]);
	if (answering->answer == ACCEPT)
		duty_checks_put(&out, &job->ask, &answering->deal.checks);
	out_object_end(&out);
	ask_reply_with(&job->ask, 200, &out, NULL);
	job_end(job);
}

static void
accept_it(struct job *job, struct answering *answering)
{
	struct swap_deal *deal = &answering->deal;
	struct pg_args args = {0};
	const char **failed;

	/* Asked of the rota's rows and not of the request: whose swap it is was not known before. */
	deal->may_force = rights_swap_forces(job->ask.region, job->ask.account, &deal->terms.sides);
	if (deal->force && !deal->may_force) {
		job_problem(job, 403,
		    "A check is overruled by a manager of the rota, or of who takes the shift.");
		return;
	}
	/* Made again: somebody may have gone on leave since the offer. */
	swap_deal_check(&job->ask, deal, false);
	if (deal->dry) {
		swap_deal_try(job);
		return;
	}
	if (swap_deal_refused(job, deal))
		return;
	pg_int8(&args, deal->id);
	pg_text(&args, job->ask.account->name);
	pg_text(&args, how_of(answering));
	/* To force where nothing fails overrules nothing, and is not recorded as if it did. */
	pg_bool(&args, deal->force && swap_deal_failed(&job->ask, deal, &failed) > 0);
	pg_text(&args, deal->reason);
	job_write(job, &API_SWAP_ACCEPT, &args, on_answered);
}

static void
refuse_it(struct job *job, const struct answering *answering)
{
	struct pg_args args = {0};

	pg_int8(&args, answering->deal.id);
	pg_text(&args, job->ask.account->name);
	pg_text(&args, how_of(answering));
	pg_text(&args, answering->deal.reason);
	job_write(job, &API_SWAP_REFUSE, &args, on_answered);
}

static void
take_back(struct job *job, const struct answering *answering)
{
	struct pg_args args = {0};

	pg_int8(&args, answering->deal.id);
	pg_text(&args, job->ask.account->name);
	pg_text(&args, answering->deal.reason);
	job_write(job, &API_SWAP_WITHDRAW, &args, on_answered);
}

static bool
may_take_back(const struct ask *ask, const struct swap_sides *sides, const struct pg_rows *rows)
{
	static const char *const agreed[] = {"accepted", "in_feed", "disputed", NULL};

	/* What was agreed has overrides on rotas: to end them is a change of those rotas. */
	if (text_is_one_of(pg_get_text(rows, 0, API_SWAPS_STATE), agreed))
		return rights_swap_undoes(ask->region, ask->account, sides);
	return rights_swap_takes_back(
	    ask->region, ask->account, sides, pg_get_text(rows, 0, API_SWAPS_OFFERED_BY));
}

/* Something of it has left the region: nothing can be judged any more. */
static bool
is_whole(const struct swap_sides *sides)
{
	for (uint32_t i = 0; i < sides->count; i++)
		if (sides->rotas[i] == REGION_NONE || sides->gives[i] == REGION_NONE ||
		    sides->takes[i] == REGION_NONE)
			return false;
	return true;
}

static void
go_on(struct job *job, struct answering *answering, const struct pg_rows *rows)
{
	const struct swap_sides *sides = &answering->deal.terms.sides;

	answering->as = rights_swap_answers(job->ask.region, job->ask.account, sides);
	if (answering->answer == WITHDRAW && !may_take_back(&job->ask, sides, rows))
		job_problem(job, 403,
		    "Those who made or give an offer may take it back. Once it was accepted, the managers of its rotas may.");
	else if (answering->answer != WITHDRAW && answering->as == SWAP_ANSWERS_NOT)
		job_problem(job, 403,
		    "The person who takes the shift says yes or no to a swap, or a manager does.");
	else if (!is_whole(sides) && answering->answer == ACCEPT)
		job_problem(job, 409, "Somebody, or a rota, of this swap has left the region.");
	else if (answering->answer == ACCEPT)
		accept_it(job, answering);
	else if (answering->answer == REFUSE)
		refuse_it(job, answering);
	else
		take_back(job, answering);
}

static void
on_found(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct answering *answering = job->data;

	(void)st;
	if (pg_rows_count(rows) == 1)
		swap_terms_load(&job->ask, rows, 0, &answering->deal.terms);
	/* One answer for both, so that nobody counts the swaps of others. */
	if (pg_rows_count(rows) != 1 ||
	    !rights_swap_sees(job->ask.region, job->ask.account, &answering->deal.terms.sides))
		job_problem(job, 404, "There is no swap with this number.");
	else
		go_on(job, answering, rows);
}

static void
answer(struct ask *ask, enum answer which, const char *const *members)
{
	struct answering answering = {.answer = which, .deal.puts_on = which == ACCEPT};
	json_t *body = ask_body(ask, members);
	struct pg_args args = {0};
	struct job *job;

	if (body != NULL) {
		swap_deal_read(ask, body, &answering.deal);
		json_decref(body);
	}
	if (which == ACCEPT)
		answering.deal.dry = ask_yes(ask, "dry_run");
	answering.deal.id = ask_id_named(ask, web_param(ask->exchange, "id"), "swap");
	if (!ask_fine(ask))
		return;
	pg_int8(&args, answering.deal.id);
	job = job_new(ask, sizeof answering);
	*(struct answering *)job->data = answering;
	job_call(job, &API_SWAP, &args, on_found);
}

void
view_swap_accept(struct ask *ask)
{
	static const char *const members[] = {"force", "reason", NULL};

	answer(ask, ACCEPT, members);
}

void
view_swap_refuse(struct ask *ask)
{
	static const char *const members[] = {"reason", NULL};

	answer(ask, REFUSE, members);
}

void
view_swap_withdraw(struct ask *ask)
{
	static const char *const members[] = {"reason", NULL};

	answer(ask, WITHDRAW, members);
}
