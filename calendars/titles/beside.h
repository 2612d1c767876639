/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"

/*
 * Marks as left over the words of ${items} that mean something only beside another word, and lack
 * it: "Team" needs a name or a number, "West" a place, "at" something after it, "hours" a number;
 * and "late" directly after a name, which may be a shift or somebody who is late. Call it after
 * account(), which decides which numbers and letters are understood.
 */
void account_beside(struct items *items, const struct lexicon *lexicon);
