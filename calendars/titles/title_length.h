/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"

/* The longest that the shift named by ${items} can be, in hours, by its name or by a written length
 * ("12h"); 0 if they name no shift, or several. */
int title_most_hours(const struct items *items);
