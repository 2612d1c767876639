/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/rights_people.h"
#include "server/api/views/setup/person_change.h"
#include "server/api/views/views.h"
#include "server/base/vec.h"

/*
 * POST /v1/people/{id}/split: takes a merge back, or splits off somebody new who was taken for this
 * person. Nothing is given to one of the two by a guess. GET /v1/people/{id}/merges: the merges.
 */

static json_t *
parse(struct slice text)
{
	return text.len > 0 ? json_loadb(text.at, text.len, 0, NULL) : NULL;
}

static json_t *
column(const struct pg_rows *rows, unsigned at)
{
	return pg_is_null(rows, 0, at) ? NULL : parse(pg_get_bytes(rows, 0, at));
}

/* ---------------------------------------------------------------------------- what is to be */

/* Both people as they were, but for what was changed since. False: answered. */
static bool
take_back(struct job *job, const struct pg_rows *rows, const json_t *document)
{
	struct person_change *change = job->data;
	json_t *now, *before, *merged, *back, *made;

	if (pg_is_null(rows, 0, API_PERSON_BASE_UNDOES))
		return person_change_refuse(job, 409,
		    "There is no merge with this number that made somebody this person, or it was taken back before.",
		    NULL, 0);
	change->other = pg_copy_text(change->put.arena, rows, 0, API_PERSON_BASE_GONE);
	now = parse(change->before);
	before = column(rows, API_PERSON_BASE_BEFORE);
	merged = column(rows, API_PERSON_BASE_MERGED);
	back = column(rows, API_PERSON_BASE_BACK);
	made = region_unmerge(now, before, merged);
	region_merge_free_codes(back, json_object_get(document, "people"));
	change->item = person_change_text(job, made);
	change->other_item = person_change_text(job, back);
	json_decref(now);
	json_decref(before);
	json_decref(merged);
	json_decref(back);
	json_decref(made);
	return true;
}

/* Who is split off keeps the protection and the organisation of the one, unless it says otherwise. */
static void
inherit(json_t *person, const json_t *from)
{
	static const char *const keys[] = {"organisation", "protected", NULL};

	for (size_t i = 0; keys[i] != NULL; i++)
		if (json_object_get(person, keys[i]) == NULL &&
		    json_object_get(from, keys[i]) != NULL)
			json_object_set(person, keys[i], json_object_get(from, keys[i]));
}

static void
split_off(struct job *job)
{
	struct person_change *change = job->data;
	json_t *now = parse(change->before), *made;
	json_t *person = json_copy(json_object_get(change->body, "person"));

	inherit(person, now);
	made = region_split_off(now, person, json_object_get(change->body, "patch"));
	/* Neither its code nor those that lead to it are a patch's to change. */
	json_object_set(made, "id", json_object_get(now, "id"));
	change->item = person_change_text(job, made);
	change->other_item = person_change_text(job, person);
	json_decref(now);
	json_decref(made);
	json_decref(person);
}

/* A list of the rotas whose words of it change. */
static json_t *
split_words(struct job *job, const struct pg_rows *rows, json_t *document)
{
	struct person_change *change = job->data;
	struct arena *arena = change->put.arena;
	json_t *then = column(rows, API_PERSON_BASE_THEN_DOCUMENT), *changed = json_array(), *rota;
	struct region_split_asked asked = {
	    .from = region_codes(arena, change->put.before, "person", change->code),
	    .to = change->other,
	    .goes = json_object_get(change->body, "goes"),
	    .stays = json_object_get(change->body, "stays"),
	    .then = then,
	};
	const char *own[] = {change->code, NULL};
	size_t i;

	/* The other's own code means the other again: those of its words are no question. */
	if (change->undoes != 0)
		asked.from = own;
	region_split_words(arena, document, &asked, &change->words);
	json_array_foreach(json_object_get(document, "rotas"), i, rota)
	{
		bool touched = false;

		for (size_t j = 0; j < change->words.count; j++)
			touched |= change->words.items[j].lot != REGION_SPLIT_STAYS &&
				   strcmp(change->words.items[j].rota,
				       json_string_value(json_object_get(rota, "id"))) == 0;
		if (touched)
			json_array_append(changed, rota);
	}
	json_decref(then);
	return changed;
}

/* Its code must be new: it stands for somebody, or did. */
static bool
is_new(struct job *job)
{
	const struct person_change *change = job->data;
	struct problem_fault fault = {"$.person.id",
	    "stands for a person, or did: a code is never used again for another, so choose a new one"};

	return change->undoes != 0 ||
	       table_get(&change->put.before->person_by_id, change->other) == TABLE_NONE ||
	       person_change_refuse(
		   job, 422, "This cannot be done; nothing was changed.", &fault, 1);
}

static bool
build(struct job *job, const struct pg_rows *rows)
{
	struct person_change *change = job->data;
	json_t *document = parse(change->put.before_document), *rotas = NULL;
	bool done = is_new(job) && (change->undoes == 0 || take_back(job, rows, document));

	if (done && change->undoes == 0)
		split_off(job);
	if (done) {
		rotas = split_words(job, rows, document);
		done = person_change_put(job, document, rotas);
	}
	json_decref(rotas);
	json_decref(document);
	return done;
}

/* ------------------------------------------------------------------------------- the question */

static void
read_keys(struct ask *ask, const json_t *body, const char *list, struct person_keys *out)
{
	const json_t *keys = json_object_get(body, list);

	if (keys != NULL && !json_is_array(keys))
		ask_fault(ask, arena_printf(ask->arena, "$.%s", list), "must be a list");
	for (size_t i = 0; i < json_array_size(keys); i++) {
		const char *key = json_string_value(json_array_get(keys, i));

		if (key == NULL)
			ask_fault(ask, arena_printf(ask->arena, "$.%s[%zu]", list, i),
			    "must be such as \"override:12\"");
		else
			*VEC_PUSH(ask->arena, out) = arena_strdup(ask->arena, key);
	}
}

/* One of the two: the number of a merge, or somebody new. */
static void
read_whom(struct ask *ask, struct person_change *change)
{
	const json_t *merge = json_object_get(change->body, "merge"),
		     *person = json_object_get(change->body, "person"),
		     *patch = json_object_get(change->body, "patch");

	if ((merge == NULL) == (person == NULL))
		ask_fault(ask, "$",
		    "needs either \"merge\", its number, or \"person\", who is split off");
	else if (merge != NULL && (!json_is_integer(merge) || json_integer_value(merge) <= 0))
		ask_fault(ask, "$.merge", "must be the number of a merge");
	else if (person != NULL && json_string_value(json_object_get(person, "id")) == NULL)
		ask_fault(ask, "$.person.id", "is missing");
	if (patch != NULL && (person == NULL || !json_is_object(patch)))
		ask_fault(ask, "$.patch", "goes with \"person\", and is an object");
	change->undoes = json_integer_value(merge);
	if (person != NULL && json_object_get(person, "id") != NULL)
		change->other =
		    arena_strdup(ask->arena, json_is_string(json_object_get(person, "id"))
						 ? json_string_value(json_object_get(person, "id"))
						 : "");
}

void
view_person_split(struct ask *ask)
{
	static const char *const members[] = {
	    "merge", "person", "patch", "goes", "stays", "rest", "reason", NULL};
	struct person_change change = {
	    .build = build, .split = true, .body = ask_body(ask, members)};
	const char *rest;

	person_change_read(ask, &change);
	read_whom(ask, &change);
	read_keys(ask, change.body, "goes", &change.goes);
	read_keys(ask, change.body, "stays", &change.stays);
	rest = ask_body_text(ask, change.body, "rest", 10, ASK_OPTIONAL);
	if (rest != NULL && strcmp(rest, "stays") != 0)
		ask_fault(ask, "$.rest", "can only be \"stays\"");
	change.rest = rest != NULL;
	if (!ask_fine(ask)) {
		json_decref(change.body);
		return;
	}
	person_change_start(ask, &change);
}

/* ------------------------------------------------------------------------------------ the list */

static void
on_moves(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct ask *ask = &job->ask;
	struct json_out out = {0};

	(void)st;
	out_object(&out, NULL);
	out_array(&out, "merges");
	for (size_t i = 0; i < pg_rows_count(rows); i++) {
		out_object(&out, NULL);
		out_int(&out, "id", pg_get_int(rows, i, API_PERSON_MOVES_ID));
		out_text(
		    &out, "gone", ask_shown_id(ask, pg_get_text(rows, i, API_PERSON_MOVES_GONE)));
		out_text(
		    &out, "kept", ask_shown_id(ask, pg_get_text(rows, i, API_PERSON_MOVES_KEPT)));
		out_time(&out, "at", pg_get_time(rows, i, API_PERSON_MOVES_AT));
		out_text(&out, "by", pg_get_text(rows, i, API_PERSON_MOVES_BY_ACCOUNT));
		out_text(&out, "reason",
		    ask_shown_text(ask, pg_get_text(rows, i, API_PERSON_MOVES_REASON)));
		out_time(&out, "undone_at",
		    pg_get_time_or(rows, i, API_PERSON_MOVES_UNDONE_AT, INSTANT_NEVER));
		out_text(&out, "undone_by", pg_get_text(rows, i, API_PERSON_MOVES_UNDONE_BY));
		out_text(&out, "undone_reason",
		    ask_shown_text(ask, pg_get_text(rows, i, API_PERSON_MOVES_UNDONE_REASON)));
		out_object_end(&out);
	}
	out_array_end(&out);
	out_object_end(&out);
	ask_reply(&job->ask, &out);
	job_end(job);
}

void
view_person_merges(struct ask *ask)
{
	struct slice param = web_param(ask->exchange, "id");
	const char *code = arena_strndup(ask->arena, param.at, param.len);
	struct pg_args args = {0};
	uint32_t person;

	ask_as_keeper(ask);
	person = ask_person(ask, code);
	if (person == TABLE_NONE || !text_is_code(slice_of(region_person(ask->region, person)->id)))
		ask_refuse(ask, 404, "There is no person with this code.");
	else if (!rights_people_touches(
		     ask->region, ask->account, region_person(ask->region, person)->id))
		ask_refuse(ask, 403, "This account may not change this person.");
	if (!ask_fine(ask))
		return;
	pg_text(&args, region_person(ask->region, person)->id);
	job_call(job_new(ask, 0), &API_PERSON_MOVES, &args, on_moves);
}
