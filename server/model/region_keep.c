/* SPDX-License-Identifier: MIT */
#include "server/model/region_keep.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/model/region_kind.h"

/* "shared_ok": false is "max_share": 1 (region_read_requirements.c), so one of the two is never
 * kept without the other: a file with both might contradict itself. Former names follow from the
 * name, so they are no conflict of their own (region_conflict.c), and are kept with it. */
static const char *const together[][2] = {{"max_share", "shared_ok"}, {"shared_ok", "max_share"},
    {"confirmed", "pack"}, {"name", "former_names"}};

/* The index of the thing in its list; the size of the list if it is not there. */
static size_t
find(const json_t *list, const char *id, const char *code)
{
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		const char *own = json_string_value(json_object_get(json_array_get(list, i), id));

		if (strcmp(own, code) == 0)
			break;
	}
	return i;
}

/* Copies a member, or takes it out if it is not in force: else what the file says would remain. */
static void
copy_member(json_t *to, const json_t *from, const char *key)
{
	json_t *value = json_object_get(from, key);

	if (value == NULL)
		json_object_del(to, key);
	else
		json_object_set(to, key, value);
}

static void
copy_key(json_t *to, const json_t *from, const char *key)
{
	copy_member(to, from, key);
	for (size_t i = 0; i < sizeof together / sizeof *together; i++)
		if (strcmp(together[i][0], key) == 0)
			copy_member(to, from, together[i][1]);
}

/* Sorts the functions of ${to} as in ${from}; new ones come last. */
static void
keep_order(json_t *to, const json_t *from)
{
	json_t *mine = json_object_get(to, "functions"), *ordered = json_array();
	const json_t *theirs = json_object_get(from, "functions");

	for (size_t i = 0; i < json_array_size(theirs); i++) {
		const char *code =
		    json_string_value(json_object_get(json_array_get(theirs, i), "code"));
		size_t at = find(mine, "code", code);

		/* A function that the file has removed is not put back by its order. */
		if (at == json_array_size(mine))
			continue;
		json_array_append(ordered, json_array_get(mine, at));
		json_array_remove(mine, at);
	}
	json_array_extend(ordered, mine);
	json_object_set_new(to, "functions", ordered);
}

static void
keep_root(json_t *to, const json_t *from, const struct region_conflict *conflict)
{
	if (strcmp(conflict->code, "functions") == 0)
		keep_order(to, from);
	else
		copy_member(to, from, conflict->key);
}

/* Finds the thing in the file, under its code in force if that has been kept already. */
static size_t
find_mine(
    const json_t *mine, const struct region_kind *section, const struct region_conflict *conflict)
{
	size_t at = find(mine, section->id, conflict->code);

	return at < json_array_size(mine) ? at : find(mine, section->id, conflict->was);
}

static void
keep_thing(json_t *to, const json_t *from, const struct region_kind *section,
    const struct region_conflict *conflict)
{
	json_t *mine = json_object_get(to, section->list);
	json_t *theirs = json_object_get(from, section->list);
	size_t at = find_mine(mine, section, conflict);
	size_t there = find(theirs, section->id, conflict->was);

	/* The former codes are kept with the code, or references that use an older one would find
	 * nothing. */
	if (conflict->key != NULL && strcmp(conflict->key, "code") == 0) {
		copy_member(json_array_get(mine, at), json_array_get(theirs, there), section->id);
		copy_member(
		    json_array_get(mine, at), json_array_get(theirs, there), "renamed_from");
	} else if (conflict->key != NULL) {
		copy_key(json_array_get(mine, at), json_array_get(theirs, there), conflict->key);
	} else if (conflict->sign == '+') {
		json_array_remove(mine, at);
	} else {
		if (mine == NULL)
			json_object_set_new(to, section->list, mine = json_array());
		json_array_append(mine, json_array_get(theirs, there));
	}
}

static void
keep(json_t *to, const json_t *from, const struct region_conflict *conflict)
{
	const struct region_kind *section = region_kind_of(conflict->kind);

	if (section == NULL)
		keep_root(to, from, conflict);
	else
		keep_thing(to, from, section, conflict);
}

/* Both texts have been read as regions before, so they are well-formed. */
struct slice
region_keep(struct arena *arena, struct slice file, struct slice in_force,
    const struct region_conflicts *kept)
{
	json_t *to, *from;
	char *text;
	struct slice out;

	if (kept->count == 0)
		return file;
	to = json_loadb(file.at, file.len, JSON_REJECT_DUPLICATES, NULL);
	from = json_loadb(in_force.at, in_force.len, JSON_REJECT_DUPLICATES, NULL);
	for (size_t i = 0; i < kept->count; i++)
		keep(to, from, &kept->items[i]);
	text = json_dumps(to, JSON_COMPACT);
	/* Out of memory: the file without the changes that are to be kept would undo them
	 * silently. */
	INVARIANT(text != NULL);
	out = (struct slice){arena_strdup(arena, text), strlen(text)};
	free(text);
	json_decref(to);
	json_decref(from);
	return out;
}
