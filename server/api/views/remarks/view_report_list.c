/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/rights_remarks.h"
#include "server/api/views/parts/manual.h"
#include "server/api/views/parts/numbered.h"
#include "server/api/views/remarks/remark_wish.h"
#include "server/api/views/views.h"

/* GET /v1/contacts: what was reported of the rotas and services that the account keeps, and POST
 * …/settle, that somebody has seen to it. Each report by itself: nobody's are counted. */

#define NOTE_MAX_BYTES 400

/* ----------------------------------------------------------------------------------------- list */

static void
put_report(struct json_out *out, const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	out_object(out, NULL);
	out_int(out, "id", pg_get_int(rows, row, API_REPORTS_ID));
	out_time(out, "at", pg_get_time(rows, row, API_REPORTS_AT));
	out_time(out, "until", pg_get_time(rows, row, API_REPORTS_UNTIL));
	out_text(out, "by", pg_get_text(rows, row, API_REPORTS_ACCOUNT));
	out_text(out, "place", pg_get_text(rows, row, API_REPORTS_PLACE));
	out_text(out, "function", pg_get_text(rows, row, API_REPORTS_FUNCTION));
	out_text(out, "wanted", pg_get_text(rows, row, API_REPORTS_WANTED));
	out_text(out, "service", pg_get_text(rows, row, API_REPORTS_SERVICE));
	out_text(out, "rota", pg_get_text(rows, row, API_REPORTS_ROTA));
	manual_put_person(out, ask, "person", pg_get_text(rows, row, API_REPORTS_PERSON));
	out_text(out, "outcome", pg_get_text(rows, row, API_REPORTS_OUTCOME));
	out_bool(out, "open", pg_get_bool(rows, row, API_REPORTS_OPEN));
	out_bool(out, "told", pg_get_bool(rows, row, API_REPORTS_TOLD));
	out_time(out, "withdrawn_at",
	    pg_get_time_or(rows, row, API_REPORTS_WITHDRAWN_AT, INSTANT_NEVER));
	out_time(
	    out, "settled_at", pg_get_time_or(rows, row, API_REPORTS_SETTLED_AT, INSTANT_NEVER));
	out_text(out, "settled_by", pg_get_text(rows, row, API_REPORTS_SETTLED_BY));
	out_text(out, "settle_note",
	    ask_shown_text(ask, pg_get_text(rows, row, API_REPORTS_SETTLE_NOTE)));
	out_object_end(out);
}

struct report_list {
	uint32_t limit;
	const char *rota; /* or NULL */
};

static void
on_listed(struct job *job, enum status st, const struct pg_rows *rows)
{
	static const struct numbered_list reports = {
	    .name = "contacts",
	    .id = API_REPORTS_ID,
	    .put = put_report,
	};
	const struct report_list *list = job->data;

	(void)st;
	if (numbered_reply(job, &reports, list->limit, rows) > 0)
		ask_read(&job->ask, READ_REPORTS, list->rota, NULL, INSTANT_NONE);
	job_end(job);
}

/* The rotas and services whose reports the account sees; of one rota, those of it and of its service's
 * line. */
static void
send_kept(struct ask *ask, uint32_t rota, struct pg_args *args)
{
	const struct region *region = ask->region;
	const char **rotas = arena_array(ask->arena, region->nrotas + 1, sizeof *rotas);
	const char **services = arena_array(ask->arena, region->nservices + 1, sizeof *services);
	size_t nrotas = 0, nservices = 0;

	for (uint32_t i = 0; i < region->nrotas; i++)
		if ((rota == REGION_NONE || rota == i) && region->rotas[i].service != REGION_NONE &&
		    rights_keeps_reports(region, ask->account, i, REGION_NONE))
			rotas[nrotas++] = region->rotas[i].id;
	for (uint32_t i = 0; i < region->nservices; i++)
		if ((rota == REGION_NONE || region->rotas[rota].service == i) &&
		    rights_keeps_reports(region, ask->account, REGION_NONE, i))
			services[nservices++] = region->services[i].id;
	/* Ids and not a rule: who keeps what is decided in one place, ask/rights_remarks. */
	pg_text_array(args, rotas, nrotas);
	pg_text_array(args, services, nservices);
}

void
view_reports(struct ask *ask)
{
	uint32_t rota = ask_rota(ask), place = ask_place(ask);
	struct numbered_page page = numbered_page(ask, INT64_MAX);
	bool open = ask_yes(ask, "open");
	struct pg_args args = {0};
	struct job *job;

	if (rota != REGION_NONE && !rights_change_rota(ask->region, ask->account, rota))
		ask_refuse(ask, 403, ASK_OTHERS_ROTA);
	if (!ask_fine(ask))
		return;
	send_kept(ask, rota, &args);
	pg_text(&args, place == REGION_NONE ? NULL : ask->region->places[place].code);
	pg_bool(&args, open);
	pg_int8(&args, page.cursor);
	pg_int8(&args, (int64_t)page.limit + 1);
	job = job_new(ask, sizeof(struct report_list));
	*(struct report_list *)job->data = (struct report_list){
	    page.limit, rota == REGION_NONE ? NULL : job->ask.region->rotas[rota].id};
	job_call(job, &API_REPORTS, &args, on_listed);
}

/* --------------------------------------------------------------------------------------- settle */

struct settling {
	int64_t id;
	const char *note;
};

/* The same answer for a number that does not exist and one of others' rotas. */
static const char none[] =
    "There is no report with this number. Or it is of a rota or service that this account does not keep.";

static void
on_settled(struct job *job, enum status st, const struct pg_rows *rows)
{
	const char *why = pg_get_text(rows, 0, API_REPORT_SETTLE_REFUSED);

	(void)st;
	if (why == NULL)
		ask_reply_nothing(&job->ask, NULL);
	else if (strcmp(why, "done") == 0)
		problem_reply(job->ask.exchange, 409,
		    "There is nothing to do: somebody was reached, or the report was settled or taken back before.");
	else
		problem_reply(job->ask.exchange, 404, none);
	job_end(job);
}

/* A rota or a service that has left the region is nobody's but an administrator's. */
static bool
may_settle(const struct ask *ask, const struct pg_rows *rows)
{
	const struct region *region = ask->region;
	const char *rota;
	uint32_t index;

	if (pg_rows_count(rows) == 0)
		return false;
	/* A report about a team's line has no rota: its service says who keeps it. */
	rota = pg_get_text(rows, 0, API_REPORT_OF_ROTA);
	index = rota != NULL ? table_get(&region->rota_by_id, rota)
			     : table_get(&region->service_by_id,
				   pg_get_text(rows, 0, API_REPORT_OF_SERVICE));
	if (index == TABLE_NONE)
		return ask->account->role == ROLE_ADMINISTRATOR;
	return rota != NULL ? rights_keeps_reports(region, ask->account, index, REGION_NONE)
			    : rights_keeps_reports(region, ask->account, REGION_NONE, index);
}

static void
on_found(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct settling *settling = job->data;
	struct pg_args args = {0};

	(void)st;
	if (!may_settle(&job->ask, rows)) {
		job_problem(job, 404, none);
		return;
	}
	pg_int8(&args, settling->id);
	pg_text(&args, settling->note);
	pg_text(&args, job->ask.account->name);
	job_write(job, &API_REPORT_SETTLE, &args, on_settled);
}

void
view_report_settle(struct ask *ask)
{
	static const char *const members[] = {"note", NULL};
	json_t *body = ask_body(ask, members);
	struct settling settling = {
	    .id = ask_id_named(ask, web_param(ask->exchange, "id"), "report"),
	    .note = remark_text(ask, body, "note", NOTE_MAX_BYTES, ASK_OPTIONAL),
	};
	struct pg_args args = {0};
	struct job *job;

	json_decref(body);
	if (!ask_fine(ask))
		return;
	pg_int8(&args, settling.id);
	job = job_new(ask, sizeof settling);
	*(struct settling *)job->data = settling;
	/* What the report is about must be known before the right to settle it can be. */
	job_call(job, &API_REPORT_OF, &args, on_found);
}
