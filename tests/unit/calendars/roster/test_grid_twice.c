/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/calendars/roster/tries.h"

/* Headings, duties, days and people that stand more than once in a grid: none of them is taken for the rota's. */

static const char *const edt[] = {"EDT", NULL};

#define TEAMS ",Weekday 09:00-17:00,,Overnight 17:00-09:00,\r\nDate,EDT,SHO,EDT,SHO\r\n"

static void
a_heading_that_stands_twice_is_no_duty(void **state)
{
	static const char *const night[] = {"Overnight 17:00-09:00 / EDT", NULL};
	static const char *const both[] = {
	    "weekday 09:00-17:00 / edt", "Overnight 17:00-09:00 / EDT", NULL};
	static const char *const missing[] = {"Overnight / EDT", NULL};
	static const struct support_want wants[] = {
	    {TEAMS
		"05/01/2026,J Jones,x,,x\r\n06/01/2026,,x,Kay Lee,x\r\n07/01/2026,VACANT,x,,x\r\n",
		"0105T0900 tentative;0106T0900 tentative;0107T0900 nobody",
		"(Weekday 09:00-17:00 / EDT, Overnight 17:00-09:00 / EDT)"},
	    {"Date,EDT,EDT\r\n05/01/2026,J Jones,\r\n", "0105T0900 tentative",
		"\"EDT\" stands more than once in the grid (EDT, EDT)"},
	    {"Date,EDT,edt,SHO\r\n05/01/2026,J Jones,,x\r\n", "0105T0900 tentative",
		"more than once"},
	    {"Fenmere rota,,\r\nDate,SHO,EDT,SHO\r\n05/01/2026,x,J Jones,\r\n", "0105T0900 named",
		NULL},
	};
	static const struct support_want named[] = {
	    {TEAMS "05/01/2026,J Jones,x,,x\r\n06/01/2026,,x,Kay Lee,x\r\n", "0106T1700 named",
		NULL},
	    {",Overnight 17:00-09:00,,Overnight 17:00-09:00,\r\nDate,EDT,SHO,EDT,SHO\r\n"
	     "05/01/2026,J Jones,x,,x\r\n",
		"0105T1700 tentative", "more than once"},
	};
	static const struct support_want of_both[] = {
	    {TEAMS "05/01/2026,J Jones,x,,x\r\n06/01/2026,,x,Kay Lee,x\r\n",
		"0105T0900 named;0106T1700 named", NULL},
	};
	static const struct support_want listed[] = {
	    {TEAMS "05/01/2026,J Jones,x,,x\r\n", "refused",
		"Its columns: Date, Weekday 09:00-17:00 / EDT, Weekday 09:00-17:00 / SHO, "
		"Overnight 17:00-09:00 / EDT, Overnight 17:00-09:00 / SHO."},
	};
	/* As they can be set together: all with the line above, or none. */
	static const char *const some[] = {"17:00-09:00", "EDT / 09:00-17:00", NULL};
	static const char *const all[] = {"EDT / 17:00-09:00", "EDT / 09:00-17:00", NULL};
	static const struct support_want mixed[] = {
	    {",SHO,EDT,EDT\r\nDate,09:00-17:00,09:00-17:00,17:00-09:00\r\n05/01/2026,x,J Jones,Kay Lee\r\n",
		"refused",
		"Its columns: Date, SHO / 09:00-17:00, EDT / 09:00-17:00, EDT / 17:00-09:00."},
	};
	static const struct support_want whole[] = {
	    {",SHO,EDT,EDT\r\nDate,09:00-17:00,09:00-17:00,17:00-09:00\r\n05/01/2026,x,J Jones,Kay Lee\r\n",
		"0105T0900 named;0105T1700 named", NULL},
	};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, edt);

	(void)state;
	TRY(wants, &options);
	options.grid.own = some;
	TRY(mixed, &options);
	options.grid.own = all;
	TRY(whole, &options);
	options.grid.own = night;
	TRY(named, &options);
	options.grid.own = both;
	TRY(of_both, &options);
	options.grid.own = missing;
	TRY(listed, &options);
}

static void
columns_of_hours_may_stand_twice(void **state)
{
	static const struct support_want wants[] = {
	    {",North,South\r\nDate,09:00-17:00,09:00-17:00\r\n05/01/2026,J Jones,\r\n"
	     "06/01/2026,,Kay Lee\r\n",
		"0105T0900 tentative;0106T0900 tentative", "North / 09:00-17:00"},
	};
	struct reading_options options = grid_options(READING_DATES_BY_HOURS, NULL);

	(void)state;
	TRY(wants, &options);
}

static void
hours_above_a_heading_may_be_others(void **state)
{
	static const struct support_want wants[] = {
	    {",Weekday 09:00-17:00,Overnight 17:00-09:00\r\nDate,SHO,EDT\r\n05/01/2026,x,J Jones\r\n",
		"0105T0900 tentative", "below \"Overnight 17:00-09:00\""},
	    {",Weekday 09:00-17:00,Overnight 17:00-09:00\r\nDate,EDT,SHO\r\n05/01/2026,J Jones,x\r\n",
		"0105T0900 named", NULL},
	    {",SHO,Overnight 17:00-09:00,\r\nDate,SHO,EDT,Shift\r\n05/01/2026,x,J Jones,LD\r\n",
		"0105T0730 named", NULL},
	    {"EDT 08:00-18:00,,\r\nDate,SHO,EDT\r\n05/01/2026,x,J Jones\r\n", "0105T0900 named",
		NULL},
	};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, edt);

	(void)state;
	TRY(wants, &options);
}

/* "Nights 17:00-09:00" in a line above rows whose hours the rota sets. */
static void
hours_in_a_line_above_may_be_others(void **state)
{
	static const struct support_want days[] = {
	    {"Date,EDT,SHO\r\n05/01/2026,J Jones,x\r\nNights 17:00-09:00,,\r\n06/01/2026,Kay Lee,x\r\n",
		"0105T0900 named;0106T0900 tentative", "below \"Nights 17:00-09:00\""},
	    {"Date,EDT,SHO\r\n05/01/2026,J Jones,x\r\nWeekday 09:00-17:00,,\r\n06/01/2026,Kay Lee,x\r\n",
		"0105T0900 named;0106T0900 named", NULL},
	    {"Date,Shift,EDT\r\n05/01/2026,LD,J Jones\r\nNights 17:00-09:00,,\r\n06/01/2026,N,Kay Lee\r\n",
		"0105T0730 named;0106T2000 named", NULL},
	};
	static const struct support_want duties[] = {
	    {"Role,05/01/2026,06/01/2026\r\nNights 17:00-09:00,,\r\nEDT,J Jones,\r\n",
		"0105T0900 tentative", "below \"Nights 17:00-09:00\""},
	    {"Nights 17:00-09:00,,\r\nRole,05/01/2026,06/01/2026\r\nEDT,J Jones,\r\n",
		"0105T0900 tentative", "below \"Nights 17:00-09:00\""},
	};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, edt);

	(void)state;
	TRY(days, &options);
	options.grid.layout = READING_ROLES_BY_DATES;
	TRY(duties, &options);
}

static void
a_day_that_stands_twice_has_no_hours(void **state)
{
	static const struct support_want wants[] = {
	    {"Date,EDT,SHO\r\n05/01/2026,J Jones,x\r\n06/01/2026,,x\r\nNights,,\r\n05/01/2026,,x\r\n"
	     "06/01/2026,Kay Lee,x\r\n07/01/2026,Kay Lee,x\r\n",
		"0105T0900 tentative;0106T0900 tentative;0107T0900 named",
		"\"05/01/2026\" stands more than once"},
	    {"Date,Shift,EDT\r\n05/01/2026,LD,J Jones\r\n05/01/2026,N,Kay Lee\r\n",
		"0105T0730 named;0105T2000 named", NULL},
	    {"Date,Shift,EDT\r\n05/01/2026,,J Jones\r\n05/01/2026,N,Kay Lee\r\n",
		"0105T0900 tentative;0105T2000 named", "stands more than once"},
	};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, edt);

	(void)state;
	TRY(wants, &options);
}

static void
rows_may_stand_twice(void **state)
{
	static const struct support_want duties[] = {
	    {"Role,05/01/2026,06/01/2026\r\nEDT,J Jones,\r\nEDT,,Kay Lee\r\n",
		"0105T0900 tentative;0106T0900 tentative", "\"EDT\" stands before more than one"},
	    {"Role,05/01/2026,06/01/2026\r\nEDT,J Jones,\r\nEDT,,\r\n", "0105T0900 tentative",
		"before more than one"},
	    {"Role,05/01/2026,06/01/2026\r\nEDT,J Jones,\r\nRole,12/01/2026,13/01/2026\r\nEDT,,Kay Lee\r\n",
		"0105T0900 named;0113T0900 named", NULL},
	    {",Early,Late,\r\nRole,05/01/2026,05/01/2026,06/01/2026\r\nEDT,J Jones,,Kay Lee\r\n",
		"0105T0900 tentative;0106T0900 named", "\"05/01/2026\" stands more than once"},
	};
	static const struct support_want people[] = {
	    {"Name,05/01/2026,06/01/2026\r\nJ Jones,LD,\r\nKay Lee,LD,\r\nJ Jones,,N\r\n",
		"0105T0730 tentative;0105T0730 named;0106T2000 tentative",
		"\"J Jones\" has more than one row"},
	    {"Name,05/01/2026,06/01/2026\r\nJ Jones,LD,N\r\nName,12/01/2026,13/01/2026\r\nJ Jones,,N\r\n",
		"0105T0730 named;0106T2000 named;0113T2000 named", NULL},
	    {"First Name,Last Name,05/01/2026,06/01/2026\r\nKay,Lee,LD,\r\nKay,Stranger,,LD\r\n",
		"0105T0730 named;0106T0730 undecided", NULL},
	};
	struct reading_options options = grid_options(READING_ROLES_BY_DATES, edt);

	(void)state;
	TRY(duties, &options);
	options.grid.layout = READING_NAMES_BY_DATES;
	options.grid.own = NULL;
	TRY(people, &options);
}

/* One line of weekdays above several tables of dates. */
static void
dates_are_held_against_the_weekdays_above_them(void **state)
{
#define FIRST "Rota,Mon,Tue\r\n,05/01/2026,06/01/2026\r\nEDT,J Jones,\r\n"
	static const struct support_want wants[] = {
	    {FIRST ",12/01/2026,13/01/2026\r\nEDT,,J Jones\r\n", "0105T0900 named;0113T0900 named",
		NULL},
	    {FIRST ",13/01/2026,14/01/2026\r\nEDT,J Jones,\r\n",
		"0105T0900 named;0113T0900 tentative",
		"\"13/01/2026\" stands below \"Mon\" and is another day"},
	    {FIRST ",12/01/2026,14/01/2026\r\nEDT,J Jones,\r\n",
		"0105T0900 named;0112T0900 tentative", "\"14/01/2026\" stands below \"Tue\""},
	    {FIRST "Week 2,Tue,Wed\r\n,13/01/2026,14/01/2026\r\nEDT,J Jones,\r\n",
		"0105T0900 named;0113T0900 named", NULL},
	    {FIRST "Week 2,Tue,Wed\r\n,13/01/2026,14/01/2026\r\nEDT,J Jones,\r\n"
		   ",19/01/2026,20/01/2026\r\nEDT,J Jones,\r\n",
		"0105T0900 named;0113T0900 named;0119T0900 tentative", "\"19/01/2026\" stands"},
	    {"Rota,Mon,Tue\r\n,13/01/2026,14/01/2026\r\nEDT,J Jones,\r\n", "refused",
		"is no Monday"},
	};
	struct reading_options options = grid_options(READING_ROLES_BY_DATES, edt);

	(void)state;
	TRY(wants, &options);
}

static void
a_grid_that_is_not_set_lists_both_headings(void **state)
{
	static const struct support_want wants[] = {
	    {TEAMS "05/01/2026,J Jones,x,,x\r\n", "refused",
		"Weekday 09:00-17:00 / EDT, Weekday 09:00-17:00 / SHO, Overnight 17:00-09:00 / EDT"},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY(wants, &options);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_heading_that_stands_twice_is_no_duty),
	    cmocka_unit_test(columns_of_hours_may_stand_twice),
	    cmocka_unit_test(hours_above_a_heading_may_be_others),
	    cmocka_unit_test(a_day_that_stands_twice_has_no_hours),
	    cmocka_unit_test(rows_may_stand_twice),
	    cmocka_unit_test(hours_in_a_line_above_may_be_others),
	    cmocka_unit_test(a_grid_that_is_not_set_lists_both_headings),
	    cmocka_unit_test(dates_are_held_against_the_weekdays_above_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
