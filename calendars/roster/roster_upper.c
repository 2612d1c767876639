/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_upper.h"

#include <string.h>

#include "calendars/roster/roster_text.h"

#define LIST_MAX_BYTES 400

const char *
roster_upper(struct arena *arena, const struct sheet_row *upper, size_t at)
{
	const char *found = "";
	size_t filled = 0;

	for (size_t i = 0; upper != NULL && i < sheet_kept(upper); i++) {
		const char *text = roster_one_line(arena, upper->cells[i].text);

		/* All cells are counted, also those after ${at}: one alone is a title over the
		 * whole table. */
		filled += *text != '\0';
		if (i <= at && *text != '\0')
			found = text;
	}
	return filled < 2 || *found == '\0' ? NULL : found;
}

static bool
is_twice(struct arena *arena, const struct sheet_row *row, const char *text)
{
	size_t count = 0;

	for (size_t i = 0; i < sheet_kept(row); i++)
		count +=
		    slice_is_nocase(slice_of(roster_one_line(arena, row->cells[i].text)), text);
	return count > 1;
}

bool
roster_needs_upper(struct arena *arena, const struct sheet_row *row)
{
	for (size_t i = 0; i < sheet_kept(row); i++) {
		const char *text = roster_one_line(arena, row->cells[i].text);

		if (*text != '\0' && is_twice(arena, row, text))
			return true;
	}
	return false;
}

const char *
roster_list_columns(struct arena *arena, const struct sheet_row *upper, const struct sheet_row *row)
{
	bool joined = roster_needs_upper(arena, row);
	const char *list = "";

	for (size_t i = 0; i < sheet_kept(row); i++) {
		const char *text = roster_one_line(arena, row->cells[i].text);
		const char *above = roster_upper(arena, upper, i);

		/* The list is a part of a sentence. What is left out can be seen in the file. */
		if (*text == '\0' || strlen(list) + strlen(text) > LIST_MAX_BYTES)
			continue;
		if (above != NULL && joined)
			text = arena_printf(arena, "%s / %s", above, text);
		list = arena_printf(arena, "%s%s%s", list, *list != '\0' ? ", " : "", text);
	}
	return list;
}
