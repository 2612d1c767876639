/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_grid_says.h"

#include <string.h>

#include "calendars/roster/roster_duty.h"
#include "calendars/roster/roster_grid_hours.h"

static void
note(const struct roster_entry *entry, enum fault fault, const char *what)
{
	fault_note(entry->faults, fault, FAULT_EVENT(entry->uid, entry->row->line), what, NULL);
}

/* The people of a grid may stand under the names of several teams, some of which are other rotas'. Which are this
 * rota's is known by its own names, or once it is decided. */
static void
read_team(const struct roster_entry *entry, const char *team, struct slot *slot)
{
	struct title_unknown word = {team, NULL};

	if (team == NULL || roster_means_nothing(entry->titles, team) ||
	    roster_is_own_name(entry->titles, team))
		return;
	if (entry->row->grid.tell_section)
		note(entry, FAULT_GRID_SECTION, team);
	if (slot->state >= SLOT_OPEN)
		return;
	slot->state = SLOT_OPEN;
	word.key = lexicon_key(entry->titles->arena, team);
	if (word.key != NULL)
		*VEC_PUSH(entry->titles->arena, &slot->unknown) = word;
}

static bool
is_asked(const struct slot *slot, const char *key)
{
	const struct title_unknown *one;

	VEC_EACH (one, &slot->unknown) {
		if (one->key != NULL && strcmp(one->key, key) == 0)
			return true;
	}
	return false;
}

/* Of a cell of a grid the hours, or the code, may be unknown. */
void
roster_grid_says(const struct roster_entry *entry, struct slot *slot)
{
	const struct roster_cell_shift *grid = &entry->row->grid;
	const char *text = entry->row->field[ROSTER_SHIFT];
	struct title_unknown word = {text, NULL};

	if (entry->rows->sections)
		read_team(entry, grid->section, slot);
	if (entry->rows->overlap)
		read_team(entry, grid->table, slot);
	if (grid->doubt == FAULT_NONE || slot->state >= SLOT_AWAY)
		return;
	if (grid->tell)
		fault_note(entry->faults, grid->doubt, FAULT_EVENT(NULL, entry->row->line),
		    grid->what != NULL               ? grid->what
		    : grid->doubt == FAULT_GRID_CODE ? text
						     : grid->slot,
		    grid->more);
	slot->state = SLOT_OPEN;
	word.key = grid->doubt == FAULT_GRID_CODE ? lexicon_key(entry->titles->arena, text) : NULL;
	if (word.key != NULL && !is_asked(slot, word.key))
		*VEC_PUSH(entry->titles->arena, &slot->unknown) = word;
}

bool
roster_grid_tells_of(const struct roster_entry *entry, const char *column)
{
	const struct rows *rows = entry->rows;

	if (entry->row->grid.doubt != FAULT_GRID_CODE)
		return false;
	for (size_t i = 0; i < rows->nheadings; i++) {
		if (rows->headings[i].column == ROSTER_SHIFT)
			return strcmp(rows->headings[i].name, column) == 0;
	}
	return false;
}

/* That the night of a Sunday ends on a Monday does not make it one of "Kay Lee Mon-Thu"; and of two people the days may
 * be those of one. */
void
roster_week_says(
    const struct roster_entry *entry, const struct title *name, int64_t start, struct slot *slot)
{
	bool days = name->when.days.weekdays != 0 || name->when.days.dates.count > 0;

	if (!entry->rows->weekly || !days || slot->state != SLOT_FILLED)
		return;
	if (name->nparts == 1 && title_when_fault(&name->when, start, start + 1) == FAULT_NONE)
		return;
	slot->state = SLOT_OPEN;
	fault_note(
	    entry->faults, FAULT_ROW_DAYS, FAULT_EVENT(entry->uid, entry->row->line), NULL, NULL);
}

/* The codes of a grid of people are the rota's own names. */
static enum duty_day
duty_day_of(const struct roster_entry *entry, int64_t start)
{
	const struct roster_cell_shift *grid = &entry->row->grid;
	bool written = !entry->rows->weekly;
	enum duty_day day;

	if (grid->slot == NULL || entry->titles->options->grid.layout == READING_NAMES_BY_DATES)
		return DUTY_EVERY_DAY;
	day = roster_duty_day(entry->titles, grid->slot, start, written);
	/* "Weekdays" above "AMHP" */
	return day == DUTY_EVERY_DAY && grid->upper != NULL
		   ? roster_duty_day(entry->titles, grid->upper, start, written)
		   : day;
}

bool
roster_is_off_week(const struct roster_entry *entry, int64_t start)
{
	return entry->rows->weekly && duty_day_of(entry, start) == DUTY_OFF;
}

static bool
is_doubt(enum word word)
{
	return word == WORD_DOUBT || word == WORD_SEEKING;
}

/* A duty of those who come if the first cannot is no doubtful one. */
static bool
is_of_reserve(const char *heading)
{
	static const char *const words[] = {
	    "back up", "backup", "back-up", "stand by", "standby", "stand-by", "reserve", NULL};

	for (size_t i = 0; words[i] != NULL; i++) {
		if (strcasestr(heading, words[i]) != NULL)
			return true;
	}
	return false;
}

/* "AMHP (provisional)", "AMHP unavailable": who stands there is not on duty for certain, whatever the column is set as.
 * Words of a heading that are not understood say nothing. */
static bool
is_against(const struct roster_entry *entry, const struct row_says *says)
{
	const char *duty = entry->row->grid.slot;
	const struct title *title;
	enum slot_state state;

	if (duty == NULL || is_of_reserve(duty) || roster_is_own_name(entry->titles, duty) ||
	    entry->titles->options->grid.layout == READING_NAMES_BY_DATES)
		return false;
	state = roster_label_says(says, duty, &title);
	return state == SLOT_AWAY || state == SLOT_EMPTY || state == SLOT_NOISE ||
	       roster_any_word(entry->titles, duty, is_doubt);
}

/* "AMHP am" from 09:00 to 17:00, which are the hours of the rota. */
static bool
is_of_other_part(const struct roster_entry *entry, const struct row_says *says)
{
	const struct roster_cell_shift *grid = &entry->row->grid;

	return grid->slot != NULL && grid->timed &&
	       entry->titles->options->grid.layout != READING_NAMES_BY_DATES &&
	       !roster_grid_says_hours(entry->titles, grid->slot) &&
	       title_when_fault(&title_read(entry->titles, grid->slot)->when, says->start,
		   says->end) == FAULT_OTHER_SHIFT;
}

void
roster_duty_says(const struct roster_entry *entry, const struct row_says *says, struct slot *slot)
{
	enum duty_day day = duty_day_of(entry, says->start);
	enum fault fault = FAULT_NONE;

	if (day == DUTY_OFF || day == DUTY_OPEN)
		fault = FAULT_GRID_DUTY_DAYS;
	else if (is_against(entry, says))
		fault = FAULT_GRID_DUTY_WORDS;
	else if (is_of_other_part(entry, says))
		fault = FAULT_GRID_DUTY_PART;
	if (slot->state != SLOT_FILLED || fault == FAULT_NONE)
		return;
	slot->state = SLOT_OPEN;
	note(entry, fault, entry->row->grid.slot);
}
