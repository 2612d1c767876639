/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/views/now/now_render.h"
#include "server/api/views/parts/historical.h"
#include "server/api/views/views.h"
#include "server/base/fatal.h"
#include "server/model/region_protected.h"

/*
 * GET /v1/history: what the system answered about a place at an instant, and why. The answer of
 * that time, to the byte; for each slot the bytes and the reading that it came from, the state of
 * its source, and later corrections; the gaps that were open; the accounts that asked.
 *
 * Answers about an instant do not change once it is a minute old ("settled"): until then a
 * transaction that began before it may still commit. Corrections and questions are added later.
 */

#define SETTLED_SECONDS 60
#define LOOKED_MINUTES 30
#define LOOKED_MINUTES_MAX 1440

/* In job->more, because historical_make() uses job->data and job->drop itself. */
struct history {
	int64_t looked_seconds, asked_now;
	struct historical_asked asked;
	struct lookup lookup;
	struct json_out out;
};

static struct history *
history_of(struct job *job)
{
	return job->more;
}

static void
drop(struct job *job)
{
	out_free(&history_of(job)->out);
}

static const char *
function_code(struct job *job)
{
	uint32_t function = history_of(job)->asked.function;

	return function == REGION_NONE ? NULL : job->ask.region->functions[function].code;
}

/* ----------------------------------------------------------------------------------- the slots */

static const struct historical_source *
source_of(const struct historical_asked *asked, uint32_t rota)
{
	for (size_t i = 0; i < asked->nsources; i++)
		if (asked->sources[i].rota == rota)
			return &asked->sources[i];
	return NULL;
}

static void
put_source(struct json_out *out, const struct ask *ask, const struct historical_asked *asked,
    uint32_t rota)
{
	const struct kept_feed *feed = ask->map->feeds[rota];
	const struct historical_source *source = source_of(asked, rota);

	out_object(out, "source");
	out_text(out, "state", kept_feed_standing_name(feed ? feed->facts.standing : FEED_NEVER));
	out_text(out, "fault", feed && feed->fault[0] != '\0' ? feed->fault : NULL);
	out_text(out, "freshness", freshness_name(kept_feed_freshness(feed, ask->now)));
	out_time(out, "last_good_at", feed ? feed->facts.last_good_at : INSTANT_NEVER);
	out_time(out, "last_change_at", feed ? feed->facts.last_change_at : INSTANT_NEVER);
	out_time(out, "horizon", kept_feed_horizon(feed));
	if (source != NULL && source->reading != 0)
		out_int(out, "reading", source->reading);
	else
		out_null(out, "reading");
	out_text(out, "body", source ? source->body : NULL);
	out_object_end(out);
}

/* One version of a slot: who, when, from which bytes, as it was recorded. A name is the one in the
 * region of that time; a person whom that region does not have is shown by the id. */
static void
put_version(struct json_out *out, const char *key, const struct ask *ask,
    const struct pg_rows *rows, size_t row)
{
	const char *person = pg_get_text(rows, row, API_SLOTS_SINCE_PERSON);
	uint32_t known = person ? table_get(&ask->region->person_by_id, person) : TABLE_NONE;

	out_object(out, key);
	out_int(out, "shift", pg_get_int(rows, row, API_SLOTS_SINCE_ID));
	out_text(out, "class", pg_get_text(rows, row, API_SLOTS_SINCE_CLASS));
	out_text(out, "person", ask_shown_id(ask, person));
	out_text(
	    out, "name", known == TABLE_NONE ? person : region_person(ask->region, known)->name);
	out_text(out, "team", pg_get_text(rows, row, API_SLOTS_SINCE_TEAM));
	out_text(out, "title",
	    person != ask_shown_id(ask, person)
		? REGION_WITHHELD_TEXT
		: ask_shown_text(ask, pg_get_text(rows, row, API_SLOTS_SINCE_TITLE)));
	out_time(out, "since", pg_get_time(rows, row, API_SLOTS_SINCE_STARTS_AT));
	out_time(out, "until", pg_get_time(rows, row, API_SLOTS_SINCE_ENDS_AT));
	out_time(out, "known_from", pg_get_time(rows, row, API_SLOTS_SINCE_KNOWN_FROM));
	out_time(out, "known_to", pg_get_time(rows, row, API_SLOTS_SINCE_KNOWN_TO));
	if (pg_is_null(rows, row, API_SLOTS_SINCE_READING))
		out_null(out, "reading");
	else
		out_int(out, "reading", pg_get_int(rows, row, API_SLOTS_SINCE_READING));
	/* Retention may have deleted the bytes: the hash still says which they were. */
	out_text(out, "body", pg_get_text(rows, row, API_SLOTS_SINCE_BODY));
	out_bool(out, "body_kept", pg_get_bool(rows, row, API_SLOTS_SINCE_BODY_KEPT));
	/* An override; and whether it corrected what was over. */
	out_bool(out, "override", !pg_is_null(rows, row, API_SLOTS_SINCE_LATE));
	out_bool(out, "late",
	    !pg_is_null(rows, row, API_SLOTS_SINCE_LATE) &&
		pg_get_bool(rows, row, API_SLOTS_SINCE_LATE));
	out_object_end(out);
}

/* A slot is one entry of a rota through its versions: the key is the same, the shift's id is
 * not. */
static bool
same_slot(const struct pg_rows *rows, size_t a, size_t b)
{
	return strcmp(pg_get_text(rows, a, API_SLOTS_SINCE_ROTA),
		   pg_get_text(rows, b, API_SLOTS_SINCE_ROTA)) == 0 &&
	       strcmp(pg_get_text(rows, a, API_SLOTS_SINCE_KEY),
		   pg_get_text(rows, b, API_SLOTS_SINCE_KEY)) == 0;
}

/* Compared in microseconds: a correction may be made in the same second. */
static bool
came_later(const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	return pg_get_time_us(rows, row, API_SLOTS_SINCE_KNOWN_FROM) > ask->known_at * 1000000;
}

/* The later versions. One that ended without a successor is a correction as well, to null. */
static void
put_corrections(struct json_out *out, const struct ask *ask, const struct pg_rows *rows,
    size_t first, size_t after)
{
	out_array(out, "corrections");
	for (size_t i = first; i < after; i++) {
		int64_t ended = pg_get_time_us(rows, i, API_SLOTS_SINCE_KNOWN_TO);

		if (came_later(ask, rows, i)) {
			out_object(out, NULL);
			out_time(out, "at", pg_get_time(rows, i, API_SLOTS_SINCE_KNOWN_FROM));
			put_version(out, "to", ask, rows, i);
			out_object_end(out);
		}
		if (pg_get_time(rows, i, API_SLOTS_SINCE_KNOWN_TO) == PG_INFINITY ||
		    (i + 1 < after &&
			pg_get_time_us(rows, i + 1, API_SLOTS_SINCE_KNOWN_FROM) == ended))
			continue;
		out_object(out, NULL);
		out_time(out, "at", pg_get_time(rows, i, API_SLOTS_SINCE_KNOWN_TO));
		out_null(out, "to");
		out_object_end(out);
	}
	out_array_end(out);
}

static void
put_slot(
    struct json_out *out, struct job *job, const struct pg_rows *rows, size_t first, size_t after)
{
	const struct ask *ask = &job->ask;
	uint32_t rota =
	    table_get(&ask->region->rota_by_id, pg_get_text(rows, first, API_SLOTS_SINCE_ROTA));
	uint32_t service = ask->region->rotas[rota].service;

	out_object(out, NULL);
	out_text(
	    out, "function", ask->region->functions[ask->region->services[service].function].code);
	out_text(out, "service", ask->region->services[service].id);
	out_text(out, "rota", ask->region->rotas[rota].id);
	/* The first version may have come later: then the slot was not known at that time. */
	if (!came_later(ask, rows, first))
		put_version(out, "then", ask, rows, first);
	else
		out_null(out, "then");
	put_source(out, ask, &history_of(job)->asked, rota);
	put_corrections(out, ask, rows, first, after);
	out_object_end(out);
}

/* ----------------------------------------------------------------------------- call by call */

/* This question is noted in the audit as well. */
static void
finish(struct job *job)
{
	struct history *history = history_of(job);
	struct ask *ask = &job->ask;
	const char *place = ask->region->places[history->asked.place].code;

	out_object_end(&history->out);
	ask_reply(ask, &history->out);
	ask_read(ask, READ_HISTORY, place, function_code(job), history->asked.at);
	job_end(job);
}

/* The accounts that asked about this place around that time, from the audit. */
static void
on_looked(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct json_out *out = &history_of(job)->out;

	(void)st;
	out_time(out, "looked_kept_from", history_of(job)->asked.looks_begin);
	out_array(out, "looked");
	for (size_t i = 0; i < pg_rows_count(rows); i++) {
		out_object(out, NULL);
		out_time(out, "at", pg_get_time(rows, i, API_LOOKED_AT));
		out_text(out, "account", pg_get_text(rows, i, API_LOOKED_ACCOUNT));
		out_raw(out, "question", pg_get_bytes(rows, i, API_LOOKED_DETAIL));
		out_object_end(out);
	}
	out_array_end(out);
	finish(job);
}

/* The database makes the JSON of the gap at that time, and of its later steps. */
static void
on_gaps(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct history *history = history_of(job);
	struct json_out *out = &history->out;
	struct pg_args args = {0};

	(void)st;
	out_array(out, "gaps");
	for (size_t i = 0; i < pg_rows_count(rows); i++) {
		out_object(out, NULL);
		out_text(out, "id", pg_get_text(rows, i, API_GAPS_THEN_GAP));
		out_raw(out, "then",
		    ask_shown_json(&job->ask, pg_get_bytes(rows, i, API_GAPS_THEN_AS_THEN)));
		out_raw(out, "since",
		    ask_shown_json(&job->ask, pg_get_bytes(rows, i, API_GAPS_THEN_SINCE)));
		out_object_end(out);
	}
	out_array_end(out);
	pg_text(&args, job->ask.region->places[history->asked.place].code);
	pg_text(&args, function_code(job));
	pg_time(&args, job->ask.known_at - history->looked_seconds);
	pg_time(&args, job->ask.known_at + history->looked_seconds);
	job_call(job, &API_LOOKED, &args, on_looked);
}

/* Rows come slot by slot, each with its versions in order. */
static void
on_slots(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct history *history = history_of(job);
	struct pg_args args = {0};
	size_t count, row = 0;

	if (historical_refused(job, st, rows))
		return;
	count = pg_rows_count(rows);
	out_array(&history->out, "rows");
	while (row < count) {
		size_t first = row;

		while (row < count && same_slot(rows, first, row))
			row++;
		put_slot(&history->out, job, rows, first, row);
	}
	out_array_end(&history->out);
	pg_text(&args, job->ask.region->places[history->asked.place].code);
	pg_text(&args, function_code(job));
	pg_time(&args, history->asked.at);
	pg_time(&args, job->ask.known_at);
	job_call(job, &API_GAPS_THEN, &args, on_gaps);
}

/* The rotas of the place's services of the function, of the region of that time. */
static void
ask_slots(struct job *job)
{
	const struct historical_asked *asked = &history_of(job)->asked;
	const struct region *region = job->ask.region;
	const char **ids = arena_array(job->ask.arena, asked->nsources + 1, sizeof *ids);
	struct pg_args args = {0};
	size_t count = 0;

	for (size_t i = 0; i < asked->nsources; i++) {
		const struct region_rota *rota = &region->rotas[asked->sources[i].rota];

		/* The sources have the leave calendars of the region, too: nobody is on by them. */
		if (rota->service != REGION_NONE &&
		    (asked->function == REGION_NONE ||
			region->services[rota->service].function == asked->function))
			ids[count++] = rota->id;
	}
	pg_text_array(&args, ids, count);
	pg_time(&args, asked->at);
	pg_time(&args, job->ask.known_at);
	job_call(job, &API_SLOTS_SINCE, &args, on_slots);
}

static void
on_region(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct json_out *out = &history_of(job)->out;

	(void)st;
	out_object(out, "region");
	out_int(out, "version", job->ask.region->version);
	if (pg_rows_count(rows) == 1) {
		out_time(out, "applied_at", pg_get_time(rows, 0, API_REGION_MARK_APPLIED_AT));
		out_text(out, "applied_by", pg_get_text(rows, 0, API_REGION_MARK_APPLIED_BY));
		out_text(out, "sha256", pg_get_text(rows, 0, API_REGION_MARK_SHA256));
	}
	out_object_end(out);
	ask_slots(job);
}

/* The same answer that GET /v1/now gives with the same at and known_at: made by the same function
 * from the same frame, as the contract promises the same bytes. */
static void
put_now(struct job *job)
{
	struct history *history = history_of(job);
	struct ask *ask = &job->ask;
	struct json_out now = {0};
	struct now_frame frame = {
	    .map = ask->map,
	    .lookup = &history->lookup,
	    .sight = rights_sight(ask->account),
	    .view = ask->view,
	    .arena = ask->arena,
	    .age = map_age_of(ask),
	    .now = ask->now,
	};

	historical_look_up(ask, &history->asked, &history->lookup);
	now_render_json(&now, &frame);
	out_raw(&history->out, "now", (struct slice){now.buf.at, now.buf.len});
	out_free(&now);
}

static void
on_historical(struct job *job, const struct historical_asked *asked)
{
	struct history *history = history_of(job);
	struct json_out *out = &history->out;
	struct pg_args args = {0};

	history->asked = *asked;
	/* Set only now: until this step the drop was historical_make()'s. */
	job->drop = drop;
	out_object(out, NULL);
	out_time(out, "at", asked->at);
	out_local(out, "local", job->ask.map->setup->zone, asked->at);
	out_time(out, "known_at", asked->known_at);
	out_local(out, "known_local", job->ask.map->setup->zone, asked->known_at);
	out_time(out, "remarks_kept_from", asked->remarks_begin);
	out_bool(out, "settled", asked->known_at <= history->asked_now - SETTLED_SECONDS);
	put_now(job);
	pg_int8(&args, job->ask.region->version);
	job_call(job, &API_REGION_MARK, &args, on_region);
}

void
view_history(struct ask *ask)
{
	struct historical_asked asked;
	struct history *history;
	struct job *job;
	int64_t minutes;

	asked = (struct historical_asked){
	    .place_code = ask_code(ask, "place"),
	    .function_code = ask_code(ask, "function"),
	    .at = historical_at(ask, ask->now),
	    .remarks = true,
	};
	asked.known_at = historical_known_at(ask, asked.at < ask->now ? asked.at : ask->now);
	minutes = ask_number(ask, "looked_minutes");
	if (!ask_fine(ask))
		return;
	asked.window = (struct span_time){asked.at, asked.at + HISTORICAL_AHEAD_SECONDS};
	job = job_new(ask, 0);
	history = arena_alloc(job->ask.arena, sizeof *history);
	/* Taken now: once the ask is historical, job->ask.now is the clock of that time. */
	*history = (struct history){.looked_seconds = minutes * 60, .asked_now = job->ask.now};
	job->more = history;
	historical_make(job, &asked, on_historical);
}
