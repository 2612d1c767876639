/* SPDX-License-Identifier: MIT */
#include "server/model/region_carry.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "server/model/region_kind.h"

static bool
has_text(const json_t *list, const char *text)
{
	size_t i;

	for (i = 0; i < json_array_size(list); i++)
		if (strcmp(json_string_value(json_array_get(list, i)), text) == 0)
			return true;
	return false;
}

/* A text, a list or nothing as a list, which the caller owns. json_copy() takes a pointer to a
 * value that is not const, and does not change it. */
static json_t *
as_list(const json_t *value)
{
	json_t *list;

	if (json_is_array(value))
		return json_copy((json_t *)(uintptr_t)value);
	list = json_array();
	if (json_is_string(value))
		json_array_append_new(list, json_string(json_string_value(value)));
	return list;
}

/* The code in ${before} of the thing ${code}: the same, or one of its former codes. NULL: the thing
 * is new. */
static const char *
code_before(const struct region *before, const struct region_kind *kind, const char *code,
    const json_t *formers)
{
	size_t i;

	if ((region_kind_find(kind, before, code) != TABLE_NONE))
		return code;
	for (i = 0; i < json_array_size(formers); i++) {
		const char *was = json_string_value(json_array_get(formers, i));

		if ((region_kind_find(kind, before, was) != TABLE_NONE))
			return was;
	}
	return NULL;
}

/* Returns whether it added anything. A file need not repeat former codes. They are added from the
 * set-up in force, so that a rename is written in one file only. */
static bool
carry_codes(
    struct arena *arena, json_t *item, const struct region *before, const struct region_kind *kind)
{
	const char *code = json_string_value(json_object_get(item, kind->id));
	json_t *formers = as_list(json_object_get(item, "renamed_from"));
	size_t count = json_array_size(formers);
	const char *was = code_before(before, kind, code, formers);
	const char *const *codes =
	    /* All codes that the thing has ever had, since a reference may use the oldest. */
	    was != NULL ? region_codes(arena, before, kind->kind, was) : NULL;
	bool grew;

	for (; codes != NULL && *codes != NULL; codes++)
		if (strcmp(*codes, code) != 0 && !has_text(formers, *codes))
			json_array_append_new(formers, json_string(*codes));
	grew = json_array_size(formers) > count;
	if (grew)
		json_object_set(item, "renamed_from", formers);
	json_decref(formers);
	return grew;
}

/* The other people of a set-up: of the file that is read, or, where one person changes alone, of the
 * set-up in force. */
struct others {
	const json_t *file; /* NULL: of the region */
	const json_t *item; /* the person itself, */
	const struct region *region;
	uint32_t index; /* and where it is there */
};

static bool
bears(const struct region_person *person, const char *name)
{
	const char *const *alias = person->aliases;
	uint32_t count = 0;

	if (strcmp(person->name, name) == 0)
		return true;
	while (alias[count] != NULL)
		count++;
	/* Former names, the last of them, do not count. */
	for (count -= person->nformer_names; count > 0; count--)
		if (strcmp(alias[count - 1], name) == 0)
			return true;
	return false;
}

/* Whether another person has the name ${name}. An alias that two people share would make a title of
 * either ambiguous, so a former name that another person bears now is dropped. */
static bool
is_anothers(const struct others *others, const char *name)
{
	for (uint32_t i = 0; others->file == NULL && i < others->region->npeople; i++)
		if (i != others->index && bears(region_person(others->region, i), name))
			return true;
	for (size_t i = 0; i < json_array_size(others->file); i++) {
		const json_t *other = json_array_get(others->file, i);

		if (other != others->item &&
		    (strcmp(json_string_value(json_object_get(other, "name")), name) == 0 ||
			has_text(json_object_get(other, "aliases"), name)))
			return true;
	}
	return false;
}

/* A former name that is the name again, an alias, or another person's is not added. */
static void
add_name(json_t *names, const struct others *others, const char *name)
{
	const json_t *item = others->item;

	if (strcmp(json_string_value(json_object_get(item, "name")), name) != 0 &&
	    !has_text(json_object_get(item, "aliases"), name) && !has_text(names, name) &&
	    !is_anothers(others, name))
		json_array_append_new(names, json_string(name));
}

static bool
carry_names(json_t *item, const struct others *others, const struct region *before)
{
	const json_t *formers = json_object_get(item, "renamed_from");
	const char *id = json_string_value(json_object_get(item, "id"));
	const struct region_person *was;
	json_t *own = as_list(formers), *names;
	const char *code = code_before(before, &region_kinds[REGION_KIND_PERSON], id, own);
	const char *const *alias;
	uint32_t at = TABLE_NONE;
	bool grew;

	if (code != NULL)
		at = table_get(&before->person_by_id, code);
	json_decref(own); /* frees ${code}, too */
	/* A file that lists former names means exactly these. */
	if (at == TABLE_NONE || json_object_get(item, "former_names") != NULL)
		return false;
	was = region_person(before, at);
	names = json_array();
	for (alias = was->aliases; *alias != NULL; alias++)
		;
	/* Former names are at the end of the list of aliases. */
	for (alias -= was->nformer_names; *alias != NULL; alias++)
		add_name(names, others, *alias);
	add_name(names, others, was->name);
	grew = json_array_size(names) > 0;
	if (grew)
		json_object_set(item, "former_names", names);
	json_decref(names);
	return grew;
}

static bool
carry_section(
    struct arena *arena, json_t *root, const struct region *before, const struct region_kind *kind)
{
	json_t *list = json_object_get(root, kind->list);
	bool grew = false;
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		json_t *item = json_array_get(list, i);

		grew |= carry_codes(arena, item, before, kind);
		if (kind == &region_kinds[REGION_KIND_PERSON])
			grew |= carry_names(item, &(struct others){list, item, NULL, 0}, before);
	}
	return grew;
}

static struct slice
written(struct arena *arena, const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT);
	struct slice out = {arena_strdup(arena, text), strlen(text)};

	free(text);
	return out;
}

struct slice
region_carry(struct arena *arena, struct slice file, const struct region *before)
{
	/* Read without faults before, so it parses. */
	json_t *root = json_loadb(file.at, file.len, JSON_REJECT_DUPLICATES, NULL);
	struct slice out = file;
	bool grew = false;

	for (int i = 0; i < REGION_KINDS; i++)
		grew |= carry_section(arena, root, before, &region_kinds[i]);
	/* If nothing was added, the bytes that came are returned unchanged. */
	if (grew)
		out = written(arena, root);
	json_decref(root);
	return out;
}

/* The rest of the file is as it is in force, so that nothing is carried there. Codes and aliases may
 * still be of any type here: whatever is no text is left to the reader's words. */
static bool
is_readable(const json_t *item, const struct region_kind *kind)
{
	const json_t *lists[] = {
	    json_object_get(item, "renamed_from"), json_object_get(item, "aliases")};

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		/* A single former code may stand by itself. */
		if (lists[i] != NULL && !json_is_array(lists[i]) &&
		    (i > 0 || !json_is_string(lists[i])))
			return false;
		for (size_t j = 0; j < json_array_size(lists[i]); j++)
			if (!json_is_string(json_array_get(lists[i], j)))
				return false;
	}
	return json_is_string(json_object_get(item, kind->id)) &&
	       (kind != &region_kinds[REGION_KIND_PERSON] ||
		   json_is_string(json_object_get(item, "name")));
}

struct slice
region_carry_item(struct arena *arena, const struct region_kind *kind, struct slice item,
    const struct region *before)
{
	json_t *own = json_loadb(item.at, item.len, JSON_REJECT_DUPLICATES, NULL);
	struct others others = {.item = own, .region = before};
	struct slice out = item;
	bool grew = false;

	if (is_readable(own, kind)) {
		others.index = region_kind_find(
		    kind, before, json_string_value(json_object_get(own, kind->id)));
		grew = carry_codes(arena, own, before, kind);
		if (kind == &region_kinds[REGION_KIND_PERSON])
			grew |= carry_names(own, &others, before);
	}
	if (grew)
		out = written(arena, own);
	json_decref(own);
	return out;
}
