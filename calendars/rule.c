/* SPDX-License-Identifier: MIT */
#include "calendars/rule.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/civil.h"

#define DAY 86400
#define YEAR_MAX 9999

static bool
has(const uint64_t *words, int64_t number)
{
	return (words[number / 64] >> number % 64 & 1) != 0;
}

/* Whether ${set} holds number ${nth} of ${total}, counted from the front or from the back. */
static bool
set_holds(const struct rule_set *set, int64_t nth, int64_t total)
{
	return has(set->first, nth) || has(set->last, total - nth + 1);
}

static void
set_only(struct rule_set *set, int64_t number)
{
	memset(set, 0, sizeof *set);
	set->first[number / 64] = (uint64_t)1 << number % 64;
	set->given = true;
}

static int64_t
floor_div(int64_t value, int64_t by)
{
	return value / by - (value % by < 0);
}

/* Fills in from DTSTART what the rule does not say (RFC 5545 3.3.10). */
static void
fill_from_start(struct rule *rule, const struct civil *start, int64_t start_day)
{
	bool days = rule->days_given || rule->monthdays.given || rule->yeardays.given;

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
		for (int minute = 0; has(rule->hours.first, hour) && minute < 60; minute++) {
			for (int second = 0; has(rule->minutes.first, minute) && second < 60;
			     second++) {
				if (has(rule->seconds.first, second) &&
				    walk->ntimes < RULE_TIMES_MAX)
					walk->times[walk->ntimes++] =
					    hour * 3600 + minute * 60 + second;
			}
		}
	}
}

/* The number of the period that holds ${day}. Periods are counted from the one that holds the start
 * of the series: its day, week, month or year. */
static int64_t
period_of(const struct rule *rule, int64_t day)
{
	int y;
	int m;
	int d;

	civil_from_days(day, &y, &m, &d);
	switch (rule->freq) {
	case RULE_DAILY:
		return day;
	case RULE_WEEKLY:
		return floor_div(day + 3 - rule->wkst, 7);
	case RULE_MONTHLY:
		return (int64_t)y * 12 + m - 1;
	default:
		return y;
	}
}

void
rule_walk_init(
    struct rule_walk *walk, const struct rule *rule, int64_t start, int64_t from, bool whole_days)
{
	int64_t start_day = floor_div(start, DAY);
	struct civil civil = civil_of(start);
	int64_t skipped;

	walk->rule = rule;
	walk->filled = *rule;
	if (whole_days)
		walk->filled.hours.given = walk->filled.minutes.given = walk->filled.seconds.given =
		    false;
	fill_from_start(&walk->filled, &civil, start_day);
	walk->start = start;
	walk->from = from;
	walk->counted = 1;
	walk->ndays = walk->ntimes = walk->at = 0;
	walk->work = 0;
	walk->ended = false;
	fill_times(walk);
	walk->period = period_of(rule, start_day);
	/* Without COUNT the number of earlier instances does not matter: begin one step before
	 * ${from}. */
	if (rule->count == 0 && from > start) {
		skipped =
		    (period_of(rule, floor_div(from, DAY)) - walk->period) / rule->interval - 1;
		if (skipped > 0)
			walk->period += skipped * rule->interval;
	}
}

static void
push_day(struct rule_walk *walk, int64_t day)
{
	if (walk->ndays < RULE_DAYS_MAX)
		walk->days[walk->ndays++] = day;
}

/* The number of the week that holds ${day}, and in ${total} how many weeks that week's year has
 * (ISO 8601, with any first weekday). */
static int
week_of(int64_t day, int wkst, int *total)
{
	int64_t week_start = day - (civil_weekday(day) - wkst + 7) % 7;
	int64_t last;
	int64_t jan1;
	int y;
	int m;
	int d;

	civil_from_days(week_start + 3, &y, &m, &d); /* the year of most of its days */
	jan1 = civil_days(y, 1, 1);
	last = civil_days(y, 12, 28);
	last -= (civil_weekday(last) - wkst + 7) % 7;
	*total = (int)((last + 3 - jan1) / 7 + 1);
	return (int)((week_start + 3 - jan1) / 7 + 1);
}

struct month {
	int year, month, length;
	int64_t first, jan1, year_length;
};

static bool
weekday_fits(const struct rule *rule, const struct month *month, int64_t day)
{
	int weekday = civil_weekday(day);
	/* "2MO" counts within the month, but within the year in a yearly rule without BYMONTH. */
	bool of_year = rule->freq == RULE_YEARLY && !rule->months.given;
	int64_t first = of_year ? month->jan1 : month->first;
	int64_t length = of_year ? month->year_length : month->length;
	int64_t nth = (day - first) / 7 + 1;
	int64_t nth_last = (first + length - 1 - day) / 7 + 1;

	return (rule->weekdays >> weekday & 1) != 0 || (rule->nth[weekday] >> nth & 1) != 0 ||
	       (rule->nth_last[weekday] >> nth_last & 1) != 0;
}

static bool
day_fits(const struct rule *rule, const struct month *month, int mday)
{
	int64_t day = month->first + mday - 1;
	int total;
	int week;

	if (rule->monthdays.given && !set_holds(&rule->monthdays, mday, month->length))
		return false;
	if (rule->yeardays.given &&
	    !set_holds(&rule->yeardays, day - month->jan1 + 1, month->year_length))
		return false;
	if (rule->days_given && !weekday_fits(rule, month, day))
		return false;
	if (!rule->weeks.given)
		return true;
	week = week_of(day, rule->wkst, &total);
	return set_holds(&rule->weeks, week, total);
}

/* RFC 7529: moves a day that this month does not have to the day before or after. The other parts
 * of the rule may still exclude that day. */
static void
push_skipped(struct rule_walk *walk, const struct month *month)
{
	const struct rule *rule = &walk->filled;
	int64_t to = rule->skip == RULE_FORWARD ? month->first + month->length
						: month->first + month->length - 1;

	if (rule->skip == RULE_OMIT || !rule->monthdays.given)
		return;
	for (int mday = month->length + 1; mday <= 31; mday++) {
		if (has(rule->monthdays.first, mday) &&
		    (!rule->days_given || (rule->weekdays >> civil_weekday(to) & 1) != 0))
			push_day(walk, to);
	}
}

static struct month
month_of(int year, int month)
{
	return (struct month){.year = year,
	    .month = month,
	    .length = civil_days_in_month(year, month),
	    .first = civil_days(year, month, 1),
	    .jan1 = civil_days(year, 1, 1),
	    .year_length = civil_days(year + 1, 1, 1) - civil_days(year, 1, 1)};
}

static void
fill_month(struct rule_walk *walk, int year, int number)
{
	const struct rule *rule = &walk->filled;
	struct month month;

	walk->work++;
	if (rule->months.given && !has(rule->months.first, number))
		return;
	month = month_of(year, number);
	walk->work += (uint64_t)month.length;
	for (int mday = 1; mday <= month.length; mday++) {
		if (day_fits(rule, &month, mday))
			push_day(walk, month.first + mday - 1);
	}
	push_skipped(walk, &month);
}

/* DAILY and WEEKLY rules: BYMONTH, BYMONTHDAY and BYDAY only limit the days. */
static void
fill_day(struct rule_walk *walk, int64_t day)
{
	const struct rule *rule = &walk->filled;
	int y;
	int m;
	int d;

	walk->work++;
	civil_from_days(day, &y, &m, &d);
	if (rule->months.given && !has(rule->months.first, m))
		return;
	if (rule->monthdays.given && !set_holds(&rule->monthdays, d, civil_days_in_month(y, m)))
		return;
	if (rule->days_given && (rule->weekdays >> civil_weekday(day) & 1) == 0)
		return;
	push_day(walk, day);
}

static int
compare_days(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a;
	int64_t right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

/* Days that were moved may equal others or be out of order. */
static void
put_in_order(struct rule_walk *walk)
{
	size_t kept = 0;

	qsort(walk->days, walk->ndays, sizeof *walk->days, compare_days);
	for (size_t i = 0; i < walk->ndays; i++) {
		if (kept == 0 || walk->days[i] != walk->days[kept - 1])
			walk->days[kept++] = walk->days[i];
	}
	walk->ndays = kept;
}

/* Fills in the next period. False if it begins after ${last_day}. */
static bool
fill_period(struct rule_walk *walk, int64_t last_day)
{
	const struct rule *rule = &walk->filled;
	int64_t number = walk->period;
	int64_t first;

	walk->ndays = walk->at = 0;
	switch (rule->freq) {
	case RULE_DAILY:
		first = number;
		break;
	case RULE_WEEKLY:
		first = number * 7 - 3 + rule->wkst;
		break;
	case RULE_MONTHLY:
		if (number / 12 > YEAR_MAX)
			return false;
		first = civil_days((int)(number / 12), (int)(number % 12) + 1, 1);
		break;
	default:
		if (number > YEAR_MAX)
			return false;
		first = civil_days((int)number, 1, 1);
		break;
	}
	if (first > last_day)
		return false;
	if (rule->freq == RULE_DAILY)
		fill_day(walk, first);
	for (int i = 0; rule->freq == RULE_WEEKLY && i < 7; i++)
		fill_day(walk, first + i);
	if (rule->freq == RULE_MONTHLY)
		fill_month(walk, (int)(number / 12), (int)(number % 12) + 1);
	for (int month = 1; rule->freq == RULE_YEARLY && month <= 12; month++)
		fill_month(walk, (int)number, month);
	if (rule->skip != RULE_OMIT)
		put_in_order(walk);
	walk->period += rule->interval;
	return true;
}

static bool
chosen(const struct rule_walk *walk, size_t at)
{
	const struct rule_set *setpos = &walk->filled.setpos;
	size_t total = walk->ndays * walk->ntimes;

	if (!setpos->given)
		return true;
	return (at + 1 <= 366 && has(setpos->first, (int64_t)at + 1)) ||
	       (total - at <= 366 && has(setpos->last, (int64_t)(total - at)));
}

bool
rule_walk_next(struct rule_walk *walk, int64_t last, int64_t *local)
{
	int64_t last_day = floor_div(last, DAY);

	while (!walk->ended) {
		size_t at = walk->at++;
		int64_t instance;

		if (at >= walk->ndays * walk->ntimes) {
			walk->ended = !fill_period(walk, last_day);
			continue;
		}
		if (!chosen(walk, at))
			continue;
		instance = walk->days[at / walk->ntimes] * DAY + walk->times[at % walk->ntimes];
		if (instance <= walk->start)
			continue;
		if (walk->rule->count != 0 && walk->counted++ >= walk->rule->count)
			break;
		if (instance > last)
			break;
		if (instance < walk->from && walk->rule->count == 0)
			continue;
		*local = instance;
		return true;
	}
	walk->ended = true;
	return false;
}
