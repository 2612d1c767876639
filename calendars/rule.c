/* SPDX-License-Identifier: MIT */
#include "calendars/rule.h"

#include <string.h>

#include "calendars/rule_days.h"
#include "server/base/civil.h"
#include "server/base/fatal.h"

#define DAY 86400

/* A part that the rule leaves open is taken from DTSTART, as if the rule had said it. */
static void
set_only(struct rule_set *set, int64_t number)
{
	memset(set, 0, sizeof *set);
	set->first[number / 64] = (uint64_t)1 << number % 64;
	set->given = true;
}

/* Fills in from DTSTART what the rule does not say (RFC 5545 3.3.10). */
static void
fill_from_start(struct rule *rule, const struct civil *start, int64_t start_day)
{
	bool days = rule->days_given || rule->monthdays.given || rule->yeardays.given;

	/* BYWEEKNO without a day means the weekday of DTSTART in those weeks. */
	if (!rule->days_given && (rule->freq == RULE_WEEKLY || (rule->weeks.given && !days))) {
		rule->weekdays = (uint8_t)(1U << civil_weekday(start_day));
		rule->days_given = true;
	}
	if (rule->freq == RULE_YEARLY && !days && !rule->weeks.given) {
		set_only(&rule->monthdays, start->day);
		if (!rule->months.given)
			set_only(&rule->months, start->month);
	}
	if (rule->freq == RULE_MONTHLY && !days)
		set_only(&rule->monthdays, start->day);
	if (!rule->hours.given)
		set_only(&rule->hours, start->hour);
	if (!rule->minutes.given)
		set_only(&rule->minutes, start->minute);
	if (!rule->seconds.given)
		set_only(&rule->seconds, start->second);
}

static void
fill_times(struct rule_walk *walk)
{
	const struct rule *rule = &walk->filled;

	for (int hour = 0; hour < 24; hour++) {
		for (int minute = 0; rule_has(rule->hours.first, hour) && minute < 60; minute++) {
			for (int second = 0; rule_has(rule->minutes.first, minute) && second < 60;
			     second++) {
				if (!rule_has(rule->seconds.first, second))
					continue;
				/* rule_parse() has refused rules with more times a day than fit. */
				INVARIANT(walk->ntimes < RULE_TIMES_MAX);
				walk->times[walk->ntimes++] = hour * 3600 + minute * 60 + second;
			}
		}
	}
}

void
rule_walk_init(
    struct rule_walk *walk, const struct rule *rule, int64_t start, int64_t from, bool whole_days)
{
	int64_t start_day = civil_day_of(start);
	struct civil civil = civil_of(start);
	int64_t skipped;

	walk->rule = rule;
	walk->filled = *rule;
	/* RFC 5545 3.3.10: BYHOUR, BYMINUTE and BYSECOND MUST be ignored if DTSTART is a DATE. */
	if (whole_days)
		walk->filled.hours.given = walk->filled.minutes.given = walk->filled.seconds.given =
		    false;
	fill_from_start(&walk->filled, &civil, start_day);
	walk->start = start;
	walk->from = from;
	/* DTSTART is the first instance and counts, whether it fits the rule or not (RFC 5545
	 * 3.8.5.3). */
	walk->counted = 1;
	walk->ndays = walk->ntimes = walk->at = 0;
	walk->work = 0;
	walk->ended = false;
	fill_times(walk);
	walk->period = rule_period_of(rule, start_day);
	/* Without COUNT the number of earlier instances does not matter: begin one step before
	 * ${from}. */
	if (rule->count == 0 && from > start) {
		skipped =
		    (rule_period_of(rule, civil_day_of(from)) - walk->period) / rule->interval - 1;
		if (skipped > 0)
			walk->period += skipped * rule->interval;
	}
}

/* BYSETPOS counts through all times of a period, after every other part has been applied (RFC 5545
 * 3.3.10). */
static bool
chosen(const struct rule_walk *walk, size_t at)
{
	const struct rule_set *setpos = &walk->filled.setpos;
	size_t total = walk->ndays * walk->ntimes;

	if (!setpos->given)
		return true;
	return (at + 1 <= 366 && rule_has(setpos->first, (int64_t)at + 1)) ||
	       (total - at <= 366 && rule_has(setpos->last, (int64_t)(total - at)));
}

bool
rule_walk_next(struct rule_walk *walk, int64_t last, int64_t *local)
{
	int64_t last_day = civil_day_of(last);

	while (!walk->ended) {
		size_t at = walk->at++;
		int64_t instance;

		if (at >= walk->ndays * walk->ntimes) {
			walk->ended = !rule_fill_period(walk, last_day);
			continue;
		}
		if (!chosen(walk, at))
			continue;
		instance = walk->days[at / walk->ntimes] * DAY + walk->times[at % walk->ntimes];
		/* Instances before DTSTART are none, but BYSETPOS has counted them: the set of a
		 * period does not begin in its middle. */
		if (instance <= walk->start)
			continue;
		if (walk->rule->count != 0 && walk->counted++ >= walk->rule->count)
			break;
		if (instance > last)
			break;
		/* With COUNT the caller is given early ones too; it drops them, after they were
		 * counted here. */
		if (instance < walk->from && walk->rule->count == 0)
			continue;
		*local = instance;
		return true;
	}
	walk->ended = true;
	return false;
}
