/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/title_clause.h"

/*
 * The shift codes of a rota: what its roster has in the column Shift, and what divides a title
 * ("Early: Sam, Jo / Late: Kim") once somebody has said which hours they are.
 */
void shift_codes_init(struct titles *titles);

/* The code that ${text} is, in any case; NULL: none of this rota. */
const struct reading_shift_code *shift_codes_find(const struct titles *titles, const char *text);

/*
 * Reads a title whose people stand behind codes, each followed by a colon or a dash. False, and
 * nothing is added: it has none, or something in it stands before the first code that is more than
 * the name of a function, or a code is not of hours.
 */
bool shift_codes_divide(
    const struct titles *titles, struct items *items, struct title_parts *parts);
