/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_text.h"

#include <string.h>

bool
roster_take_digits(struct slice *text, size_t least, size_t most, int *out)
{
	size_t n = 0;

	*out = 0;
	while (n < text->len && n < most && text->at[n] >= '0' && text->at[n] <= '9')
		*out = *out * 10 + (text->at[n++] - '0');
	text->at += n;
	text->len -= n;
	/* A longer number is another thing: "2026" is no day 20. */
	return n >= least && !(text->len > 0 && *text->at >= '0' && *text->at <= '9');
}

bool
roster_take_mark(struct slice *text, const char *set, char *out)
{
	if (text->len == 0 || strchr(set, *text->at) == NULL)
		return false;
	*out = *text->at;
	text->at++;
	text->len--;
	return true;
}

const char *
roster_name_in_order(struct arena *arena, const char *name)
{
	/* Rosters write "Jones, Jan". With two commas ("Jones, Jan, Dr", or two people) the order
	 * is not known and the name stays as it is. */
	const char *comma = strchr(name, ','), *rest;
	struct slice given;

	if (comma == NULL || strchr(comma + 1, ',') != NULL)
		return name;
	/* "Lee (Jones, J)": the comma is of another name. */
	if (strcspn(name, "([") < (size_t)(comma - name))
		return name;
	/* What follows in brackets is about the whole name: "Jones, Jan (Ms)". */
	rest = comma + strcspn(comma, "([");
	given = slice_trim((struct slice){comma + 1, (size_t)(rest - comma) - 1});
	return arena_printf(arena, "%.*s %.*s%s%s", (int)given.len, given.at, (int)(comma - name),
	    name, *rest != '\0' ? " " : "", rest);
}

/* No-break spaces, and a mark of byte order where two files were put together. */
static const char *const blanks[] = {
    " ", "\t", "\r", "\n", "\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x8b", "\xef\xbb\xbf"};

/* The length of the blank at the beginning, or at the end, of ${text}; 0: none. */
static size_t
blank_length(struct slice text, bool at_end)
{
	for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
		size_t len = strlen(blanks[i]);

		if (len <= text.len &&
		    memcmp(at_end ? text.at + text.len - len : text.at, blanks[i], len) == 0)
			return len;
	}
	return 0;
}

struct slice
roster_trim(struct slice text)
{
	size_t len;

	while ((len = blank_length(text, false)) > 0) {
		text.at += len;
		text.len -= len;
	}
	while ((len = blank_length(text, true)) > 0)
		text.len -= len;
	return text;
}

const char *
roster_one_line(struct arena *arena, const char *text)
{
	struct slice rest = roster_trim(slice_of(text));
	char *out = arena_array(arena, rest.len + 1, 1);
	size_t n = 0;

	while (rest.len > 0) {
		size_t blank = blank_length(rest, false);

		if (blank == 0)
			out[n++] = *rest.at;
		else if (out[n - 1] != ' ')
			out[n++] = ' ';
		rest.at += blank > 0 ? blank : 1;
		rest.len -= blank > 0 ? blank : 1;
	}
	out[n] = '\0';
	return out;
}
