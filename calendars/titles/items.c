#include "calendars/titles/items.h"

#include <string.h>

#define STRANGER_WORDS_MAX 4

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

/* A word that could be part of a name: not in the lexicon, and written with a capital. */
static bool
could_be_name(const struct maker *maker, size_t at)
{
	const struct token *token = token_at(maker, at);
	size_t len;

	return token != NULL && token->kind == TOKEN_WORD && token->capital &&
	       !(token->text[0] >= '0' && token->text[0] <= '9') &&
	       lexicon_find(&maker->titles->lexicon, maker->tokens, at, &len) == WORD_NONE;
}

/* How many tokens from ${at} are a name that the directory does not know: initials, and words with
 * capitals. */
static size_t
stranger_len(const struct maker *maker, size_t at)
{
	size_t len = 0;
	size_t words = 0;

	while (words < STRANGER_WORDS_MAX) {
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
	return token != NULL && token->kind == TOKEN_WORD && token->len == 1 && token->capital;
}

/* A name behind a title of address, or NULL. */
static bool
take_addressed(struct maker *maker, size_t from, size_t at)
{
	const struct reading_person *person;
	size_t len;
	bool surname;

	if (is_mark(token_at(maker, at), '.'))
		at++;
	if (token_at(maker, at) == NULL)
		return false;
	person = people_match(&maker->titles->people, maker->tokens, at, &len, &surname);
	if (len > 0) {
		push(maker, person != NULL ? ITEM_PERSON : ITEM_SEVERAL, from, at + len - from)
		    ->person = person;
		return true;
	}
	len = stranger_len(maker, at);
	if (len == 0)
		return false;
	push(maker, ITEM_STRANGER, from, at + len - from);
	return true;
}

/* A bare family name behind a word that is not understood is no name of ours: "Alan Smith" is not
 * "A Smith". */
static bool
behind_unknown(const struct maker *maker)
{
	size_t count = maker->items->list.count;
	const struct item *last = count > 0 ? &maker->items->list.items[count - 1] : NULL;

	return last != NULL && last->kind == ITEM_UNKNOWN;
}

static bool
take_name(struct maker *maker, size_t word_len)
{
	size_t len;
	bool surname;
	const struct reading_person *person =
	    people_match(&maker->titles->people, maker->tokens, maker->at, &len, &surname);
	size_t from = maker->at;

	/* What is also a word of rotas is that word, unless it is written as more than one ("J
	 * Day"). */
	if (len == 0 || len <= word_len)
		return false;
	if (surname && behind_unknown(maker)) {
		struct item *last = &maker->items->list.items[--maker->items->list.count];

		push(maker, ITEM_STRANGER, last->token, from + len - last->token);
		return true;
	}
	push(maker, person != NULL ? ITEM_PERSON : ITEM_SEVERAL, from, len)->person = person;
	return true;
}

static bool
take_team(struct maker *maker, size_t word_len)
{
	size_t len;
	bool surname;
	const struct reading_person *team =
	    people_match(&maker->titles->teams, maker->tokens, maker->at, &len, &surname);

	if (len == 0 || len < word_len || team == NULL)
		return false;
	push(maker, ITEM_TEAM, maker->at, len)->team = team->id;
	return true;
}

static void
take_unknown(struct maker *maker)
{
	const struct token *token = token_at(maker, maker->at);
	size_t len = is_initial(token) ? stranger_len(maker, maker->at) : 0;
	struct item *item;

	if (len > 1) {
		push(maker, ITEM_STRANGER, maker->at, len);
		return;
	}
	item = push(maker, ITEM_UNKNOWN, maker->at, 1);
	item->capital = token->capital;
	item->code = token->all_capitals && token->len <= 4;
	if (token->all_capitals && !item->code)
		item->capital = false; /* shouting tells nothing of names */
}

static void
take_word(struct maker *maker)
{
	size_t len = 0;
	enum word word = lexicon_find(&maker->titles->lexicon, maker->tokens, maker->at, &len);

	if (word == WORD_HONORIFIC && take_addressed(maker, maker->at, maker->at + 1))
		return;
	if (take_team(maker, len) || take_name(maker, len))
		return;
	if (word == WORD_NONE)
		take_unknown(maker);
	else
		push(maker, ITEM_WORD, maker->at, len)->word = word;
}

void
items_make(struct items *items, const struct titles *titles, const struct tokens *tokens)
{
	struct maker maker = {.items = items, .titles = titles, .tokens = tokens};

	*items = (struct items){.tokens = tokens};
	while (maker.at < tokens->items.count) {
		const struct token *token = token_at(&maker, maker.at);

		switch (token->kind) {
		case TOKEN_WORD:
			take_word(&maker);
			break;
		case TOKEN_NUMBER:
			push(&maker, ITEM_NUMBER, maker.at, 1);
			break;
		case TOKEN_TIME:
			push(&maker, ITEM_TIME, maker.at, 1);
			break;
		case TOKEN_PHONE:
			push(&maker, ITEM_PHONE, maker.at, 1);
			break;
		case TOKEN_MARK:
			push(&maker, ITEM_MARK, maker.at, 1)->mark = token->mark;
			break;
		}
	}
}
