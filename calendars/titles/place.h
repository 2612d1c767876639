/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"
#include "calendars/titles/lexicon.h"

/* Marks as left over the words for a place, a team or another function that do not say which shift
 * of this rota is meant, but where somebody is or what else she does: "J Jones at HBPoS". So is a name
 * that may be that of anybody: "Mr Jones". */
void account_places(struct items *items, const struct lexicon *lexicon);

/* Whether ${word} is one for being on duty, in a title as in the name of a calendar. */
bool word_says_duty(const char *word);

/* Whether a word of the title says that somebody is on duty: "on call", "AMHP", "night". */
bool items_say_duty(const struct items *items);
