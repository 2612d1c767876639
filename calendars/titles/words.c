/* SPDX-License-Identifier: MIT */
#include "calendars/titles/words.h"

#include <string.h>

#include "calendars/titles/plain.h"
#include "server/base/fatal.h"

#define RUN_TOKENS_MAX 4
#define NUMBER_DIGITS_MAX 4

static const char *const means_names[READING_WORD_MEANINGS] = {
    [READING_WORD_NOTHING] = "nothing",
    [READING_WORD_NOBODY] = "nobody",
    [READING_WORD_AWAY] = "away",
};
static const enum word meanings[READING_WORD_MEANINGS] = {
    [READING_WORD_NOTHING] = WORD_PLAIN,
    [READING_WORD_NOBODY] = WORD_NOBODY,
    [READING_WORD_AWAY] = WORD_ABSENCE,
};

const char *
reading_word_means_name(enum reading_word_means means)
{
	INVARIANT((unsigned)means < READING_WORD_MEANINGS);
	return means_names[means];
}

bool
reading_word_means_of(const char *name, enum reading_word_means *out)
{
	for (int i = 0; name != NULL && i < READING_WORD_MEANINGS; i++) {
		if (strcmp(means_names[i], name) == 0) {
			*out = (enum reading_word_means)i;
			return true;
		}
	}
	return false;
}

const char *
reading_word_key(struct arena *arena, const char *words)
{
	return lexicon_key(arena, words);
}

const char *
reading_word_fault(struct arena *arena, const char *words, enum reading_word_means means)
{
	const char *key = lexicon_key(arena, words);
	struct lexicon lexicon;

	/* A mark cannot be decided: the same mark says other things in other places. */
	if (key == NULL)
		return "must be one to five words: marks, times and telephone numbers are none";
	lexicon_init(&lexicon, arena);
	if (!lexicon_may_decide(&lexicon, key, meanings[means]))
		return "casts doubt wherever it is written, or says that nobody comes: it cannot mean nothing";
	return NULL;
}

/* The lexicon keeps the first decision on a phrase, so add the later decisions first. */
void
words_init(struct titles *titles)
{
	const struct reading_options *options = titles->options;
	const char **keys = arena_array(titles->arena, options->nwords, sizeof *keys);

	/* All decisions are judged by lexicon.txt alone, before any of them is added: otherwise
	 * whether a decision may be made would depend on the order. */
	for (size_t i = 0; i < options->nwords; i++) {
		const struct reading_word *word = &options->words[i];

		keys[i] = lexicon_key(titles->arena, word->words);
		if (keys[i] != NULL &&
		    !lexicon_may_decide(&titles->lexicon, keys[i], meanings[word->means]))
			keys[i] = NULL;
	}
	for (size_t i = options->nwords; i-- > 0;) {
		if (keys[i] != NULL)
			lexicon_decide(
			    &titles->lexicon, keys[i], meanings[options->words[i].means]);
	}
	for (size_t i = 0; options->known_names != NULL && options->known_names[i] != NULL; i++)
		lexicon_know(&titles->lexicon, options->known_names[i]);
	for (size_t i = 0; options->own_names != NULL && options->own_names[i] != NULL; i++)
		lexicon_own(&titles->lexicon, options->own_names[i]);
	for (size_t i = 0; options->team_names != NULL && options->team_names[i] != NULL; i++)
		lexicon_own(&titles->lexicon, options->team_names[i]);
}

/* A word that lacks the word that it needs beside it: "Team", "late". */
static bool
is_lonely(const struct item *item)
{
	return item->kind == ITEM_WORD && (item->word == WORD_PLAIN || item->word == WORD_SHIFT);
}

/* A long number may be a patient's, so it is not listed. */
static bool
is_unknown(const struct items *items, const struct item *item)
{
	return ((item->kind == ITEM_UNKNOWN || is_lonely(item)) && item->left) ||
	       item->kind == ITEM_STRANGER ||
	       (item->kind == ITEM_NUMBER && item->left &&
		   items->tokens->items.items[item->token].len <= NUMBER_DIGITS_MAX);
}

/* The number of items from ${at} that are one phrase which is not understood. */
static size_t
run_len(const struct items *items, size_t at)
{
	size_t tokens = 0;
	size_t len = 0;

	while (at + len < items->list.count && is_unknown(items, &items->list.items[at + len])) {
		tokens += items->list.items[at + len].ntokens;
		/* A decision is of five words at most, and a longer run is hardly ever written
		 * twice. */
		if (len > 0 && tokens > RUN_TOKENS_MAX)
			break;
		len++;
	}
	return len;
}

/* "Surge-AM" is one word, although "AM" is understood. */
static const struct token *
first_of(const struct items *items, size_t at)
{
	/* The whole word is what a person sees, and so what a person can decide. */
	while (at > 0 && items->tokens->items.items[at].glued)
		at--;
	return &items->tokens->items.items[at];
}

static const struct token *
last_of(const struct items *items, size_t at)
{
	while (at + 1 < items->tokens->items.count && items->tokens->items.items[at + 1].glued)
		at++;
	return &items->tokens->items.items[at];
}

void
words_unknown(const struct titles *titles, const struct items *items, struct title *title)
{
	VEC(struct title_unknown) list = {0};
	size_t len;

	for (size_t i = 0; i < items->list.count; i += (len > 0 ? len : 1)) {
		const struct item *item = &items->list.items[i];
		const struct token *first, *last;
		struct title_unknown unknown;
		bool again = false;

		len = run_len(items, i);
		if (len == 0)
			continue;
		first = first_of(items, item->token);
		last = last_of(items, item[len - 1].token + item[len - 1].ntokens - 1);
		unknown.word = arena_strndup(titles->arena, items->tokens->plain + first->at,
		    last->at + last->len - first->at);
		unknown.key = lexicon_key(titles->arena, unknown.word);
		/* Not every unknown word can be decided ("?!"), but each is to be listed once. */
		if (unknown.key == NULL)
			unknown.key = plain_fold(titles->arena, slice_of(unknown.word));
		for (size_t j = 0; j < list.count; j++)
			again = again || strcmp(list.items[j].key, unknown.key) == 0;
		if (!again)
			*VEC_PUSH(titles->arena, &list) = unknown;
	}
	title->unknown = list.items;
	title->nunknown = list.count;
}
