/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

#include "server/base/text.h"

/*
 * One question to the server, answered or not. Blocking: a command asks one thing at a time.
 */
struct server_ask {
	const char *method; /* NULL: GET */
	const char *path;   /* "/v1/now?place=ZED01", already encoded */
	const char *type;   /* of the body */
	struct slice body;
	const char *if_match; /* NULL: whatever is there */
	unsigned limit_ms;    /* 0: 20,000 */

	/* For so long, ask again when the answer is 404 or 503: an api process that has just
	 * started, or has not yet taken in what another one wrote a moment ago. */
	unsigned patience_ms;
};

struct server_answer {
	unsigned status;
	json_t *json; /* yours to json_decref; NULL if the answer is not JSON */
	char *text;   /* the whole body, yours to free */
};

/*
 * Asks. EXIT_FINE for a 2xx answer; EXIT_SERVER_SAID_NO after printing the server's problem on
 * stderr (${answer} is filled all the same); EXIT_NOT_REACHED after saying why; EXIT_USAGE when no
 * server is configured. Free with server_answer_free.
 */
int server_ask(const struct server_ask *ask, struct server_answer *answer);
void server_answer_free(struct server_answer *answer);

/* A setting: environment variable ${variable}, else ${key}= in ~/.config/crisiscover, else NULL. */
const char *server_setting(const char *variable, const char *key);
