/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_cell.h"

#include <string.h>

#include "calendars/roster/roster_date.h"

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
roster_token_is_one_of(const struct tokens *tokens, size_t at, const char *const *words)
{
	return at < tokens->items.count &&
	       roster_cell_is_one_of(tokens->items.items[at].text, words);
}

bool
roster_cell_is_yes(const char *text)
{
	static const char *const words[] = {"yes", "y", "true", "1", "x", "\xe2\x9c\x93", NULL};

	return roster_cell_is_one_of(text, words);
}

bool
roster_cell_is_no(const char *text)
{
	static const char *const words[] = {"no", "n", "false", "0", NULL};

	return roster_cell_is_one_of(text, words);
}

bool
roster_cell_is_dash(const char *text)
{
	static const char *const words[] = {"-", "--", "\xe2\x80\x93", "\xe2\x80\x94", ".", NULL};

	return roster_cell_is_one_of(text, words);
}

bool
roster_heading_is_note(const struct roster_heading *heading)
{
	static const char *const names[] = {
	    "note", "notes", "comment", "comments", "remark", "remarks", NULL};

	return roster_cell_is_one_of(heading->says, names);
}

/* "Confirmed: yes" adds nothing to the row, and neither does "Confirmed: 7 Dec 2026". But "Confirmed: x" may
 * be a tick or a cross, so it is not taken for a yes here. */
static bool
is_affirmed(const struct roster_heading *heading, const char *text)
{
	struct roster_date date;

	return heading->affirms &&
	       (roster_date_read(roster_date_part(text), &date) ||
		   (roster_cell_is_yes(text) &&
		       !roster_cell_is_one_of(text, (const char *const[]){"x", NULL})));
}

bool
roster_heading_is_availability(const struct roster_heading *heading)
{
	static const char *const names[] = {"available", "availability", NULL};

	return roster_cell_is_one_of(heading->says, names);
}

/* "Cancelled: no" denies what the heading says against the person, so the cell has no effect. "Available:
 * no" is the opposite, and roster_cell_denies() has answered it before. */
static bool
is_denied(const struct roster_heading *heading, const char *text)
{
	return heading->extra == ROSTER_FLAG && roster_cell_is_no(text);
}

/* Words that people and programs write instead of leaving a cell empty. */
static bool
is_none(const char *text)
{
	static const char *const words[] = {"none", "n/a", "na", "nil", "null", NULL};

	return roster_cell_is_one_of(text, words);
}

static bool
is_no_note(const struct roster_heading *heading, const char *text)
{
	return heading->extra == ROSTER_TEXT && roster_heading_is_note(heading) && is_none(text);
}

/* "Sick hours: 0.00". */
static bool
is_zero(const char *text)
{
	return text[strspn(text, "0.,: ")] == '\0';
}

/* Under a heading such as "Cancelled on" every cell takes the person off duty, except one of
 * these. */
static bool
is_blank_of_part(const char *text)
{
	return roster_cell_is_no(text) || roster_cell_is_dash(text) || is_none(text) ||
	       is_zero(text);
}

/* Outlook writes 2 for an event during which its owner is busy, as an event is unless somebody says otherwise. */
static bool
is_shown_as_busy(const struct roster_heading *heading, const char *text)
{
	static const char *const names[] = {"show time as", "show as", NULL};
	static const char *const busy[] = {"2", "busy", NULL};

	return roster_cell_is_one_of(heading->says, names) && roster_cell_is_one_of(text, busy);
}

/* Whether ${text} is a band, a number of hours or of staff. Nobody writes these of a person who is
 * away. */
static bool
is_number(const char *text)
{
	return text[strspn(text, "0123456789., ")] == '\0';
}

/* "Actual hours: 0" in a row that has hours: nobody worked them. Headings of pay are not listed, since a
 * shift that was worked may be paid as nothing. */
static bool
is_nothing_worked(const struct roster_heading *heading, const char *text)
{
	static const char *const names[] = {"hours", "hrs", "total hours", "worked", "worked hours",
	    "hours worked", "actual hours", "actual hrs", "actual", "time worked", "duration",
	    "length", "shift length", "net hours", NULL};

	return roster_cell_is_one_of(heading->says, names) && is_zero(text) &&
	       strchr(text, '0') != NULL;
}

/* A fact about the shift or the person that changes nothing, whether it is answered yes or no. */
static bool
is_side_fact(const struct roster_heading *heading)
{
	static const char *const names[] = {"bank", "agency", "bank/agency", "bank / agency",
	    "bank or agency", "agency/bank", "locum", "overtime", "ot", "additional",
	    "additional shift", "extra shift", "weekend", "bank holiday", "night", "night shift",
	    "resident", "substantive", "permanent", "internal", "external", "driver", "first aider",
	    "in charge", "nurse in charge", "shift lead", "coordinator", "self booked",
	    "self-booked", "paid", "unsocial", "unsocial hours", NULL};

	return roster_cell_is_one_of(heading->says, names);
}

bool
roster_cell_denies(const struct roster_heading *heading, const char *text)
{
	bool blank = slice_trim(slice_of(text)).len == 0;

	if (is_nothing_worked(heading, text))
		return true;
	return heading->ticked && (heading->affirms || roster_heading_is_availability(heading)) &&
	       (blank || roster_cell_is_dash(text) || roster_cell_is_no(text));
}

/* "LD = 07:30-20:00", in a column beside a grid that explains its codes. */
static bool
is_of_key(const struct roster_heading *heading, const char *text)
{
	static const char *const names[] = {
	    "key", "legend", "codes", "shift codes", "abbreviations", NULL};

	return roster_cell_is_one_of(heading->says, names) && strchr(text, '=') != NULL;
}

bool
roster_cell_says_nothing(const struct roster_heading *heading, const char *text)
{
	if (slice_trim(slice_of(text)).len == 0 ||
	    (heading->extra == ROSTER_WEEKDAY && roster_weekday(text) >= 0) ||
	    is_no_note(heading, text) || is_denied(heading, text) || is_affirmed(heading, text) ||
	    is_of_key(heading, text))
		return true;
	if (heading->extra == ROSTER_PART)
		return is_blank_of_part(text) || is_shown_as_busy(heading, text);
	/* A dash or a number in the Shift column is the name of a shift that nobody knows. */
	if (heading->column == ROSTER_SHIFT || heading->affirms)
		return false;
	if (is_side_fact(heading) && (roster_cell_is_yes(text) || roster_cell_is_no(text)))
		return true;
	/* In a column of answers "0" and "1" are a no and a yes, not numbers without a meaning. */
	if (heading->ticked && !roster_cell_is_dash(text))
		return false;
	return roster_cell_is_dash(text) || (heading->extra != ROSTER_FLAG && is_number(text));
}
