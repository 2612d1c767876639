/* SPDX-License-Identifier: MIT */
#include <jansson.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/form.h"
#include "server/api/ask/link.h"
#include "server/api/ask/plain_page.h"
#include "server/api/views/parts/manual.h"
#include "server/api/views/swaps/swap_deal.h"
#include "server/api/views/views.h"

/*
 * /swap?key=…: a page for who is to take a shift and has no account, by a link that works once. What opens
 * links by itself, such as a mail program that looks for harmful pages, sends GET, which shows the offer and
 * changes nothing; the two buttons send POST.
 */

#define SHA256_BYTES 32

static const char no_link[] =
    "This link is none, or none any more: the offer was answered or taken back, or its time is over. Ask who sent it to you.";

struct bearer {
	struct swap_deal deal;
	uint8_t sha256[SHA256_BYTES];
	bool accepts;
};

/* False: the link has not the form of one, and the request is answered. */
static bool
read_link(struct ask *ask, struct bearer *bearer)
{
	struct slice key = {0};

	if (!web_query(ask->exchange, "key", &key) || !link_hash(key, bearer->sha256))
		ask_refuse(ask, 404, "%s", no_link);
	return ask_fine(ask);
}

static void
look(struct ask *ask, const struct bearer *bearer, job_take_fn *take)
{
	struct pg_args args = {0};
	struct job *job;

	pg_bytea(&args, bearer->sha256, sizeof bearer->sha256);
	job = job_new(ask, sizeof *bearer);
	*(struct bearer *)job->data = *bearer;
	job_call(job, &API_SWAP_LINKED, &args, take);
}

/* Whether there is an offer that can still be answered; if not, replies and ends ${job}. */
static bool
found(struct job *job, const struct pg_rows *rows)
{
	struct swap_deal *deal = &((struct bearer *)job->data)->deal;

	if (pg_rows_count(rows) != 1)
		return job_problem(job, 404, no_link);
	deal->id = pg_get_int(rows, 0, API_SWAPS_ID);
	swap_terms_load(&job->ask, rows, 0, &deal->terms);
	/* Something of it has left the region; the page has no account to tell it to. */
	for (uint32_t i = 0; i < deal->terms.sides.count; i++)
		if (deal->terms.sides.rotas[i] == REGION_NONE ||
		    deal->terms.sides.gives[i] == REGION_NONE ||
		    deal->terms.sides.takes[i] == REGION_NONE)
			return job_problem(job, 409, no_link);
	return true;
}

/* ------------------------------------------------------------------------------------ the page */

static void
add_shift(struct buf *out, const struct ask *ask, const struct swap_terms *terms, uint32_t nth)
{
	const struct region *region = ask->region;
	const struct region_service *service =
	    &region->services[region->rotas[terms->sides.rotas[nth]].service];
	char from[ZONE_TEXT_MAX], to[ZONE_TEXT_MAX];

	zone_text(ask->map->setup->zone, terms->times[nth].start, from);
	zone_text(ask->map->setup->zone, terms->times[nth].end, to);
	plain_page_add(out, "<li><strong>", service->name, "</strong>, ");
	plain_page_add(out, "", from, " to ");
	plain_page_add(out, "", to, ": ");
	plain_page_add(
	    out, "", region_person(region, terms->sides.gives[nth])->name, " gives it to ");
	plain_page_add(out, "", region_person(region, terms->sides.takes[nth])->name, "</li>\n");
}

/* Without an address, so that the form goes to the page that it stands on. */
static void
add_offer(struct buf *out, const struct ask *ask, const struct swap_deal *deal)
{
	buf_add_text(out, "<h1>A swap is offered to you</h1>\n<ul>\n");
	for (uint32_t i = 0; i < deal->terms.sides.count; i++)
		add_shift(out, ask, &deal->terms, i);
	buf_add_text(out,
	    "</ul>\n<form method=\"post\">\n"
	    "<button type=\"submit\" name=\"answer\" value=\"accept\">Accept</button>\n"
	    "<button type=\"submit\" name=\"answer\" value=\"refuse\">Refuse</button>\n"
	    "</form>\n<p>Nothing changes before you press one of them. If you are not the person "
	    "who is to take the shift, close this page.</p>\n");
}

/* That names were shown is noted, as of every answer; by whom is not known. */
static void
note_read(const struct ask *ask)
{
	reads_note(ask->api->reads, &(struct read){
					.route = READ_SWAP_LINK,
					.account = "link",
					.at = INSTANT_NONE,
					.known_at = INSTANT_NONE,
					.now = ask->now,
				    });
}

static void
on_looked(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct bearer *bearer = job->data;
	struct buf out = {0};

	(void)st;
	if (!found(job, rows))
		return;
	note_read(&job->ask);
	plain_page_begin(&out, "A swap is offered to you");
	add_offer(&out, &job->ask, &bearer->deal);
	plain_page_reply(job->ask.exchange, &out);
	job_end(job);
}

/* The link may be opened from any site: it is not asked where the request comes from. */
void
view_swap_link(void *ctx, struct web_exchange *exchange)
{
	struct bearer bearer = {.accepts = false};
	struct ask ask;

	if (!ask_begin_sent(&ask, ctx, exchange))
		return;
	if (read_link(&ask, &bearer))
		look(&ask, &bearer, on_looked);
}

/* /swap/accepted and /swap/refused: where the answer to the form leads. */
void
view_swap_done(void *ctx, struct web_exchange *exchange)
{
	struct slice answer = web_param(exchange, "answer");
	bool accepted = slice_is(answer, "accepted");
	struct buf out = {0};

	(void)ctx;
	if (!accepted && !slice_is(answer, "refused")) {
		problem_reply(exchange, 404, no_link);
		return;
	}
	plain_page_begin(&out, accepted ? "Swap accepted" : "Swap refused");
	buf_add_text(&out,
	    accepted
		? "<h1>Swap accepted</h1>\n<p>You are on for this shift now. Who offered it sees that "
		  "you have accepted.</p>\n"
		: "<h1>Swap refused</h1>\n<p>Nothing has changed. Who offered it sees that you have "
		  "refused.</p>\n");
	plain_page_reply(exchange, &out);
}

/* ---------------------------------------------------------------------------------- the answer */

static void
on_answered(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct bearer *bearer = job->data;
	struct json_out out = {0};

	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	/* A reply of a write is kept until its commit, and kept replies are JSON: what the browser is
	 * shown comes from the page that it is led to. */
	out_object(&out, NULL);
	out_int(&out, "id", bearer->deal.id);
	out_text(&out, "state", bearer->accepts ? "accepted" : "refused");
	out_object_end(&out);
	ask_reply_with(&job->ask, 303, &out,
	    bearer->accepts ? "Location: /swap/accepted\r\n" : "Location: /swap/refused\r\n");
	job_end(job);
}

static void
on_found(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct bearer *bearer = job->data;
	struct pg_args args = {0};
	const char *why = NULL;

	(void)st;
	if (!found(job, rows))
		return;
	if (bearer->accepts) {
		swap_deal_check(&job->ask, &bearer->deal, true);
		why = swap_deal_stops(&job->ask, &bearer->deal);
	}
	if (why != NULL) {
		note_read(&job->ask);
		job_problem(job, 409, why);
		return;
	}
	pg_int8(&args, bearer->deal.id);
	/* Nobody is signed in: the record has the link, and who offered it. */
	pg_text(&args, NULL);
	pg_text(&args, "link");
	/* Who holds a link overrules no check, and gives no reason. */
	if (bearer->accepts)
		pg_bool(&args, false);
	pg_text(&args, NULL);
	job_write(job, bearer->accepts ? &API_SWAP_ACCEPT : &API_SWAP_REFUSE, &args, on_answered);
}

void
view_swap_link_answer(struct ask *ask)
{
	struct bearer bearer = {.accepts = false};
	json_t *fields = form_read(web_body(ask->exchange));
	const char *answer = json_string_value(json_object_get(fields, "answer"));

	if (answer == NULL || (strcmp(answer, "accept") != 0 && strcmp(answer, "refuse") != 0))
		ask_fault(ask, "answer", "is neither accept nor refuse");
	bearer.accepts = answer != NULL && strcmp(answer, "accept") == 0;
	json_decref(fields);
	if (read_link(ask, &bearer))
		look(ask, &bearer, on_found);
}
