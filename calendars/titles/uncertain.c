/* SPDX-License-Identifier: MIT */
#include "calendars/titles/uncertain.h"

#include "calendars/titles/items.h"

const char *const uncertain_phrases[] = {
    "agreed in principle",
    "awaiting confirmation",
    "confirm with",
    "depending",
    "depends",
    "doubtful",
    "draft",
    "fingers crossed",
    "hopefully",
    "if all else fails",
    "if available",
    "if needed",
    "if poss",
    "if possible",
    "if required",
    "in principle",
    "last resort",
    "likely",
    "may be",
    "maybe",
    "might",
    "name to follow",
    "need to confirm",
    "not accepted",
    "not confirmed",
    "not sure",
    "not yet confirmed",
    "on hold",
    "penciled",
    "pencilled",
    "pencilled in",
    "perhaps",
    "placeholder",
    "poss",
    "possible",
    "possibly",
    "potentially",
    "presumably",
    "prob",
    "probable",
    "probably",
    "prov",
    "provisional",
    "provisionally",
    "subject to",
    "swap tbc",
    "t b a",
    "t b c",
    "t b d",
    "tba",
    "tbb",
    "tbc",
    "tbcc",
    "tbd",
    "tbn",
    "tbx",
    "tentative",
    "tentatively",
    "to be advised",
    "to be agreed",
    "to be announced",
    "to be arranged",
    "to be confirmed",
    "to be decided",
    "to be determined",
    "to be discussed",
    "to be named",
    "to confirm",
    "to cover tbc",
    "un confirmed",
    "uncertain",
    "unconfirmed",
    "unlikely",
    "unsure",
    "unsure if",
    NULL,
};

/* The spelling of the lexicon, which has "T.B.C." without the dots. */
static const char *
phrase_at(struct arena *arena, const struct tokens *tokens, size_t at, size_t len)
{
	const struct token *items = tokens->items.items;
	const char *phrase = items[at].text;
	const char *between = len > 1 && items[at + 1].kind == TOKEN_MARK ? "" : " ";

	for (size_t i = at + 1; i < at + len; i++)
		if (items[i].kind != TOKEN_MARK)
			phrase = arena_printf(arena, "%s%s%s", phrase, between, items[i].text);
	return phrase;
}

static bool
is_uncertain(struct titles *titles, const struct tokens *tokens, size_t at, size_t *len)
{
	const struct token *token = &tokens->items.items[at];

	*len = 1;
	/* The "?" of an address is in the token of the address. */
	if (token->kind == TOKEN_MARK && token->mark == '?')
		return true;
	return lexicon_find(&titles->lexicon, tokens, at, len) == WORD_DOUBT &&
	       text_is_one_of(phrase_at(titles->arena, tokens, at, *len), uncertain_phrases);
}

/* The first token of a phrase, or the number of tokens. Whole phrases are passed over, so that a longer one
 * with a meaning of its own hides the shorter one in it. */
static size_t
find(struct titles *titles, const struct tokens *tokens, size_t *len)
{
	size_t at = 0;

	while (at < tokens->items.count) {
		if (is_uncertain(titles, tokens, at, len))
			break;
		at += *len;
	}
	return at;
}

const char *
uncertain_phrase(struct titles *titles, const char *text)
{
	struct tokens tokens;
	size_t at, len;

	tokens_make(&tokens, titles->arena, text);
	at = find(titles, &tokens, &len);
	return at == tokens.items.count ? NULL : tokens_text(&tokens, titles->arena, at, len);
}

/* Whether a name begins at token ${at}: "J Jones TBC" is about who comes, "ring J Jones if needed" is not. */
static bool
begins_with_name(struct titles *titles, const struct tokens *tokens, size_t at)
{
	const struct item *item;
	struct items items;

	items_make(&items, titles, tokens);
	VEC_EACH (item, &items.list)
		if (item->token == at)
			return item_is_name(item);
	return false;
}

bool
uncertain_clause(struct titles *titles, const struct tokens *tokens, size_t at)
{
	size_t len;

	if (at < tokens->items.count && is_uncertain(titles, tokens, at, &len))
		return true;
	return find(titles, tokens, &len) < tokens->items.count &&
	       begins_with_name(titles, tokens, at);
}
