/* SPDX-License-Identifier: MIT */
#include "server/model/merge_patch.h"

#include <stdint.h>

json_t *
merge_patch(const json_t *target, const json_t *patch)
{
	json_t *result, *value;
	const char *key;

	/* jansson's readers do not take a const value, though they only read it. */
	/* RFC 7396: a patch that is no object replaces the target as a whole. */
	if (!json_is_object(patch))
		return json_deep_copy(patch);
	result = json_is_object(target) ? json_copy((json_t *)(uintptr_t)target) : json_object();
	json_object_foreach((json_t *)(uintptr_t)patch, key, value)
	{
		/* Null takes a member out; a value of null cannot be set. */
		if (json_is_null(value))
			json_object_del(result, key);
		else
			json_object_set_new(
			    result, key, merge_patch(json_object_get(result, key), value));
	}
	return result;
}
