/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"

/* How many hours the shift that ${items} name can last at most; 0: they name none, or several. */
int title_most_hours(const struct items *items);
