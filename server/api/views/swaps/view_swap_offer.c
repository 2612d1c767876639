/* SPDX-License-Identifier: MIT */
#include "server/api/api_sql.h"
#include "server/api/ask/link.h"
#include "server/api/views/parts/members.h"
#include "server/api/views/swaps/swap_deal.h"
#include "server/api/views/views.h"

/*
 * POST /v1/swaps: somebody gives a shift to another, and perhaps takes one for it. The person who gives it
 * offers it, or a manager of its rota; nothing changes until it is accepted. With dry_run it is accepted and
 * taken back, so that the checks and the effect on cover are those of the deed.
 */

struct offering {
	struct swap_deal deal; /* first: swap_deal_try() takes it for the job's data */
	int64_t expires;
	bool with_link;
	struct link link;
};

/* The secret of the link is in the job's memory until the answer is out. */
static void
wipe(struct job *job)
{
	link_wipe(&((struct offering *)job->data)->link);
}

static void
on_offered(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct offering *offering = job->data;
	struct ask *ask = &job->ask;
	struct json_out out = {0};

	swap_deal_named(ask, &offering->deal);
	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	out_object(&out, NULL);
	out_int(&out, "id", pg_get_int(rows, 0, API_SWAP_OFFER_ID));
	out_text(&out, "state", "offered");
	swap_put_shifts(&out, ask, &offering->deal.terms);
	out_time(&out, "expires", pg_get_time(rows, 0, API_SWAP_OFFER_EXPIRES));
	/* Shown this once: the database has its hash. */
	out_text(&out, "link", offering->with_link ? offering->link.path : NULL);
	duty_checks_put(&out, ask, &offering->deal.checks);
	out_object_end(&out);
	ask_reply_with(ask, 201, &out, NULL);
	job_end(job);
}

static void
write_offer(struct job *job)
{
	struct offering *offering = job->data;
	const struct swap_deal *deal = &offering->deal;
	struct pg_args args = {0};
	const char **failed;
	size_t count = swap_deal_failed(&job->ask, deal, &failed);

	if (offering->with_link)
		link_make(&offering->link, LINK_SWAP_PATH);
	job->drop = wipe;
	pg_text(&args, swap_terms_json(&job->ask, &deal->terms));
	pg_time(&args, offering->expires);
	pg_bytea(&args, offering->with_link ? offering->link.sha256 : NULL,
	    sizeof offering->link.sha256);
	/* What is overruled now need not be overruled again by who accepts. */
	pg_text_array(&args, failed, deal->force ? count : 0);
	pg_text(&args, deal->reason);
	pg_text(&args, job->ask.account->name);
	job_write(job, &API_SWAP_OFFER, &args, on_offered);
}

static void
read_expiry(struct ask *ask, const json_t *body, struct offering *offering)
{
	offering->expires =
	    ask_body_time(ask, body, "expires", ASK_OPTIONAL, offering->deal.terms.times[0].start);
	if (json_object_get(body, "expires") != NULL && offering->expires <= ask->now)
		ask_fault(ask, "$.expires", "is over already");
}

/* Who may offer is known when the rota and the people are. */
static void
judge(struct ask *ask, struct swap_deal *deal)
{
	const struct swap_sides *sides = &deal->terms.sides;

	if (!rights_swap_offers(ask->region, ask->account, sides)) {
		ask_refuse(ask, 403,
		    "A shift is offered by the person who gives it, or by a manager of its rota.");
		return;
	}
	deal->may_force = rights_swap_forces(ask->region, ask->account, sides);
	if (deal->force && !deal->may_force)
		ask_refuse(ask, 403,
		    "A check is overruled by a manager of the rota, or of who takes the shift.");
	swap_deal_check(ask, deal, false);
}

void
view_swap_offer(struct ask *ask)
{
	static const char *const members[] = {"rota", "gives", "takes", "start", "end", "in_return",
	    "expires", "link", "force", "reason", NULL};
	struct offering offering = {.deal = {.dry = ask_yes(ask, "dry_run"), .puts_on = true}};
	json_t *body = ask_body(ask, members);
	struct job *job;

	if (body != NULL) {
		swap_terms_read(ask, body, &offering.deal.terms);
		swap_deal_read(ask, body, &offering.deal);
		offering.with_link = member_switch(ask, body, "link");
		read_expiry(ask, body, &offering);
		json_decref(body);
	}
	if (ask->faults.count == 0 && ask->refused == 0)
		judge(ask, &offering.deal);
	if (!ask_fine(ask))
		return;
	job = job_new(ask, sizeof offering);
	*(struct offering *)job->data = offering;
	/* A dry run says what stops it in its answer, beside the effect. */
	if (offering.deal.dry)
		swap_deal_try(job);
	else if (!swap_deal_refused(job, job->data))
		write_offer(job);
}
