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
#include "server/base/zone.h"
#include "server/model/hours.h"

#define HOUR 3600

enum {
	MON = 1 << REGION_MON,
	WEEKDAYS = 0x1f,
	SAT = 1 << REGION_SAT,
	SUN = 1 << REGION_SUN,
	BANK_HOLIDAY = 1 << REGION_BANK_HOLIDAY,
	ALL = 0xff
};

struct fixture {
	struct arena *arena;
	struct zonedb *zones;
	const struct zone *london;
	struct holidays holidays;
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	const char *fault;
	char *csv;
	size_t len;

	f->arena = arena_new(0);
	assert_int_equal(zonedb_open("/usr/share/zoneinfo", &f->zones), STATUS_OK);
	f->london = zonedb_find(f->zones, "Europe/London");
	assert_int_equal(
	    file_read(SOURCE_ROOT "/server/model/bank_holidays.csv", 1 << 16, &csv, &len),
	    STATUS_OK);
	assert_int_equal(holidays_read(f->arena, (struct slice){csv, len}, "england-and-wales",
			     &f->holidays, &fault),
	    STATUS_OK);
	free(csv);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	zonedb_free(f->zones);
	arena_free(f->arena);
	free(f);
	return 0;
}

/* An instant from London's wall clock, "2027-03-28 09:00". */
static int64_t
at(const struct fixture *f, const char *text)
{
	struct civil civil = {0};

	assert_int_equal(sscanf(text, "%d-%d-%d %d:%d", &civil.year, &civil.month, &civil.day,
			     &civil.hour, &civil.minute),
	    5);
	return zone_instant(f->london, civil_seconds(&civil), NULL);
}

static struct span_times
expand(const struct fixture *f, const struct region_hours *lines, uint32_t n, const char *from,
    const char *until)
{
	struct region_requirement requirement = {.hours = lines, .nhours = n};

	return hours_expand(f->arena, &requirement, f->london, &f->holidays,
	    (struct span_time){at(f, from), at(f, until)});
}

/* "Thu 17:00 - Tue 09:00 (111 h)" and so on, one line each. */
static const char *
text_of(const struct fixture *f, struct span_times times)
{
	const char *text = "";
	size_t i;

	for (i = 0; i < times.count; i++) {
		char from[ZONE_TEXT_MAX], until[ZONE_TEXT_MAX];
		int64_t seconds = times.items[i].end - times.items[i].start;

		zone_text(f->london, times.items[i].start, from);
		zone_text(f->london, times.items[i].end, until);
		text = arena_printf(f->arena, "%s%s - %s (%lld:%02lld h)\n", text, from, until,
		    (long long)(seconds / HOUR), (long long)(seconds % HOUR / 60));
	}
	return text;
}

static const struct region_hours always[] = {{ALL, 0, 24 * HOUR}};
static const struct region_hours night[] = {{ALL, 20 * HOUR, 8 * HOUR}};
static const struct region_hours small_hours[] = {{ALL, 1 * HOUR + 1800, 2 * HOUR + 1800}};
static const struct region_hours office[] = {{WEEKDAYS, 9 * HOUR, 17 * HOUR}};
static const struct region_hours out_of_hours[] = {
    {WEEKDAYS, 17 * HOUR, 9 * HOUR}, {SAT | SUN | BANK_HOLIDAY, 9 * HOUR, 9 * HOUR}};

static void
check(const struct fixture *f, const struct region_hours *lines, uint32_t n, const char *from,
    const char *until, const char *want)
{
	assert_string_equal(text_of(f, expand(f, lines, n, from, until)), want);
}

static void
test_all_hours_are_one_span(void **state)
{
	check(*state, always, 1, "2026-03-27 12:00", "2026-11-01 12:00",
	    "Fri 27 Mar 2026 12:00 GMT - Sun 01 Nov 2026 12:00 GMT (5256:00 h)\n");
}

/* holds: H03.2 */
static void
test_spring_night_of_2026(void **state)
{
	check(*state, night, 1, "2026-03-28 12:00", "2026-03-29 12:00",
	    "Sat 28 Mar 2026 20:00 GMT - Sun 29 Mar 2026 08:00 BST (11:00 h)\n");
	/* 01:30 does not exist and is read with the offset before: half past two. */
	check(*state, small_hours, 1, "2026-03-28 12:00", "2026-03-29 12:00", "");
	check(*state, always, 1, "2026-03-29 00:00", "2026-03-30 00:00",
	    "Sun 29 Mar 2026 00:00 GMT - Mon 30 Mar 2026 00:00 BST (23:00 h)\n");
}

/* holds: H03.2 */
static void
test_autumn_night_of_2026(void **state)
{
	check(*state, night, 1, "2026-10-24 12:00", "2026-10-25 12:00",
	    "Sat 24 Oct 2026 20:00 BST - Sun 25 Oct 2026 08:00 GMT (13:00 h)\n");
	/* 01:30 comes twice: the first. */
	check(*state, small_hours, 1, "2026-10-24 12:00", "2026-10-25 12:00",
	    "Sun 25 Oct 2026 01:30 BST - Sun 25 Oct 2026 02:30 GMT (2:00 h)\n");
}

/* holds: H03.2 */
static void
test_spring_night_of_2027(void **state)
{
	static const struct region_hours nine_to_nine[] = {{ALL, 21 * HOUR, 9 * HOUR}};

	check(*state, nine_to_nine, 1, "2027-03-27 12:00", "2027-03-28 12:00",
	    "Sat 27 Mar 2027 21:00 GMT - Sun 28 Mar 2027 09:00 BST (11:00 h)\n");
}

/* holds: H03.2 */
static void
test_autumn_night_of_2027(void **state)
{
	static const struct region_hours nine_to_nine[] = {{ALL, 21 * HOUR, 9 * HOUR}};

	check(*state, nine_to_nine, 1, "2027-10-30 12:00", "2027-10-31 12:00",
	    "Sat 30 Oct 2027 21:00 BST - Sun 31 Oct 2027 09:00 GMT (13:00 h)\n");
}

static void
test_christmas_2026_is_112_hours(void **state)
{
	check(*state, out_of_hours, 2, "2026-12-24 12:00", "2026-12-29 12:00",
	    "Thu 24 Dec 2026 17:00 GMT - Tue 29 Dec 2026 09:00 GMT (112:00 h)\n");
}

static void
test_easter_2027_is_111_hours(void **state)
{
	check(*state, out_of_hours, 2, "2027-03-25 12:00", "2027-03-30 12:00",
	    "Thu 25 Mar 2027 17:00 GMT - Tue 30 Mar 2027 09:00 BST (111:00 h)\n");
}

static void
test_overnight_hours_run_into_a_bank_holiday(void **state)
{
	static const struct region_hours weekday_nights[] = {{WEEKDAYS, 20 * HOUR, 8 * HOUR}};

	/* Christmas Eve's night belongs to Christmas Eve; Christmas Day has none. */
	check(*state, weekday_nights, 1, "2026-12-24 12:00", "2026-12-26 12:00",
	    "Thu 24 Dec 2026 20:00 GMT - Fri 25 Dec 2026 08:00 GMT (12:00 h)\n");
}

static void
test_overnight_hours_of_a_bank_holiday_run_out_of_it(void **state)
{
	static const struct region_hours holiday_nights[] = {{BANK_HOLIDAY, 20 * HOUR, 8 * HOUR}};

	check(*state, holiday_nights, 1, "2026-08-30 12:00", "2026-09-02 12:00",
	    "Mon 31 Aug 2026 20:00 BST - Tue 01 Sep 2026 08:00 BST (12:00 h)\n");
}

static void
test_a_bank_holiday_is_no_weekday(void **state)
{
	static const struct region_hours mondays[] = {{MON, 9 * HOUR, 17 * HOUR}};
	static const struct region_hours holidays[] = {{BANK_HOLIDAY, 10 * HOUR, 12 * HOUR}};

	check(*state, office, 1, "2026-12-24 00:00", "2026-12-30 00:00",
	    "Thu 24 Dec 2026 09:00 GMT - Thu 24 Dec 2026 17:00 GMT (8:00 h)\n"
	    "Tue 29 Dec 2026 09:00 GMT - Tue 29 Dec 2026 17:00 GMT (8:00 h)\n");
	check(*state, mondays, 1, "2027-03-29 00:00", "2027-03-30 00:00", "");
	/* Boxing Day 2026 is a Saturday; the bank holiday is on the Monday after. */
	check(*state, holidays, 1, "2026-12-25 00:00", "2026-12-29 00:00",
	    "Fri 25 Dec 2026 10:00 GMT - Fri 25 Dec 2026 12:00 GMT (2:00 h)\n"
	    "Mon 28 Dec 2026 10:00 GMT - Mon 28 Dec 2026 12:00 GMT (2:00 h)\n");
	check(*state, always, 1, "2026-12-28 00:00", "2026-12-29 00:00",
	    "Mon 28 Dec 2026 00:00 GMT - Tue 29 Dec 2026 00:00 GMT (24:00 h)\n");
}

static void
test_to_before_or_at_from_is_the_next_day(void **state)
{
	static const struct region_hours round[] = {{MON, 9 * HOUR, 9 * HOUR}};
	static const struct region_hours midnight[] = {{MON, 18 * HOUR, 0}};

	check(*state, round, 1, "2026-11-23 00:00", "2026-11-30 00:00",
	    "Mon 23 Nov 2026 09:00 GMT - Tue 24 Nov 2026 09:00 GMT (24:00 h)\n");
	check(*state, midnight, 1, "2026-11-23 00:00", "2026-11-30 00:00",
	    "Mon 23 Nov 2026 18:00 GMT - Tue 24 Nov 2026 00:00 GMT (6:00 h)\n");
}

static void
test_the_window_cuts(void **state)
{
	check(*state, night, 1, "2026-11-24 02:00", "2026-11-24 21:00",
	    "Tue 24 Nov 2026 02:00 GMT - Tue 24 Nov 2026 08:00 GMT (6:00 h)\n"
	    "Tue 24 Nov 2026 20:00 GMT - Tue 24 Nov 2026 21:00 GMT (1:00 h)\n");
	check(*state, night, 1, "2026-11-24 10:00", "2026-11-24 10:00", "");
}

static void
test_lines_that_meet_are_one_span(void **state)
{
	static const struct region_hours lines[] = {
	    {ALL, 8 * HOUR, 16 * HOUR}, {ALL, 12 * HOUR, 20 * HOUR}, {ALL, 20 * HOUR, 21 * HOUR}};

	check(*state, lines, 3, "2026-11-24 00:00", "2026-11-25 00:00",
	    "Tue 24 Nov 2026 08:00 GMT - Tue 24 Nov 2026 21:00 GMT (13:00 h)\n");
}

/* --- Bank holidays. --- */

static void
test_the_bank_holidays_of_2026_and_2027(void **state)
{
	static const int dates[][3] = {{2026, 1, 1}, {2026, 4, 3}, {2026, 4, 6}, {2026, 5, 4},
	    {2026, 5, 25}, {2026, 8, 31}, {2026, 12, 25}, {2026, 12, 28}, {2027, 1, 1},
	    {2027, 3, 26}, {2027, 3, 29}, {2027, 5, 3}, {2027, 5, 31}, {2027, 8, 30},
	    {2027, 12, 27}, {2027, 12, 28}};
	const struct fixture *f = *state;
	int64_t day;
	size_t found = 0;

	for (day = civil_days(2026, 1, 1); day < civil_days(2028, 1, 1); day++) {
		if (!holidays_has(&f->holidays, day))
			continue;
		assert_true(found < 16);
		assert_int_equal(
		    day, civil_days(dates[found][0], dates[found][1], dates[found][2]));
		found++;
	}
	assert_int_equal(found, 16);
	assert_false(holidays_has(&f->holidays, civil_days(2026, 12, 26)));
	assert_false(holidays_has(&f->holidays, INT64_MIN));
	assert_false(holidays_has(&f->holidays, INT64_MAX));
}

/* Every year that the file has, has eight; none is on a weekend. */
static void
test_the_file_is_plausible(void **state)
{
	const struct fixture *f = *state;
	uint32_t i;

	assert_string_equal(f->holidays.set, "england-and-wales");
	assert_int_equal(f->holidays.count, 5 * 8);
	for (i = 0; i < f->holidays.count; i++) {
		int year, month, day;

		civil_from_days(f->holidays.days[i], &year, &month, &day);
		assert_int_equal(year, 2024 + (int)i / 8);
		assert_true(civil_weekday(f->holidays.days[i]) < 5);
		if (i > 0)
			assert_true(f->holidays.days[i - 1] < f->holidays.days[i]);
	}
}

static void
test_reading_bank_holidays(void **state)
{
	const struct fixture *f = *state;
	struct holidays holidays;
	const char *fault = NULL;

	/* In any order, twice, with another set beside it. */
	assert_int_equal(holidays_read(f->arena,
			     SLICE("set,date,name\r\n\r\n# comment\r\nb,2026-01-02,x\r\n"
				   " a , 2026-12-25 , Christmas, again\r\na,2026-01-01,y\r\n"
				   "a,2026-12-25,z"),
			     "a", &holidays, &fault),
	    STATUS_OK);
	assert_int_equal(holidays.count, 2);
	assert_int_equal(holidays.days[0], civil_days(2026, 1, 1));
	assert_int_equal(holidays.days[1], civil_days(2026, 12, 25));
}

static void
test_faults_in_bank_holidays(void **state)
{
	static const char *const lines[] = {"a,2026-02-29,x", "a,2026-1-1,x", "a,01/01/2026,x", "a",
	    "a,", "a,2026-01-011,x", "b,2026-13-01,x", "a,+026-01-01,x"};
	const struct fixture *f = *state;
	struct holidays holidays;
	const char *fault;
	size_t i;

	for (i = 0; i < sizeof lines / sizeof *lines; i++) {
		fault = NULL;
		assert_int_equal(
		    holidays_read(f->arena,
			slice_of(arena_printf(f->arena, "set,date,name\n%s\n", lines[i])), "a",
			&holidays, &fault),
		    STATUS_MALFORMED);
		assert_non_null(strstr(fault, "line 2"));
	}
	assert_int_equal(holidays_read(f->arena, SLICE("set,date,name\nb,2026-01-01,x\n"), "a",
			     &holidays, &fault),
	    STATUS_MALFORMED);
	assert_non_null(strstr(fault, "set \"a\""));
}

/* One day, and blank lines without a carriage return. */
static void
test_a_set_of_one_day(void **state)
{
	const struct fixture *f = *state;
	struct holidays holidays;
	const char *fault = NULL;

	assert_int_equal(holidays_read(f->arena, SLICE("set,date,name\n\n\na,2026-01-01,x\n\n"),
			     "a", &holidays, &fault),
	    STATUS_OK);
	assert_int_equal(holidays.count, 1);
	assert_int_equal(holidays.days[0], civil_days(2026, 1, 1));
}

/* A region without its set has no holidays, and says so. */
static void
test_a_set_that_is_not_there(void **state)
{
	const struct fixture *f = *state;
	const struct region region = {.holidays = "b"};
	struct holidays holidays;
	const char *fault = NULL;

	assert_int_equal(holidays_of(f->arena, SLICE("set,date,name\na,2026-01-01,x\n"), &region,
			     &holidays, &fault),
	    STATUS_MALFORMED);
	assert_non_null(strstr(fault, "set \"b\""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_set_of_one_day),
	    cmocka_unit_test(test_a_set_that_is_not_there),
	    cmocka_unit_test(test_all_hours_are_one_span),
	    cmocka_unit_test(test_spring_night_of_2026),
	    cmocka_unit_test(test_autumn_night_of_2026),
	    cmocka_unit_test(test_spring_night_of_2027),
	    cmocka_unit_test(test_autumn_night_of_2027),
	    cmocka_unit_test(test_christmas_2026_is_112_hours),
	    cmocka_unit_test(test_easter_2027_is_111_hours),
	    cmocka_unit_test(test_overnight_hours_run_into_a_bank_holiday),
	    cmocka_unit_test(test_overnight_hours_of_a_bank_holiday_run_out_of_it),
	    cmocka_unit_test(test_a_bank_holiday_is_no_weekday),
	    cmocka_unit_test(test_to_before_or_at_from_is_the_next_day),
	    cmocka_unit_test(test_the_window_cuts),
	    cmocka_unit_test(test_lines_that_meet_are_one_span),
	    cmocka_unit_test(test_the_bank_holidays_of_2026_and_2027),
	    cmocka_unit_test(test_the_file_is_plausible),
	    cmocka_unit_test(test_reading_bank_holidays),
	    cmocka_unit_test(test_faults_in_bank_holidays),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
