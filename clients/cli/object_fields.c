/* SPDX-License-Identifier: MIT */
#include "clients/cli/object_fields.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/file.h"
#include "server/base/text.h"

#define FIELD_MAX_BYTES 200
#define FILE_MAX_BYTES 65536

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

/* Of standard input: another user's pipe cannot be opened as /dev/stdin. */
static bool
read_input(char bytes[FILE_MAX_BYTES], size_t *len)
{
	*len = fread(bytes, 1, FILE_MAX_BYTES, stdin);
	return ferror(stdin) == 0 && *len < FILE_MAX_BYTES;
}

static json_t *
text_of(const char *bytes, size_t len)
{
	if (len > 0 && bytes[len - 1] == '\n')
		len--;
	if (len > 0 && bytes[len - 1] == '\r')
		len--;
	return json_stringn(bytes, len);
}

/* The text of a file. NULL: it cannot be read, or is not UTF-8. */
static json_t *
text_in(const char *path)
{
	char input[FILE_MAX_BYTES], *bytes = input;
	json_t *text = NULL;
	size_t len;

	if (strcmp(path, "-") != 0) {
		if (file_read(path, FILE_MAX_BYTES, &bytes, &len) != STATUS_OK)
			return NULL;
	} else if (!read_input(input, &len)) {
		return NULL;
	}
	text = text_of(bytes, len);
	explicit_bzero(bytes, len);
	if (bytes != input)
		free(bytes);
	return text;
}

/* What is secret in ${object}; NULL where there is none, or this is no rota. */
struct secrets {
	const json_t *password, *token;
};

static struct secrets
secrets_in(const json_t *object)
{
	const json_t *secret = json_object_get(json_object_get(object, "source"), "secret");

	return (struct secrets){
	    json_object_get(secret, "password"), json_object_get(secret, "token")};
}

static bool
has_new_secret(const json_t *object, struct secrets before)
{
	struct secrets now = secrets_in(object);

	return (now.password != NULL && now.password != before.password) ||
	       (now.token != NULL && now.token != before.token);
}

const char *
object_field_add(json_t *object, const char *assignment)
{
	const char *equals = strchr(assignment, '=');
	char field[FIELD_MAX_BYTES + 1], *part = field, *dot;
	struct secrets before = secrets_in(object);
	json_t *root = object, *value;
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
	value = equals[1] == '@' ? text_in(equals + 2) : value_of(part, equals + 1);
	if (json_object_set_new(object, part, value) != 0)
		return equals[1] == '@' ? "the file of a value cannot be read, or is not UTF-8"
					: "a value must be UTF-8";
	if (equals[1] != '@' && has_new_secret(root, before))
		return "others on this machine can see a command line, so a secret is not written there: =@FILE, or =@- "
		       "for standard input";
	return NULL;
}
