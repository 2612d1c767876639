/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/base/civil.h"
#include "tests/unit/calendars/roster/tries.h"

/* The heading of a duty may name the days of the week that it is for, and that of the days that they are ends. */

static void
try_week(const char *heading, const char *file, const char *classes, const char *finding)
{
	const char *const own[] = {heading, NULL};
	const int64_t holidays[] = {civil_days(2026, 1, 6)};
	struct reading_options options = grid_options(READING_WEEKS_BY_ROLES, own);
	const struct support_want want = {file, classes, finding};

	options.holidays = holidays;
	options.nholidays = 1;
	support_try("", &want, 1, &options);
}

#define TRY_WEEK(heading, classes, finding)                                                        \
	try_week(heading, "Week commencing," heading ",EDT\r\n05/01/2026,J Jones,x\r\n", classes,  \
	    finding)

static void
a_heading_says_on_which_days_of_a_week_its_duty_is(void **state)
{
	(void)state;
	/* Tuesday the 6th is a bank holiday, for which no hours are set. */
	TRY_WEEK("AMHP weekdays",
	    "0105T0900 named;0106T0900 tentative;0107T0900 named;0108T0900 named;0109T0900 named",
	    "those days alone");
	TRY_WEEK("AMHP (Mon-Fri)",
	    "0105T0900 named;0106T0900 tentative;0107T0900 named;0108T0900 named;0109T0900 named",
	    "not among them, or may not be");
	TRY_WEEK("AMHP M-F",
	    "0105T0900 named;0106T0900 tentative;0107T0900 named;0108T0900 named;0109T0900 named",
	    "those days alone");
	TRY_WEEK("Weekend AMHP", "0109T0900 tentative;0110T0900 named;0111T0900 named",
	    "those days alone");
	TRY_WEEK("AMHP Sat/Sun", "0110T0900 named;0111T0900 named", "those days alone");
	TRY_WEEK("Bank holiday AMHP", "0106T0900 named", "those days alone");
	TRY_WEEK("AMHP weekend + BH",
	    "0106T0900 named;0109T0900 tentative;0110T0900 named;0111T0900 named",
	    "those days alone");
	TRY_WEEK("AMHP not weekends",
	    "0105T0900 tentative;0106T0900 tentative;0107T0900 tentative;0108T0900 tentative;"
	    "0109T0900 tentative;0110T0900 tentative;0111T0900 tentative",
	    "not among them, or may not be");
	/* No days of the week. */
	TRY_WEEK("AMHP 24/7",
	    "0105T0900 named;0106T0900 named;0107T0900 named;0108T0900 named;0109T0900 named;0110T0900 named;"
	    "0111T0900 named",
	    NULL);
	TRY_WEEK("AMHP 2nd",
	    "0105T0900 named;0106T0900 named;0107T0900 named;0108T0900 named;0109T0900 named;0110T0900 named;"
	    "0111T0900 named",
	    NULL);
}

static void
a_name_on_another_day_than_its_heading_has_counts_for_nobody(void **state)
{
	static const char *const own[] = {"AMHP weekdays", NULL}, *const amhp[] = {"AMHP", NULL};
	static const struct support_want days[] = {
	    {"Date,AMHP weekdays,EDT\r\n09/01/2026,J Jones,x\r\n10/01/2026,J Jones,x\r\n",
		"0109T0900 named;0110T0900 tentative", "not among them"},
	};
	static const struct support_want duties[] = {
	    {"Duty,09/01/2026,10/01/2026\r\nAMHP weekdays,J Jones,Kay Lee\r\n",
		"0109T0900 named;0110T0900 tentative", "not among them"},
	};
	static const struct support_want hours[] = {
	    {"Date,Mon-Fri 09:00-17:00,Sat-Sun 10:00-14:00\r\n09/01/2026,J Jones,\r\n10/01/2026,J Jones,Kay Lee\r\n",
		"0109T0900 named;0110T0900 tentative;0110T1000 named", "not among them"},
	};
	static const struct support_want upper[] = {
	    {",Weekdays,Weekend\r\nDate,AMHP,EDT\r\n09/01/2026,J Jones,x\r\n10/01/2026,J Jones,x\r\n",
		"0109T0900 named;0110T0900 tentative", "not among them"},
	};
	static const char *const weekend[] = {"AMHP weekend", NULL};
	static const struct support_want friday[] = {
	    {"Date,AMHP weekend,Start,End\r\n09/01/2026,J Jones,09:00,16:00\r\n09/01/2026,Kay Lee,17:00,22:00\r\n",
		"0109T0900 tentative;0109T1700 named", "not among them"},
	};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, own);

	(void)state;
	TRY(days, &options);
	options = grid_options(READING_DATES_BY_ROLES, weekend);
	TRY(friday, &options);
	options = grid_options(READING_ROLES_BY_DATES, own);
	TRY(duties, &options);
	options = grid_options(READING_DATES_BY_HOURS, NULL);
	TRY(hours, &options);
	options = grid_options(READING_DATES_BY_ROLES, amhp);
	TRY(upper, &options);
}

static void
days_that_are_the_ends_of_shifts_count_for_nobody(void **state)
{
	static const char *const own[] = {"AMHP", NULL};
	static const struct support_want wants[] = {
	    {"Night ending,AMHP\r\n05/01/2026,J Jones\r\n06/01/2026,Kay Lee\r\n",
		"0105T0900 tentative;0106T0900 tentative", "\"Night ending\", which may be when"},
	    {"Up to,AMHP\r\n05/01/2026,J Jones\r\n", "0105T0900 tentative", "\"Up to\""},
	    {"Night of,AMHP\r\n05/01/2026,J Jones\r\n", "0105T0900 named", NULL},
	    {"Date to cover,AMHP\r\n05/01/2026,J Jones\r\n", "0105T0900 named", NULL},
	    /* Of several columns of dates that which is no note and no end. */
	    {"Updated,Duty on,AMHP\r\n02/01/2026,05/01/2026,J Jones\r\n", "0105T0900 named",
		"columns were not read"},
	    {"Night ending,Night beginning,AMHP\r\n06/01/2026,05/01/2026,J Jones\r\n",
		"0105T0900 named", NULL},
	    {"First,Second,AMHP\r\n05/01/2026,06/01/2026,J Jones\r\n", "refused",
		"no dates that are certain"},
	};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, own);

	(void)state;
	TRY(wants, &options);
}

static void
weeks_end_by_every_spelling_of_their_heading(void **state)
{
	static const char *const own[] = {"AMHP", NULL};
	static const char *const headings[] = {"Week ending", "W/E", "Week ending (Sunday)",
	    "Week Ending:", "WEEK ENDING DATE", "Wk ending", "W/E date", "week-ending", "w.e.",
	    "Week ends"};
	struct reading_options options = grid_options(READING_WEEKS_BY_ROLES, own);

	(void)state;
	for (size_t i = 0; i < sizeof headings / sizeof *headings; i++) {
		struct arena *arena = arena_new(0);
		const struct support_want want = {
		    arena_printf(arena, "%s,AMHP\r\n11/01/2026,J Jones\r\n", headings[i]),
		    "0105T0900 named;0106T0900 named;0107T0900 named;0108T0900 named;0109T0900 named;"
		    "0110T0900 named;0111T0900 named",
		    NULL};

		support_try("", &want, 1, &options);
		arena_free(arena);
	}
}

static void
try_day(const char *heading, const char *classes, const char *finding)
{
	const char *const own[] = {heading, NULL};
	struct arena *arena = arena_new(0);
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, own);
	const struct support_want want = {
	    arena_printf(arena, "Date,%s,EDT\r\n09/01/2026,J Jones,x\r\n", heading), classes,
	    finding};

	support_try("", &want, 1, &options);
	arena_free(arena);
}

static void
a_heading_may_cast_doubt_on_who_stands_below(void **state)
{
	static const char *const doubtful[] = {"AMHP (provisional)", "AMHP requests",
	    "AMHP unavailable", "AMHP on leave", "AMHP availability", "AMHP TBC"};
	static const char *const others[] = {"AMHP", "AMHP 2nd", "AMHP back up", "Standby",
	    "Leave cover", "Zogwort", "On call", "AMHP locum", "Day", "AMHP day"};

	(void)state;
	for (size_t i = 0; i < sizeof doubtful / sizeof *doubtful; i++)
		try_day(doubtful[i], "0109T0900 tentative", "casts doubt on who stands there");
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		try_day(others[i], "0109T0900 named", NULL);
}

/* "AMHP from 14 Dec": who stands there on other days was not meant, or is of before. */
static void
a_heading_may_hold_for_a_time(void **state)
{
	static const char *const bounded[] = {"AMHP from 14 Dec", "AMHP until Fri",
	    "AMHP wef 12/01", "AMHP till 12 Jan", "AMHP starting Monday", "AMHP up to 5 January",
	    "AMHP since 2 Jan", "AMHP (before 6 Jan)", "From January: AMHP"};
	static const char *const others[] = {"AMHP until further notice", "AMHP from council",
	    "AMHP after hours", "AMHP from 09:00"};

	(void)state;
	for (size_t i = 0; i < sizeof bounded / sizeof *bounded; i++)
		try_day(bounded[i], "0109T0900 tentative", "not among them, or may not be");
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		try_day(others[i], "0109T0900 named", NULL);
}

static void
a_part_of_the_day_in_a_heading_has_other_hours(void **state)
{
	(void)state;
	/* The hours of the rota are those of a day. */
	try_day("AMHP nights", "0109T0900 tentative", "names another part of the day");
	try_day("AMHP pm", "0109T0900 tentative", "names another part of the day");
	try_day("AMHP pm 13:00-17:00", "0109T1300 named", NULL);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_heading_says_on_which_days_of_a_week_its_duty_is),
	    cmocka_unit_test(a_name_on_another_day_than_its_heading_has_counts_for_nobody),
	    cmocka_unit_test(days_that_are_the_ends_of_shifts_count_for_nobody),
	    cmocka_unit_test(weeks_end_by_every_spelling_of_their_heading),
	    cmocka_unit_test(a_heading_may_cast_doubt_on_who_stands_below),
	    cmocka_unit_test(a_heading_may_hold_for_a_time),
	    cmocka_unit_test(a_part_of_the_day_in_a_heading_has_other_hours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
