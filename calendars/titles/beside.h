/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"

/*
 * Marks as left over the words of ${items} that are understood only with something beside them:
 * "Team" needs a name or a number, "West" a place, "at" what follows, "hours" a number of them; and
 * "late" directly behind a name, which is a shift or somebody who is late. Comes after account(),
 * which says which numbers and letters are known.
 */
void account_beside(struct items *items, const struct lexicon *lexicon);
