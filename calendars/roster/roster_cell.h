/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_row.h"

/* Cells of a roster that do not have to be read as titles: blank, ticked, a number. All texts are
 * without blanks at their ends. */

bool roster_cell_is_yes(const char *text);
bool roster_cell_is_no(const char *text);
bool roster_cell_is_dash(const char *text);

/* Whether ${text} is one of ${words}, in any case; the last of ${words} is NULL. */
bool roster_cell_is_one_of(const char *text, const char *const *words);

/* The same of token ${at}; false after the last one. */
bool roster_token_is_one_of(const struct tokens *tokens, size_t at, const char *const *words);

/* Whether the column is one of notes, in which anything may be written. */
bool roster_heading_is_note(const struct roster_heading *heading);

/* Whether the column says who could be on duty ("Available"). A yes there does not mean that the person is
 * on duty; a no means that she is not. */
bool roster_heading_is_availability(const struct roster_heading *heading);

/* Whether ${text}, which may be blank, answers no where ${heading} asks who is on duty. */
bool roster_cell_denies(const struct roster_heading *heading, const char *text);

/* Whether ${text} under ${heading} says nothing about who is on duty. */
bool roster_cell_says_nothing(const struct roster_heading *heading, const char *text);
