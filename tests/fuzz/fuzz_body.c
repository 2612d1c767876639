/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/api/ask/ask.h"
#include "server/api/ask/form.h"
#include "server/api/ask/typed.h"
#include "server/base/fatal.h"
#include "server/web/conn.h"
#include "tests/fuzz/fuzz.h"

/*
 * The body of a request: JSON, read and checked as every view has it checked, and a form. A body in which
 * the check finds no fault has no character that is not seen in the names of its members, nor in the texts that people
 * read.
 */

static const struct route route = {.method = WEB_POST, .pattern = "/v1/notes"};

/* Of these members the check says itself that they are quoted: see typed.c. */
static bool
is_quoted(const char *key)
{
	static const char *const names[] = {"ca", "key", "password", "secret", "title", NULL};

	return text_is_one_of(key, names);
}

static bool
hides(const json_t *value)
{
	json_t *whole = (json_t *)(uintptr_t)value, *one;
	const char *key;
	bool found =
	    json_is_string(value) &&
	    text_find_hidden((struct slice){json_string_value(value), json_string_length(value)})
		    .len > 0;
	size_t i;

	json_array_foreach(whole, i, one) found |= hides(one);
	json_object_foreach(whole, key, one) found |=
	    !is_quoted(key) && (text_find_hidden(slice_of(key)).len > 0 || hides(one));
	return found;
}

static void
check_form(struct slice bytes)
{
	json_t *fields = form_read(bytes), *value;
	const char *key;

	if (fields == NULL)
		return;
	json_object_foreach(fields, key, value) INVARIANT(
	    json_string_length(value) > 0 && json_string_length(value) + strlen(key) < bytes.len);
	json_decref(fields);
}

int
LLVMFuzzerTestOneInput(const uint8_t *input, size_t len)
{
	static struct conn conn;
	struct ask ask = {.route = &route, .arena = arena_new(0)};
	char *copy = xmalloc(len + 1);

	memcpy(copy, input, len);
	conn = (struct conn){.in = copy, .in_len = len, .body_len = len};
	ask.exchange = &conn.exchange;
	typed_check(&ask);
	if (ask_json(&ask) != NULL && ask.faults.count == 0)
		INVARIANT(!hides(ask.body));
	check_form((struct slice){copy, len});
	ask_json_drop(&ask);
	arena_free(ask.arena);
	free(copy);
	return 0;
}
