/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/etag.h"
#include "server/api/ask/job.h"
#include "server/api/ask/rights_protocols.h"
#include "server/api/views/parts/protocol_words.h"
#include "server/api/views/views.h"
#include "server/base/civil.h"

/* GET /v1/protocols, /v1/protocols/{id}, /v1/protocols/{id}/pdf: which there are, from memory; the editions of one, and its
 * file, from the record. */

static const char none[] = "There is no protocol with this number.";

static int64_t
today_of(const struct ask *ask)
{
	return civil_day_of(zone_local(ask->map->setup->zone, ask->now));
}

/* ----------------------------------------------------------------------------------------- list */

struct wanted {
	uint32_t function;
	bool overdue, mine;
	int64_t today;
};

static bool
is_wanted(const struct ask *ask, const struct wanted *wanted, const struct kept_protocol *protocol)
{
	return (wanted->function == REGION_NONE || protocol->function == wanted->function) &&
	       (!wanted->overdue || protocol_overdue(protocol, wanted->today)) &&
	       (!wanted->mine || strcmp(protocol->owner, ask->account->name) == 0);
}

/* Who looks after it is an account, which may be somebody's name: for those who keep protocols there, who review, and
 * that account. */
static const char *
owner_shown(const struct ask *ask, const struct kept_protocol *protocol)
{
	if (strcmp(protocol->owner, ask->account->name) == 0 ||
	    rights_has(ask->account, RIGHT_REVIEW) ||
	    rights_keeps_protocols(ask->region, ask->account, protocol->place))
		return protocol->owner;
	return NULL;
}

typedef VEC(const struct kept_protocol *) protocol_list;

/* All that the account may read: they are in the order of their places, so that each place is judged once. */
static struct kept_protocols
all_of(const struct ask *ask, int64_t today)
{
	const struct protocols *protocols = ask->map->protocols;
	protocol_list list = {0};
	bool may = false;

	for (size_t i = 0; i < protocols->count; i++) {
		const struct kept_protocol *one = &protocols->items[i];

		if (i == 0 || protocols->items[i - 1].place != one->place)
			may = rights_reads_protocols(ask->region, ask->account, one->place, today);
		if (may)
			*VEC_PUSH(ask->arena, &list) = one;
	}
	return (struct kept_protocols){list.items, list.count};
}

/* The index after the protocol that a page ended with. */
static size_t
after(struct ask *ask, struct kept_protocols list, const char *cursor)
{
	int64_t id = 0;

	if (cursor == NULL)
		return 0;
	if (text_int(slice_of(cursor), 1, INT64_MAX, &id))
		for (size_t i = 0; i < list.count; i++)
			if (list.items[i]->id == id)
				return i + 1;
	ask_fault(ask, "query.cursor", "is not a cursor that this list gave");
	return 0;
}

static void
put_one(struct json_out *out, const struct ask *ask, const struct kept_protocol *protocol,
    int64_t today)
{
	out_object(out, NULL);
	protocol_put(out, ask->region, protocol, today);
	out_text(out, "owner", owner_shown(ask, protocol));
	out_time(out, "since", protocol->at);
	out_object_end(out);
}

static void
reply_list(struct ask *ask, const struct wanted *wanted, struct kept_protocols list, size_t at,
    uint32_t limit)
{
	const struct kept_protocol *last = NULL;
	struct json_out out = {0};
	uint32_t shown = 0;

	out_object(&out, NULL);
	out_array(&out, "protocols");
	for (; at < list.count && shown < limit; at++) {
		if (!is_wanted(ask, wanted, list.items[at]))
			continue;
		last = list.items[at];
		put_one(&out, ask, last, wanted->today);
		shown++;
	}
	out_array_end(&out);
	out_text(&out, "next_cursor",
	    shown == limit && at < list.count
		? arena_printf(ask->arena, "%lld", (long long)last->id)
		: NULL);
	out_object_end(&out);
	ask_reply(ask, &out);
	ask_end(ask);
}

void
view_protocols(struct ask *ask)
{
	uint32_t place = ask_place(ask);
	struct wanted wanted = {
	    ask_function(ask), ask_yes(ask, "overdue"), ask_yes(ask, "mine"), today_of(ask)};
	struct ask_page page = ask_page(ask);
	struct kept_protocols list = {0};
	size_t at;

	if (ask->refused == 0 && place != REGION_NONE)
		list = protocols_at(ask->arena, ask->map->protocols,
		    &(struct protocols_asked){
			ask->region, place, wanted.function, wanted.today, INSTANT_END});
	else if (ask->refused == 0)
		list = all_of(ask, wanted.today);
	at = after(ask, list, page.cursor);
	if (ask_fine(ask))
		reply_list(ask, &wanted, list, at, page.limit);
}

/* ------------------------------------------------------------------------------------- editions */

/* Whether the account may read what is of the place with this code. */
static bool
reads(const struct ask *ask, const char *code)
{
	uint32_t place = table_get(&ask->region->place_by_code, code);

	if (place == TABLE_NONE)
		return rights_has(ask->account, RIGHT_REVIEW) && ask->account->nplaces == 0;
	return rights_reads_protocols(ask->region, ask->account, place, today_of(ask));
}

static void
put_edition(
    struct json_out *out, const struct ask *ask, const struct pg_rows *rows, size_t row, bool names)
{
	out_object(out, NULL);
	out_int(out, "edition", pg_get_int(rows, row, API_PROTOCOL_EDITIONS_EDITION));
	out_text(out, "place", pg_get_text(rows, row, API_PROTOCOL_EDITIONS_PLACE));
	out_text(out, "function", pg_get_text(rows, row, API_PROTOCOL_EDITIONS_FUNCTION));
	out_text(
	    out, "name", ask_shown_text(ask, pg_get_text(rows, row, API_PROTOCOL_EDITIONS_NAME)));
	out_text(out, "version",
	    ask_shown_text(ask, pg_get_text(rows, row, API_PROTOCOL_EDITIONS_VERSION)));
	out_text(out, "review", pg_get_text(rows, row, API_PROTOCOL_EDITIONS_REVIEW));
	out_text(out, "url", pg_get_text(rows, row, API_PROTOCOL_EDITIONS_URL));
	out_text(out, "sha256", pg_get_text(rows, row, API_PROTOCOL_EDITIONS_SHA256));
	out_text(out, "owner", names ? pg_get_text(rows, row, API_PROTOCOL_EDITIONS_OWNER) : NULL);
	out_time(out, "at", pg_get_time(rows, row, API_PROTOCOL_EDITIONS_AT));
	out_text(out, "by", names ? pg_get_text(rows, row, API_PROTOCOL_EDITIONS_ACCOUNT) : NULL);
	out_time(out, "ended_at",
	    pg_get_time_or(rows, row, API_PROTOCOL_EDITIONS_ENDED_AT, INSTANT_NEVER));
	out_text(
	    out, "ended_by", names ? pg_get_text(rows, row, API_PROTOCOL_EDITIONS_ENDED_BY) : NULL);
	out_text(
	    out, "why", ask_shown_text(ask, pg_get_text(rows, row, API_PROTOCOL_EDITIONS_WHY)));
	out_object_end(out);
}

/* Accounts are named to those who keep protocols there, and who review. */
static bool
names_accounts(const struct ask *ask, const char *code)
{
	uint32_t place = table_get(&ask->region->place_by_code, code);

	return rights_has(ask->account, RIGHT_REVIEW) ||
	       (place != TABLE_NONE && rights_keeps_protocols(ask->region, ask->account, place));
}

static void
on_editions(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct ask *ask = &job->ask;
	size_t count = pg_rows_count(rows);
	struct json_out out = {0};
	const char *place;

	(void)st;
	place = count > 0 ? pg_get_text(rows, 0, API_PROTOCOL_EDITIONS_PLACE) : NULL;
	if (place == NULL || !reads(ask, place)) {
		problem_reply(ask->exchange, 404, none);
		job_end(job);
		return;
	}
	out_object(&out, NULL);
	out_int(&out, "id", *(const int64_t *)job->data);
	out_array(&out, "editions");
	for (size_t i = 0; i < count; i++)
		put_edition(&out, ask, rows, i, names_accounts(ask, place));
	out_array_end(&out);
	out_object_end(&out);
	ask_reply(&job->ask, &out);
	job_end(job);
}

void
view_protocol(struct ask *ask)
{
	int64_t id = ask_id_named(ask, web_param(ask->exchange, "id"), "protocol");
	struct pg_args args = {0};
	struct job *job;

	if (!ask_fine(ask))
		return;
	pg_int8(&args, id);
	job = job_new(ask, sizeof id);
	*(int64_t *)job->data = id;
	job_call(job, &API_PROTOCOL_EDITIONS, &args, on_editions);
}

/* ----------------------------------------------------------------------------------------- file */

/*
 * Somebody else made the file: it is never a part of our pages. A browser saves it, and what it may do with it then is
 * no more ours; should one show it all the same, it does so in a sandbox without scripts, forms and origin, and takes it
 * for nothing but a PDF (nosniff is on every answer). Its bytes are those that were sent, so that their SHA-256 holds: the
 * filter of what is shown does not change them.
 */
static void
reply_pdf(struct job *job, struct slice pdf)
{
	const int64_t *which = job->data;
	char etag[ETAG_MAX];
	struct web_answer answer;

	etag_of(pdf.at, pdf.len, etag);
	answer = etag_answer(etag);
	answer.type = "application/pdf";
	answer.extra = arena_printf(job->ask.arena,
	    "Content-Disposition: attachment; filename=\"protocol-%lld-%lld.pdf\"\r\n"
	    "Content-Security-Policy: sandbox; default-src 'none'\r\n",
	    (long long)which[0], (long long)which[1]);
	answer.shared = web_bytes_copy(pdf);
	web_filter(job->ask.exchange, NULL);
	web_reply(job->ask.exchange, &answer);
}

static void
on_pdf(struct job *job, enum status st, const struct pg_rows *rows)
{
	(void)st;
	if (pg_rows_count(rows) == 1 &&
	    reads(&job->ask, pg_get_text(rows, 0, API_PROTOCOL_PDF_PLACE)))
		reply_pdf(job, pg_get_bytes(rows, 0, API_PROTOCOL_PDF_PDF));
	else
		problem_reply(job->ask.exchange, 404,
		    "There is no such file: the protocol has no PDF of this edition, or there is none with this number.");
	job_end(job);
}

void
view_protocol_pdf(struct ask *ask)
{
	int64_t id = ask_id_named(ask, web_param(ask->exchange, "id"), "protocol");
	const struct kept_protocol *found = protocols_find(ask->map->protocols, id);
	int64_t edition = ask_number(ask, "edition");
	struct pg_args args = {0};
	struct job *job;

	if (edition == 0 && found == NULL)
		ask_refuse(ask, 404, none);
	if (!ask_fine(ask))
		return;
	edition = edition != 0 ? edition : found->edition;
	pg_int8(&args, id);
	pg_int4(&args, (int32_t)edition);
	job = job_new(ask, 2 * sizeof id);
	((int64_t *)job->data)[0] = id;
	((int64_t *)job->data)[1] = edition;
	job_call(job, &API_PROTOCOL_PDF, &args, on_pdf);
}
