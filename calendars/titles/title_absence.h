/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/title_part.h"

/*
 * Reads a clause with a word of absence: which of the people named is away. The word takes away
 * exactly the person beside it (in the same brackets, or between the same marks), never the
 * stand-in. If it is not clear who is away, everybody is undecided and nobody is away.
 */
void title_absence(const struct title_clause *c, const struct tally *t);
