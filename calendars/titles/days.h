/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"

/*
 * The days in a title: dates, weekdays, months, weeks and holidays. Whether
 * they are those of the event is decided in named_days.h.
 */

/* Whether the word at ${at} names a day and is no verb ("J Jones may cover"), and does not say that
 * the shift has been moved to another day. */
bool day_is_known(const struct items *items, size_t at);

/* "Mon to Fri" is no range of hours: "to" loses its meaning. In "J Jones - now S Ahmed" it is "now"
 * that replaces the one by the other. */
void join_days(struct items *items);

/* Marks as left over: days, if each of several people has a day of her own; and the first item, if
 * one person is on in office hours and another out of hours. */
void leave_days_apart(struct items *items);
