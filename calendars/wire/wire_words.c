/* SPDX-License-Identifier: MIT */
#include "calendars/wire/wire_words.h"

#include <string.h>

#include "calendars/wire/wire.h"

/* The fewest bytes of one item (wire_answer.c). */
#define WORD_LEAST PACKED_LEAST(1, 0, 0, 1)
#define UNKNOWN_WORD_LEAST PACKED_LEAST(0, 1, 0, 2)

void
wire_pack_words(struct buf *buf, const struct reading_options *options)
{
	pack_u32(buf, (uint32_t)options->nwords);
	for (size_t i = 0; i < options->nwords; i++) {
		pack_text(buf, options->words[i].words);
		pack_u8(buf, (uint8_t)options->words[i].means);
	}
}

void
wire_unpack_words(struct unpack *in, struct arena *arena, struct reading_options *options)
{
	struct reading_word *words;

	options->nwords = unpack_count(in, WORD_LEAST);
	/* The count cannot be more than the bytes that are there, so neither can this. */
	words = arena_array(arena, options->nwords, sizeof *words);
	for (size_t i = 0; i < options->nwords && !in->bad; i++) {
		words[i].words = unpack_text(in, arena, WIRE_TEXT_MAX);
		/* Any byte fits the enum; what it means is checked below. */
		words[i].means = (enum reading_word_means)unpack_u8(in);
		if (words[i].words == NULL || words[i].means >= READING_WORD_MEANINGS)
			in->bad = true;
	}
	options->words = words;
}

void
wire_pack_unknown_words(struct buf *buf, const struct reading *reading)
{
	pack_u32(buf, (uint32_t)reading->nunknown_words);
	for (size_t i = 0; i < reading->nunknown_words; i++) {
		pack_text(buf, reading->unknown_words[i].word);
		pack_u32(buf, reading->unknown_words[i].shifts);
		pack_text(buf, reading->unknown_words[i].example);
	}
	pack_u32(buf, reading->more_unknown_words);
}

/* The order and the bounds that reading.h promises: in at least one undecided shift, by most
 * shifts, no word twice. */
static bool
unknown_is_sound(const struct reading *reading, size_t i)
{
	const struct reading_unknown_word *word = &reading->unknown_words[i];

	if (word->word == NULL || word->word[0] == '\0' || word->example == NULL ||
	    word->shifts == 0 || word->shifts > reading->noccurrences)
		return false;
	return i == 0 || word->shifts < word[-1].shifts ||
	       (word->shifts == word[-1].shifts && strcmp(word[-1].word, word->word) < 0);
}

void
wire_unpack_unknown_words(struct unpack *in, struct arena *arena, struct reading *reading)
{
	struct reading_unknown_word *list;
	size_t count = unpack_count(in, UNKNOWN_WORD_LEAST);

	/* The child is not trusted: it has read what a stranger wrote. */
	if (count > READING_UNKNOWN_WORDS_MAX)
		in->bad = true;
	if (in->bad)
		return;
	list = arena_array(arena, count, sizeof *list);
	reading->unknown_words = list;
	reading->nunknown_words = count;
	for (size_t i = 0; i < count && !in->bad; i++) {
		list[i].word = unpack_text(in, arena, WIRE_TEXT_MAX);
		list[i].shifts = unpack_u32(in);
		list[i].example = unpack_text(in, arena, WIRE_TEXT_MAX);
		if (!unknown_is_sound(reading, i))
			in->bad = true;
	}
	reading->more_unknown_words = unpack_u32(in);
	/* There are more only if the list is full. */
	if (reading->more_unknown_words > 0 && count < READING_UNKNOWN_WORDS_MAX)
		in->bad = true;
}
