/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "server/base/civil.h"
#include "server/model/month.h"

/* Which month is asked about. */

/* The month ${by} after ${month} of ${year}, as its first midnight. */
static int64_t
first_of(const struct zone *zone, int year, int month, int by)
{
	int months = year * 12 + month - 1 + by;

	return zone_instant(
	    zone, civil_days(months / 12, months % 12 + 1, 1) * CIVIL_DAY_SECONDS, NULL);
}

bool
month_read(struct slice text, const struct zone *zone, struct span_time *out)
{
	char day[CIVIL_DAY_MAX];
	int64_t days;
	struct civil civil;

	if (text.len != sizeof "2026-11" - 1)
		return false;
	snprintf(day, sizeof day, "%.*s-01", (int)text.len, text.at);
	if (!civil_parse_day(slice_of(day), &days))
		return false;
	civil = civil_of(days * CIVIL_DAY_SECONDS);
	if (civil.year == 9999)
		return false;
	*out = (struct span_time){
	    first_of(zone, civil.year, civil.month, 0), first_of(zone, civil.year, civil.month, 1)};
	return true;
}

struct span_time
month_before(const struct zone *zone, int64_t utc)
{
	struct civil civil = civil_of(zone_local(zone, utc));

	return (struct span_time){first_of(zone, civil.year, civil.month, -1),
	    first_of(zone, civil.year, civil.month, 0)};
}

void
month_text(const struct zone *zone, int64_t from, char out[MONTH_TEXT_MAX])
{
	struct civil civil = civil_of(zone_local(zone, from));

	snprintf(out, MONTH_TEXT_MAX, "%04u-%02u", (unsigned)civil.year % 10000,
	    (unsigned)civil.month % 100);
}
