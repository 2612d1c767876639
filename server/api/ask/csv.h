/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "server/base/text.h"

/*
 * A list as CSV (RFC 4180: commas, CRLF, quotes where they are needed, a heading line; UTF-8 without a mark at its
 * beginning, which programs would take for a part of the first heading). It is made of the JSON of the same answer,
 * so that it has the same rows and shows nothing that the JSON does not. Pure.
 */

/* Which member of an answer is a list, and its columns. */
struct csv_list {
	const char *path; /* of the route */
	const char *rows; /* the member with the rows */
	/* a member of each row with rows of its own: there is a line for each of those, and their columns begin with ${as} and a dot; or NULL */
	const char *within;
	const char *as;
	/* members, separated by blanks: "id source.rota". They stay; more may be added after them */
	const char *columns;
};

/* The list of a route; NULL: it is none. Static. */
const struct csv_list *csv_list_of(const char *path);
const struct csv_list *csv_lists(size_t *count);

/* Writes ${answer}. ${note}: what a last column "note" says in every line, or NULL. False: it does not have the
 * rows. */
bool csv_write(
    struct buf *out, const struct csv_list *list, const json_t *answer, const char *note);

/* Appends one cell, with U+FFFD in the place of what text_find_hidden() finds, but for tabs and ends of lines. A text that a spreadsheet would take for a formula, since it begins with = + - @, a tab or a
 * carriage return, gets an apostrophe before it; so does one that begins with an apostrophe and one of these, so
 * that what was written can be told. */
void csv_cell(struct buf *out, struct slice text);
