/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/views/setup/object.h"
#include "server/api/views/setup/setup_withheld.h"
#include "server/base/civil.h"
#include "server/base/vec.h"

/* The answers to a change of one object. */

/* ------------------------------------------------------------------------------- preconditions */

static const char *
value_text(struct arena *arena, const json_t *value)
{
	char *text;
	const char *out;

	/* A member that is absent must not look like one that is null. */
	if (value == NULL)
		return "not there";
	text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	out = arena_strdup(arena, text);
	free(text);
	return out;
}

/* A fault for each member that differs from what the sender has seen. Members, not the whole
 * object: the sender can then judge whether the other change matters to it. */
static size_t
differences(struct job *job, struct slice seen, struct problem_fault **out)
{
	struct region_put *put = job->data;
	struct arena *arena = job->ask.arena;
	json_t *before = json_loadb(seen.at, seen.len, 0, NULL);
	json_t *after = json_loadb(put->object->item.at, put->object->item.len, 0, NULL), *value;
	VEC(struct problem_fault) all = {0};
	const char *key;

	json_object_foreach(
	    after, key, value) if (!json_equal(value, json_object_get(before, key))) *
	    VEC_PUSH(arena, &all) = (struct problem_fault){arena_printf(arena, "$.%s", key),
	    arena_printf(arena, "is now %s", value_text(arena, value))};
	json_object_foreach(before, key, value) if (json_object_get(after, key) == NULL) *
	    VEC_PUSH(arena, &all) =
	    (struct problem_fault){arena_printf(arena, "$.%s", key), "is not there any more"};
	json_decref(before);
	json_decref(after);
	*out = all.items;
	return all.count;
}

static bool
refuse_changed(struct job *job, struct slice seen)
{
	const struct setup_object *object = ((struct region_put *)job->data)->object;
	struct arena *arena = job->ask.arena;
	struct problem_fault *faults = NULL;
	size_t count = seen.len > 0 ? differences(job, seen, &faults) : 0;
	char at[CIVIL_RFC3339_MAX];

	civil_rfc3339(object->at, at);
	problem_reply_with(job->ask.exchange, 412,
	    arena_printf(arena,
		"This %s was changed since you read it (by %s, %s); nothing was changed. Read it again, and change that.",
		object->kind->kind, object->by, at),
	    /* The refusal has the new tag, so that the sender need not ask once more before it
	     * tries again. */
	    &(struct problem_more){.faults = faults,
		.nfaults = count,
		.extra = arena_printf(
		    arena, "ETag: %s\r\n", setup_object_etag(arena, object->version))});
	job_end(job);
	return false;
}

bool
setup_object_may(struct job *job, struct slice seen)
{
	const struct region_put *put = job->data;
	const struct setup_object *object = put->object;
	struct arena *arena = job->ask.arena;

	/* If-Match of an object that was deleted meanwhile must not create it again (RFC 9110,
	 * 13.1.1). */
	if (object->item.len == 0) {
		if (object->change != SETUP_PUT)
			return job_problem(job, 404,
			    arena_printf(
				arena, "There is no %s with this code.", object->kind->kind));
		return object->seen == 0 ||
		       job_problem(job, 412,
			   arena_printf(arena, "There is no %s with this code any more.",
			       object->kind->kind));
	}
	if (object->fresh)
		return job_problem(job, 412,
		    arena_printf(
			arena, "There is a %s with this code already.", object->kind->kind));
	/* A dry run changes nothing, so it may be asked for without a tag; everything else must say
	 * what it was based on, or two people would overwrite each other without noticing. */
	if (object->seen == object->version || (object->seen == 0 && put->dry_run))
		return true;
	if (object->seen == 0)
		return job_problem(job, 428,
		    "Say what you have seen: If-Match with the ETag of the object as you read it.");
	return refuse_changed(job, seen);
}

/* -------------------------------------------------------------------------------------- faults */

struct problem_fault
setup_object_fault(struct job *job, const struct region_fault *fault)
{
	struct region_put *put = job->data;
	struct arena *arena = job->ask.arena;
	/* Faults come with paths of the whole document, such as $.people[12].name. The sender has
	 * sent one object, so it is shown $.name. */
	const char *own =
		       region_item_path(arena, put->object->kind, put->object->index, fault->path),
		   *who;

	if (own != NULL)
		return (struct problem_fault){own, arena_strdup(arena, fault->detail)};
	/* The fault is in another object, which refers to this one: its index means nothing to the
	 * sender, so it is named. */
	who = region_item_named(arena, put->document, fault->path);
	return (struct problem_fault){arena_strdup(arena, fault->path),
	    who != NULL ? arena_printf(arena, "%s: %s", who, fault->detail)
			: arena_strdup(arena, fault->detail)};
}

/* --------------------------------------------------------------------------------- the answer */

/* The order of the arguments is that of setup_put() in 0001_set_up.sql. */
void
setup_object_send(struct job *job, struct pg_args *args)
{
	struct region_put *put = job->data;
	const struct setup_object *object = put->object;

	pg_text(args, object->kind->kind);
	/* NULL for the former code means that the object is new. */
	if (object->item.len > 0)
		pg_text(args, object->key);
	else
		pg_null(args);
	if (object->now != NULL) {
		pg_text(args, object->now);
		/* Not as it was sent, but with what region_carry has added: renamed_from,
		 * former_names. */
		pg_slice(args, setup_object_item(put));
	} else {
		pg_null(args);
		pg_null(args);
	}
	pg_text(args, object->more_key);
	if (object->more_key != NULL)
		pg_slice(args, object->more);
	else
		pg_null(args);
}

/* The object as it is to be. */
static struct slice
shown(struct job *job)
{
	struct region_put *put = job->data;
	const struct setup_seer seer = setup_seer_of(&job->ask);
	struct slice item = setup_object_item(put);
	json_t *value = json_loadb(item.at, item.len, 0, NULL);
	char *text;

	setup_withhold(&seer, put->object->kind, put->object->now, value);
	text = json_dumps(value, JSON_COMPACT);
	item = (struct slice){arena_strdup(put->arena, text), strlen(text)};
	free(text);
	json_decref(value);
	return item;
}

void
setup_object_reply(struct job *job, int64_t version, bool applied)
{
	struct region_put *put = job->data;
	const struct setup_object *object = put->object;
	struct arena *arena = job->ask.arena;
	/* Of a dry run the tag is that of the version in force: with the tag of what would be, the
	 * sender could send an If-Match that nothing has yet. */
	int64_t own = applied ? version : object->version;
	struct json_out out = {0};

	out_object(&out, NULL);
	out_text(&out, "kind", object->kind->kind);
	out_text(&out, "code", object->now != NULL ? object->now : object->key);
	out_int(&out, "version", own);
	out_bool(&out, "applied", applied);
	out_bool(&out, "dry_run", put->dry_run);
	if (object->now != NULL)
		out_raw(&out, "object", shown(job));
	else
		out_null(&out, "object");
	setup_object_second(&out, job);
	region_put_dependents(&out, job);
	out_object_end(&out);
	/* 201 and 200 tell a client whether its PUT created something (RFC 9110, 9.3.4). An object
	 * that was deleted, or never put in force, has no tag. */
	ask_reply_with(&job->ask, applied && object->item.len == 0 ? 201 : 200, &out,
	    object->now == NULL || own == 0
		? NULL
		: arena_printf(arena, "ETag: %s\r\n", setup_object_etag(arena, own)));
	job_end(job);
}
