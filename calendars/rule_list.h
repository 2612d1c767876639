/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/rule.h"

/* The parts of a rule that are lists: BYDAY=MO,2TU and BYMONTHDAY=1,-1. Internal to rule_parse.c. */

/* Where the numbers of a part go, and which may stand there. 0 is allowed only if ${least} is not
 * negative: a part that counts from the end has no 0. */
struct rule_numbers {
	int least, most;
	struct rule_set *set;
};

/* Each returns true if all of ${list} was understood. */
bool rule_list_numbers(struct slice list, const struct rule_numbers *into);
bool rule_list_days(struct slice list, struct rule *rule, struct slice *bad);

/* The number of the weekday ${name}, from 0 for MO; -1: none. */
int rule_weekday(struct slice name);
