/* SPDX-License-Identifier: MIT */
#include "calendars/titles/items.h"

#include <string.h>

#include "calendars/titles/account.h"
#include "calendars/titles/beside.h"
#include "calendars/titles/place.h"

#define STRANGER_WORDS_MAX 4
#define INITIALS_MAX 4

struct maker {
	struct items *items;
	const struct titles *titles;
	const struct tokens *tokens;
	size_t at;
};

bool
item_is_name(const struct item *item)
{
	return item->kind == ITEM_PERSON || item->kind == ITEM_SEVERAL ||
	       item->kind == ITEM_STRANGER;
}

static const struct token *
token_at(const struct maker *maker, size_t at)
{
	return at < maker->tokens->items.count ? &maker->tokens->items.items[at] : NULL;
}

static const char *
shown_text(const struct maker *maker, size_t token, size_t ntokens)
{
	const struct token *first = token_at(maker, token);
	const struct token *last = token_at(maker, token + ntokens - 1);

	return arena_strndup(maker->titles->arena, maker->tokens->plain + first->at,
	    last->at + last->len - first->at);
}

static struct item *
push(struct maker *maker, enum item_kind kind, size_t from, size_t ntokens)
{
	struct item *item = VEC_PUSH(maker->titles->arena, &maker->items->list);

	item->kind = kind;
	item->token = from;
	item->ntokens = ntokens;
	if (item_is_name(item))
		item->shown = shown_text(maker, from, ntokens);
	maker->at = from + ntokens;
	return item;
}

static bool
is_mark(const struct token *token, char mark)
{
	return token != NULL && token->kind == TOKEN_MARK && token->mark == mark;
}

/* Whether the word may be part of a name: not in the lexicon, and with a capital. */
static bool
could_be_name(const struct maker *maker, size_t at)
{
	const struct token *token = token_at(maker, at);
	size_t len;

	return token != NULL && token->kind == TOKEN_WORD && token->capital &&
	       !(token->text[0] >= '0' && token->text[0] <= '9') &&
	       lexicon_find(&maker->titles->lexicon, maker->tokens, at, &len) == WORD_NONE;
}

/* The number of tokens from ${at} that are a name which the directory does not have: initials, and
 * words with capitals. */
static size_t
stranger_len(const struct maker *maker, size_t at)
{
	size_t len = 0;
	size_t words = 0;

	while (words < STRANGER_WORDS_MAX) {
		/* Not past a word of the lexicon: "Kim Nowak AMHP" is a stranger and a role. */
		if (could_be_name(maker, at + len))
			words++;
		else if (len == 0 || !is_mark(token_at(maker, at + len), '.') ||
			 !could_be_name(maker, at + len + 1))
			break;
		len++;
	}
	return len;
}

static bool
is_initial(const struct token *token)
{
	return token->kind == TOKEN_WORD && token->len == 1 && token->capital;
}

/* Takes a name after a form of address: "Dr", "Ms". */
static bool
take_addressed(struct maker *maker, size_t from, size_t at)
{
	struct people_found found;
	size_t len;

	/* "Dr. Smith". */
	if (is_mark(token_at(maker, at), '.'))
		at++;
	if (token_at(maker, at) == NULL)
		return false;
	/* After a form of address even a word of rotas is a name: "Dr Day". */
	found = people_match(&maker->titles->people, maker->tokens, at);
	if (found.len > 0) {
		struct item *item = push(maker, found.person != NULL ? ITEM_PERSON : ITEM_SEVERAL,
		    from, at + found.len - from);

		item->person = found.person;
		item->owner = found.owner;
		return true;
	}
	len = stranger_len(maker, at);
	if (len == 0)
		return false;
	push(maker, ITEM_STRANGER, from, at + len - from);
	return true;
}

/* A bare family name after a word that is not understood names nobody: "Alan Smith" is not "A
 * Smith". */
static bool
after_unknown(const struct maker *maker)
{
	size_t count = maker->items->list.count;
	const struct item *last = count > 0 ? &maker->items->list.items[count - 1] : NULL;

	return last != NULL && last->kind == ITEM_UNKNOWN && last->capital;
}

/* A name of a month that is a given name, too. */
static bool
is_given_name(const struct token *token)
{
	static const char *const months[] = {"jan", "april", "may", "june", "august", "mar"};

	for (size_t i = 0; token != NULL && token->kind == TOKEN_WORD && i < 6; i++) {
		if (strcmp(token->text, months[i]) == 0)
			return token->capital;
	}
	return false;
}

/* "Lee House", "Jones Ward": a place that is named after somebody. */
static bool
is_of_place(const struct token *token)
{
	static const char *const places[] = {"ward", "house", "unit", "centre", "center", "lodge",
	    "suite", "hospital", "building", "infirmary", "clinic", "wing", "hall", "court", "park",
	    "place", "campus", "road", "street", "lane", "team", "trust"};

	for (size_t i = 0; token != NULL && i < sizeof places / sizeof *places; i++) {
		if (token->kind == TOKEN_WORD && strcmp(token->text, places[i]) == 0)
			return true;
	}
	return false;
}

static bool
is_number(const struct token *token)
{
	return token != NULL &&
	       (token->kind == TOKEN_NUMBER ||
		   (token->kind == TOKEN_WORD && token->text[0] >= '0' && token->text[0] <= '9'));
}

/* "April Jones" may be somebody else than J Jones, and so may "Alderbrook Jones". */
static bool
may_be_another(const struct maker *maker, size_t from, size_t len)
{
	const struct token *before = from > 0 ? token_at(maker, from - 1) : NULL;
	size_t after = from + len + is_mark(token_at(maker, from + len), ',');
	size_t word_len = 0;

	/* "12 May Jones": after a number it is the month. */
	if (is_given_name(before) && (from < 2 || !is_number(token_at(maker, from - 2))))
		return true;
	if (is_of_place(token_at(maker, from + len)))
		return true;
	if (is_given_name(token_at(maker, after)) && !is_number(token_at(maker, after + 1)))
		return true;
	return before != NULL && before->kind == TOKEN_WORD && before->capital &&
	       lexicon_find(&maker->titles->lexicon, maker->tokens, from - 1, &word_len) !=
		   WORD_NONE &&
	       lexicon_is_name(&maker->titles->lexicon, before->text);
}

/* A word of rotas that is also a name is the word, unless more than one word of the name is written
 * ("J Day"), or the rota manager has decided that it is the person. An alias that nobody decided
 * may be either. */
static bool
take_name(struct maker *maker, size_t word_len)
{
	struct people_found found = people_match(&maker->titles->people, maker->tokens, maker->at);
	size_t from = maker->at;
	bool word = found.len == word_len;
	struct item *item;

	if (found.len == 0 || found.len < word_len || (word && found.person == NULL))
		return false;
	if (word && found.rank != PEOPLE_ALIAS && found.rank != PEOPLE_ROTA_ALIAS &&
	    !lexicon_is_name(&maker->titles->lexicon, token_at(maker, from)->text))
		return false;
	/* The unknown word before becomes a part of the stranger's name, so that it is asked about
	 * as one. */
	if (found.rank == PEOPLE_SURNAME && after_unknown(maker)) {
		struct item *last = &maker->items->list.items[--maker->items->list.count];

		push(maker, ITEM_STRANGER, last->token, from + found.len - last->token);
		return true;
	}
	item = push(maker, found.person != NULL ? ITEM_PERSON : ITEM_SEVERAL, from, found.len);
	item->person = found.person;
	item->owner = found.owner;
	item->initials = found.rank == PEOPLE_INITIALS;
	item->surname = found.rank == PEOPLE_SURNAME;
	/* The person is shown as who is probably meant, but nobody counts by a word that may be
	 * another. */
	item->left = (word && found.rank != PEOPLE_ROTA_ALIAS) ||
		     (found.rank == PEOPLE_SURNAME && may_be_another(maker, from, found.len));
	return true;
}

static bool
take_team(struct maker *maker, size_t word_len)
{
	struct people_found found = people_match(&maker->titles->teams, maker->tokens, maker->at);

	if (found.len == 0 || found.len < word_len || found.person == NULL)
		return false;
	push(maker, ITEM_TEAM, maker->at, found.len)->team = found.person->id;
	return true;
}

static void
take_unknown(struct maker *maker)
{
	const struct token *token = token_at(maker, maker->at);
	size_t len = is_initial(token) ? stranger_len(maker, maker->at) : 0;
	struct item *item;

	/* An initial and a word, as "K Nowak": a name beyond doubt, of somebody who is not in the
	 * directory. */
	if (len > 1) {
		push(maker, ITEM_STRANGER, maker->at, len);
		return;
	}
	item = push(maker, ITEM_UNKNOWN, maker->at, 1);
	/* If all is in capitals, they do not mark names; "KL" may be initials. */
	item->capital = token->capital && !(token->all_capitals && token->len > INITIALS_MAX);
}

/* "PL" is a word for leave, and may be Paul Lee. */
static bool
may_be_initials(const struct maker *maker, enum word word, size_t len)
{
	return (word == WORD_ABSENCE || word == WORD_SICK || word == WORD_SHADOW) && len == 1 &&
	       people_match(&maker->titles->people, maker->tokens, maker->at).len > 0;
}

/* Words that take somebody off duty, or are about something else than cover. */
static bool
is_against(enum word word)
{
	return word == WORD_NOBODY || word == WORD_DOUBT || word == WORD_SEEKING ||
	       word == WORD_ABSENCE || word == WORD_SICK || word == WORD_CANCELLED ||
	       word == WORD_NOISE || word == WORD_SHADOW || word == WORD_PATIENT;
}

/* "AMHP rota manager": the phrase "AMHP rota" must not hide the phrase "rota manager". */
static bool
hides_another(const struct maker *maker, size_t from, size_t len)
{
	for (size_t i = 1; i < len; i++) {
		size_t other = 0;

		if (is_against(
			lexicon_find(&maker->titles->lexicon, maker->tokens, from + i, &other)) &&
		    i + other > len)
			return true;
	}
	return false;
}

static struct item *
push_word(struct maker *maker, enum word word, size_t len)
{
	struct item *item = push(maker, ITEM_WORD, maker->at, len);

	item->role = word >= WORD_PART ? word : WORD_NONE;
	item->word = word >= WORD_PART ? WORD_PLAIN : word;
	return item;
}

static void
take_word(struct maker *maker)
{
	size_t len = 0;
	enum word word = lexicon_find(&maker->titles->lexicon, maker->tokens, maker->at, &len);
	bool hidden;

	if (word == WORD_HONORIFIC && take_addressed(maker, maker->at, maker->at + 1))
		return;
	/* Teams first: the rota's owner has written their names out, while a person's name may be a
	 * part of one. */
	if (take_team(maker, len) || take_name(maker, len))
		return;
	if (word == WORD_NONE) {
		take_unknown(maker);
		return;
	}
	/* Neither away nor on: it casts doubt until the rota says which of the two it is. */
	if (may_be_initials(maker, word, len) || word == WORD_MAYBE)
		word = WORD_DOUBT;
	hidden = hides_another(maker, maker->at, len);
	push_word(maker, word, len)->left = hidden;
}

static void
take_number(struct maker *maker)
{
	size_t len = 0;
	enum word word = lexicon_find(&maker->titles->lexicon, maker->tokens, maker->at, &len);
	size_t count = maker->items->list.count;
	const struct item *before = count > 0 ? &maker->items->list.items[count - 1] : NULL;

	/* "bleep 121" is a number, not "one to one" */
	if (before != NULL && before->kind == ITEM_WORD && before->word == WORD_CONTACT)
		word = WORD_NONE;
	if (word == WORD_NONE)
		push(maker, ITEM_NUMBER, maker->at, 1);
	else
		push_word(maker, word, len);
}

static void
take(struct maker *maker)
{
	const struct token *token = token_at(maker, maker->at);

	switch (token->kind) {
	case TOKEN_WORD:
	case TOKEN_SYMBOL:
		take_word(maker);
		return;
	case TOKEN_NUMBER:
		take_number(maker);
		return;
	case TOKEN_TIME:
		push(maker, ITEM_TIME, maker->at, 1);
		return;
	case TOKEN_DATE:
		push(maker, ITEM_DATE, maker->at, 1);
		return;
	case TOKEN_ADDRESS:
		push(maker, ITEM_ADDRESS, maker->at, 1);
		return;
	case TOKEN_PATIENT:
		push(maker, ITEM_PATIENT, maker->at, 1);
		return;
	case TOKEN_MARK:
		push(maker, ITEM_MARK, maker->at, 1)->mark = token->mark;
		return;
	}
}

void
items_make(struct items *items, const struct titles *titles, const struct tokens *tokens)
{
	struct maker maker = {.items = items, .titles = titles, .tokens = tokens};

	*items = (struct items){.tokens = tokens};
	/* Accounting comes after all items are known: whether "Team" is understood depends on what
	 * follows it. */
	while (maker.at < tokens->items.count)
		take(&maker);
	account(items);
	account_beside(items, &titles->lexicon);
	account_places(items, &titles->lexicon);
	items_settle_in_out(items);
}
