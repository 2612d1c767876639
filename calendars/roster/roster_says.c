/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_says.h"

#include <string.h>

#include "calendars/roster/roster_cell.h"
#include "calendars/titles/items.h"

#include "server/base/civil.h"

/* A phrase that changes nothing beside a name: with it roster_text_says() tests whether a name can be read
 * together with another text at all. */
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

const char *
roster_first_phrase(struct titles *titles, const char *text, bool (*is)(enum word word))
{
	struct tokens tokens;

	tokens_make(&tokens, titles->arena, text);
	for (size_t at = 0; at < tokens.items.count;) {
		size_t first = at;

		if (is(lexicon_next(&titles->lexicon, &tokens, &at)))
			return tokens_text(&tokens, titles->arena, first, at - first);
	}
	return NULL;
}

bool
roster_any_word(struct titles *titles, const char *text, bool (*is)(enum word word))
{
	return roster_first_phrase(titles, text, is) != NULL;
}

bool
roster_has_force(struct titles *titles, const char *text)
{
	return word_takes_off(roster_only_word(titles, text)) ||
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

	if (!times || part->class != base->class || part->team != base->team)
		return false;
	/* Of two parts of one class both have a person, or neither has one. */
	return part->person == base->person || strcmp(part->person, base->person) == 0;
}

/* Whether the name and the text together mean what the name alone means, so that the text says nothing. */
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
		away = away || part->class == READING_ABSENCE;
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

enum slot_state
roster_text_says(const struct row_says *row, const char *text, const struct title **title)
{
	struct row_says other = *row;

	/* A person may have decided that a whole title, such as "Duty 3", means somebody. That name
	 * is not found any more when a text is added to it. We notice this by adding words that
	 * change nothing, and then use the directory's name of the same person. If that fails too,
	 * the name stays as written, and the result is that a person must decide. */
	if (!says_nothing(row, beside_name(row, HARMLESS)))
		other.name = directory_name(row);
	if (other.name == NULL || !says_nothing(row, beside_name(&other, HARMLESS)))
		other.name = row->name;
	*title = beside_name(&other, text);
	return state_of_title(row, *title);
}

enum slot_state
roster_label_says(const struct row_says *row, const char *text, const struct title **title)
{
	*title =
	    title_read(row->titles, arena_printf(row->titles->arena, "%s: %s", text, row->name));
	return state_of_title(row, *title);
}

void
roster_slot_note(
    struct slot *slot, enum slot_state state, const char *column, const struct title *title)
{
	/* enum slot_state is ordered by how much it takes away. The worst that any column says
	 * stands. */
	if (state <= slot->state)
		return;
	slot->state = state;
	slot->column = column;
	slot->title = title;
}

void
roster_slot_ask(const struct row_says *row, struct slot *slot, const struct title *title)
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

static void
make_items(const struct row_says *row, const char *text, struct tokens *tokens, struct items *items)
{
	tokens_make(tokens, row->titles->arena, text);
	items_make(items, row->titles, tokens);
}

/* The name and the text are divided into items together, so that an item is judged by what stands around
 * it; only the items after those of the name are of the text. */
bool
roster_names_another(const struct row_says *row, const char *text)
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
