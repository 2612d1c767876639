/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_leave.h"

#include <string.h>

#include "calendars/roster/roster_cell.h"

/* Only words that say so for certain: leave that is merely asked for takes nobody off duty. */
bool
roster_leave_is_granted(const char *status)
{
	static const char *const words[] = {"Approved", "Granted", "Booked", "Taken", "Agreed",
	    "Authorised", "Authorized", "Filled", "Confirmed", NULL};

	return roster_cell_is_one_of(status, words);
}

bool
roster_leave_is_refused(const char *status)
{
	static const char *const words[] = {
	    "Declined", "Rejected", "Refused", "Withdrawn", "Cancelled", "Canceled", NULL};

	return roster_cell_is_one_of(status, words);
}

bool
roster_leave_is_waiting(const char *status)
{
	static const char *const words[] = {
	    "pending", "requested", "submitted", "awaiting", "awaiting approval", "tbc", NULL};

	return roster_cell_is_one_of(status, words);
}

static enum slot_state
state_by_status(const struct roster_entry *entry)
{
	const char *status = entry->row->field[ROSTER_STATUS];
	enum word word = roster_only_word(entry->titles, status);

	if (roster_leave_is_refused(status))
		return SLOT_EMPTY;
	/* A list of leave without a status is a list of granted leave. */
	if (*status == '\0' || roster_leave_is_granted(status) || word == WORD_ABSENCE ||
	    word == WORD_SICK)
		return SLOT_AWAY;
	return roster_open_by_status(entry);
}

static void
note(const struct roster_entry *entry, enum fault fault, const char *column)
{
	fault_note(entry->faults, fault, FAULT_EVENT(entry->uid, entry->row->line), column, NULL);
}

static bool
is_cancelled(enum word word)
{
	return word == WORD_CANCELLED;
}

/* "Approved: no", "Approved: pending". Any other text is taken for the name of the person who approved, or
 * for the date. */
static bool
is_not_granted(const char *text)
{
	return roster_cell_is_no(text) || roster_leave_is_refused(text) ||
	       roster_leave_is_waiting(text);
}

/* Whether ${text} under ${heading} denies that there is such leave. */
static bool
denies(struct titles *titles, const struct roster_heading *heading, const char *text)
{
	bool says_no = roster_leave_is_refused(heading->says) ||
		       roster_any_word(titles, heading->says, is_cancelled);

	/* What denies depends on the heading: "no" below "Approved" does, "no" below "Cancelled"
	 * does not. */
	if (roster_leave_is_granted(heading->says))
		return is_not_granted(text);
	if (says_no)
		return !roster_cell_is_no(text) && !roster_cell_is_dash(text);
	return roster_leave_is_refused(text) || roster_any_word(titles, text, is_cancelled);
}

/* "Half day: yes", "AM", "0.5 days". */
static bool
is_part_of_day(const struct roster_heading *heading, const char *text)
{
	static const char *const lengths[] = {
	    "duration", "length", "days", "total days", "number of days", "no of days", NULL};
	static const char *const parts[] = {"am", "pm", "a.m.", "p.m.", "half", "half day",
	    "half-day", "morning", "afternoon", "morning only", "afternoon only", "am only",
	    "pm only", "first half", "second half", NULL};

	/* Below "Half day" anything but a no counts as a yes: a date, a tick, "AM". */
	if (slice_is_nocase((struct slice){heading->says, strnlen(heading->says, 4)}, "half"))
		return !roster_cell_is_no(text) && !roster_cell_is_dash(text);
	return roster_cell_is_one_of(text, parts) ||
	       (roster_cell_is_one_of(heading->says, lengths) &&
		   (strncmp(text, "0.", 2) == 0 || strncmp(text, ".", 1) == 0));
}

static bool
is_kind_of_leave(struct titles *titles, const struct reading_shift_code *code, const char *text)
{
	enum word word = code != NULL && code->kind == READING_CODE_ABSENCE
			     ? WORD_ABSENCE
			     : roster_only_word(titles, text);

	return word == WORD_ABSENCE || word == WORD_SICK || word == WORD_HOLIDAY;
}

enum leave_said
roster_leave_said(struct titles *titles, const struct reading_shift_code *code,
    const struct roster_heading *heading, const char *text)
{
	if (*text == '\0' || heading->extra == ROSTER_WEEKDAY)
		return LEAVE_NOTHING;
	if (denies(titles, heading, text))
		return LEAVE_DENIED;
	if (is_part_of_day(heading, text))
		return LEAVE_PART;
	if (heading->column == ROSTER_SHIFT && !is_kind_of_leave(titles, code, text))
		return LEAVE_OTHER_KIND;
	return LEAVE_NOTHING;
}

/* Whether the cell makes it doubtful that the person is away. Notes that, and also what makes only the kind
 * or the length of the leave doubtful. */
static bool
look_at(const struct roster_entry *entry, const struct roster_heading *heading, const char *text)
{
	static const enum fault faults[] = {
	    [LEAVE_DENIED] = FAULT_LEAVE_COLUMN,
	    [LEAVE_PART] = FAULT_LEAVE_PART,
	    [LEAVE_OTHER_KIND] = FAULT_LEAVE_KIND,
	};
	enum leave_said said = roster_leave_said(entry->titles, entry->code, heading, text);

	if (said != LEAVE_NOTHING)
		note(entry, faults[said], heading->name);
	return said == LEAVE_DENIED;
}

enum slot_state
roster_state_of_leave(const struct roster_entry *entry)
{
	enum slot_state state = state_by_status(entry);

	/* A line of its own may say of all rows below it that they are cancelled. */
	if (state == SLOT_AWAY && entry->row->above != NULL &&
	    roster_any_word(entry->titles, entry->row->above, is_cancelled)) {
		note(entry, FAULT_ROW_ABOVE, entry->row->above);
		return SLOT_OPEN;
	}
	for (size_t i = 0; state == SLOT_AWAY && i < entry->rows->nheadings; i++) {
		const struct roster_heading *heading = &entry->rows->headings[i];

		/* Known columns have been read; the kind of leave stands where a shift does. */
		if (heading->column != ROSTER_COLUMNS && heading->column != ROSTER_SHIFT)
			continue;
		if (look_at(entry, heading, entry->row->cells[i].text))
			state = SLOT_OPEN;
	}
	return state;
}
