/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/rule.h"

/* Days of a recurrence rule: which days of a period (a day, week, month or year) the rule gives.
 * Internal to rule.c and rule_days.c. */

/* Whether bit ${number} of a set is there. */
static inline bool
rule_has(const uint64_t *words, int64_t number)
{
	return (words[number / 64] >> number % 64 & 1) != 0;
}

/* The number of the period of ${rule} that holds ${day}. */
int64_t rule_period_of(const struct rule *rule, int64_t day);

/* Fills in the days of the walk's next period, and moves on to the one after it. False if the period
 * begins after ${last_day}. */
bool rule_fill_period(struct rule_walk *walk, int64_t last_day);
