/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"
#include "calendars/titles/title.h"

/*
 * The words of a calendar's titles that are not understood, with the number of undecided shifts
 * that depend on each. The rota manager can decide each word once for all of them.
 */
struct unknown_words {
	struct table index;
	VEC(struct reading_unknown_word) list;
};

void unknown_words_init(struct unknown_words *unknown, struct arena *arena);

/* Counts one undecided occurrence with ${title}. */
void unknown_words_add(
    struct unknown_words *unknown, struct arena *arena, const struct title *title);

/* Puts the words with most shifts into ${out}, sorted. */
void unknown_words_finish(struct unknown_words *unknown, struct reading *out);
