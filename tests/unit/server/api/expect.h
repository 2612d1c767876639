/* SPDX-License-Identifier: MIT */
#pragma once

#include "tests/unit/server/api/testbed.h"

/* What a test asks the api of the testbed, and what must come of it. Each frees the reply that it is given. */

struct http_reply ask_as(const char *method, const char *token, const char *path, const char *body);

/* The reply has ${status}, and ${wanted} at ${where} (NULL: anything). */
void expect(struct http_reply reply, int status, const char *where, const char *wanted);

/* The reply has ${status}, and ${words} are part of what is at ${where} (NULL: anything). */
void expect_in(struct http_reply reply, int status, const char *where, const char *words);

/* The reply has ${status}, and ${words} somewhere in its body. */
void expect_words(struct http_reply reply, int status, const char *words);

/* The owner's SQL prints ${wanted}. */
void expect_sql(const char *sql, const char *wanted);

/* Makes an object of the set-up, as the administrator. */
void put(const char *path, const char *body);
