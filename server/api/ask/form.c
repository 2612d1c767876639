/* SPDX-License-Identifier: MIT */
#include "server/api/ask/form.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"

/* Decodes ${text} into ${out}, which has room for it. Returns the length, or SIZE_MAX for a percent sign
 * without two digits and for what is no text. */
static size_t
decode(struct slice text, char *out)
{
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		int high, low;

		if (text.at[i] != '%') {
			out[len++] = text.at[i] == '+' ? ' ' : text.at[i];
			continue;
		}
		high = i + 2 < text.len ? text_hex_value(text.at[i + 1]) : -1;
		low = i + 2 < text.len ? text_hex_value(text.at[i + 2]) : -1;
		if (high < 0 || low < 0)
			return SIZE_MAX;
		out[len++] = (char)(high * 16 + low);
		i += 2;
	}
	return text_utf8_valid(out, len) ? len : SIZE_MAX;
}

/* False: the field is no field, or is there already. ${room} is for two texts of its length. */
static bool
add(json_t *fields, struct slice pair, char *room)
{
	const char *equals = memchr(pair.at, '=', pair.len);
	size_t name_len, value_len;
	char *value;

	if (equals == NULL)
		return false;
	name_len = decode((struct slice){pair.at, (size_t)(equals - pair.at)}, room);
	if (name_len == SIZE_MAX)
		return false;
	room[name_len] = '\0';
	value = room + name_len + 1;
	value_len =
	    decode((struct slice){equals + 1, pair.len - (size_t)(equals - pair.at) - 1}, value);
	if (value_len == SIZE_MAX || json_object_get(fields, room) != NULL)
		return false;
	return value_len == 0 ||
	       json_object_set_new(fields, room, json_stringn(value, value_len)) == 0;
}

json_t *
form_read(struct slice body)
{
	json_t *fields = json_object();
	size_t room_bytes = 2 * (body.len + 2);
	char *room = xcalloc(1, room_bytes);
	bool fine = true;

	while (fine && body.len > 0) {
		const char *end = memchr(body.at, '&', body.len);
		size_t len = end != NULL ? (size_t)(end - body.at) : body.len;

		fine = add(fields, (struct slice){body.at, len}, room);
		body =
		    (struct slice){body.at + len + (end != NULL), body.len - len - (end != NULL)};
	}
	/* It may have held a password. */
	sodium_memzero(room, room_bytes);
	free(room);
	if (fine)
		return fields;
	json_decref(fields);
	return NULL;
}
