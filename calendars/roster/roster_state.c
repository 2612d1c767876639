/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_state.h"

#include <string.h>

/* A shift code of the rota has the meaning of a word of the lexicon. */
static enum word
code_word(const struct reading_shift_code *code)
{
	switch (code->kind) {
	case READING_CODE_HOURS:
		return WORD_SHIFT;
	case READING_CODE_ABSENCE:
		return WORD_ABSENCE;
	case READING_CODE_NOISE:
		return WORD_NOISE;
	}
	return WORD_NONE;
}

static bool
is_one_of(struct slice text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (slice_is_nocase(text, *words))
			return true;
	return false;
}

/* A status that the rota manager has decided to mean nothing is no unknown status. */
static bool
is_decided(struct titles *titles, const char *text)
{
	const char *key = lexicon_key(titles->arena, text);

	return key != NULL && table_get(&titles->lexicon.decided, key) != TABLE_NONE;
}

/* A status that is not known may be the one that says nobody comes, so a person must decide. */
static enum slot_state
open_by_status(const struct roster_entry *entry)
{
	fault_note(entry->faults, FAULT_ROW_STATUS, FAULT_EVENT(entry->uid, entry->row->line),
	    entry->row->field[ROSTER_STATUS], NULL);
	return SLOT_OPEN;
}

static bool
is_refused(const char *text)
{
	static const char *const refused[] = {
	    "Declined", "Rejected", "Refused", "Withdrawn", "Cancelled", "Canceled", NULL};

	return is_one_of(slice_of(text), refused);
}

/* In a leave calendar, leave that is only requested takes nobody off duty. */
static enum slot_state
state_of_leave(const struct roster_entry *entry)
{
	static const char *const granted[] = {"Approved", "Granted", "Booked", "Taken", "Agreed",
	    "Authorised", "Filled", "Confirmed", NULL};
	struct slice status = slice_of(entry->row->field[ROSTER_STATUS]);
	enum word by_status = roster_only_word(entry->titles, entry->row->field[ROSTER_STATUS]);

	if (is_refused(entry->row->field[ROSTER_STATUS]))
		return SLOT_EMPTY;
	if (status.len == 0 || is_one_of(status, granted) || by_status == WORD_ABSENCE ||
	    by_status == WORD_SICK)
		return SLOT_AWAY;
	return open_by_status(entry);
}

/* If a note says that the leave is cancelled or declined, a person must decide. */
enum slot_state
roster_state_of_leave(const struct roster_entry *entry)
{
	enum slot_state state = state_of_leave(entry);

	for (size_t i = 0; state == SLOT_AWAY && i < entry->rows->nheadings; i++) {
		const struct roster_heading *heading = &entry->rows->headings[i];

		/* Numbers, sites and weekdays say nothing about the leave. */
		if (heading->extra != ROSTER_TEXT && heading->extra != ROSTER_FLAG)
			continue;
		if (is_refused(entry->row->cells[i]) ||
		    roster_only_word(entry->titles, entry->row->cells[i]) == WORD_CANCELLED)
			return SLOT_OPEN;
	}
	return state;
}

/* The rota's own shift codes come before the lexicon: "AL" may be a shift here. */
static enum word
word_of_shift(const struct roster_entry *entry)
{
	return entry->code != NULL
		   ? code_word(entry->code)
		   : roster_only_word(entry->titles, entry->row->field[ROSTER_SHIFT]);
}

bool
roster_shift_is_settled(const struct roster_entry *entry)
{
	enum word shift = word_of_shift(entry);

	/* A name of a shift that is no code of the rota is held against the times of the row. */
	return (shift == WORD_SHIFT && entry->code != NULL) || shift == WORD_ABSENCE ||
	       shift == WORD_SICK || shift == WORD_NOISE || shift == WORD_HOLIDAY;
}

enum slot_state
roster_state_of_slot(const struct roster_entry *entry)
{
	const char *status = entry->row->field[ROSTER_STATUS];
	enum word by_status = roster_only_word(entry->titles, status);
	enum word by_shift = word_of_shift(entry);
	/* "Cancelled" is the slot and not the person: nobody is on. */
	static const char *const empty[] = {"Unfilled", "Vacant", "Cancelled", "Canceled", NULL};
	static const char *const filled[] = {"Filled", "Confirmed", "Assigned", "Allocated",
	    "Booked", "Rostered", "Scheduled", "Published", "Accepted", "Verified", "Finalised",
	    "Finalized", "Locked", "Worked", "Complete", "Completed", "On Duty", "Working",
	    "On Call", "On-Call", "Oncall", "Approved", "Active", "Yes", NULL};

	if (is_one_of(slice_of(status), empty) || by_status == WORD_NOBODY)
		return SLOT_EMPTY;
	/* Before the list of filled states: "Booked" beside the shift "Annual Leave" is leave. */
	if (by_status == WORD_ABSENCE || by_status == WORD_SICK || by_shift == WORD_ABSENCE ||
	    by_shift == WORD_SICK)
		return SLOT_AWAY;
	if (*status != '\0' && !is_one_of(slice_of(status), filled) &&
	    !(is_decided(entry->titles, status) && by_status == WORD_PLAIN))
		return open_by_status(entry);
	return by_shift == WORD_NOISE || by_shift == WORD_HOLIDAY ? SLOT_NOISE : SLOT_FILLED;
}

/* Only a known person can be away. Whatever else stands for a name becomes undecided when the slot
 * is away or in doubt. */
struct title_part
roster_part_by_state(enum slot_state state, struct title_part part)
{
	switch (state) {
	case SLOT_FILLED:
		break;
	case SLOT_EMPTY:
		part = (struct title_part){.class = READING_NOBODY};
		break;
	case SLOT_AWAY:
		if (part.class == READING_NAMED)
			part.class = READING_ABSENCE;
		else if (part.class != READING_ABSENCE)
			part = (struct title_part){.class = READING_UNDECIDED, .shown = part.shown};
		break;
	case SLOT_NOISE:
		part = (struct title_part){.class = READING_NOISE};
		break;
	case SLOT_OPEN:
		if (part.class == READING_NAMED)
			part.class = READING_TENTATIVE;
		else if (part.class != READING_TENTATIVE)
			part = (struct title_part){.class = READING_UNDECIDED, .shown = part.shown};
		break;
	}
	return part;
}
