/* SPDX-License-Identifier: MIT */
#include "server/model/region_shared.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/base/vec.h"
#include "server/model/json_breath.h"
#include "server/model/region_keys.h"
#include "server/model/region_people.h"

/* The present form of an object that has changed. It has an arena and a count of its own, so that it can be
 * freed when the object changes again. */
struct region_edit {
	unsigned refs;
	struct arena *arena;
	const struct region_kind *kind;
	uint32_t index;
	struct slice item;
};

static void
edit_unref(struct region_edit *edit)
{
	if (--edit->refs == 0)
		arena_free(edit->arena);
}

struct region_shared *
region_shared_ref(struct region_shared *shared)
{
	shared->refs++;
	return shared;
}

void
region_shared_unref(struct region_shared *shared)
{
	if (shared == NULL || --shared->refs > 0)
		return;
	for (size_t i = 0; i < shared->nedits; i++)
		edit_unref(shared->edits[i]);
	region_shared_unref(shared->base);
	arena_free(shared->arena);
}

static struct region_shared *
shared_new(struct arena *arena)
{
	struct region_shared *shared = arena_alloc(arena, sizeof *shared);

	*shared = (struct region_shared){.refs = 1, .arena = arena};
	return shared;
}

/* Faults must outlive the arena in which the region was read, since a region with faults is freed. */
static struct region_faults
copy_faults(struct arena *arena, const struct region_faults *from)
{
	struct region_fault *items = arena_array(arena, from->count + 1, sizeof *items);

	for (size_t i = 0; i < from->count; i++)
		items[i] = (struct region_fault){arena_strdup(arena, from->items[i].path),
		    arena_strdup(arena, from->items[i].detail), from->items[i].warning};
	return (struct region_faults){items, from->count};
}

enum status
region_shared_read(struct arena *arena, struct slice document, struct region_zones zones,
    struct region_shared **out, struct region_faults *faults)
{
	struct region_shared *shared = shared_new(arena_new(0));
	struct region_faults found = {0};
	enum status st;

	shared->document =
	    (struct slice){arena_strndup(shared->arena, document.at, document.len), document.len};
	st = region_read(shared->arena, shared->document, zones, &shared->region, &found);
	*faults = copy_faults(arena, &found);
	if (st == STATUS_OK)
		*out = shared;
	else
		region_shared_unref(shared);
	return st;
}

void
region_shared_number(struct region_shared *shared, int64_t version)
{
	struct region *own = arena_alloc(shared->arena, sizeof *own);

	/* A copy of the head alone: what was read is immutable, and others may look at it. */
	*own = *shared->region;
	own->version = version;
	shared->region = own;
}

/* Gives ${to} the edits of ${from} and ${edit}, which replaces an earlier edit of the same object. */
static void
keep_edits(struct region_shared *to, const struct region_shared *from, struct region_edit *edit)
{
	to->edits = arena_array(to->arena, from->nedits + 1, sizeof(struct region_edit *));
	for (size_t i = 0; i < from->nedits; i++) {
		struct region_edit *other = from->edits[i];

		if (other->kind == edit->kind && other->index == edit->index)
			continue;
		/* Shared, not copied: a thousand edits would be copied for each further one. */
		other->refs++;
		to->edits[to->nedits++] = other;
	}
	to->edits[to->nedits++] = edit;
}

/* Of the array of a kind; of people it leads to their blocks. */
static size_t
bytes_of(const struct region_kind *kind, const struct region *region)
{
	return kind == &region_kinds[REGION_KIND_PERSON]
		   ? region_people_bytes(region)
		   : region_kind_count(kind, region) * kind->size;
}

/*
 * A patch copies the array of its kind and shares the others with ${before}. What is shared must be
 * of the region that was read whole, which lives as long as this one: arrays that the region before
 * had of its own are copied too. A block of people is in the arena of the edit that made it, which is
 * the last one of all edits of its people: while the block is in a region, so is that edit.
 */
static void
own_arrays(struct arena *arena, struct region *region, const struct region *before,
    const struct region *base)
{
	for (int i = 0; i < REGION_KINDS; i++) {
		const struct region_kind *kind = &region_kinds[i];
		const char *mine, *theirs, *read;
		char *copy;

		memcpy(&mine, (const char *)region + kind->items_at, sizeof mine);
		memcpy(&theirs, (const char *)before + kind->items_at, sizeof theirs);
		memcpy(&read, (const char *)base + kind->items_at, sizeof read);
		/* Of this patch, or of what was read whole: both live long enough. */
		if (mine != theirs || mine == read)
			continue;
		copy = arena_copy(arena, mine, bytes_of(kind, region));
		memcpy((char *)region + kind->items_at, &copy, sizeof copy);
	}
}

static struct region_edit *
edit_new(const struct region_patch *patch)
{
	struct arena *arena = arena_new(0);
	struct region_edit *edit = arena_alloc(arena, sizeof *edit);

	*edit = (struct region_edit){.refs = 1, .arena = arena, .kind = patch->kind};
	edit->item =
	    (struct slice){arena_strndup(arena, patch->item.at, patch->item.len), patch->item.len};
	return edit;
}

/* Fills ${to} after a successful patch. Its base is always a region that was read as a whole, never a patched
 * one: otherwise each version would keep all versions before it in memory. */
static void
complete(struct region_shared *to, struct region_shared *from, struct region_edit *edit,
    const struct region_patch_made *made)
{
	struct region_shared *base = from->base != NULL ? from->base : from;
	struct region *own = arena_alloc(to->arena, sizeof *own);

	*own = *made->region;
	own_arrays(to->arena, own, from->region, base->region);
	edit->index = made->index;
	to->region = own;
	to->document = base->document;
	to->base = region_shared_ref(base);
	keep_edits(to, from, edit);
}

enum region_patched
region_shared_patch(struct arena *arena, struct region_shared *from,
    const struct region_patch *patch, struct region_shared_made *out, struct region_faults *faults)
{
	struct region_shared *to;
	struct region_edit *edit;
	struct region_patch own = *patch;
	struct region_patch_made made;
	struct region_faults found = {0};
	enum region_patched patched;

	/* Even if it is an edit of an object that has one: to look for it would cost more than the
	 * reading that comes once in a thousand changes. */
	if (from->nedits >= REGION_EDITS_MAX)
		return REGION_PATCH_WHOLE;
	to = shared_new(arena_new(0));
	edit = edit_new(patch);
	own.texts = edit->arena;
	patched = region_patch(to->arena, from->region, &own, &made, &found);
	if (patched != REGION_PATCH_WHOLE)
		*faults = copy_faults(arena, &found);
	if (patched != REGION_PATCHED) {
		edit_unref(edit);
		region_shared_unref(to);
		return patched;
	}
	complete(to, from, edit, &made);
	*out = (struct region_shared_made){to, made.index, made.keys};
	return REGION_PATCHED;
}

static const struct region_shared *
base_of(const struct region_shared *shared)
{
	return shared->base != NULL ? shared->base : shared;
}

bool
region_shared_edited(struct arena *arena, const struct region_shared *from,
    const struct region_shared *to, struct region_edited_list *out)
{
	VEC(struct region_edited) found = {0};
	size_t kept = 0;

	if (base_of(from) != base_of(to))
		return false;
	/* Edits stay in their order; those that are replaced go, and new ones come last. */
	for (size_t i = 0; i < from->nedits; i++)
		if (kept < to->nedits && from->edits[i] == to->edits[kept])
			kept++;
		else
			*VEC_PUSH(arena, &found) =
			    (struct region_edited){from->edits[i]->kind, from->edits[i]->index};
	for (size_t i = kept; i < to->nedits; i++)
		*VEC_PUSH(arena, &found) =
		    (struct region_edited){to->edits[i]->kind, to->edits[i]->index};
	*out = (struct region_edited_list){found.items, found.count};
	return true;
}

/* ------------------------------------------------------------------- what the database says */

/* ${from} with one change; NULL: the region must be read as a whole. */
static struct region_shared *
take_one(struct arena *arena, struct region_shared *from, const json_t *change,
    struct region_zones zones, struct region_taken *taken)
{
	const char *kind = json_string_value(json_object_get(change, "kind"));
	char *text = json_dumps(json_object_get(change, "item"), JSON_COMPACT);
	struct region_faults faults = {0};
	struct region_shared_made made = {0};
	struct region_patch patch;

	INVARIANT(kind != NULL);
	INVARIANT(text != NULL);
	patch = (struct region_patch){
	    .kind = region_kind_of(kind), .item = slice_of(text), .zones = zones};
	/* A kind of a newer program is nothing that this one can take up. */
	if (patch.kind == NULL ||
	    region_shared_patch(arena, from, &patch, &made, &faults) != REGION_PATCHED)
		made.shared = NULL;
	*taken = (struct region_taken){
	    patch.kind, made.index, made.keys != NULL ? arena_strdup(arena, made.keys) : NULL};
	free(text);
	return made.shared;
}

struct region_shared *
region_shared_take(struct arena *arena, struct region_shared *from,
    const struct region_shared_since *since, struct region_takens *takens)
{
	json_t *changes = json_loadb(since->changes.at, since->changes.len, 0, NULL);
	size_t count = json_array_size(changes);
	struct region_taken *items = arena_array(arena, count + 1, sizeof *items);
	struct region_shared *at = count > 0 ? region_shared_ref(from) : NULL, *next;

	for (size_t i = 0; at != NULL && i < count; i++) {
		next = take_one(arena, at, json_array_get(changes, i), since->zones, &items[i]);
		region_shared_unref(at);
		at = next;
	}
	json_decref(changes);
	*takens = (struct region_takens){items, count};
	if (at != NULL)
		region_shared_number(at, since->version);
	return at;
}

bool
region_takens_touch(
    const struct region_takens *takens, const struct region_kind *kind, const char *keys)
{
	for (size_t i = 0; i < takens->count; i++) {
		const char *own = takens->items[i].keys;

		if (takens->items[i].kind != kind || own == NULL)
			continue;
		if (keys == NULL)
			return true;
		while (*own != '\0')
			if (region_keys_has(keys, region_keys_next(&own)))
				return true;
	}
	return false;
}

struct slice
region_shared_document(struct arena *arena, const struct region_shared *shared)
{
	json_t *root;
	struct slice out;
	size_t len;
	char *text;

	if (shared->nedits == 0)
		return shared->document;
	/* Put together when it is asked for, which is rare, and not at each change. */
	root = json_load_breathing(shared->document.at, shared->document.len);
	for (size_t i = 0; i < shared->nedits; i++) {
		const struct region_edit *edit = shared->edits[i];

		json_array_set_new(json_object_get(root, edit->kind->list), edit->index,
		    json_loadb(edit->item.at, edit->item.len, 0, NULL));
	}
	text = json_dump_breathing(root, &len);
	out = (struct slice){arena_strndup(arena, text, len), len};
	free(text);
	json_free_breathing(root);
	return out;
}
