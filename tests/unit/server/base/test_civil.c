/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "server/base/civil.h"

static void
days_agree_with_a_walk_over_every_day(void **state)
{
	int64_t days = civil_days(1, 1, 1);

	(void)state;
	assert_int_equal(civil_days(1970, 1, 1), 0);
	assert_int_equal(civil_days(2000, 3, 1), 11017);
	assert_int_equal(days, -719162);
	for (int year = 1; year <= 2400; year++) {
		for (int month = 1; month <= 12; month++) {
			for (int day = 1; day <= civil_days_in_month(year, month); day++, days++) {
				int y;
				int m;
				int d;

				assert_int_equal(civil_days(year, month, day), days);
				civil_from_days(days, &y, &m, &d);
				assert_true(y == year && m == month && d == day);
				assert_int_equal(civil_weekday(days), (days + 719162) % 7);
			}
		}
	}
}

static void
weekdays_are_those_of_the_wall_calendar(void **state)
{
	(void)state;
	assert_int_equal(civil_weekday(civil_days(1970, 1, 1)), 3);
	assert_int_equal(civil_weekday(civil_days(2026, 11, 22)), 6);
	assert_int_equal(civil_weekday(civil_days(2027, 3, 29)), 0);
	assert_int_equal(civil_weekday(civil_days(1969, 12, 31)), 2);
}

/* C rounds towards zero, which would make one day of the two on either side of midnight of 1970-01-01. */
static void
days_before_1970_are_whole_days(void **state)
{
	static const struct {
		int64_t seconds, day, second_of_day;
	} cases[] = {
	    {0, 0, 0},
	    {86399, 0, 86399},
	    {86400, 1, 0},
	    {-1, -1, 86399},
	    {-86399, -1, 1},
	    {-86400, -1, 0},
	    {-86401, -2, 86399},
	    {-172800, -2, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(civil_day_of(cases[i].seconds), cases[i].day);
		assert_int_equal(civil_second_of_day(cases[i].seconds), cases[i].second_of_day);
	}
	assert_int_equal(civil_floor_div(7, 7), 1);
	assert_int_equal(civil_floor_div(6, 7), 0);
	assert_int_equal(civil_floor_div(-1, 7), -1);
	assert_int_equal(civil_floor_div(-7, 7), -1);
	assert_int_equal(civil_floor_div(-8, 7), -2);
}

static void
seconds_agree_with_gmtime(void **state)
{
	(void)state;
	for (int64_t at = -3000000007; at < 9000000000; at += 7654321) {
		time_t when = (time_t)at;
		struct tm tm;
		struct civil c = civil_of(at);

		assert_non_null(gmtime_r(&when, &tm));
		assert_int_equal(c.year, tm.tm_year + 1900);
		assert_int_equal(c.month, tm.tm_mon + 1);
		assert_int_equal(c.day, tm.tm_mday);
		assert_int_equal(c.hour, tm.tm_hour);
		assert_int_equal(c.minute, tm.tm_min);
		assert_int_equal(c.second, tm.tm_sec);
		assert_int_equal(civil_seconds(&c), at);
	}
}

static void
impossible_times_are_not_valid(void **state)
{
	static const struct civil bad[] = {{0, 1, 1, 0, 0, 0}, {10000, 1, 1, 0, 0, 0},
	    {2026, 0, 1, 0, 0, 0}, {2026, 13, 1, 0, 0, 0}, {2026, 2, 29, 0, 0, 0},
	    {2026, 2, 30, 0, 0, 0}, {2026, 4, 31, 0, 0, 0}, {2026, 1, 0, 0, 0, 0},
	    {2026, 1, 1, 24, 0, 0}, {2026, 1, 1, 0, 60, 0}, {2026, 1, 1, 0, 0, 60},
	    {2026, 1, 1, -1, 0, 0}, {2100, 2, 29, 0, 0, 0}};
	static const struct civil good[] = {{1, 1, 1, 0, 0, 0}, {9999, 12, 31, 23, 59, 59},
	    {2024, 2, 29, 0, 0, 0}, {2000, 2, 29, 1, 2, 3}};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(civil_valid(&bad[i]));
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(civil_valid(&good[i]));
}

static void
rfc3339_is_written_and_read(void **state)
{
	static const struct {
		const char *text;
		int64_t utc;
	} good[] = {
	    {"2026-11-22T03:10:00Z", 1795317000},
	    {"2026-11-22t03:10:00z", 1795317000},
	    {"2026-11-22T03:10:00.987654Z", 1795317000},
	    {"2026-11-22T04:10:00+01:00", 1795317000},
	    {"2026-11-21T21:40:00-05:30", 1795317000},
	    {"1970-01-01T00:00:00Z", 0},
	    {"1969-12-31T23:59:59Z", -1},
	};
	char text[CIVIL_RFC3339_MAX];
	int64_t utc;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		assert_true(civil_parse_rfc3339(slice_of(good[i].text), &utc));
		assert_int_equal(utc, good[i].utc);
	}
	civil_rfc3339(1795317000, text);
	assert_string_equal(text, "2026-11-22T03:10:00Z");
	civil_rfc3339(-1, text);
	assert_string_equal(text, "1969-12-31T23:59:59Z");
}

static void
what_is_not_rfc3339_is_refused(void **state)
{
	static const char *const bad[] = {"", "2026", "2026-11-22", "2026-11-22T03:10Z",
	    "2026-11-22T03:10:00", "2026-02-30T00:00:00Z", "2026-11-22T24:00:00Z",
	    "2026-11-22T03:10:60Z", "2026-11-22T03:10:00.Z", "2026-11-22T03:10:00+1:00",
	    "2026-11-22T03:10:00+24:00", "2026-11-22T03:10:00+00:60", "2026-11-22T03:10:00Z ",
	    " 2026-11-22T03:10:00Z", "2026-11-22T03:10:00Zx", "20261122T031000Z",
	    "2026-1-22T03:10:00Z", "2026-11-22 03:10:00Z", "+026-11-22T03:10:00Z",
	    "0000-01-01T00:00:00Z"};
	int64_t utc = 42;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(civil_parse_rfc3339(slice_of(bad[i]), &utc));
	assert_int_equal(utc, 42);
}

static void
days_are_written_and_read(void **state)
{
	static const char *const bad[] = {"", "2027-4-1", "2027-04-1", "27-04-01", "2027/04/01",
	    "2027-02-29", "2027-04-31", "2027-04-01 ", " 2027-04-01", "2027-04-01T", "20270401",
	    "0000-01-01", "2027-00-10", "+027-04-01"};
	int64_t day = 42;
	char text[CIVIL_DAY_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(civil_parse_day(slice_of(bad[i]), &day));
	assert_int_equal(day, 42);
	assert_true(civil_parse_day(SLICE("2028-02-29"), &day));
	assert_int_equal(day, civil_days(2028, 2, 29));
	civil_day_text(day, text);
	assert_string_equal(text, "2028-02-29");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(days_agree_with_a_walk_over_every_day),
	    cmocka_unit_test(weekdays_are_those_of_the_wall_calendar),
	    cmocka_unit_test(days_before_1970_are_whole_days),
	    cmocka_unit_test(seconds_agree_with_gmtime),
	    cmocka_unit_test(impossible_times_are_not_valid),
	    cmocka_unit_test(rfc3339_is_written_and_read),
	    cmocka_unit_test(what_is_not_rfc3339_is_refused),
	    cmocka_unit_test(days_are_written_and_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
