/* SPDX-License-Identifier: MIT */
#include "server/model/region_merge.h"

#include <stdint.h>
#include <string.h>

#include "server/base/text.h"
#include "server/base/vec.h"
#include "server/model/people_list.h"

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

/* Notes the question ${key}. Returns whether the value of the person who goes was chosen. ${otherwise}: the code
 * of the person whose value is kept if nobody has chosen; NULL: somebody must. */
static bool
ask(struct merging *m, const char *key, const char *detail, const char *otherwise)
{
	const char *chosen = json_string_value(json_object_get(m->asked->choose, key));
	const char *gone = id_of(m->asked->gone), *kept = id_of(m->asked->kept);

	/* The code of a third person is no answer. */
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

/* Both names stay as aliases, because calendars will go on using them. The name of the result itself is not an
 * alias. */
static void
merge_names(struct merging *m)
{
	const json_t *kept = m->asked->kept, *gone = m->asked->gone;
	json_t *mine = json_object_get(kept, "name"), *theirs = json_object_get(gone, "name");
	json_t *aliases = people_list_of(kept, "aliases"),
	       *former = people_list_of(kept, "former_names");
	json_t *name = mine;

	if (!json_equal(mine, theirs) && ask(m, "name", "they have two names", id_of(kept)))
		name = theirs;
	people_list_add(aliases, mine);
	people_list_add(aliases, theirs);
	people_list_add_all(aliases, gone, "aliases");
	people_list_drop(aliases, name);
	people_list_add_all(former, gone, "former_names");
	json_object_set(m->made, "name", name);
	people_list_set(m->made, "aliases", aliases);
	people_list_set(m->made, "former_names", former);
}

/* The code of the person who goes becomes a former one, so that requests may still use it. */
static void
merge_codes(struct merging *m)
{
	json_t *codes = people_list_of(m->asked->kept, "renamed_from");

	people_list_add(codes, json_object_get(m->asked->gone, "id"));
	people_list_add_all(codes, m->asked->gone, "renamed_from");
	people_list_set(m->made, "renamed_from", codes);
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
	return strcmp(function_of(role), function) == 0;
}

/* Whether two roles of one function cannot both belong to one person: because only one of them states an
 * approval, or because both state an approval by the same organisation with other days. */
static bool
disagree(const json_t *a, const json_t *b)
{
	const json_t *by = json_object_get(a, "approved_by"),
		     *other = json_object_get(b, "approved_by");

	if (json_equal(a, b))
		return false;
	return !json_is_object(a) || !json_is_object(b) || by == other || json_equal(by, other);
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
			people_list_add(roles, json_array_get(from, i));
}

static void
drop_roles(json_t *roles, const char *function)
{
	for (size_t i = json_array_size(roles); i > 0; i--)
		if (is_of(json_array_get(roles, i - 1), function))
			json_array_remove(roles, i - 1);
}

/* Function by function: the roles of both, unless they disagree; then it is a question for each function. */
static void
merge_roles(struct merging *m)
{
	json_t *mine = people_list_of(m->asked->kept, "roles"),
	       *theirs = people_list_of(m->asked->gone, "roles");
	json_t *roles = json_copy(mine);

	for (size_t i = 0; i < json_array_size(theirs); i++) {
		const char *function = function_of(json_array_get(theirs, i));
		bool first = true;

		for (size_t j = 0; j < i && first; j++)
			first = !is_of(json_array_get(theirs, j), function);
		if (!first)
			continue;
		if (!disagree_about(mine, theirs, function)) {
			add_roles(roles, theirs, function);
		} else if (ask(m, arena_printf(m->arena, "roles.%s", function),
			       "they hold this role with other approvals", NULL)) {
			drop_roles(roles, function);
			add_roles(roles, theirs, function);
		}
	}
	people_list_set(m->made, "roles", roles);
	json_decref(mine);
	json_decref(theirs);
}

/* --------------------------------------------------------------------------------- the members */

/* Members that have a rule of their own above, or, as the id, are never taken over. */
static bool
is_merged_apart(const char *key)
{
	static const char *const apart[] = {
	    "id", "name", "aliases", "former_names", "renamed_from", "roles", "protected", NULL};

	return text_is_one_of(key, apart);
}

/* All other members: if only one person has it, it is kept; if both have it and differ, it is a question. Also
 * members that a later version of the region file may have. */
static void
merge_others(struct merging *m)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)m->asked->gone, key, value)
	{
		json_t *mine = json_object_get(m->asked->kept, key);

		if (is_merged_apart(key) || json_equal(mine, value))
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
