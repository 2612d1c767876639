/* SPDX-License-Identifier: MIT */
#include "calendars/kept_note.h"

#include <string.h>

#include "calendars/titles/html.h"
#include "calendars/titles/place_said.h"

/* Says nothing about a shift, and is no longer than what it replaces. */
static const char nothing[] = "x";
/* May say anything: the shift is undecided. */
static const char anything[] = "?";

/* Whether a phrase with ${word} in a clause says nothing of itself about whether somebody comes. */
static bool
is_harmless(enum word word)
{
	switch (word) {
	case WORD_NONE:
	case WORD_PLAIN:
	case WORD_SHIFT:
	case WORD_HONORIFIC:
	case WORD_PATIENT:
	case WORD_CONTACT:
	case WORD_WITH:
	case WORD_UNTIL:
	case WORD_FROM:
	case WORD_TO:
	case WORD_PART:
	case WORD_SIDE:
	case WORD_JOIN:
	case WORD_UNIT:
	case WORD_HOLDER:
	case WORD_FIELD:
	case WORD_REACH:
	case WORD_DATE:
	case WORD_SETTING:
	case WORD_DECOR:
		return true;
	default:
		return word_is_crew(word);
	}
}

static bool
may_matter(const struct lexicon *lexicon, const char *clause)
{
	struct tokens tokens;
	size_t at = 0;
	bool words = false;

	tokens_make(&tokens, lexicon->arena, clause);
	while (at < tokens.items.count) {
		const struct token *token = &tokens.items.items[at];

		words = words || token->kind == TOKEN_WORD;
		if (token->kind == TOKEN_SYMBOL ||
		    (token->kind == TOKEN_MARK &&
			(token->mark == '?' || token->mark == TOKEN_STRIKE)))
			return true;
		if (!is_harmless(lexicon_next(lexicon, &tokens, &at)))
			return true;
	}
	/* "-" and "0" may say that nobody comes. */
	return !words;
}

static const char *
clause_of(const struct lexicon *lexicon, const char *text)
{
	const char *clause = note_clause(lexicon->arena, text);
	struct slice trimmed = slice_trim(slice_of(clause));

	return arena_strndup(lexicon->arena, trimmed.at, trimmed.len);
}

/* A colon is in the name of a scheme, and what else would end the clause is gone. */
static bool
is_plain(const char *clause)
{
	return strpbrk(clause, "\\,;\r\n") == NULL && text_utf8_valid(clause, strlen(clause));
}

const char *
kept_note(const struct lexicon *lexicon, const char *text)
{
	/* An address has marks that would end the clause. */
	struct slice kept = kept_without_addresses(lexicon->arena, slice_of(text), "x@x");
	const char *clause = clause_of(lexicon, arena_strndup(lexicon->arena, kept.at, kept.len));

	if (*clause == '\0' || !may_matter(lexicon, clause))
		return nothing;
	clause = kept_without_reasons(lexicon, clause);
	/* What is kept is read as HTML once more. */
	return is_plain(clause) && strcmp(clause_of(lexicon, clause), clause) == 0 ? clause
										   : anything;
}

const char *
kept_note_or_anything(const struct lexicon *lexicon, const char *text)
{
	return strcmp(kept_note(lexicon, text), nothing) == 0 ? nothing : anything;
}

const char *
kept_without_reasons(const struct lexicon *lexicon, const char *text)
{
	struct tokens tokens;
	struct buf out = {0};
	size_t at = 0, done = 0;
	const char *kept = text;

	tokens_make(&tokens, lexicon->arena, text);
	while (at < tokens.items.count) {
		const struct token *first = &tokens.items.items[at], *last;

		if (lexicon_next(lexicon, &tokens, &at) != WORD_SICK)
			continue;
		last = &tokens.items.items[at - 1];
		buf_add(&out, tokens.plain + done, first->at - done);
		buf_add_text(&out, KEPT_REASON);
		done = last->at + last->len;
	}
	if (out.len > 0) {
		buf_add_text(&out, tokens.plain + done);
		kept = arena_strndup(lexicon->arena, out.at, out.len);
	}
	buf_free(&out);
	return kept;
}

static bool
is_of_address(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       memchr("._%+'-", c, 6) != NULL || (c & 0x80) != 0;
}

/* The mail address in ${text} whose "@" is at ${at}; an empty slice: it is none. */
static struct slice
address_around(struct slice text, size_t at)
{
	size_t from = at, to = at + 1;

	while (from > 0 && is_of_address(text.at[from - 1]))
		from--;
	while (to < text.len && is_of_address(text.at[to]))
		to++;
	/* The point that ends a sentence. */
	while (to > at + 1 && text.at[to - 1] == '.')
		to--;
	if (from == at || to == at + 1)
		return (struct slice){text.at, 0};
	return (struct slice){text.at + from, to - from};
}

struct slice
kept_without_addresses(struct arena *arena, struct slice text, const char *stand_in)
{
	char *out;
	size_t len = 0, done = 0, step = strlen(stand_in);

	if (memchr(text.at, '@', text.len) == NULL)
		return text;
	/* What is replaced has three bytes at least. */
	out = arena_alloc(arena, text.len / 3 * step + text.len + 1);
	for (size_t i = 0; i < text.len; i++) {
		struct slice address =
		    text.at[i] == '@' ? address_around(text, i) : (struct slice){text.at, 0};
		size_t from = (size_t)(address.at - text.at);

		if (address.len == 0 || from < done)
			continue;
		memcpy(out + len, text.at + done, from - done);
		len += from - done;
		memcpy(out + len, stand_in, step);
		len += step;
		done = from + address.len;
	}
	memcpy(out + len, text.at + done, text.len - done);
	return (struct slice){out, len + text.len - done};
}

bool
kept_is_address(struct slice text)
{
	const char *at;

	text = slice_trim(text);
	at = memchr(text.at, '@', text.len);
	return at != NULL && address_around(text, (size_t)(at - text.at)).len == text.len;
}
