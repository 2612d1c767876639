/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"

/* A secret from the body of a request, such as a password, in memory that is locked, guarded and wiped when
 * it is freed. The text in the JSON that it was read from is wiped as well. Copies that libraries made on
 * the way are not. */
struct secret {
	char *at; /* NULL: none was given */
	size_t len;
};

/* Takes the member ${key} out of ${body} and wipes it there. Notes a fault if it is not text of at most
 * ${max} bytes. Free with secret_free. */
struct secret secret_take(struct ask *ask, json_t *body, const char *key, size_t max);
void secret_free(struct secret *secret);

struct slice secret_slice(const struct secret *secret);
