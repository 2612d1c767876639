/* SPDX-License-Identifier: MIT */
#include "server/api/ask/secret.h"

#include <sodium.h>
#include <string.h>

#include "server/base/fatal.h"

/* The value is about to go: nobody reads it any more. */
static void
wipe(const json_t *value)
{
	sodium_memzero((void *)(uintptr_t)json_string_value(value), json_string_length(value));
}

/* In locked memory with guard pages, which is not swapped. The text in the parsed body is wiped;
 * that of the request is web_body_wipe()'s. */
struct secret
secret_take(struct ask *ask, json_t *body, const char *key, size_t max)
{
	const json_t *value = json_object_get(body, key);
	struct secret secret = {0};

	if (value == NULL || json_is_null(value))
		return secret;
	if (!json_is_string(value) || json_string_length(value) > max ||
	    json_string_length(value) == 0) {
		ask_fault(ask, arena_printf(ask->arena, "$.%s", key),
		    "is not text of 1 to %zu bytes", max);
		return secret;
	}
	secret.len = json_string_length(value);
	secret.at = sodium_malloc(secret.len);
	/* The limit of locked memory (RLIMIT_MEMLOCK) is reached: a password is never kept in
	 * memory that may be swapped. */
	if (secret.at == NULL)
		fatal("out of locked memory");
	memcpy(secret.at, json_string_value(value), secret.len);
	wipe(value);
	return secret;
}

void
secret_free(struct secret *secret)
{
	sodium_free(secret->at);
	*secret = (struct secret){0};
}

struct slice
secret_slice(const struct secret *secret)
{
	return (struct slice){secret->at, secret->len};
}
