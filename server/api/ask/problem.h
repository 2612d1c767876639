/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

#include "server/web/server.h"

/* Error replies as problem documents (RFC 9457), with a member "errors" that says what is wrong where. Of a
 * page that needs no script (plain_page.h) they are pages. */
struct problem_fault {
	const char *path;   /* "query.from", "$.rotas[3].service" */
	const char *detail; /* what is wrong and what to do about it */
};

struct json_out;

/* The detail of a 400 that has faults. */
#define PROBLEM_NOT_UNDERSTOOD                                                                     \
	"The request cannot be understood as it is; errors says what is wrong where."

/* Members of a problem besides its one sentence. */
struct problem_more {
	const struct problem_fault *faults; /* the member "errors"; left out if there are none */
	size_t nfaults;
	const char *extra; /* header lines, each ended by CRLF; NULL: none */
	void (*members)(
	    struct json_out *out, void *ctx); /* writes members of its own; NULL: none */
	void *ctx;
};

/* Replies with ${status} and a problem document. ${detail} is a sentence for people: what is wrong,
 * and what to do. */
void problem_reply(struct web_exchange *exchange, unsigned status, const char *detail);
void problem_reply_with(struct web_exchange *exchange, unsigned status, const char *detail,
    const struct problem_more *more);

void problem_unauthorised(struct web_exchange *exchange);  /* 401, with WWW-Authenticate */
void problem_database_away(struct web_exchange *exchange); /* 503, with Retry-After */
