/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/base/civil.h"
#include "server/base/file.h"
#include "server/model/hours.h"
#include "tests/unit/server/model/region_text.h"

/* The data file against the rules by which the days are fixed, and what a region makes of them. */

#define FIRST 2024
#define LAST 2028

struct fixture {
	struct arena *arena;
	struct slice csv;
	char *bytes;
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	f->arena = arena_new(0);
	assert_int_equal(file_read(SOURCE_ROOT "/server/model/bank_holidays.csv", 1 << 16,
			     &f->bytes, &f->csv.len),
	    STATUS_OK);
	f->csv.at = f->bytes;
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	arena_free(f->arena);
	free(f->bytes);
	free(f);
	return 0;
}

/* Easter Sunday by the Gregorian computus (Meeus, Jones, Butcher). */
static int64_t
easter(int year)
{
	int a = year % 19, b = year / 100, c = year % 100, d = b / 4, e = b % 4;
	int g = (8 * b + 13) / 25, h = (19 * a + b - d - g + 15) % 30;
	int i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
	int m = (a + 11 * h + 19 * l) / 433, n = (h + l - 7 * m + 90) / 25;

	return civil_days(year, n, (h + l - 7 * m + 33 * n + 19) % 32);
}

/* And once more by the moon of the tables: the Sunday after the first full one on or after 21 March
 * as the church counts it. */
static int64_t
easter_by_the_moon(int year)
{
	int golden = year % 19 + 1, century = year / 100 + 1;
	int omitted = 3 * century / 4 - 12, drift = (8 * century + 5) / 25 - 5;
	int epact = (11 * golden + 20 + drift - omitted) % 30;
	int64_t moon, march = civil_days(year, 3, 1) - 1;

	if (epact < 0)
		epact += 30;
	if ((epact == 25 && golden > 11) || epact == 24)
		epact++;
	moon = march + (44 - epact < 21 ? 74 - epact : 44 - epact);
	return moon + 7 - (civil_weekday(moon) + 1) % 7;
}

static int64_t
first_monday(int year, int month)
{
	int64_t day = civil_days(year, month, 1);

	while (civil_weekday(day) != REGION_MON)
		day++;
	return day;
}

static int64_t
last_monday(int year, int month)
{
	int64_t day = civil_days(year, month, 31);

	while (civil_weekday(day) != REGION_MON)
		day--;
	return day;
}

static int
by_day(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* The eight of a year: New Year's Day, Christmas Day and Boxing Day on the next weekday that is
 * none of them where they fall on a weekend. */
static void
by_rule(int year, int64_t out[8])
{
	int64_t new_year = civil_days(year, 1, 1), christmas = civil_days(year, 12, 25), boxing;

	while (civil_weekday(new_year) >= REGION_SAT)
		new_year++;
	boxing = christmas + 1;
	if (civil_weekday(christmas) == REGION_SAT) {
		christmas += 2;
		boxing += 2;
	} else if (civil_weekday(christmas) == REGION_SUN) {
		christmas += 2; /* Boxing Day is the Monday itself */
	} else if (civil_weekday(boxing) == REGION_SAT) {
		boxing += 2;
	}
	out[0] = new_year;
	out[1] = easter(year) - 2;
	out[2] = easter(year) + 1;
	out[3] = first_monday(year, 5);
	out[4] = last_monday(year, 5);
	out[5] = last_monday(year, 8);
	out[6] = christmas;
	out[7] = boxing;
	qsort(out, 8, sizeof *out, by_day);
}

static void
easter_is_found_in_two_ways(void **state)
{
	int year;

	(void)state;
	for (year = 1900; year <= 2200; year++)
		assert_int_equal(easter(year), easter_by_the_moon(year));
	assert_int_equal(easter(2027), civil_days(2027, 3, 28));
}

static void
the_file_says_what_the_rules_say(void **state)
{
	struct fixture *f = *state;
	struct holidays holidays;
	const char *fault;
	int year, i;

	assert_int_equal(
	    holidays_read(f->arena, f->csv, "england-and-wales", &holidays, &fault), STATUS_OK);
	assert_int_equal(holidays.count, 8 * (LAST - FIRST + 1));
	for (year = FIRST; year <= LAST; year++) {
		int64_t days[8];

		by_rule(year, days);
		for (i = 0; i < 8; i++)
			if (holidays.days[(year - FIRST) * 8 + i] != days[i]) {
				char want[CIVIL_DAY_MAX], have[CIVIL_DAY_MAX];

				civil_day_text(days[i], want);
				civil_day_text(holidays.days[(year - FIRST) * 8 + i], have);
				fail_msg("the file has %s, the rules say %s", have, want);
			}
	}
}

/* Those that the domain's own pages list by date. */
static void
the_file_has_the_days_that_were_published(void **state)
{
	static const int days[][3] = {{2026, 12, 25}, {2026, 12, 28}, {2027, 1, 1}, {2027, 3, 26},
	    {2027, 3, 29}, {2027, 5, 3}, {2027, 5, 31}, {2027, 8, 30}, {2027, 12, 27},
	    {2027, 12, 28}};
	struct fixture *f = *state;
	struct holidays holidays;
	const char *fault;
	size_t i;

	assert_int_equal(
	    holidays_read(f->arena, f->csv, "england-and-wales", &holidays, &fault), STATUS_OK);
	for (i = 0; i < sizeof days / sizeof *days; i++)
		assert_true(
		    holidays_has(&holidays, civil_days(days[i][0], days[i][1], days[i][2])));
	assert_false(holidays_has(&holidays, civil_days(2026, 12, 26)));
	assert_false(holidays_has(&holidays, civil_days(2027, 12, 25)));
}

static void
a_region_adds_and_removes_days(void **state)
{
	struct fixture *f = *state;
	struct region_faults faults;
	struct holidays holidays, set;
	const char *fault;
	const struct region *plain = region_text_read(f->arena, "{'crisiscover':1}", &faults);
	const struct region *region = region_text_read(f->arena,
	    "{'crisiscover':1,'bank_holidays':{'set':'england-and-wales',"
	    "'add':[{'date':'2027-06-07','name':'Jubilee'},{'date':'2023-01-02','name':'Old'},"
	    "{'date':'2026-12-25','name':'Twice'}],"
	    "'remove':['2026-12-28','2027-01-01','2027-02-02']}}",
	    &faults);

	assert_int_equal(
	    holidays_read(f->arena, f->csv, "england-and-wales", &set, &fault), STATUS_OK);
	assert_int_equal(holidays_of(f->arena, f->csv, plain, &holidays, &fault), STATUS_OK);
	assert_int_equal(holidays.count, set.count);
	assert_int_equal(holidays_of(f->arena, f->csv, region, &holidays, &fault), STATUS_OK);
	assert_int_equal(holidays.count, set.count); /* two more, two less */
	assert_true(holidays_has(&holidays, civil_days(2027, 6, 7)));
	assert_true(holidays_has(&holidays, civil_days(2023, 1, 2)));
	assert_true(holidays_has(&holidays, civil_days(2026, 12, 25)));
	assert_false(holidays_has(&holidays, civil_days(2026, 12, 28)));
	assert_false(holidays_has(&holidays, civil_days(2027, 1, 1)));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(easter_is_found_in_two_ways),
	    TEST(the_file_says_what_the_rules_say),
	    TEST(the_file_has_the_days_that_were_published),
	    TEST(a_region_adds_and_removes_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
