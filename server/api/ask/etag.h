/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

#include "server/web/server.h"

/* Answers that carry a tag of what they say, by which their reader asks whether it still holds. */
#define ETAG_MAX 36

/* With quotes: 128 bits of the bytes' own hash. Two answers with one tag are the same answer. */
void etag_of(const void *bytes, size_t len, char out[ETAG_MAX]);

/* 200 with JSON that nobody keeps but its reader, who asks again each time; the bytes are still to
 * be filled in. ${etag} is borrowed until the answer is given. */
struct web_answer etag_answer(const char *etag);
