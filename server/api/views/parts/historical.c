/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/historical.h"

#include <sodium.h>

#include "server/api/api_sql.h"
#include "server/api/keep/snapshot_closings.h"
#include "server/api/keep/snapshot_load.h"
#include "server/api/keep/snapshot_protocols.h"
#include "server/api/keep/snapshot_remarks.h"
#include "server/api/views/parts/historical_rotas.h"
#include "server/base/civil.h"
#include "server/base/fatal.h"

/* Makes a snapshot of what was known at an instant, from the record alone, in a few calls: which
 * region and bank holidays were in force, the document of that region, the sources, the shifts, the
 * reports and notes. The answer is then made by the same code as for the present. */

struct historical {
	struct historical_asked asked;
	historical_ready_fn *ready;
	struct snapshot *map;
	struct map_mark mark;
	const char *holidays; /* of that time, if they differ from the present ones */
	index_list rotas;     /* of the place's services */
	index_list others;    /* of the same functions: who is here may be there too */
	int64_t place_begins; /* since when the set-up has the place; INSTANT_NEVER: it never had */
};

static void on_shifts(struct job *job, enum status st, const struct pg_rows *rows);
static void send_known(struct job *job);

static struct historical *
historical_of(struct job *job)
{
	return job->data;
}

/* Releases the snapshot if the job ends before hand_over() has passed it on. */
static void
drop(struct job *job)
{
	snapshot_unref(historical_of(job)->map);
	historical_of(job)->map = NULL;
}

/* Asks again about the instant at which the set-up first had the place. */
static void
ask_from_first(struct job *job)
{
	struct historical_asked *asked = &historical_of(job)->asked;
	int64_t begins = historical_of(job)->place_begins;
	int64_t later = begins > asked->at ? begins - asked->at : 0;

	drop(job);
	asked->known_at = begins;
	asked->at += later;
	asked->window.start += later;
	asked->window.end += later;
	send_known(job);
}

/* What was asked about was not in the set-up then: says so, and since when the place is known. */
static void
refuse_unknown(struct job *job, const char *detail)
{
	const struct historical *historical = historical_of(job);
	char begins[CIVIL_RFC3339_MAX];

	if (historical->place_begins <= historical->asked.known_at) {
		job_problem(job, 404, detail);
		return;
	}
	if (historical->asked.or_first) {
		ask_from_first(job);
		return;
	}
	civil_rfc3339(historical->place_begins, begins);
	job_problem(job, 404,
	    arena_printf(job->ask.arena, "%s The place is known from %s on.", detail, begins));
}

/* A time whose rows retention has deleted gets no answer but 410, with the sentence of the database. */
bool
historical_refused(struct job *job, enum status st, const struct pg_rows *rows)
{
	if (st == STATUS_REFUSED)
		job_refuse(job, 410, rows);
	return st == STATUS_REFUSED;
}

/* Sends the ids that the rotas had in the historical region: the record is asked by those. */
static void
send_rotas(const struct historical *historical, const index_list *rotas, struct arena *arena,
    struct pg_args *args)
{
	const struct region *region = historical->map->setup->region;
	const char **ids = arena_array(arena, rotas->count + 1, sizeof *ids);

	for (size_t i = 0; i < rotas->count; i++)
		ids[i] = region->rotas[rotas->items[i]].id;
	pg_text_array(args, ids, rotas->count);
}

/* The statement is sent with rotas of the historical region only, so each row's rota is in it. */
static void
take_source(struct job *job, const struct pg_rows *rows, size_t row)
{
	struct historical *historical = historical_of(job);
	const struct region *region = historical->map->setup->region;
	uint32_t rota =
	    table_get(&region->rota_by_id, pg_get_text(rows, row, API_SOURCES_THEN_ROTA));
	const char *body = pg_get_text(rows, row, API_SOURCES_THEN_BODY);
	struct feed_facts facts;

	INVARIANT(rota != TABLE_NONE);
	facts = (struct feed_facts){
	    .kind = kept_feed_kind_from(region->rotas[rota].source),
	    .standing = kept_feed_standing_of(pg_get_text(rows, row, API_SOURCES_THEN_STATE)),
	    .last_good_at = pg_get_time_or(rows, row, API_SOURCES_THEN_LAST_GOOD_AT, INSTANT_NEVER),
	    .last_change_at =
		pg_get_time_or(rows, row, API_SOURCES_THEN_LAST_CHANGE_AT, INSTANT_NEVER),
	    .horizon = pg_get_time_or(rows, row, API_SOURCES_THEN_HORIZON, INSTANT_NEVER),
	    .reading = pg_get_int(rows, row, API_SOURCES_THEN_READING),
	    /* Attempts and plans of that time are not in the record. */
	    .last_attempt_at = INSTANT_NEVER,
	    .next_at = INSTANT_NEVER,
	    .upload = pg_is_null(rows, row, API_SOURCES_THEN_UPLOAD)
			  ? 0
			  : pg_get_int(rows, row, API_SOURCES_THEN_UPLOAD),
	    .upload_at = pg_get_time_or(rows, row, API_SOURCES_THEN_UPLOAD_SINCE, INSTANT_NEVER),
	};
	snapshot_set_feed(historical->map, rota,
	    kept_feed_new(&facts, pg_get_text(rows, row, API_SOURCES_THEN_FAULT), NULL));
	historical->asked.sources[row] = (struct historical_source){
	    .rota = rota,
	    .reading = facts.reading,
	    .body = body ? arena_strdup(job->ask.arena, body) : NULL,
	};
}

/* Sources before shifts: they decide how far a shift may be relied on. */
static void
on_sources(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct historical *historical = historical_of(job);
	struct pg_args args = {0};

	if (historical_refused(job, st, rows))
		return;
	historical->asked.nsources = pg_rows_count(rows);
	historical->asked.sources = arena_array(
	    job->ask.arena, historical->asked.nsources + 1, sizeof *historical->asked.sources);
	for (size_t i = 0; i < pg_rows_count(rows); i++)
		take_source(job, rows, i);
	send_rotas(historical, &historical->rotas, job->ask.arena, &args);
	pg_time(&args, historical->asked.window.start);
	pg_time(&args, historical->asked.window.end);
	pg_time(&args, historical->asked.known_at);
	send_rotas(historical, &historical->others, job->ask.arena, &args);
	job_call(job, &API_SHIFTS_THEN, &args, on_shifts);
}

/* Everything has been read: from here on the job is about that time. The accounts are those of the
 * present, so the pointer to the one that asks stays valid. */
static void
hand_over(struct job *job)
{
	struct historical *historical = historical_of(job);
	struct ask *ask = &job->ask;

	ask_show(ask, historical->map);
	ask->now = ask->known_at = historical->asked.known_at;
	/* The snapshot is the ask's now, so the drop must not release it as well. */
	historical->map = NULL;
	job->drop = NULL;
	historical->ready(job, &historical->asked);
}

static void
on_closings(struct job *job, enum status st, const struct pg_rows *rows)
{
	(void)st;
	snapshot_load_closings(historical_of(job)->map, rows, -1);
	hand_over(job);
}

static void
on_protocols(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct pg_args args = {0};

	(void)st;
	snapshot_load_protocols(historical_of(job)->map, rows, -1);
	pg_time(&args, historical_of(job)->asked.known_at);
	job_call(job, &API_CLOSINGS_THEN, &args, on_closings);
}

static void
on_remarks(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct pg_args args = {0};

	if (historical_refused(job, st, rows))
		return;
	snapshot_load_remarks(historical_of(job)->map, rows, -1);
	pg_time(&args, historical_of(job)->asked.known_at);
	job_call(job, &API_PROTOCOLS_THEN, &args, on_protocols);
}

static void
on_shifts(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct historical *historical = historical_of(job);
	struct pg_args args = {0};

	if (historical_refused(job, st, rows))
		return;
	snapshot_load_shifts(
	    historical->map, rows, historical->rotas.items, historical->rotas.count);
	snapshot_gather_absences(historical->map);
	historical->map->window = historical->asked.window;
	if (!historical->asked.remarks) {
		hand_over(job);
		return;
	}
	pg_time(&args, historical->asked.at);
	pg_time(&args, historical->asked.known_at);
	job_call(job, &API_REMARKS_THEN, &args, on_remarks);
}

/* The object that has this code now or had it then: a region file may have renamed it between. */
static uint32_t
find_historical(struct job *job, const char *kind, const struct table *table, const char *code)
{
	const char *const *codes = region_codes(job->ask.arena, job->ask.region, kind, code);
	uint32_t found = table_get(table, code);

	for (; found == TABLE_NONE && *codes != NULL; codes++)
		found = table_get(table, *codes);
	return found;
}

/* False: answered, and the job ended. The account is the present one, and its right to the place is judged in the region of that time. */
static bool
find_place(struct job *job)
{
	struct historical *historical = historical_of(job);
	struct historical_asked *asked = &historical->asked;
	const struct region *region = historical->map->setup->region;

	asked->place = find_historical(job, "place", &region->place_by_code, asked->place_code);
	asked->function = REGION_NONE;
	if (asked->function_code != NULL)
		asked->function = find_historical(
		    job, "function", &region->function_by_code, asked->function_code);
	if (asked->place == TABLE_NONE ||
	    /* One answer for both: the asker cannot know which of them the region lacked. */
	    (asked->function_code != NULL && asked->function == TABLE_NONE)) {
		refuse_unknown(
		    job, "The region that was in force then has no such place or function.");
		return false;
	}
	if (!rights_place(region, job->ask.account, asked->place))
		return job_problem(job, 403, "This account may not ask about this place.");
	return true;
}

/* The rotas of the place, and every calendar of absences: if one of those could not be read, every answer is in doubt, about any place. */
static void
send_sources(const struct historical *historical, struct arena *arena, struct pg_args *args)
{
	const struct region *region = historical->map->setup->region;
	index_list sources = {0};

	for (size_t i = 0; i < historical->rotas.count; i++)
		*VEC_PUSH(arena, &sources) = historical->rotas.items[i];
	for (uint32_t i = 0; i < region->nrotas; i++)
		if (region->rotas[i].absences)
			*VEC_PUSH(arena, &sources) = i;
	send_rotas(historical, &sources, arena, args);
}

/* The historical region is known: finds the place in it, and asks for the sources of its rotas. */
static void
begin(struct job *job, struct snapshot_region *setup)
{
	struct historical *historical = historical_of(job);
	const struct region *region = setup->region;
	struct pg_args args = {0};

	historical->map = snapshot_new(setup, accounts_ref(job->ask.map->accounts));
	historical->map->mark = historical->mark;
	if (!find_place(job))
		return;
	historical->rotas =
	    historical_rotas(job->ask.arena, historical->map->setup, &historical->asked);
	historical->others = historical_others(job->ask.arena, region, &historical->rotas);
	send_sources(historical, job->ask.arena, &args);
	pg_time(&args, historical->asked.known_at);
	job_call(job, &API_SOURCES_THEN, &args, on_sources);
}

/* Uses the present bank holidays, unless the record has others for that time. */
static void
on_document(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct snapshot_tools tools = job->ask.api->tools;
	struct snapshot_region *setup;

	(void)st;
	if (historical_of(job)->holidays != NULL)
		tools.holidays_csv = slice_of(historical_of(job)->holidays);
	if (pg_rows_count(rows) == 1 &&
	    snapshot_region_read(&tools, pg_get_int(rows, 0, API_REGION_DOCUMENT_VERSION),
		pg_get_bytes(rows, 0, API_REGION_DOCUMENT_DOCUMENT), &setup) == STATUS_OK) {
		begin(job, setup);
		return;
	}
	job_problem(job, 404, "The region that was in force then cannot be read any more.");
}

/* The statement always returns one row, with nulls for what there was not yet. */
static void
on_known(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct historical *historical = historical_of(job);
	const char *holidays = pg_get_text(rows, 0, API_KNOWN_THEN_HOLIDAYS);
	struct pg_args args = {0};

	(void)st;
	historical->place_begins =
	    pg_get_time_or(rows, 0, API_KNOWN_THEN_PLACE_BEGINS, INSTANT_NEVER);
	if (pg_is_null(rows, 0, API_KNOWN_THEN_REGION)) {
		refuse_unknown(job, "No region was in force then.");
		return;
	}
	historical->asked.looks_begin =
	    pg_get_time_or(rows, 0, API_KNOWN_THEN_LOOKS_BEGIN, INSTANT_NEVER);
	historical->asked.map_begins =
	    pg_get_time_or(rows, 0, API_KNOWN_THEN_MAP_BEGINS, INSTANT_BEGINNING);
	historical->asked.remarks_begin =
	    pg_get_time_or(rows, 0, API_KNOWN_THEN_REMARKS_BEGIN, INSTANT_NEVER);
	historical->mark = (struct map_mark){.epoch = pg_get_int(rows, 0, API_KNOWN_THEN_EPOCH),
	    .version = pg_get_int(rows, 0, API_KNOWN_THEN_VERSION)};
	historical->holidays = holidays ? arena_strdup(job->ask.arena, holidays) : NULL;
	/* The region of that time is the present one: its document need not be read again. */
	if (pg_get_int(rows, 0, API_KNOWN_THEN_REGION) == job->ask.region->version &&
	    holidays == NULL) {
		begin(job, snapshot_region_ref(job->ask.whole->setup));
		return;
	}
	pg_int8(&args, pg_get_int(rows, 0, API_KNOWN_THEN_REGION));
	job_call(job, &API_REGION_DOCUMENT, &args, on_document);
}

/* The hash of the present bank holidays is sent, so that the database returns those of that time only if they differ: the file is long, and it seldom does. */
static void
send_known(struct job *job)
{
	const struct historical_asked *asked = &historical_of(job)->asked;
	struct slice csv = job->ask.api->tools.holidays_csv;
	const char *const *codes =
	    region_codes(job->ask.arena, job->ask.region, "place", asked->place_code);
	uint8_t holidays[crypto_hash_sha256_BYTES];
	struct pg_args args = {0};
	size_t ncodes = 0;

	while (codes[ncodes] != NULL)
		ncodes++;
	crypto_hash_sha256(holidays, (const uint8_t *)csv.at, csv.len);
	pg_time(&args, asked->known_at);
	pg_bytea(&args, holidays, sizeof holidays);
	pg_text_array(&args, codes, ncodes);
	job_call(job, &API_KNOWN_THEN, &args, on_known);
}

void
historical_make(struct job *job, const struct historical_asked *asked, historical_ready_fn *ready)
{
	struct historical *historical = arena_alloc(job->ask.arena, sizeof *historical);

	historical->asked = *asked;
	historical->ready = ready;
	job->data = historical;
	job->drop = drop;
	send_known(job);
}

void
historical_look_up(struct ask *ask, const struct historical_asked *asked, struct lookup *lookup)
{
	struct cover_asked cover = {.map = ask->map, .now = ask->now};

	lookup_make(ask->arena, &cover,
	    &(struct lookup_asked){asked->place, asked->function, asked->at}, lookup);
	if (asked->at < asked->map_begins - SNAPSHOT_BACK_SECONDS)
		lookup_unrecorded(ask->arena, lookup);
}
