/* SPDX-License-Identifier: MIT */
#include "server/model/news_due.h"

#include <stdbool.h>

#include "server/base/civil.h"
#include "server/base/instant.h"

#define DAY_SECONDS INT64_C(86400)

/* The instant of the minute of the local day that is ${days} after the one of ${at}. */
static int64_t
instant_on(const struct zone *zone, int64_t at, int64_t days, int64_t minute)
{
	int64_t day = civil_day_of(zone_local(zone, at)) + days;

	return zone_instant(zone, day * DAY_SECONDS + minute * 60, NULL);
}

/* The first time of a digest that is not before ${at}. */
static int64_t
next_digest(const struct news_hours *hours, int64_t at)
{
	int64_t next = INSTANT_END;

	for (size_t i = 0; i < hours->ndigest; i++)
		for (int64_t days = 0; days <= 1; days++) {
			int64_t one = instant_on(hours->zone, at, days, hours->digest[i]);

			if (one >= at && one < next)
				next = one;
		}
	return next;
}

/* ${at}, or the end of the quiet hours that it is in. */
static int64_t
after_quiet(const struct news_hours *hours, int64_t at)
{
	if (hours->quiet_from < 0)
		return at;
	for (int64_t days = -1; days <= 0; days++) {
		int64_t over = hours->quiet_until <= hours->quiet_from ? 1 : 0;
		int64_t from = instant_on(hours->zone, at, days, hours->quiet_from);
		int64_t until = instant_on(hours->zone, at, days + over, hours->quiet_until);

		if (from <= at && at < until)
			return until;
	}
	return at;
}

static bool
is_again(const struct news_waits *waits)
{
	return waits->told_critical != INSTANT_NEVER &&
	       waits->told_critical > waits->at - NEWS_AGAIN_SECONDS;
}

static int64_t
due_of(const struct news_hours *hours, const struct news_waits *waits, int64_t told)
{
	int64_t at = waits->at, apart = told == INSTANT_NEVER ? at : told + NEWS_APART_SECONDS;

	if (waits->severity == GAP_CRITICAL)
		return is_again(waits) && apart > at ? apart : at;
	if (hours->ndigest > 0)
		at = next_digest(hours, at);
	at = apart > at ? apart : at;
	return after_quiet(hours, at);
}

int64_t
news_due(const struct news_hours *hours, const struct news_waits *waits, size_t count, int64_t told)
{
	int64_t first = INSTANT_END;

	for (size_t i = 0; i < count; i++) {
		int64_t due = due_of(hours, &waits[i], told);

		if (due < first)
			first = due;
	}
	return first;
}
