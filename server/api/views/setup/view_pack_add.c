/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/views/setup/region_put.h"
#include "server/api/views/views.h"
#include "server/base/vec.h"
#include "server/model/region_item.h"
#include "server/model/starter_pack.h"

/*
 * POST /v1/packs/{code}: adds a starter pack for one place. The functions and requirements of the
 * pack are added to the set-up in force, all or nothing, by the steps of region_put.c.
 */

#define PACK_ARENA_BYTES ((size_t)512 << 20)
#define CODE_MAX_BYTES 64

struct adding {
	struct region_put put; /* first: the steps of region_put.c find it as the job's data */
	json_t *made;          /* of starter_pack_make() */
};

static void
drop(struct job *job)
{
	json_decref(((struct adding *)job->data)->made);
	region_put_drop(job);
}

/* Answers 409 and ends the job, if there is already a requirement that the pack would make:
 * somebody may have changed it since on purpose, and the pack must not put it back. */
static bool
is_new(struct job *job)
{
	const struct adding *adding = job->data;
	VEC(struct problem_fault) there = {0};
	json_t *one;
	size_t i;

	json_array_foreach(json_object_get(adding->made, "requirements"), i, one)
	{
		const char *id = json_string_value(json_object_get(one, "id"));

		/* The table of codes is not built for a region without requirements. */
		if (adding->put.before->nrequirements > 0 &&
		    table_get(&adding->put.before->requirement_by_id, id) != TABLE_NONE)
			*VEC_PUSH(job->ask.arena, &there) = (struct problem_fault){
			    arena_printf(job->ask.arena, "requirement:%s", id),
			    "is there already; change it by itself"};
	}
	if (there.count == 0)
		return true;
	problem_reply_with(job->ask.exchange, 409,
	    "This pack was added for this place before; nothing was changed.",
	    &(struct problem_more){.faults = there.items, .nfaults = there.count});
	job_end(job);
	return false;
}

/* Adds to the document what it does not have yet: a function that is there stays as it is. */
static void
add(struct region_put *put, const char *list, const json_t *items)
{
	const struct region_kind *kind = region_kind_listed(slice_of(list));
	json_t *one;
	size_t i, index;

	json_array_foreach(items, i, one)
	{
		const char *key = json_string_value(json_object_get(one, kind->id));
		struct region_item which = {kind, key};
		char *text;

		/* Another place of the region may have added the same pack: its functions are
		 * shared, and may have been renamed since. */
		if (region_item_get(put->arena, put->document, &which).len > 0)
			continue;
		text = json_dumps(one, JSON_COMPACT);
		put->document =
		    region_item_set(put->arena, put->document, &which, slice_of(text), &index);
		free(text);
	}
}

static void
on_base(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct adding *adding = job->data;
	struct region_put *put = &adding->put;

	(void)st;
	region_put_take_base(job, rows);
	if (!is_new(job))
		return;
	/* Only requirements and functions are ever added, so nothing of the set-up in force can be
	 * in conflict. */
	put->document = put->before_document;
	add(put, "functions", json_object_get(adding->made, "functions"));
	add(put, "requirements", json_object_get(adding->made, "requirements"));
	if (region_put_read(job, put->document) == STATUS_OK)
		region_put_compare(job, NULL);
	else
		region_put_reply_faults(job, NULL);
}

/* ------------------------------------------------------------------------------- the question */

/* The place must be of a kind that the pack is for: its hours and numbers are meant for that
 * kind. */
static const char *
read_place(struct ask *ask, const json_t *body, const json_t *pack)
{
	const char *code = ask_body_text(ask, body, "place", CODE_MAX_BYTES, ASK_REQUIRED);
	uint32_t place = code != NULL ? table_get(&ask->region->place_by_code, code) : TABLE_NONE;

	if (code == NULL)
		return NULL;
	/* One answer for a place that is not there and one that the account may not ask about: it
	 * must not learn which. */
	if (place == TABLE_NONE || !rights_place(ask->region, ask->account, place))
		ask_fault(
		    ask, "$.place", "is no place with this code that this account may ask about");
	else if (pack != NULL && !starter_pack_suits(pack, ask->region->places[place].kind))
		ask_fault(ask, "$.place", "is a %s, which this pack is not for",
		    ask->region->places[place].kind);
	return code;
}

/* {function of the pack: function of the region}. */
static const json_t *
read_functions(struct ask *ask, const json_t *body)
{
	const json_t *functions = json_object_get(body, "functions");
	const char *key;
	json_t *value;

	if (functions != NULL && !json_is_object(functions)) {
		ask_fault(ask, "$.functions",
		    "must be an object: a function of the pack, and the "
		    "one of this region that stands for it");
		return NULL;
	}
	/* Jansson's loop wants a pointer that is not const; it changes nothing. */
	json_object_foreach((json_t *)(uintptr_t)functions, key, value)
	{
		if (!json_is_string(value) || table_get(&ask->region->function_by_code,
						  json_string_value(value)) == TABLE_NONE)
			ask_fault(ask, "$.functions",
			    "there is no function of this region for %.64s: an administrator adds one (crisiscover add function CODE name=…)",
			    key);
	}
	return functions;
}

static json_t *
read_wish(struct ask *ask, const json_t *pack)
{
	static const char *const members[] = {
	    "place", "owner", "deputy", "commissioner", "functions", NULL};
	json_t *body = ask_body(ask, members), *made = NULL;
	struct starter_pack_wish wish = {
	    .place = read_place(ask, body, pack),
	    .owner = ask_body_text(ask, body, "owner", CODE_MAX_BYTES, ASK_REQUIRED),
	    .deputy = ask_body_text(ask, body, "deputy", CODE_MAX_BYTES, ASK_OPTIONAL),
	    .commissioner = ask_body_text(ask, body, "commissioner", CODE_MAX_BYTES, ASK_OPTIONAL),
	    .functions = read_functions(ask, body),
	};

	/* With a fault nothing is made; ask_fine() then answers with all of them at once. */
	if (pack != NULL && wish.place != NULL && wish.owner != NULL)
		made = starter_pack_make(pack, &wish);
	json_decref(body);
	return made;
}

void
view_pack_add(struct ask *ask)
{
	struct slice name = web_param(ask->exchange, "code");
	json_t *pack = starter_pack_read(arena_strndup(ask->arena, name.at, name.len));
	/* Judged: unlike a whole region file, a pack is added by people who may not change
	 * everything, so each change is asked of their rights. */
	struct adding adding = {.put = {.dry_run = ask_yes(ask, "dry_run"), .judged = true}};
	struct job *job;

	if (pack == NULL)
		ask_refuse(ask, 404, "There is no starter pack \"%.*s\".", (int)name.len, name.at);
	adding.made = read_wish(ask, pack);
	json_decref(pack);
	if (!ask_fine(ask)) {
		json_decref(adding.made);
		return;
	}
	adding.put.arena = arena_new(PACK_ARENA_BYTES);
	job = job_new(ask, sizeof adding);
	*(struct adding *)job->data = adding;
	job->drop = drop;
	region_put_ask_base(job, on_base);
}
