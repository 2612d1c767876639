/* SPDX-License-Identifier: MIT */
#include "calendars/unknown_words.h"

#include <stdlib.h>
#include <string.h>

void
unknown_words_init(struct unknown_words *unknown, struct arena *arena)
{
	*unknown = (struct unknown_words){.list = {.items = NULL}};
	table_init(&unknown->index, arena, 64);
}

void
unknown_words_add(struct unknown_words *unknown, struct arena *arena, const struct title *title)
{
	for (size_t i = 0; i < title->nunknown; i++) {
		const struct title_unknown *word = &title->unknown[i];
		/* Words are the same if their keys are: case, accents and hyphens do not make
		 * another word to decide. */
		uint32_t at =
		    table_put(&unknown->index, arena, word->key, (uint32_t)unknown->list.count);

		if (at != TABLE_NONE) {
			unknown->list.items[at].shifts++;
			continue;
		}
		*VEC_PUSH(arena, &unknown->list) =
		    (struct reading_unknown_word){word->word, 1, title->summary};
	}
}

/* Most shifts first: the list is cut at its end, and the words that matter most must be in it. */
static int
compare(const void *a, const void *b)
{
	const struct reading_unknown_word *left = a;
	const struct reading_unknown_word *right = b;

	if (left->shifts != right->shifts)
		return left->shifts > right->shifts ? -1 : 1;
	return strcmp(left->word, right->word);
}

void
unknown_words_finish(struct unknown_words *unknown, struct reading *out)
{
	size_t count = unknown->list.count;

	if (count > 1)
		qsort(unknown->list.items, count, sizeof *unknown->list.items, compare);
	out->unknown_words = unknown->list.items;
	out->nunknown_words = count < READING_UNKNOWN_WORDS_MAX ? count : READING_UNKNOWN_WORDS_MAX;
	/* What is cut off is counted, so that nobody takes the list for all there is. */
	out->more_unknown_words = (uint32_t)(count - out->nunknown_words);
}
