/* SPDX-License-Identifier: MIT */
#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/ask/rights_links.h"
#include "server/api/views/parts/closed_form.h"
#include "server/api/views/views.h"
#include "server/base/instant.h"

/*
 * POST and DELETE /v1/navigators/{id}/closing: who keeps a card says that it is closed tonight, or open after all, signed in and
 * without a link. It goes into the same record as what a link says (view_navigator_closed.c).
 */

struct closing {
	const char *card;
	int64_t until; /* INSTANT_NONE: open after all */
};

static void
read_card(struct ask *ask, struct closing *out)
{
	struct slice id = web_param(ask->exchange, "id");
	char *code = text_is_code(id) ? arena_strndup(ask->arena, id.at, id.len) : NULL;
	uint32_t card = rights_link_thing(ask->region, LINK_NAVIGATOR, code);

	if (card == REGION_NONE)
		ask_refuse(ask, 404, "There is no navigator with this id.");
	else if (!rights_link(ask->region, ask->account, LINK_NAVIGATOR, card))
		ask_refuse(ask, 403,
		    "A navigator is closed and opened by the rota managers of its organisation, or by its own link.");
	else
		out->card = ask->region->navigators[card].id;
}

static void
on_written(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct closing *closing = job->data;
	struct json_out out = {0};

	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	if (closing->until == INSTANT_NONE && !pg_get_bool(rows, 0, API_NAVIGATOR_REOPEN_DONE)) {
		job_problem(
		    job, 409, "Nothing says that it is closed: it is open as its hours say.");
		return;
	}
	out_object(&out, NULL);
	out_text(&out, "id", closing->card);
	out_time(&out, "closed_until", closing->until);
	out_object_end(&out);
	ask_reply_with(&job->ask, 200, &out, NULL);
	job_end(job);
}

static void
write_closing(struct ask *ask, const struct closing *closing)
{
	bool closes = closing->until != INSTANT_NONE;
	struct pg_args args = {0};
	struct job *job;

	pg_text(&args, closing->card);
	if (closes)
		pg_time(&args, closing->until);
	pg_text(&args, ask->account->name);
	job = job_new(ask, sizeof *closing);
	*(struct closing *)job->data = *closing;
	job_write(job, closes ? &API_NAVIGATOR_CLOSE : &API_NAVIGATOR_REOPEN, &args, on_written);
}

void
view_navigator_close(struct ask *ask)
{
	static const char *const members[] = {"until", NULL};
	json_t *body = ask_body(ask, members);
	const char *until = ask_body_text(ask, body, "until", 5, ASK_OPTIONAL);
	struct closing closing = {.until = INSTANT_NONE};

	read_card(ask, &closing);
	closing.until =
	    closed_until_read(ask, "$.until", until != NULL ? until : CLOSED_USUAL_UNTIL);
	if (ask_fine(ask))
		write_closing(ask, &closing);
	json_decref(body);
}

void
view_navigator_reopen(struct ask *ask)
{
	struct closing closing = {.until = INSTANT_NONE};

	read_card(ask, &closing);
	if (ask_fine(ask))
		write_closing(ask, &closing);
}
