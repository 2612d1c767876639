/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_cell.h"

#include <string.h>

bool
roster_cell_is_one_of(const char *text, const char *const *words)
{
	for (; *words != NULL; words++) {
		if (slice_is_nocase(slice_of(text), *words))
			return true;
	}
	return false;
}

bool
roster_cell_is_yes(const char *text)
{
	static const char *const words[] = {"yes", "y", "true", "1", "x", "\xe2\x9c\x93", NULL};

	return roster_cell_is_one_of(text, words);
}

static bool
is_no(const char *text)
{
	static const char *const words[] = {"no", "n", "false", "0", NULL};

	return roster_cell_is_one_of(text, words);
}

static bool
is_dash(const char *text)
{
	static const char *const words[] = {"-", "--", "\xe2\x80\x93", "\xe2\x80\x94", ".", NULL};

	return roster_cell_is_one_of(text, words);
}

/* Whether ${heading}, a question mark aside, is one of ${names}. */
static bool
is_heading(const struct roster_heading *heading, const char *const *names)
{
	struct slice name = slice_trim(slice_of(heading->name));

	/* "Cancelled?" is the heading "Cancelled". */
	while (name.len > 0 && name.at[name.len - 1] == '?')
		name.len--;
	for (; *names != NULL; names++) {
		if (slice_is_nocase(slice_trim(name), *names))
			return true;
	}
	return false;
}

/* "Confirmed: yes" says what every row says; "Confirmed: x" may be the opposite. */
static bool
is_affirmed(const struct roster_heading *heading, const char *text)
{
	static const char *const names[] = {"confirmed", "filled", "assigned", "allocated",
	    "booked", "accepted", "rostered", "on duty", "working", "present", "attended",
	    "published", NULL};

	return is_heading(heading, names) && roster_cell_is_yes(text) &&
	       !roster_cell_is_one_of(text, (const char *const[]){"x", NULL});
}

/* "Available: no" is no denial of a word against somebody. */
static bool
is_denied(const struct roster_heading *heading, const char *text)
{
	static const char *const names[] = {"available", "availability", NULL};

	return heading->extra == ROSTER_FLAG && is_no(text) && !is_heading(heading, names);
}

/* What people and programs write into a column of notes when there is no note. */
static bool
is_no_note(const struct roster_heading *heading, const char *text)
{
	static const char *const headings[] = {
	    "note", "notes", "comment", "comments", "remark", "remarks", NULL};
	static const char *const words[] = {"none", "n/a", "na", "nil", "null", NULL};

	return heading->extra == ROSTER_TEXT && is_heading(heading, headings) &&
	       roster_cell_is_one_of(text, words);
}

/* Whether ${text} is a band, a number of hours or of staff. Nobody writes these of a person who is
 * away. */
static bool
is_number(const char *text)
{
	return text[strspn(text, "0123456789., ")] == '\0';
}

bool
roster_cell_says_nothing(const struct roster_heading *heading, const char *text)
{
	if (slice_trim(slice_of(text)).len == 0 || heading->extra == ROSTER_WEEKDAY ||
	    is_no_note(heading, text) || is_denied(heading, text) || is_affirmed(heading, text))
		return true;
	/* A dash or a number in the Shift column is the name of a shift that nobody knows. */
	if (heading->column == ROSTER_SHIFT)
		return false;
	return is_dash(text) || (heading->extra != ROSTER_FLAG && is_number(text));
}
