/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/base/text.h"

/*
 * The proleptic Gregorian calendar on plain integers. `days` counts from 1970-01-01; `local` is a
 * wall-clock time in seconds as if the wall were in UTC; `utc` is an instant in seconds. Years 1 to
 * 9999.
 */
struct civil {
	int year, month, day, hour, minute, second;
};

#define CIVIL_DAY_SECONDS INT64_C(86400)

/* Rounded down, where C rounds towards zero: what is before 1970 is negative. ${by} > 0. */
static inline int64_t
civil_floor_div(int64_t value, int64_t by)
{
	return value / by - (value % by < 0);
}

/* The day that holds ${seconds} (local, or utc), and how many of them are over on it: of -1, the
 * last second of 1969, day -1 and 86399. */
static inline int64_t
civil_day_of(int64_t seconds)
{
	return civil_floor_div(seconds, CIVIL_DAY_SECONDS);
}

static inline int64_t
civil_second_of_day(int64_t seconds)
{
	return seconds - civil_day_of(seconds) * CIVIL_DAY_SECONDS;
}

int64_t civil_days(int year, int month, int day);
void civil_from_days(int64_t days, int *year, int *month, int *day);
int civil_weekday(int64_t days); /* 0 Monday … 6 Sunday */
int civil_days_in_month(int year, int month);
bool civil_valid(const struct civil *civil);      /* rejects 30 February, hour 24, second 60 */
int64_t civil_seconds(const struct civil *civil); /* to local (or utc) seconds */
struct civil civil_of(int64_t seconds);

/* A day as text: "2027-04-01" (10 characters and NUL). Parsing takes nothing else; false: it is no
 * such text, or no day that exists. */
#define CIVIL_DAY_MAX 16
void civil_day_text(int64_t days, char out[CIVIL_DAY_MAX]);
bool civil_parse_day(struct slice text, int64_t *days);

/* RFC 3339. The text is "2026-11-22T03:10:00Z" (20 characters and NUL); parsing accepts an offset
 * and a fraction (dropped). */
#define CIVIL_RFC3339_MAX 32
void civil_rfc3339(int64_t utc, char out[CIVIL_RFC3339_MAX]);
bool civil_parse_rfc3339(struct slice text, int64_t *utc);
