/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

#include "server/base/text.h"

/*
 * One HTTP request to the server. It blocks, since a command has nothing else to do meanwhile.
 */
struct server_ask {
	const char *method; /* NULL: GET */
	const char *path;   /* "/v1/now?place=ZED01", already encoded */
	const char *type;   /* of the body */
	struct slice body;
	const char *if_match; /* NULL: no such header */
	unsigned limit_ms;    /* of each attempt; 0: 20,000 */

	/* For how long to repeat the request while the answer is 404 or 503: an api process may
	 * have just started, or not know yet what another one wrote a moment ago. */
	unsigned patience_ms;
};

struct server_answer {
	unsigned status;
	json_t *json;  /* NULL if the body is not JSON */
	char *text;    /* the whole body, */
	size_t length; /* and how many bytes it has: a file may have zeros in it */
	char *link;    /* the header Link, which names the next page of a list as CSV; or NULL */
};

/*
 * Sends the request. EXIT_FINE for a 2xx answer; EXIT_SERVER_SAID_NO after printing the server's problem to
 * stderr (${answer} is filled as well); EXIT_NOT_REACHED or EXIT_USAGE (no server is configured) after an
 * error on stderr. A change has an idempotency key, so it is made at most once although it may be sent again.
 * Always free ${answer} with server_answer_free.
 */
int server_ask(const struct server_ask *ask, struct server_answer *answer);
void server_answer_free(struct server_answer *answer);

/* A setting: the environment variable ${variable}, or the line ${key}= in ~/.config/crisiscover, or NULL. Static
 * memory. */
const char *server_setting(const char *variable, const char *key);
