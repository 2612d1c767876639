/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_column.h"

#include <string.h>

#include "calendars/roster/roster_cell.h"
#include "calendars/roster/roster_people.h"
#include "calendars/titles/place_said.h"
#include "server/base/civil.h"

#define MINUTES_A_DAY 1440

/* Whether "not" at ${at} denies that the person is on duty. "Not on call" does, also under "Team"; "not
 * known" under "Mobile" does not. */
static bool
denies_duty(const struct tokens *tokens, size_t at)
{
	static const char *const words[] = {
	    "on", "oncall", "working", "rostered", "available", "attending", "in", NULL};
	const struct token *items = tokens->items.items;

	return strcmp(items[at].text, "not") == 0 && at + 1 < tokens->items.count &&
	       roster_cell_is_one_of(items[at + 1].text, words);
}

/* "Maternity" may be a ward, and "sick bay" a room. So a word of absence in a column of places does not make
 * the person absent, which would be stated as a fact; a person must decide. */
static void
note_loose(const struct row_says *row, const char *column, const char *text, struct slot *slot)
{
	const struct title *title;
	enum slot_state state = roster_text_says(row, text, &title);

	if (state == SLOT_AWAY)
		roster_slot_note(slot, SLOT_OPEN, column, NULL);
	else
		roster_slot_note(slot, state, column, title);
}

/* Looks at each phrase alone. The other words are numbers, addresses or places. */
static void
read_loose(const struct row_says *row, const char *column, const char *text, struct slot *slot)
{
	struct tokens tokens;

	/* "TBC" alone in a column of sites is about the shift; among other words it is part of an
	 * address. */
	if (roster_only_word(row->titles, text) == WORD_DOUBT) {
		note_loose(row, column, text, slot);
		return;
	}
	tokens_make(&tokens, row->titles->arena, text);
	for (size_t at = 0; at < tokens.items.count;) {
		size_t first = at;

		if (denies_duty(&tokens, at))
			roster_slot_note(slot, SLOT_OPEN, column, NULL);
		if (!word_takes_off(lexicon_next(&row->titles->lexicon, &tokens, &at)))
			continue;
		note_loose(
		    row, column, tokens_text(&tokens, row->titles->arena, first, at - first), slot);
	}
}

/* A cell of places may name what the person does instead of this duty: "Conference - Leeds", "AMHP training,
 * County Hall". "Alder Clinic" is only a place. */
static void
read_place(const struct row_says *row, const char *column, const char *text, struct slot *slot)
{
	if (place_is_elsewhere(row->titles, text))
		roster_slot_note(slot, SLOT_OPEN, column, NULL);
	read_loose(row, column, text, slot);
}

static bool
is_other_crew(const struct row_says *row, const char *text)
{
	const struct lexicon *lexicon = &row->titles->lexicon;
	struct tokens tokens;

	tokens_make(&tokens, row->titles->arena, text);
	for (size_t at = 0; at < tokens.items.count;) {
		if (lexicon_is_other_crew(lexicon, lexicon_next(lexicon, &tokens, &at)))
			return true;
	}
	return false;
}

/* If the file has one unit, its name has no effect, since the whole roster is of it; unless that is a team of
 * another kind. If it has several, some may belong to other rotas: a row counts only if every word of its
 * unit is understood beside the name. */
static void
read_unit(const struct row_says *row, const struct roster_heading *heading, const char *text,
    struct slot *slot)
{
	const struct title *title;

	if (heading->several || is_other_crew(row, text)) {
		if (roster_label_says(row, text, &title) != SLOT_FILLED) {
			roster_slot_note(slot, SLOT_OPEN, heading->name, NULL);
			roster_slot_ask(row, slot, title);
		}
	}
	read_loose(row, heading->name, text, slot);
}

/* Whether ${text} is a time and no more, and neither the start nor the end of the row: "Actual
 * start 22:00". "24h" is a length. */
static bool
is_other_time(const struct row_says *row, const char *text)
{
	struct tokens tokens;
	const struct token *only;

	tokens_make(&tokens, row->titles->arena, text);
	only = tokens.items.items;
	return tokens.items.count == 1 && only->kind == TOKEN_TIME &&
	       only->minutes < MINUTES_A_DAY &&
	       only->minutes != civil_second_of_day(row->start) / 60 &&
	       only->minutes != civil_second_of_day(row->end) / 60;
}

/* "Booking reason: sickness" may be why a replacement was wanted, or why this person does not come. */
static bool
is_reason(const struct roster_heading *heading)
{
	return strcasestr(heading->says, "reason") != NULL;
}

/* Every word must be understood. What is not is noted, so that the manager can decide it. */
static void
read_strict(const struct row_says *row, const struct roster_heading *heading, const char *text,
    struct slot *slot)
{
	const struct title *title;
	enum slot_state state = roster_text_says(row, text, &title);

	if (state == SLOT_AWAY && is_reason(heading))
		state = SLOT_OPEN;
	if (state == SLOT_FILLED && (roster_names_another(row, text) || is_other_time(row, text)))
		state = SLOT_OPEN;
	roster_slot_note(slot, state, heading->name, title);
	if (state == SLOT_OPEN)
		roster_slot_ask(row, slot, title);
}

/* In the Shift column "Late" is the name of a shift. In any other column somebody may be late. */
static bool
may_be_unpunctual(const struct row_says *row, const char *text)
{
	static const char *const words[] = {"late", "early", NULL};

	return roster_cell_is_one_of(text, words) &&
	       roster_only_word(row->titles, text) == WORD_SHIFT;
}

static void
note_unpunctual(const struct row_says *row, const char *column, const char *text, struct slot *slot)
{
	const struct title *title =
	    title_read(row->titles, arena_printf(row->titles->arena, "%s %s", row->name, text));

	roster_slot_note(slot, SLOT_OPEN, column, title);
	roster_slot_ask(row, slot, title);
}

/* Whether the name of the shift has a word or a time. A number or a mark alone is a code that we do not
 * know. */
static bool
has_words(struct titles *titles, const char *text)
{
	struct tokens tokens;

	tokens_make(&tokens, titles->arena, text);
	for (size_t i = 0; i < tokens.items.count; i++) {
		if (tokens.items.items[i].kind == TOKEN_WORD ||
		    tokens.items.items[i].kind == TOKEN_TIME)
			return true;
	}
	return false;
}

/* "D", "N" and "E" stand for day, night and early; as words they are compared with the times of the row.
 * "L" is left as it is: it may be late, long day or leave. */
static const char *
shift_of_letter(const char *text)
{
	static const struct {
		const char *letter, *shift;
	} letters[] = {{"D", "Day"}, {"N", "Night"}, {"E", "Early"}};

	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
		if (slice_is(slice_trim(slice_of(text)), letters[i].letter))
			return letters[i].shift;
	}
	return text;
}

/* "Christmas Day" under "Holiday" is what the day is called, and no leave of the one who is on duty on it. */
static bool
is_named_holiday(const struct row_says *row, const struct roster_heading *heading, const char *text)
{
	static const char *const names[] = {"holiday", "holidays", NULL};

	return roster_cell_is_one_of(heading->says, names) &&
	       roster_only_word(row->titles, text) == WORD_HOLIDAY;
}

/* The heading says of any text under it that the person does not, or may not, count: a tick under
 * "Sick" says "Sick", a reason ("hospital") and the date under "Cancelled on" do as well. */
static void
read_flag(const struct row_says *row, const struct roster_heading *heading, const char *text,
    struct slot *slot)
{
	enum slot_state before = slot->state;

	if (is_named_holiday(row, heading, text)) {
		read_strict(row, heading, text, slot);
		return;
	}
	if (heading->extra == ROSTER_PART) {
		if (!roster_cell_is_yes(text))
			read_strict(row, heading, text, slot);
		roster_slot_note(slot, SLOT_OPEN, heading->name, NULL);
		return;
	}
	if (!roster_cell_is_yes(text))
		read_strict(row, heading, text, slot);
	if (slot->state == before)
		read_strict(row, heading, heading->says, slot);
}

/* Under such a heading stands the person who does not come. */
static bool
is_of_replaced(const struct roster_heading *heading)
{
	static const char *const names[] = {"covering for", "cover for", "covers for",
	    "in place of", "instead of", "standing in for", "replacing", "replaces", NULL};

	return roster_cell_is_one_of(heading->says, names);
}

/* A cell of another rota names this person, and not as somebody who comes: "J Jones sick". What it says of
 * anybody else is that rota's. */
static void
read_other(const struct row_says *row, const struct roster_heading *heading, const char *text,
    struct slot *slot)
{
	const struct title *title = title_read(row->titles, text);

	/* "AMHP cancelled", below a heading that nobody knows. */
	if (row->duty != NULL && strcasestr(text, row->duty) != NULL &&
	    roster_any_word(row->titles, text, word_takes_off))
		roster_slot_note(slot, SLOT_OPEN, heading->name, NULL);
	for (size_t i = 0; i < title->nparts; i++) {
		const struct title_part *part = &title->parts[i];

		for (size_t j = 0; part->person != NULL && j < row->base->nparts; j++) {
			if (row->base->parts[j].person != NULL &&
			    strcmp(part->person, row->base->parts[j].person) == 0 &&
			    part->class != READING_NAMED)
				roster_slot_note(slot, SLOT_OPEN, heading->name, NULL);
		}
	}
}

void
roster_column_says(const struct row_says *row, const struct roster_heading *heading,
    const char *text, struct slot *slot)
{
	if (heading->extra == ROSTER_OTHER) {
		read_other(row, heading, text, slot);
		return;
	}
	if (heading->people && roster_people_say(row, heading, text, slot))
		return;
	if (roster_cell_denies(heading, text)) {
		roster_slot_note(slot, SLOT_OPEN, heading->name, NULL);
		return;
	}
	if (roster_cell_says_nothing(heading, text))
		return;
	if (heading->column == ROSTER_SHIFT)
		text = shift_of_letter(text);
	if (is_of_replaced(heading))
		text = arena_printf(row->titles->arena, "covering for %s", text);
	if (heading->column == ROSTER_SHIFT && !has_words(row->titles, text))
		roster_slot_note(slot, SLOT_OPEN, heading->name, NULL);
	else if (heading->column == ROSTER_UNIT)
		read_unit(row, heading, text, slot);
	else if (heading->extra == ROSTER_LOOSE)
		read_place(row, heading->name, text, slot);
	else if ((heading->extra == ROSTER_FLAG || heading->extra == ROSTER_PART) &&
		 !is_of_replaced(heading))
		read_flag(row, heading, text, slot);
	else if (heading->column != ROSTER_SHIFT && may_be_unpunctual(row, text))
		note_unpunctual(row, heading->name, text, slot);
	else
		read_strict(row, heading, text, slot);
}
