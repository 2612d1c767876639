/* SPDX-License-Identifier: MIT */
#include "server/model/region_keys.h"

#include <string.h>

/* A list of keys stays the text that people are shown, "name, phone": it has one key or two, so
 * nothing faster is needed. */
struct slice
region_keys_next(const char **list)
{
	size_t len = strcspn(*list, ",");
	struct slice key = {*list, len};

	*list += len;
	*list += strspn(*list, ", ");
	return key;
}

bool
region_keys_has(const char *list, struct slice key)
{
	while (*list != '\0') {
		struct slice one = region_keys_next(&list);

		if (one.len == key.len && memcmp(one.at, key.at, key.len) == 0)
			return true;
	}
	return false;
}

/* A change without a key differs in nothing, and nothing is in every list. */
bool
region_keys_all(const char *list, const char *keys)
{
	while (keys != NULL && *keys != '\0')
		if (!region_keys_has(list, region_keys_next(&keys)))
			return false;
	return true;
}
