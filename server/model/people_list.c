/* SPDX-License-Identifier: MIT */
#include "server/model/people_list.h"

bool
people_list_has(const json_t *list, const json_t *value)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (json_equal(json_array_get(list, i), value))
			return true;
	return false;
}

void
people_list_add(json_t *list, json_t *value)
{
	if (!people_list_has(list, value))
		json_array_append(list, value);
}

json_t *
people_list_of(const json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key), *list = json_array();

	/* "renamed_from" may be one code or a list of codes. */
	if (json_is_array(value))
		json_array_extend(list, value);
	else if (!json_is_null(value))
		json_array_append(list, value);
	return list;
}

void
people_list_set(json_t *object, const char *key, json_t *list)
{
	/* An empty list that was not there would show as a change of the object. */
	if (json_array_size(list) > 0 || json_object_get(object, key) != NULL)
		json_object_set(object, key, list);
	json_decref(list);
}

void
people_list_add_all(json_t *list, const json_t *object, const char *key)
{
	json_t *more = people_list_of(object, key);

	for (size_t i = 0; i < json_array_size(more); i++)
		people_list_add(list, json_array_get(more, i));
	json_decref(more);
}

void
people_list_drop(json_t *list, const json_t *value)
{
	/* Backwards, since a removal moves the items after it. */
	for (size_t i = json_array_size(list); i > 0; i--)
		if (json_equal(json_array_get(list, i - 1), value))
			json_array_remove(list, i - 1);
}
