/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/views/setup/object.h"
#include "server/api/views/setup/person_change.h"
#include "server/api/views/views.h"
#include "server/base/vec.h"

/*
 * POST /v1/people/{id}/merge: another person of the set-up is this one. Two people of one name stay
 * two until somebody says so.
 */

#define CODE_MAX_BYTES 64

/* Who goes, as the sender has read it. False: answered. */
static bool
other_is_seen(struct job *job, const struct pg_rows *rows)
{
	struct person_change *change = job->data;
	struct problem_fault fault = {"$.person", "there is no person with this code"};
	int64_t version;

	if (pg_is_null(rows, 0, API_PERSON_BASE_OTHER))
		return person_change_refuse(
		    job, 422, "This cannot be done; nothing was changed.", &fault, 1);
	version = change->other_version = pg_get_int(rows, 0, API_PERSON_BASE_OTHER_VERSION);
	if (change->seen_other == version || (change->seen_other == 0 && change->put.dry_run))
		return true;
	fault = (struct problem_fault){"$.version",
	    change->seen_other == 0
		? "must be the number in the ETag of who goes, as you read it"
		: arena_printf(job->ask.arena, "%s was changed since by %s: it is now %lld",
		      change->other, pg_get_text(rows, 0, API_PERSON_BASE_OTHER_BY),
		      (long long)version)};
	return person_change_refuse(job, change->seen_other == 0 ? 428 : 412,
	    "Say what you have seen of both people; nothing was changed.", &fault, 1);
}

/* What the sender chose must be in question, and be one of the two. */
static bool
choices_mean_something(struct job *job)
{
	const struct person_change *change = job->data;
	struct arena *arena = job->ask.arena;
	VEC(struct problem_fault) faults = {0};
	json_t *value;
	const char *key;

	json_object_foreach(json_object_get(change->body, "choose"), key, value)
	{
		const char *code = json_string_value(value);
		bool asked = false;

		for (size_t i = 0; i < change->questions.count; i++)
			asked |= strcmp(change->questions.items[i].key, key) == 0;
		if (!asked)
			*VEC_PUSH(arena, &faults) = (struct problem_fault){
			    arena_printf(arena, "$.choose[\"%.60s\"]", key), "is not in question"};
		else if (code == NULL ||
			 (strcmp(code, change->code) != 0 && strcmp(code, change->other) != 0))
			*VEC_PUSH(arena, &faults) =
			    (struct problem_fault){arena_printf(arena, "$.choose[\"%.60s\"]", key),
				arena_printf(arena, "must be \"%s\" or \"%s\"", change->code,
				    change->other)};
	}
	return faults.count == 0 ||
	       person_change_refuse(job, 422, "This cannot be done; nothing was changed.",
		   faults.items, faults.count);
}

/* A dry run lists what is in question instead. */
static bool
is_settled(struct job *job)
{
	const struct person_change *change = job->data;
	struct arena *arena = job->ask.arena;
	VEC(struct problem_fault) faults = {0};

	if (change->put.dry_run)
		return true;
	for (size_t i = 0; i < change->questions.count; i++)
		if (change->questions.items[i].from == NULL)
			*VEC_PUSH(arena, &faults) = (struct problem_fault){
			    arena_printf(arena, "$.choose[\"%s\"]", change->questions.items[i].key),
			    arena_printf(arena, "%s: say whose it is, \"%s\" or \"%s\"",
				change->questions.items[i].detail, change->code, change->other)};
	return faults.count == 0 ||
	       person_change_refuse(job, 409,
		   "The two people differ in what one person has only one of; nothing was changed. Choose.",
		   faults.items, faults.count);
}

static bool
build(struct job *job, const struct pg_rows *rows)
{
	struct person_change *change = job->data;
	struct slice before = change->before;
	json_t *kept, *gone, *made, *document;
	struct slice other;
	bool done;

	if (!other_is_seen(job, rows))
		return false;
	other = pg_get_bytes(rows, 0, API_PERSON_BASE_OTHER);
	kept = json_loadb(before.at, before.len, 0, NULL);
	gone = json_loadb(other.at, other.len, 0, NULL);
	made = region_merge(change->put.arena,
	    &(struct region_merge_asked){kept, gone, json_object_get(change->body, "choose")},
	    &change->questions);
	change->item = person_change_text(job, made);
	json_decref(kept);
	json_decref(gone);
	json_decref(made);
	if (!choices_mean_something(job) || !is_settled(job))
		return false;
	document =
	    json_loadb(change->put.before_document.at, change->put.before_document.len, 0, NULL);
	done = person_change_put(job, document, NULL);
	json_decref(document);
	return done;
}

static int64_t
read_version(struct ask *ask, const json_t *body)
{
	const json_t *version = json_object_get(body, "version");

	if (version == NULL)
		return 0;
	if (!json_is_integer(version) || json_integer_value(version) <= 0)
		ask_fault(ask, "$.version", "must be the number in the ETag of who goes");
	return json_integer_value(version);
}

void
view_person_merge(struct ask *ask)
{
	static const char *const members[] = {"person", "version", "choose", "reason", NULL};
	struct person_change change = {.build = build, .body = ask_body(ask, members)};
	const json_t *choose = json_object_get(change.body, "choose");
	uint32_t other;

	person_change_read(ask, &change);
	change.other = ask_body_text(ask, change.body, "person", CODE_MAX_BYTES, ASK_REQUIRED);
	change.seen_other = read_version(ask, change.body);
	if (choose != NULL && !json_is_object(choose))
		ask_fault(
		    ask, "$.choose", "must be an object: what is in question, and whose it is");
	other = change.other != NULL ? ask_person(ask, change.other) : TABLE_NONE;
	if (other != TABLE_NONE)
		change.other = region_person(ask->region, other)->id;
	if (change.other != NULL && strcmp(change.other, change.code) == 0)
		ask_fault(ask, "$.person", "is the same person already");
	if (!ask_fine(ask)) {
		json_decref(change.body);
		return;
	}
	person_change_start(ask, &change);
}
