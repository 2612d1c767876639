/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"
#include "calendars/titles/title.h"

/*
 * The words of a calendar's titles that are not understood, with how many undecided shifts hang on
 * each: what its rota's manager can decide once for all of them.
 */
struct unknown_words {
	struct table index;
	VEC(struct reading_unknown_word) list;
};

void unknown_words_init(struct unknown_words *unknown, struct arena *arena);

/* Counts an occurrence of ${title} that is undecided. */
void unknown_words_add(
    struct unknown_words *unknown, struct arena *arena, const struct title *title);

/* Puts the heaviest into ${out}, in their order. */
void unknown_words_finish(struct unknown_words *unknown, struct reading *out);
