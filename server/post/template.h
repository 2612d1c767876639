/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "server/base/text.h"

/*
 * A request of HTTP as the operator writes it down, with fields "${name}" that are filled in for each message:
 *
 *   POST https://sms.example/v1/messages
 *   Authorization: Bearer ${secret}
 *   Content-Type: application/json
 *
 *   {"to": ${to}, "text": ${text}, "reference": ${id}}
 *
 * Each field is written as its place wants it, so that no text of others ends the place that it is in: in the URL and in a form
 * percent-encoded, in JSON as a string with its quotes, in a header as it is (a control character in it is a fault). Pure.
 */

struct template_field {
	const char *name, *value;
};

enum template_place { TEMPLATE_URL, TEMPLATE_HEADER, TEMPLATE_FORM, TEMPLATE_JSON };

struct template
{
	char *text; /* all below point into it */
	char *method, *url;
	char *headers[16]; /* "Name: value"; NULL-terminated */
	/* the value of Content-Type, which is no header of ${headers}; NULL without a body */
	char *type;
	char *body;
	enum template_place body_place;
};

/* Takes ${text} apart. NULL, and free with template_free(); or what is wrong with it: a sentence (static), and nothing to be freed. */
const char *template_read(struct slice text, struct template *out);
void template_free(struct template *template);

/* Whether ${text} has no field but those of ${names} (NULL-terminated), each closed. */
bool template_knows(const char *text, const char *const *names);

/* Appends ${text} with the values of ${fields} (ends with a NULL name). False: a value cannot stand in this place. */
bool template_fill(struct buf *out, const char *text, const struct template_field *fields,
    enum template_place place);
