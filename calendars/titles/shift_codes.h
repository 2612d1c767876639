/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/title_clause.h"

/*
 * The shift codes of a rota: the values of a roster's Shift column. They also divide a title
 * ("Early: Sam, Jo / Late: Kim") once the rota says which hours they are.
 */
void shift_codes_init(struct titles *titles);

/* The code with the spelling ${text}, in any case; NULL: the rota has no such code. */
const struct reading_shift_code *shift_codes_find(const struct titles *titles, const char *text);

/*
 * Reads a title in which people follow codes, each with a colon or a dash after it. Returns false
 * and adds nothing if it has no code, if there is more than the name of a function before the first
 * code, or if a code does not stand for hours.
 */
bool shift_codes_divide(
    const struct titles *titles, struct items *items, struct title_parts *parts);
