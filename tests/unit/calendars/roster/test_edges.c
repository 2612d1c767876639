/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/base/civil.h"
#include "tests/unit/calendars/roster/tries.h"

/* Rosters that differ from usual ones in one word, and what that word decides. */

static const char *const amhp[] = {"AMHP", NULL};

#define LIST "Staff Name,Date,Start,End,"
#define JONES "J Jones,05/01/2026,09:00,17:00,"
#define LEE "Kay Lee,05/01/2026,09:00,17:00,"
#define ZULU "Zed Zulu,05/01/2026,09:00,17:00,"

/* "Duty for" names who is stood in for, and "Also there" somebody who is there as well. */
static void
a_column_beside_a_person_of_a_list(void **state)
{
	static const struct support_want wants[] = {
	    {LIST "Duty for\r\n" JONES "Kay Lee\r\n" LEE "\r\n",
		"0105T0900 tentative;0105T0900 tentative", "\"Duty for\""},
	    {LIST "Also there\r\n" JONES "Kay Lee\r\n" LEE "\r\n",
		"0105T0900 tentative;0105T0900 named", "\"Also there\""},
	    {LIST "Absent\r\n" JONES "Kay Lee\r\nKay Lee,04/01/2026,09:00,17:00,\r\n",
		"0104T0900 named;0105T0900 tentative", "\"Absent\""},
	    {LIST "Absent\r\n" JONES "Kay Lee\r\nKay Lee,06/01/2026,09:00,17:00,\r\n" ZULU "\r\n",
		"0105T0900 tentative;0105T0900 undecided;0106T0900 named", "\"Absent\""},
	    {LIST "Status\r\n" JONES "!\r\n" LEE "Wombat\r\n" LEE "Present\r\n",
		"0105T0900 tentative;0105T0900 tentative;0105T0900 tentative",
		"status \"!\" is unknown"},
	    {LIST "Swapped with\r\n" JONES "Kay Lee\r\n" ZULU "Kay Lee\r\n",
		"0105T0900 tentative;0105T0900 undecided", "\"Swapped with\""},
	    {LIST "Swapping with\r\n" JONES "Kay Lee\r\n", "0105T0900 tentative",
		"\"Swapping with\""},
	    {LIST "Covering\r\n" ZULU "J Jones sick\r\n", "0105T0900 undecided", NULL},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY(wants, &options);
}

/* A column of leave names who is away. It says so of the person of the row alone, and of nobody who has more beside the name. */
static void
a_column_of_leave_of_a_list(void **state)
{
	static const struct support_want wants[] = {
	    {LIST "Leave\r\n" ZULU "J Jones\r\n", "0105T0900 undecided", NULL},
	    {LIST "Leave\r\n" JONES "J Jones\r\n" LEE "Nobody Known\r\n" JONES "May\r\n" JONES
		  "covering J Jones\r\n",
		"0105T0900 absence;0105T0900 tentative;0105T0900 tentative;0105T0900 absence",
		"\"Leave\""},
	    {LIST "Leave\r\n" LEE "Dr J Jones\r\n" LEE "J Jones <j@example.org>\r\n" LEE
		  "J Jones 09:00\r\n",
		"0105T0900 tentative;0105T0900 tentative;0105T0900 tentative", "\"Leave\""},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY(wants, &options);
}

static void
names_and_dates_of_a_list(void **state)
{
	static const struct support_want wants[] = {
	    {"First name,Date,Start,End\r\nJan,05/01/2026,09:00,17:00\r\n", "refused",
		"no column Staff Name"},
	    {"First name,Surname,Date,Start,End\r\nJan,Jones,05/01/2026,09:00,17:00\r\n",
		"0105T0900 tentative", NULL},
	    {"Staff Name,Date,Start,End\r\nJ Jones,x BH,09:00,17:00\r\n", "", "\"x BH\""},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY(wants, &options);
}

/* Headings that are taken where no other column is what they would be. */
static void
spare_headings_of_a_list(void **state)
{
	static const char *const names[] = {"Member", "Team Member", "Person", "Subject"};
	static const char *const starts[] = {"From", "From Time", "Time From"};
	static const char *const ends[] = {"To", "Until", "To Time", "Time To"};
	struct reading_options options = support_roster_options();

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct arena *arena = arena_new(0);
		const struct support_want wants[] = {
		    {arena_printf(arena, "%s,Date,%s,%s\r\nJ Jones,05/01/2026,09:00,17:00\r\n",
			 names[i], starts[i % 3], ends[i]),
			"0105T0900 named", NULL},
		    {arena_printf(arena,
			 "Staff Name,%s,Start,%s,End\r\nJ Jones,05/01/2026,21:00,06/01/2026,09:00\r\n",
			 i % 2 == 0 ? "From Date" : "Date From",
			 i % 2 == 0 ? "To Date" : "Date To"),
			"0105T2100 named", NULL},
		    {"Staff Name,Date,Session\r\nJ Jones,05/01/2026,09:00-17:00\r\n",
			"0105T0900 named", NULL},
		};

		TRY(wants, &options);
		arena_free(arena);
	}
}

/* A first and a last day stand for a date, and two times do not. */
static void
a_list_of_leave_without_dates(void **state)
{
	static const struct support_want wants[] = {
	    {"Name,Date,From,To\r\nJ Jones,,02/03/2026,03/03/2026\r\n", "0302T0000 absence", NULL},
	    {"Name,Date,Start,End\r\nJ Jones,,09:00-17:00,\r\n", "", "\"09:00-17:00\""},
	    {"Name,Date,Start,End\r\nJ Jones,02/03/2026,09:00-17:00,18:00\r\n", "",
		"\"09:00-17:00\""},
	    {"Name,Start,End\r\nJ Jones,02/03/2026,never\r\n", "", "\"never\""},
	    {"Name,Date,Start,End\r\nJ Jones,02/03/2026,09:00,never\r\n", "", "\"never\""},
	    {"First Name,Date\r\nJan,02/03/2026\r\n", "refused", "no column Staff Name"},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	options.absences = true;
	TRY(wants, &options);
}

static void
lines_and_cells_of_a_grid(void **state)
{
	static const struct support_want wants[] = {
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones?,x\r\n06/01/2026,Kay Lee?,x\r\n",
		"0105T0900 tentative;0106T0900 tentative", NULL},
	    {"Date,AMHP,EDT\r\n05/01/2026,Zed Zulu,x\r\nKay Lee off sick,,\r\n06/01/2026,Kay Lee,x\r\n",
		"0105T0900 undecided;0106T0900 tentative", "\"Kay Lee off sick\""},
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nRing the ward if no cover,,\r\n",
		"0105T0900 named", "passed over"},
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\n06/01/2026,Kay Lee,x,NB,Kay Lee off sick\r\n",
		"0105T0900 named", "5 fields"},
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\n,x,x,NB,sick\r\n", "0105T0900 named",
		"5 fields"},
	    {"Date,AMHP,EDT\r\n05/01/2026,JJx,x\r\n06/01/2026,Jjj,x\r\nJJ = Jane Jackson,,\r\n",
		"0105T0900 undecided;0106T0900 undecided", NULL},
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nDay,AMHP,EDT\r\n06/01/2026,Kay Lee,x\r\n",
		"0105T0900 named", "is not dd/mm/yyyy"},
	    {"Date,AMHP,Zog\r\n05/01/2026,J Jones,AMHP Kay Lee\r\n06/01/2026,J Jones,AMHP cancelled\r\n",
		"0105T0900 named;0106T0900 tentative", "in the column \"Zog\""},
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nRota,AMHP,EDT\r\n06/01/2026,Kay Lee,x\r\n",
		"refused", "two tables"},
	};
	const int64_t holidays[] = {civil_days(2026, 1, 6)};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, amhp);

	(void)state;
	options.holidays = holidays;
	options.nholidays = 1;
	TRY(wants, &options);
}

/* Of two places that say the month or the year, both must say the same. */
static void
months_and_years_above_numbers(void **state)
{
#define BELOW ",AMHP,EDT\r\n5,J Jones,x\r\n"
	static const struct support_want wants[] = {
	    {"1899\r\nJanuary\r\nDay" BELOW, "", "\"5\""},
	    {"January 2026\r\nDay 2026" BELOW, "0105T0900 named", NULL},
	    {"January 2026\r\nDay 2027" BELOW, "", "\"5\""},
	    {"January 2026\r\nDay February" BELOW, "", "\"5\""},
	    {"January 2026\r\nDay January" BELOW, "0105T0900 named", NULL},
	    {"2026\r\nDay 2026/2027 January February" BELOW, "", "\"5\""},
	    {"January 2026\r\nDay,AMHP,EDT\r\n0,J Jones,x\r\n32,Kay Lee,x\r\n", "refused",
		"no dates that are certain"},
	};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, amhp);

	(void)state;
	TRY(wants, &options);
}

static void
rows_of_a_grid_of_people(void **state)
{
#define HEAD "Name,05/01/2026,06/01/2026\r\n"
	static const struct support_want wants[] = {
	    {HEAD "J Jones,LD,\r\nKay Lee,,N\r\nTotal,1,1\r\n", "0105T0730 named;0106T2000 named",
		"\"Total\""},
	    {"Status,05/01/2026,06/01/2026\r\nJ Jones,LD,\r\n", "0105T0730 tentative",
		"status \"J Jones\" is unknown"},
	    {HEAD "J Jones,LD,\r\nWho knows,x,sick\r\n",
		"0105T0000 undecided;0105T0730 named;0106T0000 undecided", NULL},
	    {HEAD "J Jones,LD,N\r\n,Kay Lee,\r\n", "0105T0730 tentative;0106T2000 named",
		"stands below this cell"},
	    {HEAD ",Mon,\r\nJ Jones,LD,N\r\n", "0105T0730 named;0106T2000 named", "\"Mon\""},
	};
	struct reading_options options = grid_options(READING_NAMES_BY_DATES, NULL);

	(void)state;
	TRY(wants, &options);
}

/* The week from Monday 5 January 2026, of which Tuesday and Saturday are bank holidays. ${bank_holiday}: their hours are set. */
static void
try_week(const char *heading, const char *cell, bool bank_holiday, const struct support_want *want)
{
	const char *const own[] = {heading, NULL};
	const int64_t holidays[] = {civil_days(2026, 1, 6), civil_days(2026, 1, 10)};
	struct reading_options options = grid_options(READING_WEEKS_BY_ROLES, own);
	struct arena *arena = arena_new(0);
	const struct support_want whole = {
	    arena_printf(arena, "Week commencing,%s,EDT\r\n05/01/2026,%s,x\r\n", heading, cell),
	    want->classes, want->finding};

	options.holidays = holidays;
	options.nholidays = 2;
	options.grid.bank_holiday = (struct reading_hours){bank_holiday, 10 * 3600, 12 * 3600};
	support_try("", &whole, 1, &options);
	arena_free(arena);
}

static void
words_of_the_heading_of_a_week(void **state)
{
#define TENTATIVE(day) "01" day "T0900 tentative"
#define NAMED(day) "01" day "T0900 named"
#define ALL(of)                                                                                    \
	of("05") ";" of("06") ";" of("07") ";" of("08") ";" of("09") ";" of("10") ";" of("11")
#define OTHERS "0107T0900 named;0108T0900 named;0109T0900 named"
	static const struct {
		const char *heading, *cell;
		bool bank_holiday;
		struct support_want want;
	} cases[] = {
	    {"AMHP m f", "J Jones", false, {NULL, ALL(NAMED), NULL}},
	    {"AMHP m-x", "J Jones", false, {NULL, ALL(NAMED), NULL}},
	    {"AMHP bank staff", "J Jones", false, {NULL, ALL(NAMED), NULL}},
	    {"AMHP weekdays up front", "J Jones", false,
		{NULL, "0105T0900 named;0106T0900 tentative;" OTHERS, "those days alone"}},
	    {"AMHP weekdays up to March", "J Jones", false,
		{NULL, ALL(TENTATIVE), "those days alone"}},
	    {"AMHP weekend Fri", "J Jones", false,
		{NULL, "0109T0900 named;0110T0900 tentative;0111T0900 named", "those days alone"}},
	    {"AMHP weekend", "J Jones", true,
		{NULL, "0109T0900 tentative;0110T1000 named;0111T0900 named", "those days alone"}},
	    {"AMHP weekdays and BH", "J Jones", false,
		{NULL, "0105T0900 named;0106T0900 named;" OTHERS ";0110T0900 named",
		    "those days alone"}},
	    {"AMHP weekdays", "J Jones", true,
		{NULL, "0105T0900 named;0106T1000 named;" OTHERS, "those days alone"}},
	    {"AMHP", "J Jones? Mon", false, {NULL, ALL(TENTATIVE), NULL}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		try_week(cases[i].heading, cases[i].cell, cases[i].bank_holiday, &cases[i].want);
}

/* A Friday's duty of a weekend may begin at 16:00, not before. */
static void
a_friday_of_a_weekend_begins_in_the_evening(void **state)
{
	static const char *const weekend[] = {"Weekend AMHP", NULL};
	static const struct support_want wants[] = {
	    {"Date,Weekend AMHP,Start,End\r\n09/01/2026,J Jones,16:00,20:00\r\n", "0109T1600 named",
		NULL},
	    {"Date,Weekend AMHP,Start,End\r\n09/01/2026,J Jones,15:59,20:00\r\n",
		"0109T1559 tentative", "may not be"},
	};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, weekend);

	(void)state;
	TRY(wants, &options);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_column_beside_a_person_of_a_list),
	    cmocka_unit_test(a_column_of_leave_of_a_list),
	    cmocka_unit_test(names_and_dates_of_a_list),
	    cmocka_unit_test(spare_headings_of_a_list),
	    cmocka_unit_test(a_list_of_leave_without_dates),
	    cmocka_unit_test(lines_and_cells_of_a_grid),
	    cmocka_unit_test(months_and_years_above_numbers),
	    cmocka_unit_test(rows_of_a_grid_of_people),
	    cmocka_unit_test(words_of_the_heading_of_a_week),
	    cmocka_unit_test(a_friday_of_a_weekend_begins_in_the_evening),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
