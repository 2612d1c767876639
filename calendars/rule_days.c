/* SPDX-License-Identifier: MIT */
#include "calendars/rule_days.h"

#include <stdlib.h>

#include "server/base/civil.h"
#include "server/base/fatal.h"

/* The last year that RFC 5545 3.3.4 can write. */
#define YEAR_MAX 9999

/* Whether ${set} holds number ${nth} of ${total}, counted from the front or from the back. */
static bool
set_holds(const struct rule_set *set, int64_t nth, int64_t total)
{
	return rule_has(set->first, nth) || rule_has(set->last, total - nth + 1);
}

/* The number of the period that holds ${day}. Periods are counted from the one that holds the start
 * of the series: its day, week, month or year. */
int64_t
rule_period_of(const struct rule *rule, int64_t day)
{
	int y;
	int m;
	int d;

	civil_from_days(day, &y, &m, &d);
	switch (rule->freq) {
	case RULE_DAILY:
		return day;
	case RULE_WEEKLY:
		/* Day 0 was a Thursday, so 3 days back is a Monday. */
		return civil_floor_div(day + 3 - rule->wkst, 7);
	case RULE_MONTHLY:
		return (int64_t)y * 12 + m - 1;
	default:
		return y;
	}
}

static void
push_day(struct rule_walk *walk, int64_t day)
{
	/* A year has 366 days, and 12 months to move a few of them. */
	INVARIANT(walk->ndays < RULE_DAYS_MAX);
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
	/* 28 December is in the last week of its year, whatever the first weekday is: at least four
	 * of that week's days are in the old year. */
	last = civil_days(y, 12, 28);
	last -= (civil_weekday(last) - wkst + 7) % 7;
	/* Three days after its start is the middle of a week, and the middle decides which year it
	 * belongs to. */
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

	/* In monthly and yearly rules every BY part either expands or limits (the table in RFC 5545
	 * 3.3.10). To test each day against all parts gives the same set for both, and needs no
	 * table. */
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
		if (rule_has(rule->monthdays.first, mday) &&
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
	/* Counted also where the month gives nothing: a hostile rule can make every month empty,
	 * and the caller limits the work. */
	if (rule->months.given && !rule_has(rule->months.first, number))
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
	if (rule->months.given && !rule_has(rule->months.first, m))
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

bool
rule_fill_period(struct rule_walk *walk, int64_t last_day)
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
		/* A rule that no date ever fits would else be walked without end. */
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
