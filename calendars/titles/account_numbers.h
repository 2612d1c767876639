/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"

/* Marks the numbers of ${items} that belong to nothing (no place, list, date, hours or bleep) as
 * left over. Part of account(). */
void account_numbers(struct items *items);
