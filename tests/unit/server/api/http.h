/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stddef.h>

/* A plain HTTP client for tests: one request on one connection, waited for. */
struct http_ask {
	int port;
	const char *method; /* NULL: GET */
	const char *path;
	const char *token;   /* or NULL */
	const char *headers; /* "Name: value\r\n", or NULL */
	const char *type;    /* of the body; NULL: application/json */
	const char *body;    /* or NULL */
};

struct http_reply {
	int status; /* 0: the server was not reached, or hung up without an answer */
	char *head, *body;
	json_t *json; /* of the body, if it is JSON; else NULL */
};

/* An event stream is read to the end of its first event. */
struct http_reply http(const struct http_ask *ask);
/* The connection, with the request on its way; -1: the server was not reached. */
int http_begin(const struct http_ask *ask);
void http_free(struct http_reply *reply);

/* The value of a header, or NULL; free with free(). */
char *http_header(const struct http_reply *reply, const char *name);

/* "functions.0.on_call.1.name" in the body: text as it is, other values as JSON text; "(none)" if
 * it is not there. Borrowed until the next call with the same ${reply}… the text lives in a ring of
 * a few answers. */
const char *http_at(const struct http_reply *reply, const char *path);
