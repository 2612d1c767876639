/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"

/* Marks as left over the numbers of ${items} that belong to nothing: no place, list, date, hours or
 * bleep. Part of account(). */
void account_numbers(struct items *items);
