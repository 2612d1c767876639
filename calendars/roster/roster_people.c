/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_people.h"

#include <string.h>

#include "calendars/roster/roster_cell.h"
#include "calendars/titles/items.h"
#include "server/base/fatal.h"

/* "Trainee" is the person who stands below it. "Shadowing" may be the one beside it. */
static bool
is_learner(const char *word)
{
	static const char *const words[] = {
	    "trainee", "trainees", "student", "students", "observer", "apprentice", "shadow", NULL};

	for (const char *const *one = words; *one != NULL; one++) {
		if (strcmp(word, *one) == 0)
			return true;
	}
	return false;
}

static bool
is_of_others(enum word word)
{
	return word == WORD_ABSENCE || word == WORD_SICK || word == WORD_NOISE;
}

/* Words that say nothing about how those below the heading are related to the one beside them. */
static bool
is_plain(enum word word)
{
	return word == WORD_NONE || word == WORD_PLAIN || word == WORD_SHIFT ||
	       word == WORD_SETTING || word == WORD_PART || word == WORD_JOIN;
}

static bool
is_replacing(enum word word)
{
	return word == WORD_RELIEF || word == WORD_TAKING || word == WORD_SWAPPING ||
	       word == WORD_BY || word == WORD_STOPGAP;
}

bool
roster_people_are_below(struct titles *titles, const struct roster_heading *heading)
{
	struct tokens tokens;
	bool some = false;

	/* Other headings cast no doubt by themselves, so that nothing has to be settled about
	 * them. */
	if (heading->extra != ROSTER_FLAG && heading->extra != ROSTER_PART)
		return false;
	tokens_make(&tokens, titles->arena, heading->says);
	for (size_t at = 0; at < tokens.items.count;) {
		size_t from = at;
		enum word word = lexicon_next(&titles->lexicon, &tokens, &at);
		bool learner = false;

		for (size_t i = from; i < at; i++)
			/* A phrase of several words is one of learning as a whole: "student
			 * nurse", "amhp trainee". */
			learner = learner || is_learner(tokens.items.items[i].text);
		if (is_of_others(word) || (word == WORD_SHADOW && learner))
			some = true;
		/* One word of another kind is enough: "Leave cover" is the one who comes. */
		else if (!is_plain(word))
			return false;
	}
	return some;
}

/* "Actual AMHP", "Amended": who came in the end, or will. */
static bool
is_later_word(const char *word)
{
	static const char *const words[] = {"actual", "actually", "amended", "revised", "updated",
	    "corrected", "changed", "new", "final", NULL};

	for (const char *const *one = words; *one != NULL; one++) {
		if (strcmp(word, *one) == 0)
			return true;
	}
	return false;
}

bool
roster_people_may_replace(struct titles *titles, const struct roster_heading *heading)
{
	static const char *const comes_instead[] = {"cover", "covering", "stand-in", "stand in",
	    "standing in", "standin", "substitute", "deputising", NULL};
	struct tokens tokens;

	/* "Night cover" is a duty of its own. */
	if (roster_any_word(titles, heading->says, is_replacing) ||
	    roster_cell_is_one_of(heading->says, comes_instead))
		return true;
	tokens_make(&tokens, titles->arena, heading->says);
	for (size_t i = 0; i < tokens.items.count; i++) {
		if (is_later_word(tokens.items.items[i].text))
			return true;
	}
	return false;
}

/* Names of people, marks between them, and words that say nothing. "May" may be the word for a month, or a name. */
static bool
is_of_names(const struct item *item)
{
	switch (item->kind) {
	case ITEM_PERSON:
	case ITEM_ADDRESS:
		return true;
	case ITEM_MARK:
		return item_is_any_mark(item, ",/&+;()|.-");
	case ITEM_WORD:
		return is_plain(item->word) || item->word == WORD_HONORIFIC;
	default:
		return false;
	}
}

static bool
is_only(struct titles *titles, const char *text, bool (*is)(const struct item *item))
{
	const struct title *title = title_read(titles, text);
	struct tokens tokens;
	struct items items;

	for (size_t i = 0; i < title->nparts; i++) {
		if (title->parts[i].person == NULL || title->parts[i].class != READING_NAMED ||
		    title->parts[i].span != TITLE_WHOLE)
			return false;
	}
	INVARIANT(title->nparts > 0);
	/* Unknown words may be the surname of somebody else. */
	if (title->nunknown > 0)
		return false;
	tokens_make(&tokens, titles->arena, text);
	items_make(&items, titles, &tokens);
	for (size_t i = 0; i < items.list.count; i++) {
		if (!is(&items.list.items[i]))
			return false;
	}
	return true;
}

bool
roster_people_only(struct titles *titles, const char *text)
{
	return is_only(titles, text, is_of_names);
}

static bool
is_bare_name(const struct item *item)
{
	return item->kind == ITEM_PERSON || item->kind == ITEM_MARK ||
	       (item->kind == ITEM_WORD && item->word == WORD_HONORIFIC);
}

bool
roster_people_bare(struct titles *titles, const char *text)
{
	return is_only(titles, text, is_bare_name);
}

static bool
names(const struct title *title, const char *person)
{
	for (size_t i = 0; i < title->nparts; i++) {
		if (title->parts[i].person != NULL && strcmp(title->parts[i].person, person) == 0)
			return true;
	}
	return false;
}

bool
roster_people_say(const struct row_says *row, const struct roster_heading *heading,
    const char *text, struct slot *slot)
{
	const struct title *title;

	if (!roster_people_only(row->titles, text))
		return false;
	title = title_read(row->titles, text);
	for (size_t i = 0; i < row->base->nparts; i++) {
		const char *person = row->base->parts[i].person;

		/* On leave and on duty: one of the two is a mistake, or out of date. */
		if (person != NULL && names(title, person))
			roster_slot_note(slot, SLOT_OPEN, heading->name, NULL);
	}
	return true;
}
