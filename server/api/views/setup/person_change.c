/* SPDX-License-Identifier: MIT */
#include "server/api/views/setup/person_change.h"

#include <stdlib.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/rights_people.h"
#include "server/api/views/setup/object.h"
#include "server/base/civil.h"

/*
 * The first steps of a merge or a split. Each step is one call to the database:
 *   the set-up in force                    -> both people as they will be; whether the account may do it
 *   what was decided about the person      -> to whom each decision goes; continued in
 *                                             person_change_deed.c
 */

#define PERSON_ARENA_BYTES ((size_t)512 << 20)
#define REASON_MAX_BYTES 400

static void
drop(struct job *job)
{
	json_decref(((struct person_change *)job->data)->body);
	region_put_drop(job);
}

bool
person_change_refuse(struct job *job, unsigned status, const char *detail,
    const struct problem_fault *faults, size_t count)
{
	problem_reply_with(job->ask.exchange, status, detail,
	    &(struct problem_more){.faults = faults, .nfaults = count});
	job_end(job);
	return false;
}

struct slice
person_change_text(struct job *job, const json_t *value)
{
	const struct region_put *put = job->data;
	char *text = json_dumps(value, JSON_COMPACT);
	struct slice out = {arena_strdup(put->arena, text), strlen(text)};

	free(text);
	return out;
}

/* ------------------------------------------------------------------------------ what is to be */

bool
person_change_put(struct job *job, json_t *document, const json_t *rotas)
{
	struct person_change *change = job->data;
	struct region_put *put = &change->put;
	const struct region_kind *kind = &region_kinds[REGION_KIND_PERSON];
	struct region_item code = {kind, change->code}, other = {kind, change->other};
	json_t *items = json_array(), *one;
	struct slice whole = person_change_text(job, document);
	size_t index, i;

	whole = region_item_set(put->arena, whole, &code, change->item, &index);
	put->document = region_item_set(put->arena, whole, &other, change->other_item, &index);
	json_array_append_new(
	    items, json_pack("{s:s, s:s, s:o}", "kind", kind->kind, "key", change->code, "item",
		       json_loadb(change->item.at, change->item.len, 0, NULL)));
	json_array_append_new(
	    items, json_pack("{s:s, s:s, s:o}", "kind", kind->kind, "key", change->other, "item",
		       change->other_item.len > 0
			   ? json_loadb(change->other_item.at, change->other_item.len, 0, NULL)
			   : json_null()));
	json_array_foreach((json_t *)(uintptr_t)rotas, i, one)
	    json_array_append_new(items, json_pack("{s:s, s:O, s:O}", "kind", "rota", "key",
					     json_object_get(one, "id"), "item", one));
	change->items = person_change_text(job, items);
	json_decref(items);
	if (region_put_read(job, put->document) == STATUS_OK)
		return true;
	region_put_reply_faults(job, "The set-up cannot be like that; nothing was changed.");
	return false;
}

/* ----------------------------------------------------------------------------------- rights */

static bool
refuse_right(struct job *job, const struct setup_answer *answer)
{
	struct arena *arena = job->ask.arena;
	struct problem_fault fault = {
	    answer->key != NULL ? arena_printf(arena, "$.%s", answer->key) : "$",
	    answer->verdict == SETUP_SECOND
		? "an approval by another organisation would become somebody else's: let the one who has it stay; or propose the approval for the one who stays, and do this when it is accepted; or let an administrator do it"
		: arena_printf(arena, "this account may change: %s", answer->why),
	};

	return person_change_refuse(
	    job, 403, "This account may not change that; nothing was changed.", &fault, 1);
}

static bool
is_one_of_them(const struct person_change *change, const struct region_change *one)
{
	return strcmp(one->kind, "person") == 0 &&
	       (strcmp(one->code, change->code) == 0 || strcmp(one->code, change->other) == 0);
}

/* Whether the account may change the two people (rights_people.h) and everything else that changes with them,
 * such as rotas whose aliases are split. */
static bool
is_allowed(struct job *job)
{
	struct person_change *change = job->data;
	const struct region_put *put = &change->put;
	const struct setup_question question = {put->before, put->region, job->ask.account};
	struct setup_answer answer =
	    rights_people_change(&question, change->code, change->other, change->split);

	for (size_t i = 0; answer.verdict == SETUP_ALLOWED && i < put->changes.count; i++)
		if (!is_one_of_them(change, &put->changes.items[i]))
			answer = rights_setup_change(&question, &put->changes.items[i]);
	return answer.verdict == SETUP_ALLOWED || refuse_right(job, &answer);
}

/* ------------------------------------------------------------------------- what is in force */

static struct slice
copy(struct job *job, const struct pg_rows *rows, unsigned column)
{
	const struct region_put *put = job->data;
	struct slice bytes;

	if (pg_is_null(rows, 0, column))
		return (struct slice){0};
	bytes = pg_get_bytes(rows, 0, column);
	return (struct slice){arena_strndup(put->arena, bytes.at, bytes.len), bytes.len};
}

static bool
take_base(struct job *job, const struct pg_rows *rows)
{
	struct person_change *change = job->data;
	struct region_put *put = &change->put;

	if (pg_rows_count(rows) == 0)
		return person_change_refuse(
		    job, 404, "There is no person with this code.", NULL, 0);
	put->version = pg_get_int(rows, 0, API_PERSON_BASE_VERSION);
	put->before_document = copy(job, rows, API_PERSON_BASE_DOCUMENT);
	put->at = pg_get_time(rows, 0, API_PERSON_BASE_APPLIED_AT);
	put->by = pg_copy_text(put->arena, rows, 0, API_PERSON_BASE_APPLIED_BY);
	put->before = region_put_read_kept(job, put->before_document);
	change->before = copy(job, rows, API_PERSON_BASE_ITEM);
	/* Before 404: an account without this right must not learn who exists. */
	if (!rights_people_touches(put->before, job->ask.account, change->code))
		return person_change_refuse(
		    job, 403, "This account may not change that; nothing was changed.", NULL, 0);
	if (change->before.len == 0)
		return person_change_refuse(
		    job, 404, "There is no person with this code.", NULL, 0);
	change->version = pg_get_int(rows, 0, API_PERSON_BASE_ITEM_VERSION);
	return true;
}

/* Whether the sender has seen the person in the path as it is in force: the same rule as for other objects
 * (object_reply.c). */
static bool
is_seen(struct job *job, const struct pg_rows *rows)
{
	const struct person_change *change = job->data;
	struct arena *arena = job->ask.arena;
	char at[CIVIL_RFC3339_MAX];

	if (change->seen == change->version || (change->seen == 0 && change->put.dry_run))
		return true;
	if (change->seen == 0)
		return person_change_refuse(job, 428,
		    "Say what you have seen: If-Match with the ETag of the person as you read it.",
		    NULL, 0);
	civil_rfc3339(pg_get_time(rows, 0, API_PERSON_BASE_MADE_AT), at);
	problem_reply_with(job->ask.exchange, 412,
	    arena_printf(arena,
		"This person was changed since you read it (by %s, %s); nothing was changed. Read it again.",
		pg_get_text(rows, 0, API_PERSON_BASE_MADE_BY), at),
	    &(struct problem_more){.extra = arena_printf(arena, "ETag: %s\r\n",
				       setup_object_etag(arena, change->version))});
	job_end(job);
	return false;
}

static void
on_base(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct person_change *change = job->data;
	struct region_put *put = &change->put;
	const char *const *goes = change->goes.items, *const *stays = change->stays.items;
	struct pg_args args = {0};

	(void)st;
	if (!take_base(job, rows) || !is_seen(job, rows) || !change->build(job, rows))
		return;
	region_compare(put->arena, put->before, put->region, &put->changes);
	if (!is_allowed(job))
		return;
	pg_text(&args, change->split ? change->code : change->other);
	if (change->undoes != 0)
		pg_int8(&args, change->undoes);
	else
		pg_null(&args);
	pg_text_array(&args, goes, change->goes.count);
	pg_text_array(&args, stays, change->stays.count);
	job_call(job, &API_PERSON_LOTS, &args, person_change_on_lots);
}

void
person_change_begin(struct job *job)
{
	const struct person_change *change = job->data;
	struct pg_args args = {0};

	pg_text(&args, change->code);
	pg_text(&args, change->split ? NULL : change->other);
	if (change->undoes != 0)
		pg_int8(&args, change->undoes);
	else
		pg_null(&args);
	job_call(job, &API_PERSON_BASE, &args, on_base);
}

/* ------------------------------------------------------------------------------- the question */

void
person_change_read(struct ask *ask, struct person_change *change)
{
	struct slice param = web_param(ask->exchange, "id");
	uint32_t person;

	ask_as_keeper(ask);
	change->code = arena_strndup(ask->arena, param.at, param.len);
	/* A former code leads to the person who has it. */
	person = ask_person(ask, change->code);
	if (person != TABLE_NONE)
		change->code = region_person(ask->region, person)->id;
	change->put.dry_run = ask_yes(ask, "dry_run");
	change->seen = setup_object_tag(ask);
	change->reason = ask_body_text(ask, change->body, "reason", REASON_MAX_BYTES,
	    change->put.dry_run ? ASK_OPTIONAL : ASK_REQUIRED);
}

void
person_change_start(struct ask *ask, const struct person_change *change)
{
	struct job *job = job_new(ask, sizeof *change);
	struct person_change *own = job->data;

	*own = *change;
	own->put.arena = arena_new(PERSON_ARENA_BYTES);
	job->drop = drop;
	person_change_begin(job);
}
