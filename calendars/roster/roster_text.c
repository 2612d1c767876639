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
	/* What follows in brackets is about the whole name: "Jones, Jan (Ms)". */
	rest = comma + strcspn(comma, "([");
	given = slice_trim((struct slice){comma + 1, (size_t)(rest - comma) - 1});
	return arena_printf(arena, "%.*s %.*s%s%s", (int)given.len, given.at, (int)(comma - name),
	    name, *rest != '\0' ? " " : "", rest);
}
