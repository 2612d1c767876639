/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/api/views/setup/object.h"
#include "server/api/views/setup/setup_withheld.h"
#include "server/model/merge_patch.h"
#include "server/model/region_carry.h"

/* Edits one object into the set-up in force, which gives the document that is to be in force. */

/* The body has been checked by the view (check_object), so it parses; the item comes from the
 * database, which has checked it. */
static json_t *
want(struct job *job)
{
	struct region_put *put = job->data;
	struct setup_object *object = put->object;
	/* A key that occurs twice would mean one thing here and another in the database's jsonb. */
	json_t *body = json_loadb(object->body.at, object->body.len, JSON_REJECT_DUPLICATES, NULL);
	json_t *item = json_loadb(object->item.at, object->item.len, 0, NULL), *wanted = body;
	const struct setup_seer seer = setup_seer_of(&job->ask);

	if (object->change == SETUP_PATCH) {
		wanted = merge_patch(item, body);
		json_decref(body);
	}
	/* The path already names the code; a PUT need not repeat it in the body. Another code in
	 * the body is a rename. */
	setup_put_back(&seer, object->kind, item, wanted);
	if (json_object_get(wanted, object->kind->id) == NULL && object->change == SETUP_PUT)
		json_object_set_new(wanted, object->kind->id, json_string(object->key));
	json_decref(item);
	return wanted;
}

/* Days are yyyy-mm-dd, so comparing text compares dates; ${until} is exclusive, so an end on the
 * day itself is before it. */
static bool
is_before(const json_t *item, const char *day)
{
	const char *until = json_string_value(json_object_get(item, "until"));

	return until != NULL && strcmp(until, day) <= 0;
}

/*
 * A requirement that is lowered until a day becomes two: ${wanted} ends on that day, and the former
 * one begins on it, under a code of its own. Nobody has to remember to raise it again.
 */
static void
hold_again(struct region_put *put, json_t *wanted)
{
	struct setup_object *object = put->object;
	json_t *former = json_loadb(object->item.at, object->item.len, 0, NULL);
	char *text;

	/* A requirement that ends before the day anyway keeps its own end: "until" must not prolong
	 * it. */
	if (!is_before(wanted, object->until))
		json_object_set_new(wanted, "until", json_string(object->until));
	if (former != NULL && !is_before(former, object->until)) {
		/* The day is part of the code, so that lowering it again later does not meet the
		 * same code. */
		object->more_key = arena_printf(put->arena, "%s.%s", object->key, object->until);
		json_object_set_new(former, object->kind->id, json_string(object->more_key));
		json_object_set_new(former, "from", json_string(object->until));
		/* The former requirement is a new object: a rename belongs to the one that keeps
		 * the code. */
		json_object_del(former, "renamed_from");
		text = json_dumps(former, JSON_COMPACT);
		object->more = (struct slice){arena_strdup(put->arena, text), strlen(text)};
		free(text);
	}
	json_decref(former);
}

struct slice
setup_object_item(struct region_put *put)
{
	const struct setup_object *object = put->object;

	return put->patched != NULL ? object->patched
				    : region_item_get(put->arena, put->document,
					  &(struct region_item){object->kind, object->now});
}

/* Patches ${item} into the set-up in force, if it makes no difference to other objects: so a
 * telephone costs as much in a country as it does in a town. */
static enum region_patched
patch(struct job *job, struct slice item)
{
	struct region_put *put = job->data;
	struct setup_object *object = put->object;
	struct region_shared_made made;
	enum region_patched patched;

	if (put->before_shared == NULL || object->item.len == 0 || item.len == 0 ||
	    object->more_key != NULL)
		return REGION_PATCH_WHOLE;
	object->patched = region_carry_item(put->arena, object->kind, item, put->before);
	patched = region_shared_patch(put->arena, put->before_shared,
	    &(struct region_patch){.kind = object->kind,
		.item = object->patched,
		.zones = region_zones_of(job->ask.api->tools.zones)},
	    &made, &put->faults);
	if (patched != REGION_PATCHED)
		return patched;
	put->patched = made.shared;
	put->region = made.shared->region;
	object->index = made.index;
	return REGION_PATCHED;
}

/* The same in the file. The JSON document is edited, not the region that was read from it: the
 * document is what is put in force and shown again, in the words of the file. */
static enum status
edit_file(struct job *job, struct slice item)
{
	struct region_put *put = job->data;
	struct setup_object *object = put->object;
	size_t more;

	put->document = region_item_set(put->arena, region_put_before_document(put),
	    &(struct region_item){object->kind, object->key}, item, &object->index);
	if (object->more_key != NULL)
		put->document = region_item_set(put->arena, put->document,
		    &(struct region_item){object->kind, object->more_key}, object->more, &more);
	return region_put_read(job, put->document);
}

static bool
has_warning(const struct region_faults *faults, const char *detail)
{
	for (size_t i = 0; i < faults->count; i++)
		if (strcmp(faults->items[i].detail, detail) == 0)
			return true;
	return false;
}

/* Leaves the warnings that this change gives rise to. What was so before is somebody else's to fix, and would
 * hide them. By their words, which name the object: places in the file move. */
static void
keep_new_warnings(struct job *job)
{
	struct region_put *put = job->data;
	struct region_faults *found = &put->faults, before = {0};
	const struct region *region;
	struct region_fault *kept;
	size_t count = 0;

	/* A set-up in force that cannot be read any more has faults here and no warnings: then all are new. */
	if (found->count == 0 ||
	    region_read(put->arena, region_put_before_document(put),
		region_zones_of(job->ask.api->tools.zones), &region, &before) != STATUS_OK)
		return;
	kept = arena_array(put->arena, found->count, sizeof *kept);
	for (size_t i = 0; i < found->count; i++)
		if (!has_warning(&before, found->items[i].detail))
			kept[count++] = found->items[i];
	*found = (struct region_faults){kept, count};
}

bool
setup_object_edit(struct job *job)
{
	struct region_put *put = job->data;
	struct setup_object *object = put->object;
	json_t *wanted = object->change == SETUP_DELETE ? NULL : want(job);
	const char *now = json_string_value(json_object_get(wanted, object->kind->id));
	struct slice item = {0};
	enum region_patched patched;
	char *text;

	if (wanted != NULL && object->until != NULL)
		hold_again(put, wanted);
	if (wanted != NULL) {
		text = json_dumps(wanted, JSON_COMPACT);
		item = (struct slice){arena_strdup(put->arena, text), strlen(text)};
		free(text);
		object->now = now != NULL ? arena_strdup(put->arena, now) : object->key;
	}
	json_decref(wanted);
	/* A new object cannot rename anything, so a code that differs from the path is a slip of
	 * the sender. Taken as it is, it would make an object that the path does not find. */
	if (object->item.len == 0 && object->now != NULL && strcmp(object->now, object->key) != 0) {
		problem_reply_with(job->ask.exchange, 422,
		    "A new object has the code that it is put under; nothing was changed.",
		    &(struct problem_more){
			.faults = &(struct problem_fault){arena_printf(job->ask.arena, "$.%s",
							      object->kind->id),
			    arena_printf(job->ask.arena, "must be \"%s\"", object->key)},
			.nfaults = 1});
		job_end(job);
		return false;
	}
	patched = patch(job, item);
	if (patched == REGION_PATCHED)
		return true;
	if (patched == REGION_PATCH_WHOLE && edit_file(job, item) == STATUS_OK) {
		keep_new_warnings(job);
		return true;
	}
	region_put_reply_faults(job, NULL);
	return false;
}
