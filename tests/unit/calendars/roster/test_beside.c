/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/calendars/roster/tries.h"

/* Grids as people write them: what stands beside the rota's own cells, and days that are written twice or in part. */

static const char *const amhp[] = {"AMHP", NULL};

static struct reading_options
options_of(enum reading_layout layout, const char *const *own)
{
	struct reading_options options = support_roster_options();

	options.grid = (struct reading_grid){
	    .layout = layout, .own = own, .hours = {true, 9 * 3600, 17 * 3600}};
	return options;
}

static void
a_column_of_people_is_about_those_people(void **state)
{
	static const struct support_want wants[] = {
	    {"Date,AMHP trainee,AMHP\r\n05/01/2026,Kay Lee,J Jones\r\n", "0105T0900 named", NULL},
	    {"Date,AMHP,Trainee AMHP\r\n05/01/2026,J Jones,Kay Lee / T Brown\r\n",
		"0105T0900 named", NULL},
	    {"Date,AMHP,Student\r\n05/01/2026,J Jones,Kay Lee\r\n06/01/2026,J Jones,\r\n",
		"0105T0900 named;0106T0900 named", NULL},
	    {"Date,AMHP,On leave\r\n05/01/2026,J Jones,Kay Lee\r\n06/01/2026,J Jones,-\r\n",
		"0105T0900 named;0106T0900 named", NULL},
	    {"Date,AMHP,A/L\r\n05/01/2026,J Jones,\"Kay Lee, T Brown\"\r\n", "0105T0900 named",
		NULL},
	    {"Date,AMHP,Sick\r\n05/01/2026,J Jones,Kay Lee\r\n", "0105T0900 named", NULL},
	    {"Date,AMHP,Admin\r\n05/01/2026,J Jones,Kay Lee\r\n", "0105T0900 named", NULL},
	    {"Date,AMHP,Training\r\n05/01/2026,J Jones,Kay Lee\r\n", "0105T0900 named", NULL},
	    {"Date,AMHP,On call\r\n05/01/2026,J Jones,Kay Lee\r\n06/01/2026,J Jones,\r\n",
		"0105T0900 named;0106T0900 named", NULL},
	    /* The person of the cell is named there. */
	    {"Date,AMHP,On leave\r\n05/01/2026,J Jones,JJ\r\n06/01/2026,J Jones,Kay Lee / J Jones\r\n",
		"0105T0900 tentative;0106T0900 tentative", "in the column \"On leave\""},
	    {"Date,AMHP,Trainee\r\n05/01/2026,J Jones,J Jones\r\n", "0105T0900 tentative",
		"in the column \"Trainee\""},
	    {"Date,AMHP,Admin\r\n05/01/2026,J Jones,J Jones\r\n", "0105T0900 tentative",
		"in the column \"Admin\""},
	    {"Date,AMHP,Sick\r\n05/01/2026,J Jones / Kay Lee,Kay Lee\r\n",
		"0105T0900 tentative;0105T0900 tentative", "in the column \"Sick\""},
	    /* Not only names, or not of people who are known. */
	    {"Date,AMHP,On leave\r\n05/01/2026,J Jones,yes\r\n", "0105T0900 absence", NULL},
	    {"Date,AMHP,On leave\r\n05/01/2026,J Jones,B Stranger\r\n", "0105T0900 tentative",
		"in the column \"On leave\""},
	    {"Date,AMHP,On leave\r\n05/01/2026,Kay Lee,Lee\r\n", "0105T0900 tentative",
		"in the column \"On leave\""},
	    {"Date,AMHP,Trainee\r\n05/01/2026,J Jones,yes\r\n", "0105T0900 tentative",
		"in the column \"Trainee\""},
	    {"Date,AMHP,Trainee\r\n05/01/2026,J Jones,Kay Lee covering\r\n", "0105T0900 tentative",
		"in the column \"Trainee\""},
	    {"Date,AMHP,On call\r\n05/01/2026,J Jones,Kay Lee\r\n06/01/2026,J Jones,no\r\n",
		"0105T0900 tentative;0106T0900 tentative", "in the column \"On call\""},
	    {"Date,AMHP,On call\r\n05/01/2026,J Jones,yes\r\n06/01/2026,J Jones,\r\n",
		"0105T0900 named;0106T0900 tentative", "in the column \"On call\""},
	    /* Headings below which somebody may stand who comes instead. */
	    {"Date,AMHP,Covered by\r\n05/01/2026,J Jones,Kay Lee\r\n", "0105T0900 tentative",
		"in the column \"Covered by\""},
	    {"Date,AMHP,Leave cover\r\n05/01/2026,J Jones,Kay Lee\r\n", "0105T0900 tentative",
		"in the column \"Leave cover\""},
	    /* A locum is booked where the one of the row may not come. */
	    {"Date,AMHP,Locum\r\n05/01/2026,J Jones,Kay Lee\r\n06/01/2026,J Jones,TBC\r\n07/01/2026,J Jones,\r\n",
		"0105T0900 tentative;0106T0900 tentative;0107T0900 named",
		"in the column \"Locum\""},
	    {"Date,AMHP,Bank/agency name\r\n05/01/2026,J Jones,Agency - Dr Stranger\r\n",
		"0105T0900 tentative", "in the column \"Bank/agency name\""},
	    {"Date,AMHP,Agency\r\n05/01/2026,J Jones,no\r\n06/01/2026,J Jones,yes\r\n",
		"0105T0900 named;0106T0900 named", NULL},
	    {"Date,AMHP,Cover\r\n05/01/2026,J Jones,Kay Lee\r\n", "0105T0900 tentative",
		"in the column \"Cover\""},
	    {"Date,AMHP,Actual AMHP\r\n05/01/2026,J Jones,Kay Lee\r\n06/01/2026,J Jones,J Jones\r\n",
		"0105T0900 tentative;0106T0900 named", "in the column \"Actual AMHP\""},
	    {"Date,AMHP,Amended\r\n05/01/2026,J Jones,Kay Lee\r\n", "0105T0900 tentative",
		"in the column \"Amended\""},
	    {"Date,AMHP,Night cover\r\n05/01/2026,J Jones,Kay Lee\r\n", "0105T0900 named", NULL},
	    /* The name of a day, beside one who is on duty on it. */
	    {"Date,AMHP,Holiday\r\n25/12/2026,J Jones,Christmas Day\r\n28/12/2026,J Jones,Bank holiday\r\n",
		"1225T0900 named;1228T0900 named", NULL},
	    {"Date,AMHP,Holidays\r\n24/12/2026,J Jones,Christmas Day\r\n28/12/2026,J Jones,x\r\n",
		"1224T0900 tentative;1228T0900 absence", "in the column \"Holidays\""},
	    {"Date,AMHP,Sickness cover\r\n05/01/2026,J Jones,Kay Lee\r\n", "0105T0900 tentative",
		"in the column \"Sickness cover\""},
	    {"Date,AMHP,Shadowing\r\n05/01/2026,J Jones,Kay Lee\r\n", "0105T0900 tentative",
		"in the column \"Shadowing\""},
	    {"Date,AMHP,Cancelled\r\n05/01/2026,J Jones,Kay Lee\r\n", "0105T0900 tentative",
		"in the column \"Cancelled\""},
	    {"Date,AMHP,Notes\r\n05/01/2026,J Jones,Kay Lee\r\n", "0105T0900 tentative",
		"in the column \"Notes\""},
	};
	struct reading_options options = options_of(READING_DATES_BY_ROLES, amhp);

	(void)state;
	TRY(wants, &options);
}

/* A name may be a word of another meaning: a month. */
static void
a_name_may_be_that_of_a_month(void **state)
{
	static const struct reading_person people[] = {
	    {"jo-jones", "J Jones", NULL}, {"zoe-may", "Zoe May", NULL}};
	static const struct support_want wants[] = {
	    {"Date,AMHP trainee,AMHP\r\n05/01/2026,Zoe May,J Jones\r\n", "0105T0900 named", NULL},
	    {"Date,AMHP trainee,AMHP\r\n05/01/2026,Zoe May,Zoe May\r\n", "0105T0900 tentative",
		"in the column \"AMHP trainee\""},
	    {"Date,On leave,AMHP\r\n05/01/2026,Zoe May until 7 January,J Jones\r\n",
		"0105T0900 tentative", "in the column \"On leave\""},
	    {"Date,On leave,AMHP\r\n05/01/2026,Zoe May -> J Jones,J Jones\r\n", "0105T0900 absence",
		NULL},
	};
	struct reading_options options = options_of(READING_DATES_BY_ROLES, amhp);

	(void)state;
	options.people = people;
	options.npeople = 2;
	TRY(wants, &options);
}

/* In a list the column is about the person of the row. */
static void
a_list_is_read_as_before(void **state)
{
	static const struct support_want wants[] = {
	    {"Date,Start,End,Name,On leave\r\n05/01/2026,09:00,17:00,J Jones,Kay Lee\r\n",
		"0105T0900 tentative", "in the column \"On leave\""},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY(wants, &options);
}

static void
the_days_of_a_grid_may_stand_twice(void **state)
{
	static const struct support_want wants[] = {
	    {"Liaison,Mon 05/01/2026,Tue 06/01/2026,Wed 07/01/2026\r\nName,5,6,7\r\nJ Jones,LD,,LD\r\n",
		"0105T0730 named;0107T0730 named", NULL},
	    {"Name,5,6,7\r\n,Mon 05/01/2026,Tue 06/01/2026,Wed 07/01/2026\r\nJ Jones,LD,,LD\r\n",
		"0105T0730 named;0107T0730 named", NULL},
	    {"Rota 2026,,,\r\n,5 Jan,6 Jan,7 Jan\r\nName,5th,6th,7th\r\nJ Jones,LD,,LD\r\n",
		"0105T0730 named;0107T0730 named", NULL},
	    /* Days that are not the same are two tables, and the second has no month. */
	    {"Liaison,Mon 05/01/2026,Tue 06/01/2026,Wed 07/01/2026\r\nName,6,7,8\r\nJ Jones,LD,,LD\r\n",
		"refused", "no dates that are certain"},
	    {"Liaison,Mon 05/01/2026,Tue 06/01/2026,Wed 07/01/2026,\r\nName,,5,6,7\r\nJ Jones,LD,,LD,\r\n",
		"refused", "no dates that are certain"},
	    /* The key of the codes beside the table is about no row. */
	    {",Mon 05/01/2026,Tue 06/01/2026,,Key\r\nJ Jones,LD,,,LD = 7.30-8\r\nKay Lee,,LD,,KL = Kay Lee\r\n",
		"0105T0730 named;0106T0730 named", NULL},
	    {",Mon 05/01/2026,Tue 06/01/2026,,Key\r\nJ Jones,LD,,,LD = 7.30-8\r\nKay Lee,,LD,,cancelled\r\n",
		"0105T0730 named;0106T0730 nobody", NULL},
	};
	static const struct reading_shift_code codes[] = {
	    {"LD", NULL, READING_CODE_HOURS, 7 * 3600 + 1800, 20 * 3600}};
	struct reading_options options = options_of(READING_NAMES_BY_DATES, NULL);

	(void)state;
	options.shift_codes = codes;
	options.nshift_codes = 1;
	TRY(wants, &options);
}

#define WEEK(d1, d2, d3, d4, d5, d6, d7)                                                           \
	"01" d1 "T0900 named;01" d2 "T0900 named;01" d3 "T0900 named;01" d4 "T0900 named;01" d5    \
	"T0900 named;01" d6 "T0900 named;01" d7 "T0900 named"

#define FIRST WEEK("05", "06", "07", "08", "09", "10", "11")
#define SECOND WEEK("12", "13", "14", "15", "16", "17", "18")

static void
weeks_may_say_that_they_commence(void **state)
{
	static const struct support_want wants[] = {
	    {"Week,AMHP\r\nw/c 05/01/2026,J Jones\r\n", FIRST, NULL},
	    {"Week,AMHP\r\nWeek commencing Mon 5 Jan 2026,J Jones\r\nW/C: 12.1.26,Kay Lee\r\n",
		FIRST ";" SECOND, NULL},
	    {"Wk,AMHP\r\nwk beg 05/01/2026,J Jones\r\n", FIRST, NULL},
	    /* Without its year: by the other weeks, if only one year makes it begin on their day. */
	    {"Week,AMHP\r\nw/c 5 Jan,J Jones\r\nw/c 12/01/26,Kay Lee\r\n", FIRST ";" SECOND, NULL},
	    {"Week,AMHP\r\nw/c 05/01/26,J Jones\r\nw/c 12/1,Kay Lee\r\n", FIRST ";" SECOND, NULL},
	    {"Week,AMHP\r\nw/c 05/01/26,J Jones\r\nw/c 13 Jan,Kay Lee\r\n", FIRST,
		"\"w/c 13 Jan\" of this row is not"},
	    {"Week,AMHP\r\nw/c 12/01/26,J Jones\r\nw/c 5 Jan,Kay Lee\r\n", SECOND,
		"\"w/c 5 Jan\" of this row is not"},
	    {"Week,AMHP\r\nw/c 05/01/26,J Jones\r\nw/c 6 Jul,Kay Lee\r\n", FIRST,
		"\"w/c 6 Jul\" of this row is not"},
	    {"Week,AMHP\r\nw/c 5 Jan,J Jones\r\nw/c 12 Jan,Kay Lee\r\n", "",
		"\"w/c 5 Jan\" of this row is not"},
	    /* Which week is meant is not said, or it is another one. */
	    {"Week,AMHP\r\nw/c 05/01/2026,J Jones\r\nw/e 18/01/2026,Kay Lee\r\nWeek 3,Kay Lee\r\n"
	     "19 Jan - 25 Jan,Kay Lee\r\n",
		FIRST, "\"w/e 18/01/2026\" of this row is not"},
	    {"Week,AMHP\r\nWeek 1,Kay Lee\r\nw/c 05/01/2026,J Jones\r\n", FIRST,
		"\"Week 1\" of this row is not"},
	    {"Week ending,AMHP\r\nw/c 05/01/2026,J Jones\r\n", "",
		"\"w/c 05/01/2026\" of this row is not"},
	    {"Week,AMHP\r\nw/c 05/01/2026,J Jones\r\nw/c Wed 14/01/2026,Kay Lee\r\n", "refused",
		"begins on another day of the week"},
	};
	struct reading_options options = options_of(READING_WEEKS_BY_ROLES, amhp);

	(void)state;
	TRY(wants, &options);
}

static void
a_day_with_its_weekday_may_lack_its_year(void **state)
{
	static const struct support_want wants[] = {
	    {"Date,AMHP\r\nMon 05/01/2026,J Jones\r\nTue 6 Jan,Kay Lee\r\n",
		"0105T0900 named;0106T0900 named", NULL},
	    {"Date,AMHP\r\nMon 5 Jan,J Jones\r\nTue 06/01/2026,Kay Lee\r\n",
		"0105T0900 named;0106T0900 named", NULL},
	    /* Another weekday, no weekday, or far from the dates that have a year. */
	    {"Date,AMHP\r\nMon 05/01/2026,J Jones\r\nWed 6 Jan,Kay Lee\r\n", "0105T0900 named",
		"\"Wed 6 Jan\" of this row is not"},
	    {"Date,AMHP\r\nMon 05/01/2026,J Jones\r\n6 Jan,Kay Lee\r\n", "0105T0900 named",
		"\"6 Jan\" of this row is not"},
	    {"Date,AMHP\r\nMon 05/01/2026,J Jones\r\nMon 6 Jul,Kay Lee\r\n", "0105T0900 named",
		"\"Mon 6 Jul\" of this row is not"},
	    {"Date,AMHP\r\nTue 06/01/2026,J Jones\r\nMon 5 Jan,Kay Lee\r\n", "0106T0900 named",
		"\"Mon 5 Jan\" of this row is not"},
	};
	struct reading_options options = options_of(READING_DATES_BY_ROLES, amhp);

	(void)state;
	TRY(wants, &options);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_column_of_people_is_about_those_people),
	    cmocka_unit_test(a_name_may_be_that_of_a_month),
	    cmocka_unit_test(a_list_is_read_as_before),
	    cmocka_unit_test(the_days_of_a_grid_may_stand_twice),
	    cmocka_unit_test(weeks_may_say_that_they_commence),
	    cmocka_unit_test(a_day_with_its_weekday_may_lack_its_year),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
