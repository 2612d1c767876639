/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"

/*
 * The days that a title speaks of: dates, weekdays, months, weeks and holidays. Which day its event
 * is on a title does not know.
 */

/* Whether the word of days at ${at} is no verb ("J Jones may cover") and does not say that the
 * shift is on another day now. */
bool day_is_known(const struct items *items, size_t at);

/* "Mon to Fri" are no times of day: takes the force from "to". */
void join_days(struct items *items);

/* Marks as left over a day where each of several people has one of her own, and what stands first
 * where one is on in office hours and another out of them. */
void leave_days_apart(struct items *items);
