/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "calendars/titles/people_forms.h"
#include "server/base/sorted.h"

bool
people_is_honorific(const char *word)
{
	static const char *const words[] = {
	    "dr", "mr", "mrs", "ms", "miss", "mx", "prof", "professor", "sister", "sir"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcmp(word, words[i]) == 0)
			return true;
	}
	return false;
}

static bool
is_form_before(const void *item, const void *word)
{
	return strcmp(((const struct name_form *)item)->words[0], word) < 0;
}

static size_t
first_form(const struct people *people, const char *word)
{
	return sorted_first(
	    people->forms, people->nforms, sizeof *people->forms, is_form_before, word);
}

/* Whether ${token} is ${word}, or "Jones's" if that is the last word of a name. */
static bool
is_name_word(const struct token *token, const char *word, bool last)
{
	return token->kind == TOKEN_WORD &&
	       (strcmp(token->text, word) == 0 ||
		   (last && token->owner != NULL && strcmp(token->owner, word) == 0));
}

static bool
is_mark(const struct tokens *tokens, size_t at, char mark)
{
	return at < tokens->items.count && tokens->items.items[at].kind == TOKEN_MARK &&
	       tokens->items.items[at].mark == mark;
}

/* "Jones (J)", "Jones (Jan)": whether the brackets at ${at} have one word in them. */
static bool
opens(const struct tokens *tokens, size_t at)
{
	return is_mark(tokens, at, '(') && is_mark(tokens, at + 2, ')');
}

/* Whether the name from ${from} to ${to} goes on with the bracket that closes what it opened. */
static bool
closes(const struct tokens *tokens, size_t from, size_t to)
{
	return to - from > 2 && is_mark(tokens, to - 2, '(');
}

/* "Jones, Dr J": whether the token at ${at} is a form of address after the comma of a name. */
static bool
is_title_inside(const struct tokens *tokens, size_t at)
{
	const struct token *before = &tokens->items.items[at - 1];

	return before->kind == TOKEN_MARK && before->mark == ',' &&
	       people_is_honorific(tokens->items.items[at].text);
}

/* Whether the token at ${at} is a word for a function or a shift. */
static bool
is_word(const struct people *people, const struct tokens *tokens, size_t at)
{
	size_t len;
	enum word word =
	    people->lexicon != NULL ? lexicon_find(people->lexicon, tokens, at, &len) : WORD_NONE;

	return word == WORD_PLAIN || word == WORD_SHIFT;
}

/* "J Jones-AMHP", "J Jones-on call"; not "J Jones-Day", who may be called so. */
static bool
is_word_after(const struct people *people, const struct tokens *tokens, size_t at)
{
	const struct token *token = &tokens->items.items[at];

	return is_word(people, tokens, at) &&
	       (!token->capital || (token->all_capitals && !token[-1].all_capitals));
}

/* Whether ${form} at ${at} is part of a longer name: "Lee-Jones". "AMHP-Jones" and "Day-J Jones" are
 * words and a name. */
static bool
glues(const struct people *people, const struct name_form *form, const struct tokens *tokens,
    size_t at)
{
	const struct token *token = &tokens->items.items[at];

	if (!token->glued)
		return false;
	return !is_word(people, tokens, at - 1) ||
	       !(form->nwords > 1 || (token[-1].all_capitals && !token->all_capitals));
}

/* The number of tokens of the title that ${form} covers at ${at}; 0: it does not fit. Dots and
 * commas inside a name are ignored. */
static size_t
fit(const struct people *people, const struct name_form *form, const struct tokens *tokens,
    size_t at)
{
	const struct token *items = tokens->items.items;
	size_t i = at;

	for (size_t word = 0; word < form->nwords; i++) {
		if (i == tokens->items.count)
			return 0;
		/* A comma only in "Jones, Jan": in three words it parts two people. */
		if (items[i].kind == TOKEN_MARK &&
		    (items[i].mark == '.' || (items[i].mark == ',' && form->nwords == 2)))
			continue;
		if (form->nwords == 2 && word == 1 &&
		    (is_title_inside(tokens, i) || opens(tokens, i)))
			continue;
		if (!is_name_word(&items[i], form->words[word], word + 1 == form->nwords))
			return 0;
		word++;
	}
	/* "Smith" does not fit "Smith-Jones". */
	if (i < tokens->items.count && items[i].glued && !is_word_after(people, tokens, i))
		return 0;
	return glues(people, form, tokens, at) ? 0 : i - at + closes(tokens, at, i);
}

/* Whether a form of rank ${a} is weaker than one of rank ${b}: an alias is stronger than a name,
 * and an alias of the rota stronger than one of the directory. */
static bool
ranks_after(enum people_rank a, enum people_rank b)
{
	return a < b && b >= PEOPLE_ALIAS;
}

/* "Jones's"; "Ahmeds" too, if nobody is called so. */
static bool
is_owner(const struct name_form *form, const struct token *last)
{
	return last->owner != NULL &&
	       (last->apostrophe || strcmp(last->text, form->words[form->nwords - 1]) != 0);
}

/* Whether the forms of a name that were tried fit more than one person. */
struct match {
	struct people_found found;
	bool several;
};

/* Tries the forms that begin with ${word}. */
static void
match_word(const struct people *people, const struct tokens *tokens, size_t at, const char *word,
    struct match *match)
{
	struct people_found *found = &match->found;

	for (size_t i = first_form(people, word);
	     i < people->nforms && strcmp(people->forms[i].words[0], word) == 0; i++) {
		const struct name_form *form = &people->forms[i];
		size_t taken = fit(people, form, tokens, at);

		/* Longest first: "Jan Jones" must not be read as one of the Joneses. */
		if (taken == 0 || taken < found->len ||
		    (taken == found->len && ranks_after(form->rank, found->rank)))
			continue;
		/* A longer or a stronger form replaces what was found before. */
		if (taken > found->len || ranks_after(found->rank, form->rank)) {
			found->person = NULL;
			match->several = false;
		}
		/* Who has left fits nobody, also nobody else: titles of old are not to change
		 * hands. */
		match->several = match->several || form->person == NULL ||
				 (found->person != NULL && found->person != form->person);
		*found = (struct people_found){form->person, taken, form->rank,
		    is_owner(form, &tokens->items.items[at + taken - 1])};
	}
}

struct people_found
people_match(const struct people *people, const struct tokens *tokens, size_t at)
{
	const struct token *token = &tokens->items.items[at];
	struct match match = {.several = false};

	if (token->kind != TOKEN_WORD)
		return match.found;
	match_word(people, tokens, at, token->text, &match);
	/* "Ahmed's" may be of Ahmed, or of somebody who is called Ahmeds. */
	if (token->owner != NULL && strcmp(token->owner, token->text) != 0)
		match_word(people, tokens, at, token->owner, &match);
	/* The length stays, so that the name is shown and asked about as a whole. */
	if (match.several)
		match.found.person = NULL;
	return match.found;
}
