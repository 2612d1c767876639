/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/text.h"
#include "server/web/server.h"

/* Bytes of answers. Pure, except for the buffer that they write to. */

/* "Sun, 06 Nov 1994 08:49:37 GMT". */
#define ANSWER_DATE_MAX 32
void answer_date(int64_t utc, char out[ANSWER_DATE_MAX]);

/* How an answer ends for its reader. */
enum answer_end {
	ANSWER_LENGTH,     /* Content-Length, then the connection lives on */
	ANSWER_LAST,       /* Content-Length, then the connection closes */
	ANSWER_UNTIL_CLOSE /* as long as the connection lives */
};

/* Appends the head of ${answer}: status line to empty line. ${length} is that of the body it has,
 * or would have for HEAD. */
void answer_head(struct buf *out, const struct web_answer *answer, size_t length, const char *date,
    enum answer_end end);

/* Appends the RFC 9457 body of ${status} with its sentence. */
#define ANSWER_PROBLEM_TYPE "application/problem+json"
void answer_problem(struct buf *out, unsigned status, const char *detail);

/* Whether ${list}, an If-None-Match, names ${etag} (weakly compared) or is "*". */
bool answer_etag_matches(struct slice list, const char *etag);

/* Appends "GET, HEAD, POST" for ${methods}. */
void answer_methods(struct buf *out, unsigned methods);
