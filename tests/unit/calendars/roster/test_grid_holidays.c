/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/base/civil.h"
#include "tests/unit/calendars/roster/tries.h"

/* A bank holiday in a grid: where weekdays have other hours than weekends, it is not known which of them it has. */

#define HOUR 3600

static const char *const amhp[] = {"AMHP", NULL};

/* 5 January 2026 is a Monday, and the 10th a Saturday. */
static struct reading_options
with_holidays(int32_t weekend_from, int32_t weekend_to)
{
	static int64_t days[2];
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, amhp);

	days[0] = civil_days(2026, 1, 5);
	days[1] = civil_days(2026, 1, 10);
	options.holidays = days;
	options.nholidays = 2;
	options.grid.weekend = (struct reading_hours){true, weekend_from, weekend_to};
	return options;
}

static void
assert_spans(const struct reading_options *options, const char *roster, const char *spans)
{
	struct arena *arena = arena_new(0);
	struct reading reading = support_read(arena, options, roster);

	assert_string_equal(support_spans(arena, &reading), spans);
	arena_free(arena);
}

static void
hours_that_nobody_has_said_cover_nothing(void **state)
{
	static const struct support_want wants[] = {
	    {"Date,AMHP\r\n05/01/2026,J Jones\r\n06/01/2026,Kay Lee\r\n",
		"0105T0900 tentative;0106T0900 named", "is a bank holiday"},
	    /* One that the file knows and the rota's list does not. */
	    {"Date,AMHP\r\n06/01/2026 BH,J Jones\r\n07/01/2026,Kay Lee\r\n",
		"0106T0900 tentative;0107T0900 named", "is a bank holiday"},
	    {"Date,AMHP\r\n05/01/2026,VACANT\r\n", "0105T0900 nobody", NULL},
	    {"Date,AMHP\r\n05/01/2026,J Jones AL\r\n", "0105T0900 absence", NULL},
	    /* At a weekend it has the hours of one. */
	    {"Date,AMHP\r\n10/01/2026,J Jones\r\n", "0110T1000 named", NULL},
	    /* These say their hours themselves. */
	    {"Date,AMHP,Start,End\r\n05/01/2026,J Jones,09:00,17:00\r\n", "0105T0900 named", NULL},
	};
	struct reading_options options = with_holidays(10 * HOUR, 14 * HOUR);

	(void)state;
	TRY(wants, &options);
}

static void
whichever_may_hold_is_unknown_from_first_to_last(void **state)
{
	static const char *const roster = "Date,AMHP\r\n05/01/2026,J Jones\r\n";
	struct reading_options options = with_holidays(10 * HOUR, 14 * HOUR);

	(void)state;
	assert_spans(&options, roster, "0105T0900-0105T1700 tentative");
	options = with_holidays(8 * HOUR, 20 * HOUR);
	assert_spans(&options, roster, "0105T0800-0105T2000 tentative");
	options = with_holidays(9 * HOUR, 9 * HOUR);
	assert_spans(&options, roster, "0105T0900-0106T0900 tentative");
	options = with_holidays(12 * HOUR, 2 * HOUR);
	assert_spans(&options, roster, "0105T0900-0106T0200 tentative");
}

static void
hours_of_bank_holidays_or_of_all_days_hold(void **state)
{
	static const char *const roster =
	    "Date,AMHP\r\n05/01/2026,J Jones\r\n10/01/2026,Kay Lee\r\n11/01/2026,J Jones\r\n";
	struct reading_options options = with_holidays(10 * HOUR, 14 * HOUR);

	(void)state;
	options.grid.bank_holiday = (struct reading_hours){true, 11 * HOUR, 12 * HOUR};
	assert_spans(&options, roster,
	    "0105T1100-0105T1200 named;0110T1100-0110T1200 named;0111T1000-0111T1400 named");
	/* One set of hours is that of each day. */
	options = with_holidays(9 * HOUR, 17 * HOUR);
	assert_spans(&options, roster,
	    "0105T0900-0105T1700 named;0110T0900-0110T1700 named;0111T0900-0111T1700 named");
	options.grid.weekend.set = false;
	assert_spans(&options, roster,
	    "0105T0900-0105T1700 named;0110T0900-0110T1700 named;0111T0900-0111T1700 named");
	/* And so is that of a heading. */
	options = with_holidays(10 * HOUR, 14 * HOUR);
	options.grid.layout = READING_DATES_BY_HOURS;
	options.grid.own = NULL;
	assert_spans(
	    &options, "Date,09:00-17:00\r\n05/01/2026,J Jones\r\n", "0105T0900-0105T1700 named");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hours_that_nobody_has_said_cover_nothing),
	    cmocka_unit_test(whichever_may_hold_is_unknown_from_first_to_last),
	    cmocka_unit_test(hours_of_bank_holidays_or_of_all_days_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
