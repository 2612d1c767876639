/* SPDX-License-Identifier: MIT */
#include <jansson.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/model/merge_patch.h"
#include "tests/fuzz/fuzz.h"

/*
 * Two lines of JSON: what there is, and a patch for it (RFC 7396). What there was stays as it was, the patch
 * applied twice is the patch applied once, and each of its members is there afterwards, or is gone if it is
 * null.
 */

static json_t *
parse(const char *at, size_t len)
{
	return json_loadb(at, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
}

static void
check_members(json_t *result, json_t *patch)
{
	const char *key;
	json_t *value;

	INVARIANT(json_is_object(result));
	json_object_foreach(patch, key, value)
	{
		json_t *there = json_object_get(result, key);

		if (json_is_null(value))
			INVARIANT(there == NULL);
		else if (json_is_object(value))
			check_members(there, value);
		else
			INVARIANT(json_equal(there, value));
	}
}

static void
check(json_t *target, json_t *patch)
{
	json_t *before = json_deep_copy(target), *once = merge_patch(target, patch),
	       *twice = merge_patch(once, patch);

	INVARIANT(target == NULL || json_equal(before, target));
	INVARIANT(json_equal(once, twice));
	if (json_is_object(patch))
		check_members(once, patch);
	else
		INVARIANT(json_equal(once, patch));
	json_decref(before);
	json_decref(once);
	json_decref(twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *input, size_t len)
{
	const char *bytes = (const char *)input, *end = len > 0 ? memchr(bytes, '\n', len) : NULL;
	size_t first = end == NULL ? len : (size_t)(end - bytes);
	json_t *target = parse(bytes, first),
	       *patch = end == NULL ? NULL : parse(end + 1, len - first - 1);

	if (patch != NULL)
		check(target, patch);
	json_decref(target);
	json_decref(patch);
	return 0;
}
