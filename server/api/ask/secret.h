/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"

/* A secret of a request's body, on its way: in memory that is locked, fenced and wiped. The text
 * that it was read from is wiped as well. The libraries in between may have made copies that are
 * not. */
struct secret {
	char *at; /* NULL: none was given */
	size_t len;
};

/* The member ${key} of ${body}, which is wiped there; a fault is noted if it is no text of at most
 * ${max} bytes. Free with secret_free. */
struct secret secret_take(struct ask *ask, json_t *body, const char *key, size_t max);
void secret_free(struct secret *secret);

struct slice secret_slice(const struct secret *secret);
