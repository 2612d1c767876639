/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_row.h"

/* Cells of a roster that have no words of their own: blank, ticked, a number. */

bool roster_cell_is_yes(const char *text);

/* Whether ${text} is one of ${words}, in any case; the last of ${words} is NULL. */
bool roster_cell_is_one_of(const char *text, const char *const *words);

/* Whether ${text} under ${heading} says nothing about who is on duty. */
bool roster_cell_says_nothing(const struct roster_heading *heading, const char *text);
