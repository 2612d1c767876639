/* SPDX-License-Identifier: MIT */
#include "server/model/region_merge.h"

#include <stdint.h>
#include <string.h>

#include "server/base/vec.h"
#include "server/model/merge_patch.h"

/* ---------------------------------------------------------------------------------------- lists */

static bool
has(const json_t *list, const json_t *value)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (json_equal(json_array_get(list, i), value))
			return true;
	return false;
}

static void
add(json_t *list, json_t *value)
{
	if (value != NULL && !has(list, value))
		json_array_append(list, value);
}

/* A new list of what ${object} has under ${key}: a list, or one value by itself. */
static json_t *
list_of(const json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key), *list = json_array();

	if (json_is_array(value))
		json_array_extend(list, value);
	else if (value != NULL && !json_is_null(value))
		json_array_append(list, value);
	return list;
}

/* Takes ${list} over. A member that was never there is not made empty. */
static void
set_list(json_t *object, const char *key, json_t *list)
{
	if (json_array_size(list) > 0 || json_object_get(object, key) != NULL)
		json_object_set(object, key, list);
	json_decref(list);
}

static void
add_all(json_t *list, const json_t *object, const char *key)
{
	json_t *more = list_of(object, key);

	for (size_t i = 0; i < json_array_size(more); i++)
		add(list, json_array_get(more, i));
	json_decref(more);
}

static void
drop(json_t *list, const json_t *value)
{
	for (size_t i = json_array_size(list); i > 0; i--)
		if (json_equal(json_array_get(list, i - 1), value))
			json_array_remove(list, i - 1);
}

/* ------------------------------------------------------------------------------------ questions */

struct merging {
	struct arena *arena;
	const struct region_merge_asked *asked;
	struct region_merge_questions *questions;
	json_t *made;
};

static const char *
id_of(const json_t *person)
{
	return json_string_value(json_object_get(person, "id"));
}

/* Notes the question ${key}; whether it is the other's that will be. ${otherwise}: whose it is if
 * nobody has chosen, or NULL. */
static bool
ask(struct merging *m, const char *key, const char *detail, const char *otherwise)
{
	const char *chosen = json_string_value(json_object_get(m->asked->choose, key));
	const char *gone = id_of(m->asked->gone), *kept = id_of(m->asked->kept);

	if (chosen != NULL && strcmp(chosen, gone) != 0 && strcmp(chosen, kept) != 0)
		chosen = NULL;
	if (chosen == NULL)
		chosen = otherwise;
	*VEC_PUSH(m->arena, m->questions) =
	    (struct region_merge_question){arena_strdup(m->arena, key), detail,
		chosen != NULL ? arena_strdup(m->arena, chosen) : NULL};
	return chosen != NULL && strcmp(chosen, gone) == 0;
}

/* ---------------------------------------------------------------------------------------- names */

/* Each name that either has, once. The name that is chosen is no alias of itself. */
static void
merge_names(struct merging *m)
{
	const json_t *kept = m->asked->kept, *gone = m->asked->gone;
	json_t *mine = json_object_get(kept, "name"), *theirs = json_object_get(gone, "name");
	json_t *aliases = list_of(kept, "aliases"), *former = list_of(kept, "former_names");
	json_t *name = mine;

	if (!json_equal(mine, theirs) && ask(m, "name", "they have two names", id_of(kept)))
		name = theirs;
	add(aliases, mine);
	add(aliases, theirs);
	add_all(aliases, gone, "aliases");
	drop(aliases, name);
	add_all(former, gone, "former_names");
	json_object_set(m->made, "name", name);
	set_list(m->made, "aliases", aliases);
	set_list(m->made, "former_names", former);
}

static void
merge_codes(struct merging *m)
{
	json_t *codes = list_of(m->asked->kept, "renamed_from");

	add(codes, json_object_get(m->asked->gone, "id"));
	add_all(codes, m->asked->gone, "renamed_from");
	set_list(m->made, "renamed_from", codes);
}

/* ---------------------------------------------------------------------------------------- roles */

/* A role is a function, or an object with its approval. */
static const char *
function_of(const json_t *role)
{
	return json_is_object(role) ? json_string_value(json_object_get(role, "function"))
				    : json_string_value(role);
}

static bool
is_of(const json_t *role, const char *function)
{
	const char *own = function_of(role);

	return own != NULL && function != NULL && strcmp(own, function) == 0;
}

/* Two roles of one function that one person cannot have side by side: one says nothing of approvals,
 * or both are of the same council with other days. */
static bool
disagree(const json_t *a, const json_t *b)
{
	const json_t *by = json_object_get(a, "approved_by"),
		     *other = json_object_get(b, "approved_by");

	if (json_equal(a, b))
		return false;
	return !json_is_object(a) || !json_is_object(b) || by == other ||
	       (by != NULL && other != NULL && json_equal(by, other));
}

static bool
disagree_about(const json_t *mine, const json_t *theirs, const char *function)
{
	for (size_t i = 0; i < json_array_size(mine); i++)
		for (size_t j = 0; j < json_array_size(theirs); j++) {
			const json_t *a = json_array_get(mine, i), *b = json_array_get(theirs, j);

			if (is_of(a, function) && is_of(b, function) && disagree(a, b))
				return true;
		}
	return false;
}

static void
add_roles(json_t *roles, const json_t *from, const char *function)
{
	for (size_t i = 0; i < json_array_size(from); i++)
		if (is_of(json_array_get(from, i), function))
			add(roles, json_array_get(from, i));
}

static void
drop_roles(json_t *roles, const char *function)
{
	for (size_t i = json_array_size(roles); i > 0; i--)
		if (is_of(json_array_get(roles, i - 1), function))
			json_array_remove(roles, i - 1);
}

static void
merge_roles(struct merging *m)
{
	json_t *mine = list_of(m->asked->kept, "roles"), *theirs = list_of(m->asked->gone, "roles");
	json_t *roles = json_copy(mine);

	for (size_t i = 0; i < json_array_size(theirs); i++) {
		const char *function = function_of(json_array_get(theirs, i));
		bool first = true;

		for (size_t j = 0; j < i && first; j++)
			first = !is_of(json_array_get(theirs, j), function);
		if (!first || function == NULL)
			continue;
		if (!disagree_about(mine, theirs, function)) {
			add_roles(roles, theirs, function);
		} else if (ask(m, arena_printf(m->arena, "roles.%s", function),
			       "they hold this role with other approvals", NULL)) {
			drop_roles(roles, function);
			add_roles(roles, theirs, function);
		}
	}
	set_list(m->made, "roles", roles);
	json_decref(mine);
	json_decref(theirs);
}

/* --------------------------------------------------------------------------------- the members */

static bool
is_merged_apart(const char *key)
{
	static const char *const apart[] = {
	    "id", "name", "aliases", "former_names", "renamed_from", "roles", "protected", NULL};

	for (size_t i = 0; apart[i] != NULL; i++)
		if (strcmp(apart[i], key) == 0)
			return true;
	return false;
}

/* Everything else: what only one has is taken, and what both have otherwise is asked. */
static void
merge_others(struct merging *m)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)m->asked->gone, key, value)
	{
		json_t *mine = json_object_get(m->asked->kept, key);

		if (is_merged_apart(key) || (mine != NULL && json_equal(mine, value)))
			continue;
		if (mine == NULL || ask(m, key, "both have one, and they differ", NULL))
			json_object_set(m->made, key, value);
	}
}

json_t *
region_merge(
    struct arena *arena, const struct region_merge_asked *asked, struct region_merge_questions *out)
{
	struct merging m = {arena, asked, out, json_copy((json_t *)(uintptr_t)asked->kept)};

	*out = (struct region_merge_questions){0};
	merge_names(&m);
	merge_codes(&m);
	merge_roles(&m);
	if (json_is_true(json_object_get(asked->gone, "protected")))
		json_object_set_new(m.made, "protected", json_true());
	merge_others(&m);
	return m.made;
}

/* -------------------------------------------------------------------------------------- undoing */

static bool
is_list(const char *key)
{
	static const char *const lists[] = {
	    "aliases", "former_names", "renamed_from", "roles", NULL};

	for (size_t i = 0; lists[i] != NULL; i++)
		if (strcmp(lists[i], key) == 0)
			return true;
	return false;
}

/* What is in ${now}, less what ${merged} has more than ${before}, with what it has less. */
static json_t *
list_back(const char *key, const json_t *now, const json_t *before, const json_t *merged)
{
	json_t *list = list_of(now, key), *had = list_of(before, key), *got = list_of(merged, key);

	for (size_t i = 0; i < json_array_size(got); i++)
		if (!has(had, json_array_get(got, i)))
			drop(list, json_array_get(got, i));
	for (size_t i = 0; i < json_array_size(had); i++)
		if (!has(got, json_array_get(had, i)))
			add(list, json_array_get(had, i));
	json_decref(had);
	json_decref(got);
	return list;
}

/* Takes ${list} over. Where it holds what ${before} had, it is as it was there: in that order, and a
 * single code by itself. */
static void
set_list_back(json_t *made, const char *key, const json_t *before, json_t *list)
{
	json_t *was = json_object_get(before, key), *had = list_of(before, key);
	bool alike = json_array_size(had) == json_array_size(list);

	for (size_t i = 0; i < json_array_size(list) && alike; i++)
		alike = has(had, json_array_get(list, i));
	if (alike && was != NULL)
		json_object_set(made, key, was);
	else if (alike)
		json_object_del(made, key);
	else
		json_object_set(made, key, list);
	json_decref(had);
	json_decref(list);
}

static bool
same(const json_t *a, const json_t *b)
{
	return a == NULL || b == NULL ? a == b : json_equal(a, b);
}

static void
member_back(json_t *made, const char *key, const json_t *before, const json_t *merged)
{
	json_t *had = json_object_get(before, key), *got = json_object_get(merged, key);

	/* Changed since by somebody, or not changed by the merge. */
	if (!same(json_object_get(made, key), got) || same(had, got))
		return;
	if (had != NULL)
		json_object_set(made, key, had);
	else
		json_object_del(made, key);
}

json_t *
region_unmerge(const json_t *now, const json_t *before, const json_t *merged)
{
	json_t *made = json_copy((json_t *)(uintptr_t)now);
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)merged, key, value)
	{
		if (is_list(key))
			set_list_back(made, key, before, list_back(key, now, before, merged));
		else
			member_back(made, key, before, merged);
	}
	return made;
}

/* ------------------------------------------------------------------------------------ splitting */

static void
drop_from(json_t *made, const char *key, const json_t *names)
{
	json_t *list = list_of(made, key);

	for (size_t i = 0; i < json_array_size(names); i++)
		drop(list, json_array_get(names, i));
	set_list(made, key, list);
}

json_t *
region_split_off(const json_t *now, const json_t *person, const json_t *patch)
{
	json_t *made = json_copy((json_t *)(uintptr_t)now), *names = list_of(person, "aliases");
	json_t *number = json_object_get(person, "work_phone"), *out;

	add(names, json_object_get(person, "name"));
	add_all(names, person, "former_names");
	drop_from(made, "aliases", names);
	drop_from(made, "former_names", names);
	json_decref(names);
	if (number != NULL && same(json_object_get(made, "work_phone"), number))
		json_object_del(made, "work_phone");
	if (patch == NULL)
		return made;
	out = merge_patch(made, patch);
	json_decref(made);
	return out;
}

void
region_merge_free_codes(json_t *item, const json_t *people)
{
	json_t *codes = list_of(item, "renamed_from");
	size_t count = json_array_size(codes);

	for (size_t i = 0; i < json_array_size(people); i++)
		drop(codes, json_object_get(json_array_get(people, i), "id"));
	if (json_array_size(codes) < count)
		set_list(item, "renamed_from", codes);
	else
		json_decref(codes);
}
