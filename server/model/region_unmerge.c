/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <string.h>

#include "server/base/text.h"
#include "server/model/merge_patch.h"
#include "server/model/people_list.h"
#include "server/model/region_merge.h"

/* Makes two people of one: takes back what a merge added, or splits somebody off. */

/* -------------------------------------------------------------------------------------- undoing */

/* Lists are taken back value by value, since somebody may have added others meanwhile. */
static bool
is_list(const char *key)
{
	static const char *const lists[] = {
	    "aliases", "former_names", "renamed_from", "roles", NULL};

	return text_is_one_of(key, lists);
}

/* The list as it is now, without the values that the merge added, and with those that it removed (such as the
 * alias that became the name). */
static json_t *
list_back(const char *key, const json_t *now, const json_t *before, const json_t *merged)
{
	json_t *list = people_list_of(now, key), *had = people_list_of(before, key),
	       *got = people_list_of(merged, key);

	for (size_t i = 0; i < json_array_size(got); i++)
		if (!people_list_has(had, json_array_get(got, i)))
			people_list_drop(list, json_array_get(got, i));
	for (size_t i = 0; i < json_array_size(had); i++)
		if (!people_list_has(got, json_array_get(had, i)))
			people_list_add(list, json_array_get(had, i));
	json_decref(had);
	json_decref(got);
	return list;
}

/* Sets the list, which is taken over. If it has the values that ${before} had, the member of ${before} itself is
 * used, with its order and its form, so that a split directly after a merge restores the object exactly. */
static void
set_list_back(json_t *made, const char *key, const json_t *before, json_t *list)
{
	json_t *was = json_object_get(before, key), *had = people_list_of(before, key);
	bool alike = json_array_size(had) == json_array_size(list);

	for (size_t i = 0; i < json_array_size(list) && alike; i++)
		alike = people_list_has(had, json_array_get(list, i));
	if (alike && was != NULL)
		json_object_set(made, key, was);
	else if (alike)
		json_object_del(made, key);
	else
		json_object_set(made, key, list);
	json_decref(had);
	json_decref(list);
}

/* The same of a member that is no list. */
static void
member_back(json_t *made, const char *key, const json_t *before, const json_t *merged)
{
	json_t *had = json_object_get(before, key), *got = json_object_get(merged, key);

	/* Changed since by somebody, or not changed by the merge. */
	if (!json_equal(json_object_get(made, key), got) || json_equal(had, got))
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
	json_t *list = people_list_of(made, key);

	for (size_t i = 0; i < json_array_size(names); i++)
		people_list_drop(list, json_array_get(names, i));
	people_list_set(made, key, list);
}

json_t *
region_split_off(const json_t *now, const json_t *person, const json_t *patch)
{
	json_t *made = json_copy((json_t *)(uintptr_t)now),
	       *names = people_list_of(person, "aliases");
	json_t *number = json_object_get(person, "work_phone"), *out;

	people_list_add(names, json_object_get(person, "name"));
	people_list_add_all(names, person, "former_names");
	drop_from(made, "aliases", names);
	drop_from(made, "former_names", names);
	json_decref(names);
	if (json_equal(json_object_get(made, "work_phone"), number))
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
	json_t *codes = people_list_of(item, "renamed_from");
	size_t count = json_array_size(codes);

	for (size_t i = 0; i < json_array_size(people); i++)
		people_list_drop(codes, json_object_get(json_array_get(people, i), "id"));
	if (json_array_size(codes) < count)
		people_list_set(item, "renamed_from", codes);
	else
		json_decref(codes);
}
