/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_state.h"

#include <string.h>

#include "calendars/roster/roster_cell.h"
#include "calendars/roster/roster_leave.h"

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

bool
roster_is_own_name(const struct titles *titles, const char *text)
{
	const char *const *names = titles->options->own_names;

	return names != NULL && roster_cell_is_one_of(text, names);
}

bool
roster_means_nothing(struct titles *titles, const char *text)
{
	const char *key = lexicon_key(titles->arena, text);

	return key != NULL && table_get(&titles->lexicon.decided, key) == WORD_PLAIN;
}

enum slot_state
roster_open_by_status(const struct roster_entry *entry)
{
	fault_note(entry->faults, FAULT_ROW_STATUS, FAULT_EVENT(entry->uid, entry->row->line),
	    entry->row->field[ROSTER_STATUS], NULL);
	return SLOT_OPEN;
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

	/* "Night" that is not a code of the rota is not settled: it is read beside the name, and so
	 * compared with the times of the row. */
	return (shift == WORD_SHIFT && entry->code != NULL) || shift == WORD_ABSENCE ||
	       shift == WORD_SICK || shift == WORD_NOISE || shift == WORD_HOLIDAY;
}

static bool
is_away(enum word word)
{
	return word == WORD_ABSENCE || word == WORD_SICK;
}

static bool
is_filled(const char *status)
{
	static const char *const filled[] = {"Filled", "Confirmed", "Assigned", "Allocated",
	    "Booked", "Rostered", "Scheduled", "Published", "Accepted", "Verified", "Finalised",
	    "Finalized", "Locked", "Worked", "Complete", "Completed", "On Duty", "Working",
	    "On Call", "On-Call", "Oncall", "Approved", "Active", "Yes", NULL};

	return roster_cell_is_one_of(status, filled);
}

enum slot_state
roster_state_of_slot(const struct roster_entry *entry)
{
	const char *status = entry->row->field[ROSTER_STATUS];
	enum word by_status = roster_only_word(entry->titles, status);
	enum word by_shift = word_of_shift(entry);
	/* "Cancelled" is the slot and not the person: nobody is on. */
	static const char *const empty[] = {"Unfilled", "Vacant", "Cancelled", "Canceled", NULL};
	bool known = *status == '\0' || is_filled(status) || is_away(by_status) ||
		     roster_leave_is_granted(status) || roster_means_nothing(entry->titles, status);

	/* In a row of leave the status is that of the leave. Leave that was refused is no leave, and
	 * the row is not cover either. */
	if (is_away(by_shift) && roster_leave_is_refused(status))
		return SLOT_NOISE;
	if (roster_cell_is_one_of(status, empty) || by_status == WORD_NOBODY)
		return SLOT_EMPTY;
	/* Before the list of filled states: "Booked" beside the shift "Annual Leave" is leave. */
	if (is_away(by_status) || (is_away(by_shift) && known))
		return SLOT_AWAY;
	if (!known || (roster_leave_is_granted(status) && !is_filled(status)))
		return roster_open_by_status(entry);
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
