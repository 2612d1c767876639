/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "server/base/arena.h"
#include "server/base/text.h"

/* Helpers that read the cells of rosters. The two roster_take_…() remove what they read from the front of
 * ${text}; after false, ${text} is not to be used. */

/* Takes ${least} to ${most} digits, not followed by another, as a number. */
bool roster_take_digits(struct slice *text, size_t least, size_t most, int *out);

/* "Jones, Jan" as "Jan Jones"; any other name as it is. */
const char *roster_name_in_order(struct arena *arena, const char *name);

/* Takes one of the characters of ${set}. */
bool roster_take_mark(struct slice *text, const char *set, char *out);

/* ${text} without blanks of any kind, line breaks among them, at its ends. */
struct slice roster_trim(struct slice text);

/* The same, with one space for all blanks between two words. */
const char *roster_one_line(struct arena *arena, const char *text);
