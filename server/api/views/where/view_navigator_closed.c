/* SPDX-License-Identifier: MIT */
#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/ask/plain_page.h"
#include "server/api/ask/rights_links.h"
#include "server/api/views/parts/closed_form.h"
#include "server/api/views/views.h"
#include "server/base/instant.h"

/*
 * /closed-navigator/{id}?key=…: the page of a secret link by which a navigator, such as a crisis cafe, says that it is
 * closed tonight. To open it changes nothing, since mail programs and scanners open links; the form on it does.
 */

struct saying {
	uint32_t navigator;
	const char *key; /* of the link; it stands in the address anyway */
	int64_t until;   /* INSTANT_NONE: open again */
};

static void
read_card(struct ask *ask, struct saying *out)
{
	struct slice id = web_param(ask->exchange, "id");
	char *code = text_is_code(id) ? arena_strndup(ask->arena, id.at, id.len) : NULL;

	out->navigator = rights_link_thing(ask->region, LINK_NAVIGATOR, code);
	if (!ask->linked || out->navigator == REGION_NONE ||
	    !rights_link_opens(ask->region, ask->account, &ask->token->link, out->navigator))
		ask_refuse(ask, 404, "%s", ASK_NO_LINK);
	else
		out->key = ask_text(ask, "key");
}

static void
add_state(struct buf *out, const struct ask *ask, struct span_time closed)
{
	char until[ZONE_TEXT_MAX];

	if (span_is_empty(closed)) {
		buf_add_text(out,
		    "<p>Nothing says that you are closed. If you say so, it is told to:</p>\n");
		return;
	}
	zone_text(ask->map->setup->zone, closed.end, until);
	plain_page_add(out, "<section class=\"gap\"><p class=\"strong\">Closed until ", until,
	    ".</p></section>\n<p>This is told to:</p>\n");
}

static void
add_who(struct buf *out, const struct ask *ask, const struct region_navigator *card)
{
	const struct region *region = ask->region;

	buf_add_text(out, "<ul>\n");
	for (uint32_t i = 0; i < card->places.count; i++)
		plain_page_add(out, "<li>everybody who looks at ",
		    region->places[card->places.items[i]].name, ", or at a place below it</li>\n");
	for (uint32_t i = 0; i < card->areas.count; i++)
		plain_page_add(out, "<li>everybody who looks at ",
		    region->places[region->areas[card->areas.items[i]].place].name,
		    ", or at a place below it</li>\n");
	plain_page_add(out, "<li>the rota managers of ",
	    region->organisations[card->organisation].name, "</li>\n</ul>\n");
}

void
view_navigator_closed(struct ask *ask)
{
	struct saying saying = {0};
	const struct region_navigator *card;
	struct span_time closed;
	struct buf out = {0};

	read_card(ask, &saying);
	if (!ask_fine(ask))
		return;
	card = &ask->region->navigators[saying.navigator];
	closed = closings_at(ask->map->closings, saying.navigator, ask->now);
	plain_page_begin(&out, "Closed tonight");
	plain_page_add(&out, "<h1>", card->name, "</h1>\n");
	add_state(&out, ask, closed);
	add_who(&out, ask, card);
	closed_form_add(&out, saying.key, !span_is_empty(closed));
	plain_page_reply(ask->exchange, &out);
	ask_end(ask);
}

/* Back to the page, which says what is so now. */
static void
on_said(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct saying *saying = job->data;
	struct json_out out = {0};

	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	out_object(&out, NULL);
	out_object_end(&out);
	ask_reply_with(&job->ask, 303, &out,
	    arena_printf(job->ask.arena, "Location: /closed-navigator/%s?key=%s\r\n",
		job->ask.region->navigators[saying->navigator].id, saying->key));
	job_end(job);
}

void
view_navigator_closed_say(struct ask *ask)
{
	struct saying saying = {.until = INSTANT_NONE};
	struct pg_args args = {0};
	struct job *job;

	read_card(ask, &saying);
	if (ask->refused == 0)
		saying.until = closed_form_read(ask);
	if (!ask_fine(ask))
		return;
	pg_text(&args, ask->region->navigators[saying.navigator].id);
	if (saying.until != INSTANT_NONE)
		pg_time(&args, saying.until);
	pg_text(&args, arena_printf(ask->arena, "link/%s", ask->token->id));
	job = job_new(ask, sizeof saying);
	*(struct saying *)job->data = saying;
	job_write(job, saying.until != INSTANT_NONE ? &API_NAVIGATOR_CLOSE : &API_NAVIGATOR_REOPEN,
	    &args, on_said);
}
