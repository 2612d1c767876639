/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"

/* The parts of which a title makes up a day. Internal to named_*.c. */

#define NAMED_WEEKEND 0x70u /* Friday evening belongs to it */

/* The weekdays that the item at ${at} names, a bit each; 0: none. */
unsigned named_weekdays(const struct items *items, size_t at);

/* 1: a week that begins on the day named next, "w/c"; -1: one that ends then, "w/e"; 0: neither. */
int named_week(const struct items *items, size_t at);

/* The number of a month, 1 to 12; 0: none. */
int named_month(const struct items *items, size_t at);

/* "24", "24th" as the number of a day; 0: none. "1st on call" is none. */
int named_day_number(const struct items *items, size_t at);

/* "5th" is a day; "2nd" may be a place in a row. */
bool named_is_ordinal_day(const struct items *items, size_t at);

/* 1 if there is a year, which is stored in ${year}; else 0. */
size_t named_year(const struct items *items, size_t at, int *year);

/* Whether the item at ${at} is the single word ${text}. */
bool named_is_text(const struct items *items, size_t at, const char *text);
