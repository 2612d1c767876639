/* SPDX-License-Identifier: MIT */
#include "server/model/json_breath.h"

#include <string.h>

#include "server/base/breath.h"
#include "server/base/text.h"

/* jansson asks for some thousand bytes at a time. */
static size_t
give(void *buffer, size_t len, void *data)
{
	struct slice *rest = data;
	size_t given = rest->len < len ? rest->len : len;

	breath();
	memcpy(buffer, rest->at, given);
	rest->at += given;
	rest->len -= given;
	return given;
}

json_t *
json_load_breathing(const char *bytes, size_t len)
{
	struct slice rest = {bytes, len};

	return json_load_callback(give, &rest, 0, NULL);
}

static int
take(const char *bytes, size_t len, void *data)
{
	struct buf *out = data;

	breath();
	buf_add(out, bytes, len);
	return 0;
}

char *
json_dump_breathing(const json_t *value, size_t *len)
{
	struct buf out = {0};

	buf_add_text(&out, "");
	(void)!json_dump_callback(value, take, &out, JSON_COMPACT);
	*len = out.len;
	return out.at;
}

/* From the end, where nothing has to move. */
void
json_free_breathing(json_t *value)
{
	const char *key;
	json_t *list;

	json_object_foreach(value, key, list)
	{
		for (size_t i = json_is_array(list) ? json_array_size(list) : 0; i > 0; i--) {
			json_array_remove(list, i - 1);
			breath();
		}
	}
	json_decref(value);
}
