/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_heading.h"

#include <string.h>

#include "calendars/roster/roster_cell.h"
#include "calendars/roster/roster_date.h"
#include "calendars/roster/roster_says.h"
#include "calendars/roster/roster_text.h"

struct heading {
	const char *heading;
	enum roster_column column;
};

/* Only headings that are listed here decide where a person, a date or a time stands. A heading that
 * is merely similar ("Start Unit") does not. */
static const struct heading headings[] = {
    {"Unit", ROSTER_UNIT},
    {"Staff Name", ROSTER_NAME},
    {"Staff Member", ROSTER_NAME},
    {"Employee", ROSTER_NAME},
    {"Employee Name", ROSTER_NAME},
    {"Full Name", ROSTER_NAME},
    {"First Name", ROSTER_FIRST_NAME},
    {"Forename", ROSTER_FIRST_NAME},
    {"Given Name", ROSTER_FIRST_NAME},
    {"Last Name", ROSTER_LAST_NAME},
    {"Surname", ROSTER_LAST_NAME},
    {"Family Name", ROSTER_LAST_NAME},
    {"Staff", ROSTER_NAME},
    {"Name", ROSTER_NAME},
    {"Grade", ROSTER_GRADE},
    {"Shift", ROSTER_SHIFT},
    {"Start", ROSTER_START},
    {"Start Time", ROSTER_START},
    {"Shift Start", ROSTER_START},
    {"Shift Start Time", ROSTER_START},
    {"End", ROSTER_END},
    {"End Time", ROSTER_END},
    {"Shift End", ROSTER_END},
    {"Shift End Time", ROSTER_END},
    {"Finish", ROSTER_END},
    {"Finish Time", ROSTER_END},
    {"Shift Finish", ROSTER_END},
    {"Time", ROSTER_TIMES},
    {"Times", ROSTER_TIMES},
    {"Shift Time", ROSTER_TIMES},
    {"Shift Times", ROSTER_TIMES},
    {"Date", ROSTER_DATE},
    {"Shift Date", ROSTER_DATE},
    {"Duty Date", ROSTER_DATE},
    {"Status", ROSTER_STATUS},
};

/* In a roster of shifts only. */
static const struct heading shift_headings[] = {
    {"Start Date", ROSTER_START_DATE},
    {"Shift Start Date", ROSTER_START_DATE},
    {"End Date", ROSTER_END_DATE},
    {"Shift End Date", ROSTER_END_DATE},
    {"Finish Date", ROSTER_END_DATE},
};

/* In a roster of shifts, where no other column is what they would be: "From" may also be a ward, and "Member" say who
 * is a member of something. */
static const struct heading spare_headings[] = {
    {"Member", ROSTER_NAME},
    {"Team Member", ROSTER_NAME},
    {"Person", ROSTER_NAME},
    /* Of a calendar that Outlook has exported, it is the title of an event. */
    {"Subject", ROSTER_NAME},
    {"Session", ROSTER_SHIFT},
    {"From", ROSTER_START},
    {"From Time", ROSTER_START},
    {"Time From", ROSTER_START},
    {"To", ROSTER_END},
    {"Until", ROSTER_END},
    {"To Time", ROSTER_END},
    {"Time To", ROSTER_END},
    {"From Date", ROSTER_START_DATE},
    {"Date From", ROSTER_START_DATE},
    {"To Date", ROSTER_END_DATE},
    {"Date To", ROSTER_END_DATE},
};

/* Leave is written by first and last day. In a roster of shifts these headings mean other columns. */
static const struct heading leave_headings[] = {
    {"From", ROSTER_START},
    {"Start Date", ROSTER_START},
    {"First Day", ROSTER_START},
    {"To", ROSTER_END},
    {"End Date", ROSTER_END},
    {"Last Day", ROSTER_END},
    {"Type", ROSTER_SHIFT},
    {"Leave Type", ROSTER_SHIFT},
};

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

/* Programs write "staff_name" and "StaffName", people "Staff Name:". */
static bool
is_heading(const char *name, const char *heading)
{
	for (;; name++, heading++) {
		name += strspn(name, " _-:?*");
		heading += strspn(heading, " ");
		if (*name == '\0' || *heading == '\0')
			return *name == *heading;
		if (strncasecmp(name, heading, 1) != 0)
			return false;
	}
}

static enum roster_column
column_in(const struct heading *list, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (is_heading(name, list[i].heading))
			return list[i].column;
	}
	return ROSTER_COLUMNS;
}

enum roster_column
roster_column_named(const char *name, bool absences)
{
	enum roster_column column = column_in(headings, sizeof headings / sizeof *headings, name);

	/* After the others, so that "Start" is the same column in both kinds of file. */
	if (column != ROSTER_COLUMNS)
		return column;
	return absences
		   ? column_in(leave_headings, sizeof leave_headings / sizeof *leave_headings, name)
		   : column_in(
			 shift_headings, sizeof shift_headings / sizeof *shift_headings, name);
}

enum roster_column
roster_column_spare(const char *name)
{
	return column_in(spare_headings, sizeof spare_headings / sizeof *spare_headings, name);
}

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

/* Whether all cells of column ${at} are answers, yes or no. A column of nothing but "1" is not taken for
 * one: it may hold numbers of staff. */
static bool
has_answers(const struct rows *rows, size_t at)
{
	const struct roster_row *row;
	bool some = false;

	VEC_EACH (row, &rows->list) {
		const char *cell = row->cells[at].text;

		if (!row->fits || roster_cell_is_dash(cell) || *cell == '\0')
			continue;
		if (!roster_cell_is_yes(cell) && !roster_cell_is_no(cell))
			return false;
		some = some || strcmp(cell, "1") != 0;
	}
	return some;
}

/* A column of ticks that is empty all the way down was never used, and denies nothing. */
static bool
is_filled_in(const struct rows *rows, size_t at)
{
	const struct roster_row *row;

	VEC_EACH (row, &rows->list) {
		if (row->fits && *row->cells[at].text != '\0')
			return true;
	}
	return false;
}

void
roster_find_ticks(struct rows *rows)
{
	for (size_t i = 0; i < rows->nheadings; i++) {
		struct roster_heading *heading = &rows->headings[i];

		if (heading->affirms || roster_heading_is_availability(heading))
			heading->ticked = is_filled_in(rows, i);
		else if (heading->extra == ROSTER_TEXT && !roster_heading_is_note(heading))
			heading->ticked = has_answers(rows, i);
	}
}

/* What stands in brackets, or on a second line of the cell, is a detail: "Alder (ward office)" is the unit
 * "Alder". */
static struct slice
unit_of(const char *cell)
{
	return slice_trim((struct slice){cell, strcspn(cell, "(\r\n")});
}

/* Whether the cells of column ${at} are of more than one unit. Empty ones are of none. */
static bool
has_several(const struct rows *rows, size_t at)
{
	const struct roster_row *row;
	struct slice first = {NULL, 0};

	VEC_EACH (row, &rows->list) {
		struct slice unit = unit_of(row->cells[at].text);

		if (!row->fits || row->alone || unit.len == 0)
			continue;
		if (first.len > 0 &&
		    (first.len != unit.len || strncasecmp(first.at, unit.at, unit.len) != 0))
			return true;
		first = unit;
	}
	return false;
}

void
roster_find_units(struct rows *rows)
{
	for (size_t i = 0; i < rows->nheadings; i++) {
		if (rows->headings[i].column == ROSTER_UNIT)
			rows->headings[i].several = has_several(rows, i);
	}
}

void
roster_find_weekdays(struct rows *rows)
{
	const struct roster_row *row;

	for (size_t i = 0; i < rows->nheadings; i++) {
		struct roster_heading *heading = &rows->headings[i];
		size_t days = 0, others = 0;

		if (heading->extra == ROSTER_NO_EXTRA)
			continue;
		VEC_EACH (row, &rows->list) {
			bool day = row->fits && roster_weekday(row->cells[i].text) >= 0;

			days += day;
			/* Empty cells prove nothing. */
			others += row->fits && !day && *row->cells[i].text != '\0';
		}
		if (days > 0 && others == 0)
			heading->extra = ROSTER_WEEKDAY;
	}
}
