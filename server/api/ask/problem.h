/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

#include "server/web/server.h"

/* Answers that say no: RFC 9457, with what is wrong where. */
struct problem_fault {
	const char *path;   /* "query.from", "$.rotas[3].service" */
	const char *detail; /* what is wrong and what to do about it */
};

/* The detail of a 400 that has faults. */
#define PROBLEM_NOT_UNDERSTOOD                                                                     \
	"The request cannot be understood as it is; errors says what is wrong where."

/* Replies. ${extra}: header lines, or NULL. */
void problem_reply(struct web_exchange *exchange, unsigned status, const char *detail,
    const struct problem_fault *faults, size_t nfaults, const char *extra);

void problem_unauthorised(struct web_exchange *exchange);  /* 401, saying how */
void problem_database_away(struct web_exchange *exchange); /* 503, saying when to come back */
