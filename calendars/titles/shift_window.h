/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"

/* The first word of the shift that ${item} names; "a.m." and "L.D." as one word. */
const char *shift_word(const struct items *items, const struct item *item);

/* The hours in which a shift of the name in ${items} can be, whatever the rota: "Night", "Early".
 * Empty if no such name is there, or several. */
struct title_hours_of_day shift_window(const struct items *items);
