/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"

/* Adds the rota manager's decisions about words, the names of the region, and the kinds of teams
 * that the rota is of, to the lexicon of ${titles}. */
void words_init(struct titles *titles);

/* Lists the words of ${items} that are not understood in ${title}. */
void words_unknown(const struct titles *titles, const struct items *items, struct title *title);
