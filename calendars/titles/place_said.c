/* SPDX-License-Identifier: MIT */
#include "calendars/titles/place_said.h"

#include <string.h>

#include "calendars/titles/html.h"
#include "calendars/titles/uncertain.h"

/* What stands after the first mark is where it is. A hyphen inside a word is no such mark. */
static const char *
first_clause(struct arena *arena, const char *text, const char *marks)
{
	size_t len = strcspn(text, marks);
	const char *dash = strstr(text, " - ");

	if (dash != NULL && (size_t)(dash - text) < len)
		len = (size_t)(dash - text);
	return arena_strndup(arena, text, len);
}

/* Whether a word of it belongs to the name of a place or is not known at all. */
static bool
has_name(struct titles *titles, const char *text)
{
	struct tokens tokens;
	size_t len;

	tokens_make(&tokens, titles->arena, text);
	for (size_t i = 0; i < tokens.items.count; i += len) {
		enum word word = lexicon_find(&titles->lexicon, &tokens, i, &len);

		if (word == WORD_NONE ||
		    (len == 1 && lexicon_is_name(&titles->lexicon, tokens.items.items[i].text)))
			return true;
	}
	return false;
}

/* Words that may stand before the verb of a note about the shift itself: "This shift has been
 * cancelled". */
static bool
is_of_shift(const struct token *token)
{
	static const char *const words[] = {
	    "this", "the", "shift", "duty", "session", "is", "was", "has", "been", "now", NULL};

	return text_is_one_of(token->text, words);
}

/* Words of doubt that end the shift whatever follows them. Another word of doubt may begin a sentence about
 * something else: "Ask for the keys". */
static bool
is_of_end(const struct token *token)
{
	static const char *const words[] = {"withdrawn", "removed", "superseded", NULL};

	return text_is_one_of(token->text, words);
}

/* "Draft for comment", "Shift cancelled by the rota office", but not "Ring if cancelled"; and "Annual leave",
 * which as a title would be about nobody, but not "Leave is booked with the hub". */
static bool
says_doubt_or_end(struct titles *titles, const char *clause)
{
	struct tokens tokens;
	size_t at = 0, len = 0;
	bool whole;
	enum word word;

	tokens_make(&tokens, titles->arena, clause);
	while (at < tokens.items.count && is_of_shift(&tokens.items.items[at]))
		at++;
	if (at == tokens.items.count)
		return false;
	word = lexicon_find(&titles->lexicon, &tokens, at, &len);
	whole = at + len == tokens.items.count;
	return word == WORD_CANCELLED || (whole && word_takes_off(word)) ||
	       (word == WORD_DOUBT && (whole || is_of_end(&tokens.items.items[at]))) ||
	       uncertain_clause(titles, &tokens, at);
}

static bool takes_off(enum reading_class class)
{
	return class == READING_CANCELLED || class == READING_NOBODY || class == READING_ABSENCE;
}

bool
place_is_elsewhere(struct titles *titles, const char *text)
{
	const char *clause = first_clause(titles->arena, text, ",;:/|(\n");
	const struct title *title;

	if (has_name(titles, clause))
		return false;
	title = title_read(titles, clause);
	for (size_t i = 0; i < title->nparts; i++) {
		enum reading_class class = title->parts[i].class;

		if (class != READING_NOISE && !takes_off(class))
			return false;
	}
	return title->nparts > 0;
}

/* "~~J Jones~~ Agency", as html_text() has what is crossed out; not "~~~~~", which is a line. */
static bool
is_crossed_out(const char *clause)
{
	const char *first = strstr(clause, "~~");

	return first != NULL && first[2] != '~' && first[2] != '\0' &&
	       strstr(first + 2, "~~") != NULL;
}

const char *
note_clause(struct arena *arena, const char *text)
{
	text = html_text(arena, text);
	text += strspn(text, " \t\r\n");
	return first_clause(arena, text, ".,;:/|(\n");
}

bool
note_takes_off(struct titles *titles, const char *text)
{
	const char *clause = note_clause(titles->arena, text);
	const struct title *title;

	if (is_crossed_out(clause))
		return true;
	title = title_read(titles, clause);
	for (size_t i = 0; i < title->nparts; i++) {
		if (!takes_off(title->parts[i].class))
			return says_doubt_or_end(titles, clause);
	}
	return title->nparts > 0;
}
