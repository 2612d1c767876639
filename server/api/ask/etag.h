/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "server/web/server.h"

/* Answers with an ETag: a client sends it back to ask whether the answer has changed (304 if not). */
#define ETAG_MAX 36

/* Writes the ETag of ${bytes}, with its quotes: 128 bits of their hash. Equal tags mean equal answers. */
void etag_of(const void *bytes, size_t len, char out[ETAG_MAX]);

/* The number in a tag such as "shift-12" (${kind}: "shift-"), with its quotes, in the header If-Match. 0: there is no such
 * header; -1: any other tag, which matches nothing. */
int64_t etag_number(struct web_exchange *exchange, const char *kind);

/* An answer 200 with JSON that only the client may keep, and that it must revalidate each time. The
 * caller fills in the bytes. ${etag} is borrowed until web_reply. */
struct web_answer etag_answer(const char *etag);
