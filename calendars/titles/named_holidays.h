/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"
#include "calendars/titles/named_days.h"

/* Whether the item at ${at} is the name of a holiday, with the days on which it can be. False for
 * "Bank Holiday" and the like, which may be any day. */
bool named_holiday(const struct items *items, size_t at, struct named_range *out);
