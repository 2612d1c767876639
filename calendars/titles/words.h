/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"

/* What a rota's manager decided of words, and the names of the region, into the lexicon of
 * ${titles}. */
void words_init(struct titles *titles);

/* The words of ${items} that are not understood, into ${title}. */
void words_unknown(const struct titles *titles, const struct items *items, struct title *title);
