/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/etag.h"
#include "server/api/ask/rights_setup.h"
#include "server/api/views/setup/object.h"
#include "server/api/views/setup/setup_withheld.h"
#include "server/api/views/views.h"
#include "server/base/civil.h"
#include "server/base/fatal.h"
#include "server/base/instant.h"
#include "server/model/merge_patch.h"
#include "server/model/region_field.h"

/*
 * GET, PUT, PATCH and DELETE of one object of the set-up, such as /v1/people/jo-jones. The change
 * is edited into the set-up in force, and the result takes the same way as a region file
 * (region_put.c).
 */

#define OBJECT_ARENA_BYTES ((size_t)512 << 20)

/* The version in which the object itself last changed: a tag of the whole set-up would be outdated
 * by every change elsewhere. */
const char *
setup_object_etag(struct arena *arena, int64_t version)
{
	return arena_printf(arena, "\"object-%lld\"", (long long)version);
}

int64_t
setup_object_tag(struct ask *ask)
{
	return etag_number(ask->exchange, "object-");
}

/* "/v1/people/{id}": the list is part of the route. */
static const struct region_kind *
kind_of(const struct ask *ask)
{
	const char *list = ask->route->pattern + strlen("/v1/");
	const struct region_kind *kind =
	    region_kind_listed((struct slice){list, strcspn(list, "/")});

	INVARIANT(kind != NULL);
	return kind;
}

static const char *
read_key(struct ask *ask)
{
	/* Text that is no code names nothing: 404, as for a code that is not there, and the
	 * database is not asked. */
	struct slice param = web_param(ask->exchange, "id");
	const char *key = arena_strndup(ask->arena, param.at, param.len);
	struct setup_seer seer;
	uint32_t person;

	/* A letter of another alphabet may look like a Latin one. */
	if (!text_is_code(param) && ask->route->method == WEB_PUT)
		ask_fault(ask, "path.id", REGION_CODE_RULE);
	else if (!text_is_code(param))
		ask_refuse(ask, 404, "There is no %s with this code.", kind_of(ask)->kind);
	ask_as_keeper(ask);
	seer = setup_seer_of(ask);
	if (strcmp(kind_of(ask)->kind, "person") != 0)
		return key;
	person = ask_person(ask, key);
	if (person != TABLE_NONE &&
	    setup_is_withheld(&seer, kind_of(ask), region_person(ask->region, person)->id))
		return region_person(ask->region, person)->id;
	if (setup_is_withheld(&seer, kind_of(ask), key))
		ask_refuse(ask, 404, "There is no %s with this code.", kind_of(ask)->kind);
	return key;
}

/* ----------------------------------------------------------------------------------------- GET */

/* Objects of people have names; the decisions about a rota's titles are names as well. */
static void
note_read(const struct ask *ask, const char *key)
{
	if (strcmp(kind_of(ask)->kind, "person") == 0)
		ask_read(ask, READ_PERSON, key, NULL, INSTANT_NONE);
	else if (strcmp(kind_of(ask)->kind, "rota") == 0)
		ask_read(ask, READ_ROTA, key, NULL, INSTANT_NONE);
}

static void
on_object(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct ask *ask = &job->ask;
	const struct setup_seer seer = setup_seer_of(ask);
	struct web_answer answer;
	struct slice item;

	(void)st;
	if (pg_rows_count(rows) == 0) {
		problem_reply(ask->exchange, 404,
		    arena_printf(ask->arena, "There is no %s with this code.", kind_of(ask)->kind));
		job_end(job);
		return;
	}
	item = setup_seen_object(&seer, kind_of(ask), *(const char **)job->data,
	    pg_get_bytes(rows, 0, API_SETUP_OBJECT_ITEM));
	answer = etag_answer(
	    setup_object_etag(ask->arena, pg_get_int(rows, 0, API_SETUP_OBJECT_VERSION)));
	answer.verbatim = true;
	answer.body = item;
	web_reply(ask->exchange, &answer);
	note_read(ask, *(const char **)job->data);
	job_end(job);
}

void
view_object(struct ask *ask)
{
	const char *key = read_key(ask);
	int64_t known = ask_time(ask, "known_at", INSTANT_NONE);
	struct pg_args args = {0};
	struct job *job;

	/* The same answer for one that is not there and one that may not be seen: a difference
	 * would reveal that it exists. */
	if (ask->refused == 0 && !rights_setup_sees(ask->region, ask->account, kind_of(ask), key))
		ask_refuse(ask, 404,
		    "There is no %s with this code, or this account may not see it.",
		    kind_of(ask)->kind);
	if (!ask_fine(ask))
		return;
	pg_text(&args, kind_of(ask)->kind);
	pg_text(&args, key);
	if (known == INSTANT_NONE)
		pg_null(&args);
	else
		pg_time(&args, known);
	/* The audit notes which instant was asked about. */
	ask->known_at = known;
	job = job_new(ask, sizeof key);
	*(const char **)job->data = key;
	job_call(job, &API_SETUP_OBJECT, &args, on_object);
}

/* -------------------------------------------------------------------------------- what is to be */

static struct slice
copy(struct region_put *put, const struct pg_rows *rows, unsigned column)
{
	struct slice bytes = {0};

	if (!pg_is_null(rows, 0, column))
		bytes = pg_get_bytes(rows, 0, column);
	return bytes.at == NULL
		   ? bytes
		   : (struct slice){arena_strndup(put->arena, bytes.at, bytes.len), bytes.len};
}

/* The set-up in force is the one in memory, or that with what has changed since. False: it cannot be
 * patched up to it. */
static bool
take_shared(struct job *job, struct slice changes)
{
	struct region_put *put = job->data;
	struct region_shared *mine = job->ask.whole->setup->shared;
	struct region_takens takens;

	if (put->version == job->ask.region->version)
		put->before_shared = region_shared_ref(mine);
	else
		put->before_shared = region_shared_take(put->arena, mine,
		    &(struct region_shared_since){
			put->version, changes, region_zones_of(job->ask.api->tools.zones)},
		    &takens);
	if (put->before_shared != NULL)
		put->before = put->before_shared->region;
	return put->before_shared != NULL;
}

static void
take_addresses(struct region_put *put, const struct pg_rows *rows)
{
	size_t count = pg_is_null(rows, 0, API_SETUP_OBJECT_BASE_ADDRESSES)
			   ? 0
			   : pg_get_array_count(rows, 0, API_SETUP_OBJECT_BASE_ADDRESSES);
	const char **had = arena_array(put->arena, count + 1, sizeof *had);

	for (size_t i = 0; i < count; i++) {
		struct slice mask = pg_get_array_text(rows, 0, API_SETUP_OBJECT_BASE_ADDRESSES, i);

		had[i] = arena_strndup(put->arena, mask.at, mask.len);
	}
	put->object->had = had;
}

/* False: ask for the whole file. */
static bool
take_base(struct job *job, const struct pg_rows *rows)
{
	struct region_put *put = job->data;
	/* A region that was never applied has no row, and every column is NULL. */
	struct setup_object *object = put->object;

	if (!pg_is_null(rows, 0, API_SETUP_OBJECT_BASE_VERSION)) {
		put->version = pg_get_int(rows, 0, API_SETUP_OBJECT_BASE_VERSION);
		put->at = pg_get_time(rows, 0, API_SETUP_OBJECT_BASE_APPLIED_AT);
		put->by = pg_copy_text(put->arena, rows, 0, API_SETUP_OBJECT_BASE_APPLIED_BY);
	}
	put->before_document = copy(put, rows, API_SETUP_OBJECT_BASE_DOCUMENT);
	if (put->version == 0)
		put->before_document = SLICE(REGION_PUT_NOTHING);
	if (put->before_document.at != NULL)
		put->before = region_put_read_kept(job, put->before_document);
	else if (!take_shared(job, copy(put, rows, API_SETUP_OBJECT_BASE_CHANGES)))
		return false;
	take_addresses(put, rows);
	object->item = copy(put, rows, API_SETUP_OBJECT_BASE_ITEM);
	if (object->item.len == 0)
		return true;
	object->version = pg_get_int(rows, 0, API_SETUP_OBJECT_BASE_ITEM_VERSION);
	object->by = pg_copy_text(put->arena, rows, 0, API_SETUP_OBJECT_BASE_MADE_BY);
	object->at = pg_get_time(rows, 0, API_SETUP_OBJECT_BASE_MADE_AT);
	return true;
}

static void
on_base(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct region_put *put = job->data;

	(void)st;
	if (!take_base(job, rows)) {
		put->object->whole = true;
		setup_object_begin(job);
		return;
	}
	if (setup_object_touched(job) &&
	    setup_object_may(job, copy(put, rows, API_SETUP_OBJECT_BASE_SEEN)) &&
	    setup_object_edit(job) && setup_object_may_read(job))
		region_put_compare(job, NULL);
}

void
setup_object_begin(struct job *job)
{
	const struct region_put *put = job->data;
	struct pg_args args = {0};

	pg_text(&args, put->object->kind->kind);
	pg_text(&args, put->object->key);
	/* -1 is no version, so the document is sent. Else what has changed since, which in a
	 * transaction that has written is its own view. */
	pg_int8(&args, put->object->whole ? -1 : job->ask.region->version);
	if (put->object->seen > 0)
		pg_int8(&args, put->object->seen);
	else
		pg_null(&args);
	job_call(job, &API_SETUP_OBJECT_BASE, &args, on_base);
}

void
setup_object_again(struct job *job)
{
	struct region_put *put = job->data;
	struct setup_object object = *put->object;
	struct region_put again = {
	    .dry_run = put->dry_run,
	    .overwrite = put->overwrite,
	    .arena = put->arena,
	    .addresses = put->addresses,
	    .object = put->object,
	};

	/* The first try took the lock of the set-up and the transaction still holds it, so that
	 * no change can come first a second time. */
	INVARIANT(object.turn == 0);
	snapshot_region_unref(put->setup);
	region_shared_unref(put->before_shared);
	region_shared_unref(put->patched);
	*put = again;
	/* Only what was asked for is taken over; what was found belongs to the version before. */
	*put->object = (struct setup_object){
	    .kind = object.kind,
	    .key = object.key,
	    .change = object.change,
	    .body = object.body,
	    .seen = object.seen,
	    .fresh = object.fresh,
	    .reason = object.reason,
	    .until = object.until,
	    .proposal = object.proposal,
	    .proposer = object.proposer,
	    .shown = object.shown,
	    .decided = object.decided,
	    .turn = 1,
	};
	setup_object_begin(job);
}

/* --------------------------------------------------------------------------------- the question */

/* It is parsed again where it is edited, since a job keeps bytes and not trees. */
static void
check_object(struct ask *ask)
{
	if (!json_is_object(ask_json(ask)))
		ask_fault(ask, "$", "the body must be a JSON object");
}

static enum setup_change
change_of(const struct ask *ask)
{
	switch (ask->route->method) {
	case WEB_PATCH:
		return SETUP_PATCH;
	case WEB_DELETE:
		return SETUP_DELETE;
	default:
		return SETUP_PUT;
	}
}

/* The day from which what was before holds again: after today, and it is a day. */
static const char *
read_until(struct ask *ask)
{
	const char *text = ask_text(ask, "until");
	int64_t day;

	/* Judged by midnight in UTC: the region's own midnight is at most an hour away. */
	if (text != NULL && (!civil_parse_day(slice_of(text), &day) || day * 86400 <= ask->now))
		ask_fault(ask, "query.until", "must be a day after today, yyyy-mm-dd");
	return text;
}

struct job *
setup_object_job(struct ask *ask, const struct region_put *put, const struct setup_object *object)
{
	struct job *job = job_new(ask, sizeof *put);
	struct region_put *own = job->data;

	*own = *put;
	own->object = arena_alloc(job->ask.arena, sizeof *object);
	*own->object = *object;
	/* From here on job_end frees what is not in the arena of the request (job->drop). */
	own->arena = arena_new(OBJECT_ARENA_BYTES);
	job->drop = region_put_drop;
	return job;
}

void
view_object_change(struct ask *ask)
{
	struct setup_object object = {
	    .kind = kind_of(ask),
	    .key = read_key(ask),
	    .change = change_of(ask),
	    .body = web_body(ask->exchange),
	    .seen = setup_object_tag(ask),
	    .fresh = slice_is(slice_trim(web_header(ask->exchange, "if-none-match")), "*"),
	    .reason = ask_text(ask, "reason"),
	    .until = read_until(ask),
	};
	struct region_put put = {.dry_run = ask_yes(ask, "dry_run")};
	struct slice value;

	if (web_query(ask->exchange, "overwrite", &value))
		put.overwrite =
		    (struct slice){arena_strndup(ask->arena, value.at, value.len), value.len};
	if (object.change != SETUP_DELETE)
		check_object(ask);
	if (!ask_fine(ask))
		return;
	if (object.kind == &region_kinds[REGION_KIND_ROTA] && object.change != SETUP_DELETE &&
	    !region_put_take_addresses(ask,
		(struct addresses_place){ask->arena, ask->api->address_seal_path, true,
		    setup_object_address(ask, object.key)},
		&object.body, &put.addresses)) {
		ask_end(ask);
		return;
	}
	setup_object_begin(setup_object_job(ask, &put, &object));
}
