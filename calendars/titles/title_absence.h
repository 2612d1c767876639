/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/title_part.h"

/*
 * A clause with a word of absence: who of those named is away. The word takes away exactly the one
 * it stands with (in the same brackets, between the same marks), never who stands in. If it is not
 * clear who is away, everybody is undecided and nobody away.
 */
void title_absence(const struct titles *titles, const struct items *items, struct item *list,
    size_t count, const struct tally *t, struct title_parts *parts);
