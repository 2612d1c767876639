/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"

/* How many hours the shift that ${items} name can last at most, by its name or a length that is
 * written ("12h"); 0: they name none, or several. */
int title_most_hours(const struct items *items);
