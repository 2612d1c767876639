/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"

/* Whether the item at ${at} is a length and no time: "4hrs", "12h". */
bool shift_length_is_written(const struct items *items, size_t at);

/* The hours of a shift as shifts are long, where the item at ${at} says them with or before a word
 * for hours: "12h", "12 hour". 0: it does not; of "4 hours" nobody can tell which part of the shift
 * they are. */
int shift_length(const struct items *items, size_t at);
