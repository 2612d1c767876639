/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_heading.h"

#include <string.h>

#include "calendars/roster/roster_cell.h"
#include "calendars/roster/roster_heading_names.h"
#include "calendars/roster/roster_says.h"
#include "calendars/roster/roster_text.h"

/* Headings of columns that say nothing about who is on duty. */
static const char *const loose_headings[] = {"id", "no", "no.", "number", "ref", "reference",
    "booking ref", "booking reference", "booking id", "request id", "shift id", "duty id",
    "assignment", "assignment no", "assignment no.", "assignment number", "employee number",
    "employee no", "employee id", "staff number", "staff no", "staff id", "payroll",
    "payroll number", "payroll no", "pin", "nmc pin", "gmc number", "gmc", "email", "e-mail",
    "email address", "phone", "phone number", "telephone", "tel", "mobile", "mobile number",
    "bleep", "extension", "ext", "hours", "hrs", "total hours", "paid hours", "worked hours",
    "contracted hours", "duration", "length", "break", "breaks", "break mins", "rest break",
    "unpaid break", "cost centre", "cost center", "cost code", "rate", "pay rate", "wte", "fte",
    "organisation", "organization", "trust", "employer", "division", "directorate", "department",
    "dept", "team", "service", "locality", "location", "base", "site", "ward", "area", "address",
    "skills", "skill", "competencies", "requested by", "approved by", "authorised by", "created by",
    "booked by", "updated by", "modified by", "changed by", "last changed by", "entered by",
    "rostered by", "manager", "line manager", "created", "updated", "last updated", "modified",
    "last modified", "reminder on/off", "reminder date", "reminder time", "priority", "sensitivity",
    "private", "meeting organizer", "published", "published on", "week", "week number", "week no",
    "month", "year", NULL};

/* What people write into these is about the shift, so every word of it must be understood. */
static const char *const text_headings[] = {"note", "notes", "comment", "comments", "remark",
    "remarks", "role", "duty", "band", "job title", "details", "reason", "info", "information",
    "message", "messages", "change", "changes", "update", "updates", "amendment", "amendments",
    "issue", "issues", "action", "actions", "cover arrangements", "other", NULL};

/* Columns of numbers by which a program finds a row or counts somebody's days: "Vacancy Ref",
 * "Leave remaining". */
static bool
is_of_numbers(const char *says)
{
	static const char *const ends[] = {"id", "ref", "reference", "no", "no.", "number", "code",
	    "remaining", "balance", "entitlement", "allowance", NULL};
	const char *last = strrchr(says, ' ');

	return last != NULL && roster_cell_is_one_of(last + 1, ends);
}

/* "Confirmed", "Shift filled": in such a column a tick means that somebody comes. So a cell that is left
 * blank means that nobody may come, provided that the column is used at all (is_filled_in()). */
static bool
affirms(const char *says)
{
	static const char *const names[] = {"confirmed", "filled", "assigned", "allocated",
	    "booked", "accepted", "rostered", "on duty", "working", "present", "attended",
	    "attending", "published", "on call", "on-call", "oncall", "ok", "okay", "agreed", NULL};
	static const char *const of[] = {"shift ", "duty ", "staff ", "booking "};

	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		size_t len = strlen(of[i]);

		if (slice_is_nocase((struct slice){says, strnlen(says, len)}, of[i]))
			return roster_cell_is_one_of(says + len, names);
	}
	return roster_cell_is_one_of(says, names);
}

/* Under "Covered by" and "Swapped with" stands another person, who may come instead of the one of the
 * row. */
static bool
takes_off(enum word word)
{
	return word_takes_off(word) || word == WORD_BY || word == WORD_NOT || word == WORD_SWAPPING;
}

/* "Date of cancellation", "Deletion", "Absent since": found by the stem of the word, because the lexicon does
 * not list every form. */
static bool
has_stem(const char *says)
{
	/* The last ones are of Outlook: which hours a day without hours has is not known, nor who is on duty in an event
	 * that is shown as free. */
	static const char *const stems[] = {"cancel", "absen", "sick", "withdraw", "delet",
	    "declin", "reject", "gap", "all day", "all-day", "show time as", "show as"};

	for (size_t i = 0; i < sizeof stems / sizeof *stems; i++) {
		if (strcasestr(says, stems[i]) != NULL)
			return true;
	}
	return false;
}

/* How strictly the cells of an unknown column are read: loosely only if it is known to say nothing
 * about who is on duty. */
static enum roster_extra
extra_of(struct titles *titles, const char *says)
{
	if (affirms(says) || roster_cell_is_one_of(says, text_headings))
		return ROSTER_TEXT;
	if (roster_cell_is_one_of(says, loose_headings) || is_of_numbers(says))
		return ROSTER_LOOSE;
	/* A heading that nobody knows is read strictly: "Cover arranged?" may hold the one word
	 * that takes a person off duty. */
	if (roster_has_force(titles, says))
		return ROSTER_FLAG;
	return has_stem(says) || roster_any_word(titles, says, takes_off) ? ROSTER_PART
									  : ROSTER_TEXT;
}

static bool
is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* Programs write "is_cancelled" and "IsCancelled", people "Cancelled?". */
static const char *
words_of(struct arena *arena, const char *name)
{
	size_t len = strlen(name), n = 0;
	char *out = arena_array(arena, 2 * len + 1, 1);
	const char *text;

	while (len > 0 && strchr("?: ", name[len - 1]) != NULL)
		len--;
	for (size_t i = 0; i < len; i++) {
		if (i > 0 && is_upper(name[i]) && is_lower(name[i - 1]))
			out[n++] = ' ';
		out[n++] = name[i] == '_' ? ' ' : name[i];
	}
	out[n] = '\0';
	text = roster_one_line(arena, out);
	return slice_is_nocase((struct slice){text, strnlen(text, 3)}, "is ") ? text + 3 : text;
}

bool
roster_heading_is_about_row(const struct roster_heading *heading)
{
	return *heading->says == '\0' || heading->affirms || heading->extra != ROSTER_TEXT ||
	       roster_cell_is_one_of(heading->says, text_headings);
}

void
roster_heading_other(struct titles *titles, struct roster_heading *heading)
{
	heading->column = ROSTER_COLUMNS;
	heading->extra = extra_of(titles, heading->says);
	heading->affirms = affirms(heading->says);
}

struct roster_heading
roster_heading_make(struct titles *titles, const char *name, bool absences)
{
	struct roster_heading heading = {
	    .name = name, .column = roster_column_named(name, absences)};

	heading.says = words_of(titles->arena, name);
	if (heading.column == ROSTER_COLUMNS)
		roster_heading_other(titles, &heading);
	return heading;
}
