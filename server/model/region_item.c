/* SPDX-License-Identifier: MIT */
#include "server/model/region_item.h"

#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"

static struct slice
dump(struct arena *arena, const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT);
	struct slice out;

	INVARIANT(text != NULL);
	out = (struct slice){arena_strdup(arena, text), strlen(text)};
	free(text);
	return out;
}

/* Documents are read without faults before they come here. */
static json_t *
load(struct slice document)
{
	return json_loadb(document.at, document.len, 0, NULL);
}

/* By code, in the order of the file: lists are some thousands long at most, and an edit is one of
 * them. */
static size_t
find(const json_t *list, const char *id, const char *key)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *own = json_string_value(json_object_get(json_array_get(list, i), id));

		if (own != NULL && strcmp(own, key) == 0)
			return i;
	}
	return REGION_ITEM_NONE;
}

struct slice
region_item_get(struct arena *arena, struct slice document, const struct region_item *which)
{
	json_t *root = load(document);
	const json_t *list = json_object_get(root, which->kind->list);
	size_t at = find(list, which->kind->id, which->key);
	struct slice out = {0};

	if (at != REGION_ITEM_NONE)
		out = dump(arena, json_array_get(list, at));
	json_decref(root);
	return out;
}

/* Adds ${key} to what ${item} was called, unless it is there. */
static void
add_former(json_t *item, const char *key)
{
	json_t *formers = json_object_get(item, "renamed_from"), *list;

	/* A copy, since the list belongs to the item that is being changed. */
	if (json_is_array(formers))
		list = json_copy(formers);
	else
		list = json_array();
	if (json_is_string(formers))
		json_array_append(list, formers);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *was = json_string_value(json_array_get(list, i));

		if (was != NULL && strcmp(was, key) == 0) {
			json_decref(list);
			return;
		}
	}
	json_array_append_new(list, json_string(key));
	json_object_set_new(item, "renamed_from", list);
}

static size_t
replace(json_t *list, const struct region_item *which, json_t *item)
{
	size_t at = find(list, which->kind->id, which->key);
	const char *now = json_string_value(json_object_get(item, which->kind->id));

	if (at == REGION_ITEM_NONE) {
		json_array_append(list, item);
		return json_array_size(list) - 1;
	}
	/* Another code: what refers to the one before must still find the object. */
	if (now != NULL && strcmp(now, which->key) != 0)
		add_former(item, which->key);
	json_array_set(list, at, item);
	return at;
}

struct slice
region_item_set(struct arena *arena, struct slice document, const struct region_item *which,
    struct slice item, size_t *index)
{
	json_t *root = load(document), *list = json_object_get(root, which->kind->list);
	json_t *value = item.len > 0 ? load(item) : NULL;
	struct slice out;

	*index = REGION_ITEM_NONE;
	/* A file may lack the list of a kind that it has nothing of. */
	if (list == NULL) {
		list = json_array();
		json_object_set_new(root, which->kind->list, list);
	}
	/* No item: the object is deleted. json_array_remove() refuses the index of one that is not
	 * there. */
	if (value != NULL)
		*index = replace(list, which, value);
	else
		json_array_remove(list, find(list, which->kind->id, which->key));
	out = dump(arena, root);
	json_decref(value);
	json_decref(root);
	return out;
}

const char *
region_item_path(
    struct arena *arena, const struct region_kind *kind, size_t index, const char *path)
{
	const char *whole = arena_printf(arena, "$.%s[%zu]", kind->list, index);
	size_t len = strlen(whole);

	/* "$.people[1" must not match "$.people[12]". */
	if (index == REGION_ITEM_NONE || strncmp(path, whole, len) != 0 ||
	    (path[len] != '\0' && path[len] != '.' && path[len] != '['))
		return NULL;
	return arena_printf(arena, "$%s", path + len);
}

const char *
region_item_named(struct arena *arena, struct slice document, const char *path)
{
	const char *list = path + 2, *bracket = strchr(path, '[');
	const struct region_kind *kind;
	const char *key, *out = NULL;
	json_t *root;

	if (strncmp(path, "$.", 2) != 0 || bracket == NULL)
		return NULL;
	kind = region_kind_listed((struct slice){list, (size_t)(bracket - list)});
	if (kind == NULL)
		return NULL;
	root = load(document);
	/* A path comes from a fault of this very document, so its number is a number. */
	key = json_string_value(json_object_get(
	    json_array_get(json_object_get(root, kind->list), strtoul(bracket + 1, NULL, 10)),
	    kind->id));
	if (key != NULL)
		out = arena_printf(arena, "%s %s", kind->kind, key);
	json_decref(root);
	return out;
}
