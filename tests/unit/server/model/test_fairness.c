/* SPDX-License-Identifier: MIT */
/* Fairness: cases by hand, also on the nights on which clocks change, and random ones against a minute-by-minute
 * answer. */
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
#include "server/model/fairness.h"
#include "tests/unit/server/model/dice.h"

#define CASES 400
#define PEOPLE 3

static struct zonedb *zones;
static const struct zone *london;

static int
open_zones(void **state)
{
	(void)state;
	assert_int_equal(zonedb_open("/usr/share/zoneinfo", &zones), STATUS_OK);
	london = zonedb_find(zones, "Europe/London");
	assert_non_null(london);
	return 0;
}

static int
close_zones(void **state)
{
	(void)state;
	zonedb_free(zones);
	return 0;
}

/* "2027-03-27 20:00" by the clocks of London. */
static int64_t
at(const char *text)
{
	int year, month, day, hour, minute;

	assert_int_equal(sscanf(text, "%d-%d-%d %d:%d", &year, &month, &day, &hour, &minute), 5);
	return zone_instant(london,
	    civil_days(year, month, day) * CIVIL_DAY_SECONDS + hour * 3600 + minute * 60, NULL);
}

/* What one person has of these shifts, within two years. */
static struct fairness
fairness(const char *const shifts[][2], size_t count)
{
	/* Good Friday and Easter Monday 2027, and Christmas 2026 as the set has it. */
	const int64_t days[] = {civil_days(2026, 12, 25), civil_days(2026, 12, 28),
	    civil_days(2027, 3, 26), civil_days(2027, 3, 29)};
	const struct holidays holidays = {"x", days, 4};
	struct person_time times[8];
	struct arena *arena = arena_new(0);
	struct fairness found;

	for (size_t i = 0; i < count; i++)
		times[i] = (struct person_time){0, at(shifts[i][0]), at(shifts[i][1])};
	person_times_sort(times, count);
	found = fairness_of(arena,
	    &(struct fairness_asked){london, &holidays,
		{at("2026-01-01 00:00"), at("2028-01-01 00:00")}, {times, count}},
	    0);
	arena_free(arena);
	return found;
}

static void
expect(struct fairness found, double hours, unsigned nights, unsigned weekends, unsigned holidays)
{
	if (found.seconds != (int64_t)(hours * 3600) || found.nights != nights ||
	    found.weekends != weekends || found.bank_holidays != holidays)
		fail_msg("%.2f h, %u nights, %u weekends, %u bank holidays; not %.2f, %u, %u, %u",
		    (double)found.seconds / 3600, found.nights, found.weekends, found.bank_holidays,
		    hours, nights, weekends, holidays);
}

#define SHIFTS(...)                                                                                \
	(const char *const[][2]){__VA_ARGS__},                                                     \
	    sizeof((const char *const[][2]){__VA_ARGS__}) / sizeof(char *[2])

static void
each_kind_by_hand(void **state)
{
	(void)state;
	/* A Tuesday's day; a Tuesday's night. */
	expect(fairness(SHIFTS({"2026-06-02 09:00", "2026-06-02 17:00"})), 8, 0, 0, 0);
	expect(fairness(SHIFTS({"2026-06-02 20:00", "2026-06-03 08:00"})), 12, 1, 0, 0);
	/* Nobody's time, and a time outside of what is asked for. */
	expect(fairness(NULL, 0), 0, 0, 0, 0);
	expect(fairness(SHIFTS({"2036-06-02 09:00", "2036-06-02 17:00"})), 0, 0, 0, 0);
	/* Three hours of the night are one, a minute less is none: at either end. */
	expect(fairness(SHIFTS({"2026-06-02 18:00", "2026-06-03 02:00"})), 8, 1, 0, 0);
	expect(fairness(SHIFTS({"2026-06-02 18:00", "2026-06-03 01:59"})), 7 + 59 / 60.0, 0, 0, 0);
	expect(fairness(SHIFTS({"2026-06-03 03:01", "2026-06-03 09:00"})), 5 + 59 / 60.0, 0, 0, 0);
	/* Two shifts in one night, at once and one after the other, are one night. */
	expect(fairness(SHIFTS({"2026-06-02 20:00", "2026-06-03 01:00"},
		   {"2026-06-02 23:00", "2026-06-03 03:00"})),
	    7, 1, 0, 0);
	expect(fairness(SHIFTS({"2026-06-02 22:00", "2026-06-03 00:30"},
		   {"2026-06-03 04:30", "2026-06-03 06:00"})),
	    4, 1, 0, 0);
	/* A Friday's night runs into the weekend; both of its days are one weekend; Sunday's night too. */
	expect(fairness(SHIFTS({"2026-06-05 20:00", "2026-06-06 08:00"})), 12, 1, 1, 0);
	expect(fairness(SHIFTS({"2026-06-06 09:00", "2026-06-06 17:00"},
		   {"2026-06-07 09:00", "2026-06-07 17:00"})),
	    16, 0, 1, 0);
	expect(fairness(SHIFTS({"2026-06-07 20:00", "2026-06-08 08:00"})), 12, 1, 1, 0);
	expect(fairness(SHIFTS({"2026-06-08 00:00", "2026-06-08 08:00"})), 8, 1, 0, 0);
	/* Christmas Day, and a Thursday's night that runs into it. */
	expect(fairness(SHIFTS({"2026-12-25 09:00", "2026-12-25 17:00"})), 8, 0, 0, 1);
	expect(fairness(SHIFTS({"2026-12-24 20:00", "2026-12-25 08:00"})), 12, 1, 0, 1);
	/* A week at once: from Monday to Monday. */
	expect(fairness(SHIFTS({"2026-06-01 09:00", "2026-06-08 09:00"})), 168, 7, 1, 0);
	/* Nothing. */
	expect(fairness(NULL, 0), 0, 0, 0, 0);
}

static void
on_the_nights_on_which_clocks_change(void **state)
{
	(void)state;
	/* Easter Sunday 2027 is the last Sunday of March: 01:00 to 02:00 is skipped. */
	expect(fairness(SHIFTS({"2027-03-27 20:00", "2027-03-28 08:00"})), 11, 1, 1, 0);
	/* 23:00 to 03:00 by the clock has three hours, 23:00 to 02:30 two and a half. */
	expect(fairness(SHIFTS({"2027-03-27 23:00", "2027-03-28 03:00"})), 3, 1, 1, 0);
	expect(fairness(SHIFTS({"2027-03-27 23:00", "2027-03-28 02:30"})), 2.5, 0, 1, 0);
	/* 31 October 2027: 01:00 to 02:00 comes twice. */
	expect(fairness(SHIFTS({"2027-10-30 20:00", "2027-10-31 08:00"})), 13, 1, 1, 0);
	expect(fairness(SHIFTS({"2027-10-31 00:30", "2027-10-31 02:30"})), 3, 1, 1, 0);
	/* Easter Monday begins at midnight of summer time, an hour before it would. */
	expect(fairness(SHIFTS({"2027-03-28 23:30", "2027-03-29 00:30"})), 1, 0, 1, 1);
	expect(fairness(SHIFTS({"2027-03-28 22:30", "2027-03-28 23:59"})), 1 + 29 / 60.0, 0, 1, 0);
}

/* ------------------------------------------------------------------------------------ the second */

/* Minute by minute, and by what the clock on the wall shows in each. */
static struct fairness
naive(const struct fairness_asked *asked, uint32_t person)
{
	enum { DAYS = 420 };
	static int nights[DAYS], weekends[DAYS], days[DAYS];
	int64_t base = civil_day_of(asked->window.start) - 10;
	struct fairness out = {0};

	memset(nights, 0, sizeof nights);
	memset(weekends, 0, sizeof weekends);
	memset(days, 0, sizeof days);
	for (int64_t t = asked->window.start; t < asked->window.end; t += 60) {
		int64_t local = zone_local(asked->zone, t), day = civil_day_of(local);
		int hour = (int)(civil_second_of_day(local) / 3600);
		bool on = false;

		for (size_t i = 0; i < asked->shifts.count; i++)
			on |= asked->shifts.items[i].person == person &&
			      asked->shifts.items[i].start <= t && t < asked->shifts.items[i].end;
		if (!on)
			continue;
		out.seconds += 60;
		if (hour >= 23)
			nights[day - base]++;
		if (hour < 6)
			nights[day - base - 1]++;
		if (civil_weekday(day) == 5)
			weekends[day - base] = 1;
		if (civil_weekday(day) == 6)
			weekends[day - base - 1] = 1;
		if (holidays_has(asked->holidays, day))
			days[day - base] = 1;
	}
	for (int i = 0; i < DAYS; i++) {
		out.nights += nights[i] >= 180;
		out.weekends += (uint32_t)weekends[i];
		out.bank_holidays += (uint32_t)days[i];
	}
	return out;
}

static void
as_minute_by_minute(void **state)
{
	struct dice dice = dice_of(20261130);

	(void)state;
	for (int n = 0; n < CASES; n++) {
		struct arena *arena = arena_new(0);
		/* Around one of the two changes of 2027, or a long window over both. */
		int64_t start = at(n % 2 ? "2027-03-26 00:00" : "2027-10-29 00:00") +
				60 * (int64_t)dice_below(&dice, 1440);
		struct span_time window = {
		    start, start + 60 * (int64_t)(1440 + dice_below(&dice, 9000))};
		int64_t holidays_days[2] = {civil_day_of(start) + 1, civil_day_of(start) + 3};
		struct holidays holidays = {"x", holidays_days, 2};
		struct person_time shifts[12];
		struct fairness_asked asked = {london, &holidays, window, {shifts, 12}};

		for (size_t i = 0; i < 12; i++) {
			int64_t from = start - 86400 + 60 * (int64_t)dice_below(&dice, 10000);

			shifts[i] = (struct person_time){(uint32_t)dice_below(&dice, PEOPLE), from,
			    from + 60 * (int64_t)(1 + dice_below(&dice, 900))};
		}
		person_times_sort(shifts, 12);
		for (uint32_t person = 0; person < PEOPLE; person++) {
			struct fairness found = fairness_of(arena, &asked, person),
					wanted = naive(&asked, person);

			if (memcmp(&found, &wanted, sizeof found) != 0)
				fail_msg("case %d: %lld %u %u %u, not %lld %u %u %u", n,
				    (long long)found.seconds, found.nights, found.weekends,
				    found.bank_holidays, (long long)wanted.seconds, wanted.nights,
				    wanted.weekends, wanted.bank_holidays);
		}
		arena_free(arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_kind_by_hand),
	    cmocka_unit_test(on_the_nights_on_which_clocks_change),
	    cmocka_unit_test(as_minute_by_minute),
	};

	return cmocka_run_group_tests_name("fairness", tests, open_zones, close_zones);
}
