/* SPDX-License-Identifier: MIT */
#include "server/model/region_areas.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/table.h"

#define LIST "$.areas["

static const char *
code_of(const json_t *item)
{
	const char *code = json_string_value(json_object_get(item, "code"));

	return code != NULL ? code : "";
}

/* A table and not a search for each: a whole country has thousands of districts. */
static void
index_codes(struct table *codes, struct arena *arena, const json_t *list)
{
	table_init(codes, arena, json_array_size(list));
	for (size_t i = 0; i < json_array_size(list); i++)
		table_put(codes, arena, code_of(json_array_get(list, i)), (uint32_t)i);
}

/* Those of ${list} that are among ${wanted}, in their order. */
static json_t *
only_of(struct arena *arena, const json_t *list, const json_t *wanted)
{
	json_t *kept = json_array();
	struct table codes;

	index_codes(&codes, arena, wanted);
	for (size_t i = 0; i < json_array_size(list); i++)
		if (table_get(&codes, code_of(json_array_get(list, i))) != TABLE_NONE)
			json_array_append(kept, json_array_get(list, i));
	return kept;
}

/* An area may bring a former code by itself; one that does not keeps those that it had. */
static void
replace(json_t *list, size_t at, json_t *item)
{
	json_t *formers = json_object_get(json_array_get(list, at), "renamed_from");

	if (formers != NULL && json_is_object(item) &&
	    json_object_get(item, "renamed_from") == NULL)
		json_object_set(item, "renamed_from", formers);
	json_array_set(list, at, item);
}

struct slice
region_areas_put(
    struct arena *arena, struct slice document, const struct region_areas *wish, const size_t **at)
{
	json_t *root = json_loadb(document.at, document.len, 0, NULL);
	json_t *now = json_object_get(root, "areas");
	json_t *list = wish->only    ? only_of(arena, now, wish->areas)
		       : now != NULL ? json_incref(now)
				     : json_array();
	size_t *places = arena_array(arena, json_array_size(wish->areas) + 1, sizeof *places);
	struct table codes;
	struct slice out;
	char *text;

	index_codes(&codes, arena, list);
	for (size_t i = 0; i < json_array_size(wish->areas); i++) {
		json_t *item = json_deep_copy(json_array_get(wish->areas, i));
		uint32_t there = table_get(&codes, code_of(item));

		/* A code that comes twice is put there twice: the reader of the file says so. */
		places[i] = there != TABLE_NONE ? there : json_array_size(list);
		if (there != TABLE_NONE)
			replace(list, there, item);
		else
			json_array_append(list, item);
		json_decref(item);
	}
	json_object_set_new(root, "areas", list);
	text = json_dumps(root, JSON_COMPACT);
	out = slice_of(arena_strdup(arena, text));
	free(text);
	json_decref(root);
	*at = places;
	return out;
}

const char *
region_areas_path(struct arena *arena, const size_t *at, size_t count, const char *path)
{
	size_t index;
	char *end;

	if (strncmp(path, LIST, sizeof LIST - 1) != 0)
		return path;
	index = strtoul(path + sizeof LIST - 1, &end, 10);
	for (size_t i = 0; i < count; i++)
		if (at[i] == index)
			return arena_printf(arena, LIST "%zu%s", i, end);
	return path;
}
