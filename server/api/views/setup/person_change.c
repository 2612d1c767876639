/* SPDX-License-Identifier: MIT */
#include "server/api/views/setup/person_change.h"

#include <stdlib.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/rights_people.h"
#include "server/api/keep/snapshot_load.h"
#include "server/api/views/setup/object.h"
#include "server/base/civil.h"
#include "server/base/vec.h"
#include "server/map/snapshot_move.h"

/*
 * A merge or a split, step by step. Each step is one call to the database:
 *   the set-up in force                    -> both people as they are to be, and their rights
 *   what was decided about the person      -> whose it will be, and what is unclear
 *   the titles of rotas that may name them -> which count otherwise when they are read again
 *   the deed, taken back                   -> the effect on cover
 *   the deed itself, unless it is a dry run
 */

#define PERSON_ARENA_BYTES ((size_t)512 << 20)
#define REASON_MAX_BYTES 400
/* So often the effect is computed again because somebody changes the set-up; the deed itself holds
 * its lock from the first time on. */
#define TURNS_MAX 8

static void begin(struct job *job);

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

/* Another version is in force than it was compared with. */
static void
again(struct job *job)
{
	struct person_change *change = job->data;
	struct region_put *put = &change->put;

	if (++change->turn > TURNS_MAX) {
		problem_reply_with(job->ask.exchange, 503,
		    "The set-up is being changed all the time: ask again.",
		    &(struct problem_more){.extra = "Retry-After: 1\r\n"});
		job_end(job);
		return;
	}
	snapshot_region_unref(put->setup);
	*put = (struct region_put){.dry_run = put->dry_run, .arena = put->arena};
	begin(job);
}

/* ------------------------------------------------------------------------------------ the deed */

static void
on_done(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct person_change *change = job->data;

	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	if (pg_is_null(rows, 0, API_PERSON_MERGE_VERSION)) {
		again(job);
		return;
	}
	change->move = pg_get_int(rows, 0, API_PERSON_MERGE_MOVE);
	person_change_reply(job, pg_get_int(rows, 0, API_PERSON_MERGE_VERSION), true);
}

/* The arguments that the deed and its trial share, in the order of person_merge() and
 * person_split(). */
static void
send(struct job *job, struct pg_args *args)
{
	struct person_change *change = job->data;

	pg_text(args, change->code);
	pg_text(args, change->other);
	pg_slice(args, change->items);
	if (change->split) {
		if (change->undoes != 0)
			pg_int8(args, change->undoes);
		else
			pg_null(args);
		pg_text_array(args, change->goes.items, change->goes.count);
		pg_text_array(args, change->stays.items, change->stays.count);
	}
	pg_int8(args, change->put.version);
	pg_text(args, job->ask.account->name);
	/* A dry run need not say why. */
	pg_text(args, change->reason != NULL ? change->reason : "-");
}

static void
do_it(struct job *job)
{
	const struct person_change *change = job->data;
	struct pg_args args = {0};

	if (change->put.dry_run) {
		person_change_reply(job, change->put.version, false);
		return;
	}
	send(job, &args);
	job_write(job, change->split ? &API_PERSON_SPLIT : &API_PERSON_MERGE, &args, on_done);
}

/* ---------------------------------------------------------------------------------- the effect */

static bool
find_effect(struct job *job, const struct pg_rows *rows)
{
	struct person_change *change = job->data;
	struct region_put *put = &change->put;
	struct ask *ask = &job->ask;
	struct snapshot *after;

	if (ask->whole->setup->region->version != put->version ||
	    snapshot_region_read(&ask->api->tools, put->version, put->document, &put->setup) !=
		STATUS_OK)
		return false;
	after = snapshot_move(ask->whole, put->setup,
	    arena_array(ask->arena, put->setup->region->nrotas + 1, sizeof(bool)));
	snapshot_load_shifts(after, rows, NULL, 0);
	snapshot_gather_absences(after);
	region_effect(ask->arena,
	    &(struct region_effect_asked){
		.map = ask->whole,
		.setup = put->setup,
		.after = after,
		.changes = &put->changes,
		.other_source = NULL,
		.now = ask->now,
	    },
	    &put->effect);
	person_effect_turned(ask->arena, ask->whole, after, ask->now, &change->effect);
	snapshot_unref(after);
	return true;
}

static void
on_tried(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct person_change *change = job->data;

	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	if (pg_rows_count(rows) > 0 && pg_is_null(rows, 0, API_SHIFTS_ROTA)) {
		again(job);
		return;
	}
	if (!find_effect(job, rows) && change->put.dry_run) {
		problem_reply_with(job->ask.exchange, 503,
		    "The set-up was changed a moment ago, and this process is still taking it up: ask again.",
		    &(struct problem_more){.extra = "Retry-After: 1\r\n"});
		job_end(job);
		return;
	}
	do_it(job);
}

static void
on_titles(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct person_change *change = job->data;
	const struct span_time *window = &job->ask.whole->window;
	struct pg_args args = {0};

	(void)st;
	person_effect_titles(job->ask.arena,
	    &(struct person_titles_asked){
		change->put.before, change->put.region, job->ask.api->tools.zones, rows},
	    &change->effect);
	send(job, &args);
	pg_time(&args, window->start);
	pg_time(&args, window->end);
	job_call(
	    job, change->split ? &API_PERSON_SPLIT_TRY : &API_PERSON_MERGE_TRY, &args, on_tried);
}

static void
on_lots(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct person_change *change = job->data;
	const char *people[] = {change->code, change->other, NULL};
	struct pg_args args = {0};

	(void)st;
	person_lots_take(job, rows);
	if (change->split && !person_lots_may(job))
		return;
	person_effect_rotas(job->ask.arena, change->put.before, change->put.region, people, &args);
	job_call(job, &API_PEOPLE_TITLES, &args, on_titles);
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
		? "an approval by another organisation would become somebody else's: let the one who has it stay, or let an administrator do it"
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

/* The two people, and whatever else changes with them. */
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
	/* Before anything is said of who there is. */
	if (!rights_people_touches(put->before, job->ask.account, change->code))
		return person_change_refuse(
		    job, 403, "This account may not change that; nothing was changed.", NULL, 0);
	if (change->before.len == 0)
		return person_change_refuse(
		    job, 404, "There is no person with this code.", NULL, 0);
	change->version = pg_get_int(rows, 0, API_PERSON_BASE_ITEM_VERSION);
	return true;
}

/* As for one object (object_reply.c), but for the one of whom the path is. */
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
	job_call(job, &API_PERSON_LOTS, &args, on_lots);
}

static void
begin(struct job *job)
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
		change->code = ask->region->people[person].id;
	change->put.dry_run = ask_yes(ask, "dry_run");
	change->seen = setup_object_tag(ask, "if-match");
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
	begin(job);
}

/* ---------------------------------------------------------------------------------- the answer */

static void
put_questions(struct json_out *out, const struct ask *ask, const struct region_merge_questions *all)
{
	out_array(out, "questions");
	for (size_t i = 0; i < all->count; i++) {
		out_object(out, NULL);
		out_text(out, "key", all->items[i].key);
		out_text(out, "detail", all->items[i].detail);
		out_text(out, "from", ask_shown_id(ask, all->items[i].from));
		out_object_end(out);
	}
	out_array_end(out);
}

void
person_change_reply(struct job *job, int64_t version, bool applied)
{
	const struct person_change *change = job->data;
	struct arena *arena = job->ask.arena;
	struct json_out out = {0};

	out_object(&out, NULL);
	out_text(&out, "code", change->code);
	out_text(&out, "other", change->other);
	out_bool(&out, "applied", applied);
	out_bool(&out, "dry_run", change->put.dry_run);
	out_int(&out, "version", applied ? version : change->version);
	if (change->other_version != 0)
		out_int(&out, "other_version", change->other_version);
	else
		out_null(&out, "other_version");
	if (change->move != 0)
		out_int(&out, "merge", change->split ? change->undoes : change->move);
	else
		out_null(&out, "merge");
	out_raw(&out, "object", change->item);
	if (change->other_item.len > 0)
		out_raw(&out, "other_object", change->other_item);
	else
		out_null(&out, "other_object");
	put_questions(&out, &job->ask, &change->questions);
	person_lots_put(&out, job);
	person_effect_put(&out, &job->ask, &change->effect);
	region_put_dependents(&out, job);
	out_object_end(&out);
	ask_reply_with(&job->ask, 200, &out,
	    arena_printf(arena, "ETag: %s\r\n",
		setup_object_etag(arena, applied ? version : change->version)));
	job_end(job);
}
