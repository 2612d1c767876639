/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/ask/plain_page.h"
#include "server/api/ask/rights_links.h"
#include "server/api/views/parts/closed_form.h"
#include "server/api/views/views.h"
#include "server/base/vec.h"

/*
 * /closed/{id}?key=…: the page of a secret link by which a service, such as a crisis cafe, says that it is closed
 * tonight. To open it changes nothing, since mail programs and scanners open links; the form on it makes an
 * override by which the service's rotas have nobody until the hour that is given, tomorrow noon at the latest.
 */

struct closing {
	uint32_t service;
	const char *key;   /* of the link; it stands in the address anyway */
	const char *actor; /* "link/ID" */
	const char **rotas;
	size_t nrotas;
	int64_t until; /* INSTANT_NONE: open again */
};

/* --------------------------------------------------------------------------------------- the request */

/* The service of the path, which the link must be of. */
static void
read_service(struct ask *ask, struct closing *out)
{
	struct slice id = web_param(ask->exchange, "id");
	char *code = text_is_code(id) ? arena_strndup(ask->arena, id.at, id.len) : NULL;
	const struct region_service *service;

	out->service = code ? table_get(&ask->region->service_by_id, code) : REGION_NONE;
	if (!ask->linked || out->service == REGION_NONE ||
	    !rights_link_opens(ask->region, ask->account, &ask->token->link, out->service)) {
		ask_refuse(ask, 404, "%s", ASK_NO_LINK);
		return;
	}
	service = &ask->region->services[out->service];
	out->key = ask_text(ask, "key");
	out->actor = arena_printf(ask->arena, "link/%s", ask->token->id);
	out->rotas = arena_array(ask->arena, service->rotas.count + 1, sizeof *out->rotas);
	for (uint32_t i = 0; i < service->rotas.count; i++)
		out->rotas[out->nrotas++] = ask->region->rotas[service->rotas.items[i]].id;
}

/* --------------------------------------------------------------------------------------------- the page */

/* Whom ${region} says is told of gaps of the service: owners, deputies and commissioners, each once. */
static void
add_told(struct buf *out, const struct ask *ask, uint32_t service)
{
	const struct region *region = ask->region;
	VEC(const char *) told = {0};

	for (uint32_t i = 0; i < region->ndemands; i++) {
		const struct region_demand *demand = &region->demands[i];
		const struct region_requirement *requirement =
		    &region->requirements[demand->requirement];
		const char *who[2 + REGION_COMMISSIONERS_MAX] = {
		    requirement->owner, requirement->deputy};
		bool ours = false;

		for (uint32_t j = 0; j < demand->services.count; j++)
			ours |= demand->services.items[j] == service;
		for (uint32_t j = 0; j < requirement->ncommissioners; j++)
			who[2 + j] = requirement->commissioners[j].who;
		for (size_t j = 0; ours && j < sizeof who / sizeof *who; j++) {
			bool known = who[j] == NULL;

			for (size_t k = 0; !known && k < told.count; k++)
				known = strcmp(told.items[k], who[j]) == 0;
			if (!known)
				*VEC_PUSH(ask->arena, &told) = who[j];
		}
	}
	for (size_t i = 0; i < told.count; i++) {
		uint32_t organisation = table_get(&region->organisation_by_code, told.items[i]);

		buf_add_text(out, "<li>");
		plain_page_text(out, organisation == TABLE_NONE
					 ? told.items[i]
					 : region->organisations[organisation].name);
		buf_add_text(out, ", who answers for gaps in this cover</li>\n");
	}
}

static void
add_who(struct buf *out, const struct ask *ask, uint32_t index)
{
	const struct region *region = ask->region;
	const struct region_service *service = &region->services[index];

	buf_add_text(out, "<ul>\n");
	for (uint32_t i = 0; i < service->places.count; i++) {
		buf_add_text(out, "<li>everybody who looks at ");
		plain_page_text(out, region->places[service->places.items[i]].name);
		buf_add_text(out, "</li>\n");
	}
	if (service->organisation != REGION_NONE) {
		buf_add_text(out, "<li>the rota managers of ");
		plain_page_text(out, region->organisations[service->organisation].name);
		buf_add_text(out, "</li>\n");
	}
	add_told(out, ask, index);
	buf_add_text(out, "</ul>\n");
}

static void
on_state(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct closing *closing = job->data;
	const struct ask *ask = &job->ask;
	bool closed = !pg_is_null(rows, 0, API_CLOSING_UNTIL);
	bool own = pg_get_bool(rows, 0, API_CLOSING_OWN);
	char until[ZONE_TEXT_MAX];
	struct buf out = {0};

	(void)st;
	plain_page_begin(&out, "Closed tonight");
	buf_add_text(&out, "<h1>");
	plain_page_text(&out, ask->region->services[closing->service].name);
	buf_add_text(&out, "</h1>\n");
	if (closed) {
		zone_text(ask->map->setup->zone, pg_get_time(rows, 0, API_CLOSING_UNTIL), until);
		buf_add_text(&out, "<section class=\"gap\"><p class=\"strong\">Closed until ");
		plain_page_text(&out, until);
		buf_add_text(&out, ".</p></section>\n<p>This is told to:</p>\n");
	} else
		buf_add_text(&out,
		    "<p>Nothing says that you are closed. If you say so, it is told to:</p>\n");
	add_who(&out, ask, closing->service);
	closed_form_add(&out, closing->key, closed && own);
	plain_page_reply(ask->exchange, &out);
	job_end(job);
}

static struct job *
job_of(struct ask *ask, const struct closing *closing)
{
	struct job *job = job_new(ask, sizeof *closing);

	*(struct closing *)job->data = *closing;
	return job;
}

void
view_closed(struct ask *ask)
{
	struct closing closing = {.until = INSTANT_NONE};
	struct pg_args args = {0};

	read_service(ask, &closing);
	if (!ask_fine(ask))
		return;
	pg_text_array(&args, closing.rotas, closing.nrotas);
	pg_text(&args, closing.actor);
	job_call(job_of(ask, &closing), &API_CLOSING, &args, on_state);
}

/* --------------------------------------------------------------------------------------------- the deed */

/* Back to the page, which says what is so now. */
static void
on_said(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct closing *closing = job->data;
	struct json_out out = {0};

	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	out_object(&out, NULL);
	out_object_end(&out);
	ask_reply_with(&job->ask, 303, &out,
	    arena_printf(job->ask.arena, "Location: /closed/%s?key=%s\r\n",
		job->ask.region->services[closing->service].id, closing->key));
	job_end(job);
}

void
view_closed_say(struct ask *ask)
{
	struct closing closing = {.until = INSTANT_NONE};
	struct pg_args args = {0};

	read_service(ask, &closing);
	if (ask->refused == 0)
		closing.until = closed_form_read(ask);
	if (!ask_fine(ask))
		return;
	pg_text(&args, ask->region->services[closing.service].id);
	pg_text_array(&args, closing.rotas, closing.nrotas);
	if (closing.until != INSTANT_NONE)
		pg_time(&args, closing.until);
	pg_text(&args, closing.actor);
	job_write(job_of(ask, &closing),
	    closing.until != INSTANT_NONE ? &API_CLOSING_PUT : &API_CLOSING_TAKE_BACK, &args,
	    on_said);
}
