/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"

/* Whether the item at ${at} is a length and not a time: "4hrs", "12h". */
bool shift_length_is_written(const struct items *items, size_t at);

/* The length in hours that the item at ${at} gives, with or before a word for hours, if a shift may
 * be so long: "12h", "12 hour". 0 otherwise: "4 hours" may be any part of the shift. */
int shift_length(const struct items *items, size_t at);
