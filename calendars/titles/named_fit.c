/* SPDX-License-Identifier: MIT */
#include "calendars/titles/named_days.h"

#include "server/base/civil.h"

#define DAY ((int64_t)86400)

/* The day of ${date} with ${year}, ${month} and ${day} for what it leaves open; the last day of the
 * month if it is shorter. */
static int64_t
day_in(struct named_date date, int year, int month, int day)
{
	int days;

	/* What the title says goes before what the event suggests. */
	year = date.year != 0 ? date.year : year;
	month = date.month != 0 ? date.month : month;
	day = date.day != 0 ? date.day : day;
	days = civil_days_in_month(year, month);
	return civil_days(year, month, day < days ? day : days);
}

/* Whether ${day} is in the range if that begins in ${month} of ${year}, unless it says otherwise. A
 * range that seems to end before it begins goes over the end of a month or of a year. */
static bool
holds_from(const struct named_range *range, int64_t day, int year, int month)
{
	int64_t first = day_in(range->first, year, month, 1), last;

	month = range->first.month != 0 ? range->first.month : month;
	year = range->first.year != 0 ? range->first.year : year;
	if (range->first.day > civil_days_in_month(year, month))
		return false; /* 29 February of another year */
	last = day_in(range->last, year, month, 31);
	if (last < first && range->last.month == 0)
		last = day_in(range->last, month == 12 ? year + 1 : year, month % 12 + 1, 31);
	else if (last < first && range->last.month < month)
		last = day_in(range->last, year + 1, month, 31);
	return first <= day && day <= last;
}

static bool
holds(const struct named_range *range, int64_t day)
{
	/* A range that holds ${day} begins this month or last, or this year or last; a week that
	 * ends next month may begin this month. */
	for (int back = -1; back <= 12; back++) {
		int year, month, unused;

		civil_from_days(day, &year, &month, &unused);
		month -= back;
		if (month < 1 || month > 12) {
			year += month < 1 ? -1 : 1;
			month += month < 1 ? 12 : -12;
		}
		if (holds_from(range, day, year, month))
			return true;
	}
	return false;
}

static bool
is_in_years(const struct named_days *days, int64_t day)
{
	int year, month, unused;

	if (days->first_year == 0)
		return true;
	civil_from_days(day, &year, &month, &unused);
	return year >= days->first_year && year <= days->last_year;
}

static bool
is_named(const struct named_days *days, int64_t day)
{
	bool dated = days->dates.count == 0;

	if (!is_in_years(days, day))
		return false;
	if (days->weekdays != 0 && (days->weekdays & 1u << civil_weekday(day)) == 0)
		return false;
	for (size_t i = 0; i < days->dates.count && !dated; i++)
		dated = holds(&days->dates.items[i], day);
	return dated;
}

/* A day on which less than half of the event lies, after its first, is only where it ends: a duty
 * from 09:00 on Friday to 09:00 on Saturday is one of Friday. */
static bool
short_fits(const struct named_days *days, int64_t start, int64_t end)
{
	int64_t first = civil_day_of(start), midnight = (first + 1) * DAY;

	if (is_named(days, first))
		return true;
	return end > midnight && (end - midnight) * 2 >= end - start && is_named(days, first + 1);
}

bool
named_days_fit(const struct named_days *days, int64_t start, int64_t end)
{
	int64_t first = civil_day_of(start + DAY - 1), last = civil_day_of(end) - 1;

	if (days->weekdays == 0 && days->dates.count == 0 && days->first_year == 0)
		return true;
	if (end - start <= DAY || first > last)
		return short_fits(days, start, end);
	for (int64_t day = first; day <= last; day++) {
		if (!is_named(days, day))
			return false;
	}
	return true;
}
