/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_says.h"

#include <string.h>

#include "calendars/roster/roster_cell.h"
#include "calendars/titles/items.h"

#include "server/base/civil.h"

/* A phrase that changes nothing: stands for the other columns. */
#define HARMLESS "on call"

enum word
roster_only_word(struct titles *titles, const char *text)
{
	struct tokens tokens;
	size_t len = 0;
	enum word word;

	tokens_make(&tokens, titles->arena, text);
	if (tokens.items.count == 0)
		return WORD_NONE;
	word = lexicon_find(&titles->lexicon, &tokens, 0, &len);
	return len == tokens.items.count ? word : WORD_NONE;
}

/* Words after which a person named in the row does not, or may not, count. */
static bool
takes_off(enum word word)
{
	return word == WORD_NOBODY || word == WORD_ABSENCE || word == WORD_SICK ||
	       word == WORD_CANCELLED || word == WORD_SHADOW || word == WORD_SEEKING;
}

bool
roster_has_force(struct titles *titles, const char *text)
{
	struct slice word = slice_trim(slice_of(text));

	while (word.len > 0 && (word.at[word.len - 1] == '?' || word.at[word.len - 1] == ':'))
		word.len--;
	text = arena_strndup(titles->arena, word.at, word.len);
	return takes_off(roster_only_word(titles, text)) ||
	       roster_only_word(titles, text) == WORD_DOUBT ||
	       roster_only_word(titles, text) == WORD_NOISE;
}

static int
minutes_of(int64_t local)
{
	return (int)(civil_second_of_day(local) / 60);
}

/* Whether ${part} says the same as the name alone. Times beside the name must be the row's own
 * times. */
static bool
is_same(const struct row_says *row, const struct title_part *part, const struct title_part *base)
{
	bool times = part->span == TITLE_WHOLE || part->span == TITLE_ONLY_SHIFT ||
		     (part->span == TITLE_BETWEEN && part->from == minutes_of(row->start) &&
			 part->to == minutes_of(row->end));

	return times && part->class == base->class && part->team == base->team &&
	       (part->person == base->person || (part->person != NULL && base->person != NULL &&
						    strcmp(part->person, base->person) == 0));
}

static bool
says_nothing(const struct row_says *row, const struct title *title)
{
	if (title->nparts != row->base->nparts || title->nunknown > row->base->nunknown)
		return false;
	for (size_t i = 0; i < title->nparts; i++) {
		if (!is_same(row, &title->parts[i], &row->base->parts[i]))
			return false;
	}
	return true;
}

static bool
all_are(const struct title *title, enum reading_class class)
{
	for (size_t i = 0; i < title->nparts; i++) {
		if (title->parts[i].class != class)
			return false;
	}
	return title->nparts > 0;
}

/* Whether ${title} says that the person of the row is away, and names nobody else. */
static bool
is_away(const struct row_says *row, const struct title *title)
{
	const char *person = row->base->parts[0].person;
	bool away = false;

	/* Several names, or none that is known: only if all of it is absence is it clear who is
	 * away. */
	if (row->base->nparts != 1 || person == NULL)
		return all_are(title, READING_ABSENCE);
	for (size_t i = 0; i < title->nparts; i++) {
		const struct title_part *part = &title->parts[i];

		if (part->person != NULL && strcmp(part->person, person) != 0)
			return false;
		away = away || (part->class == READING_ABSENCE && part->person != NULL);
	}
	return away;
}

/* Whether ${title} is about another day, or other hours, than those of the row. */
static bool
is_of_other_time(const struct row_says *row, const struct title *title)
{
	return title_when_fault(&title->when, row->start, row->end) != FAULT_NONE &&
	       title_when_fault(&row->base->when, row->start, row->end) == FAULT_NONE;
}

static enum slot_state
state_of_title(const struct row_says *row, const struct title *title)
{
	if (says_nothing(row, title))
		return is_of_other_time(row, title) ? SLOT_OPEN : SLOT_FILLED;
	if (is_away(row, title))
		return SLOT_AWAY;
	if (all_are(title, READING_NOBODY) || all_are(title, READING_CANCELLED))
		return SLOT_EMPTY;
	return all_are(title, READING_NOISE) ? SLOT_NOISE : SLOT_OPEN;
}

/* Read together with the name, since words mean something beside a person: "sick" takes her off
 * duty, "covering" may take another. */
static const struct title *
beside_name(const struct row_says *row, const char *text)
{
	return title_read(
	    row->titles, arena_printf(row->titles->arena, "%s - %s", row->name, text));
}

/* The directory's name of the person whom a decision has found under another name; NULL if there is
 * none. */
static const char *
directory_name(const struct row_says *row)
{
	const struct reading_options *options = row->titles->options;
	const char *person = row->base->parts[0].person;

	for (size_t i = 0; person != NULL && i < options->npeople; i++) {
		if (strcmp(options->people[i].id, person) == 0)
			return options->people[i].name;
	}
	return NULL;
}

/* Reads ${text} as a part of a title that also holds the row's name. A decision on a whole title
 * finds its name only as a whole title, so here the directory's name is used instead. */
static enum slot_state
read_text(const struct row_says *row, const char *text, const struct title **title)
{
	struct row_says other = *row;

	/* A test of the method: if even harmless words beside the name change its meaning, the name
	 * is understood as a whole title only. */
	if (!says_nothing(row, beside_name(row, HARMLESS)))
		other.name = directory_name(row);
	if (other.name == NULL || !says_nothing(row, beside_name(&other, HARMLESS)))
		other.name = row->name;
	*title = beside_name(&other, text);
	return state_of_title(row, *title);
}

static void
note(struct slot *slot, enum slot_state state, const char *column, const struct title *title)
{
	/* enum slot_state is ordered by how much it takes away. The worst that any column says
	 * stands. */
	if (state <= slot->state)
		return;
	slot->state = state;
	slot->column = column;
	slot->title = title;
}

static void
note_unknown(const struct row_says *row, struct slot *slot, const struct title *title)
{
	for (size_t i = 0; i < title->nunknown; i++) {
		bool again = false;

		for (size_t j = 0; j < row->base->nunknown; j++)
			again =
			    again || strcmp(row->base->unknown[j].key, title->unknown[i].key) == 0;
		for (size_t j = 0; j < slot->unknown.count; j++)
			again =
			    again || strcmp(slot->unknown.items[j].key, title->unknown[i].key) == 0;
		/* What the name itself lacks is listed with the name. */
		if (!again)
			*VEC_PUSH(row->titles->arena, &slot->unknown) = title->unknown[i];
	}
}

/* Looks at each phrase alone. The other words are numbers, addresses or places. */
static void
read_loose(const struct row_says *row, const char *column, const char *text, struct slot *slot)
{
	struct tokens tokens;
	size_t len = 0;

	/* "TBC" alone in a column of sites is about the shift; among other words it is part of an
	 * address. */
	if (roster_only_word(row->titles, text) == WORD_DOUBT) {
		const struct title *title;
		enum slot_state state = read_text(row, text, &title);

		note(slot, state, column, title);
		return;
	}
	tokens_make(&tokens, row->titles->arena, text);
	/* Whole phrases are passed over, so that "not available" is not looked at again as
	 * "available". */
	for (size_t i = 0; i<tokens.items.count; i += len> 0 ? len : 1) {
		const struct token *first = &tokens.items.items[i], *last;
		const struct title *title;
		enum slot_state state;

		len = 0;
		if (!takes_off(lexicon_find(&row->titles->lexicon, &tokens, i, &len)))
			continue;
		last = &tokens.items.items[i + len - 1];
		state = read_text(row,
		    arena_strndup(row->titles->arena, tokens.plain + first->at,
			last->at + last->len - first->at),
		    &title);
		note(slot, state, column, title);
	}
}

static void
make_items(const struct row_says *row, const char *text, struct tokens *tokens, struct items *items)
{
	tokens_make(tokens, row->titles->arena, text);
	items_make(items, row->titles, tokens);
}

/* Another person who is named may be the one who comes, but not in "covering for S Ahmed". */
static bool
names_another(const struct row_says *row, const char *text)
{
	const char *person = row->base->nparts == 1 ? row->base->parts[0].person : NULL;
	struct tokens tokens;
	struct items items;
	size_t first;

	make_items(row, row->name, &tokens, &items);
	first = items.list.count;
	make_items(
	    row, arena_printf(row->titles->arena, "%s - %s", row->name, text), &tokens, &items);
	items_settle(&items, items.list.items, items.list.count);
	for (size_t i = first; i < items.list.count; i++) {
		const struct item *item = &items.list.items[i];

		if (item_is_name(item) && !item->off &&
		    (item->person == NULL || person == NULL ||
			strcmp(item->person->id, person) != 0))
			return true;
	}
	return false;
}

static void
read_strict(const struct row_says *row, const char *column, const char *text, struct slot *slot)
{
	const struct title *title;
	enum slot_state state = read_text(row, text, &title);

	if (state == SLOT_FILLED && names_another(row, text))
		state = SLOT_OPEN;
	note(slot, state, column, title);
	if (state == SLOT_OPEN)
		note_unknown(row, slot, title);
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

	note(slot, SLOT_OPEN, column, title);
	note_unknown(row, slot, title);
}

/* Whether the shift's name has a word. What a number or a mark alone means is not known. */
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

/* "D" is written for a day, as "N" and "E" are for a night and an early, and each is held against the
 * times of the row. "L" may be leave. */
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

void
roster_column_says(const struct row_says *row, const struct roster_heading *heading,
    const char *text, struct slot *slot)
{
	bool flag = heading->extra == ROSTER_FLAG;
	enum slot_state before = slot->state;

	if (roster_cell_says_nothing(heading, text))
		return;
	if (heading->column == ROSTER_SHIFT)
		text = shift_of_letter(text);
	if (heading->column == ROSTER_SHIFT && !has_words(row->titles, text))
		note(slot, SLOT_OPEN, heading->name, NULL);
	else if (heading->extra == ROSTER_LOOSE || heading->column == ROSTER_UNIT)
		read_loose(row, heading->name, text, slot);
	else if (heading->column != ROSTER_SHIFT && !flag && may_be_unpunctual(row, text))
		note_unpunctual(row, heading->name, text, slot);
	/* A tick under "Sick" says "Sick". */
	else if (flag && roster_cell_is_yes(text))
		read_strict(row, heading->name, heading->name, slot);
	else {
		read_strict(row, heading->name, text, slot);
		/* The text under such a heading may be a reason ("hospital"), which says nothing
		 * alone; then the heading counts. */
		if (flag && slot->state == before)
			read_strict(row, heading->name, heading->name, slot);
	}
}
