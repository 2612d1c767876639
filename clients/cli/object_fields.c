/* SPDX-License-Identifier: MIT */
#include "clients/cli/object_fields.h"

#include <stdbool.h>
#include <string.h>

#include "server/base/text.h"

#define FIELD_MAX_BYTES 200

/* Members of the region file that are lists of codes or names: here "a,b" is a list and not a
 * text. */
static bool
is_list(const char *field)
{
	static const char *const lists[] = {"aliases", "also", "approvers", "commissioners", "days",
	    "first", "former_names", "parents", "places", "renamed_from", "roles", "successors",
	    "team_names", NULL};

	return text_is_one_of(field, lists);
}

static json_t *
words_of(const char *text)
{
	json_t *list = json_array();

	while (*text != '\0') {
		size_t len = strcspn(text, ",");

		if (len > 0)
			json_array_append_new(list, json_stringn(text, len));
		text += len;
		text += *text == ',';
	}
	return list;
}

static json_t *
value_of(const char *field, const char *text)
{
	/* Numbers, true and lists are written as in JSON; what is no JSON is a text, so that names
	 * need no quotes. */
	json_t *value = json_loads(text, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);

	/* FIELD= takes the member out: null in a merge patch (RFC 7396). */
	if (*text == '\0')
		return json_null();
	if (value != NULL)
		return value;
	return is_list(field) ? words_of(text) : json_string(text);
}

/* The object that is the member ${key} of ${object}. It is made if it is not there. */
static json_t *
inside(json_t *object, const char *key)
{
	json_t *member = json_object_get(object, key);

	/* A member of another kind is replaced; the server then says what is wrong with it. */
	if (!json_is_object(member)) {
		member = json_object();
		json_object_set_new(object, key, member);
	}
	return member;
}

const char *
object_field_add(json_t *object, const char *assignment)
{
	const char *equals = strchr(assignment, '=');
	char field[FIELD_MAX_BYTES + 1], *part = field, *dot;
	size_t len;

	if (equals == NULL || equals == assignment)
		return "a change is FIELD=VALUE";
	len = (size_t)(equals - assignment);
	if (len > FIELD_MAX_BYTES)
		return "the name of a field is not as long as that";
	memcpy(field, assignment, len);
	field[len] = '\0';
	/* fallback.phone=… becomes {"fallback": {"phone": …}}. */
	for (; (dot = strchr(part, '.')) != NULL; part = dot + 1) {
		*dot = '\0';
		object = inside(object, part);
	}
	if (json_object_set_new(object, part, value_of(part, equals + 1)) != 0)
		return "a value must be UTF-8";
	return NULL;
}
