/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/calendars/roster/tries.h"

/* What a grid says beside the rota's own cells: in other rows, in lines below, in its key, and within the cell of a week. */

static const char *const amhp[] = {"AMHP", NULL};

#define DAYS "Role,05/01/2026,06/01/2026\r\nAMHP,J Jones,Kay Lee\r\n"

static void
rows_are_read_as_columns_are(void **state)
{
	static const struct support_want wants[] = {
	    {DAYS "EDT,Kay Lee,J Jones\r\n", "0105T0900 named;0106T0900 named", NULL},
	    {DAYS "On leave,J Jones,\r\n", "0105T0900 tentative;0106T0900 named",
		"in the column \"On leave\""},
	    {DAYS "On leave,Kay Lee,J Jones\r\n", "0105T0900 named;0106T0900 named", NULL},
	    {"Role,05/01/2026,06/01/2026\r\nSick,J Jones,\r\nAMHP,J Jones,Kay Lee\r\n",
		"0105T0900 tentative;0106T0900 named", "in the column"},
	    {DAYS "Sick,somebody,\r\n", "0105T0900 tentative;0106T0900 named", "in the column"},
	    {DAYS "Replaced by,Kay Lee,\r\n", "0105T0900 tentative;0106T0900 named",
		"in the column"},
	    {DAYS "Cover,Kay Lee,-\r\n", "0105T0900 tentative;0106T0900 named", "in the column"},
	    {DAYS "Notes,not in,on call\r\n", "0105T0900 tentative;0106T0900 named",
		"in the column"},
	    {DAYS "Status,cancelled,\r\n", "0105T0900 nobody;0106T0900 named", NULL},
	    {DAYS "Cancelled?,yes,no\r\n", "0105T0900 nobody;0106T0900 named", NULL},
	    {DAYS "Confirmed,yes,\r\n", "0105T0900 named;0106T0900 tentative", "in the column"},
	    {DAYS "Confirmed,,\r\n", "0105T0900 named;0106T0900 named", NULL},
	    {DAYS "On call,Kay Lee,J Jones\r\n", "0105T0900 named;0106T0900 named", NULL},
	    {DAYS "Gap,AMHP,\r\n", "0105T0900 tentative;0106T0900 named", "in the column"},
	    {DAYS "Gaps,AMHP,\r\n", "0105T0900 tentative;0106T0900 named", "in the column"},
	    {DAYS "Unfilled,x,\r\n", "0105T0900 tentative;0106T0900 named", "in the column"},
	    {DAYS "OK?,no,yes\r\n", "0105T0900 tentative;0106T0900 named", "in the column"},
	    {DAYS "EDT,J Jones sick,\r\n", "0105T0900 tentative;0106T0900 named", "in the column"},
	    {"Role,05/01/2026,06/01/2026\r\n,draft,final\r\nAMHP,J Jones,Kay Lee\r\n",
		"0105T0900 tentative;0106T0900 named", "in the column"},
	    /* Each table by itself. */
	    {DAYS "Notes,,\r\n\r\nRole,07/01/2026,08/01/2026\r\nAMHP,J Jones,Kay Lee\r\n"
		  "Notes,cancelled,\r\n",
		"0105T0900 named;0106T0900 named;0107T0900 nobody;0108T0900 named", NULL},
	};
	struct reading_options options = grid_options(READING_ROLES_BY_DATES, amhp);

	(void)state;
	TRY(wants, &options);
}

#define ROWS "Date,AMHP,EDT\r\n05/01/2026,J Jones,\r\n06/01/2026,Kay Lee,\r\n"

/* His first name is a month's, too. */
#define JAN "Date,AMHP,EDT\r\n05/01/2026,Jan van der Berg,\r\n06/01/2026,Kay Lee,\r\n"

static void
lines_may_speak_of_people(void **state)
{
	static const struct support_want wants[] = {
	    {ROWS "NB J Jones is off from the 5th,,\r\n", "0105T0900 tentative;0106T0900 named",
		"of somebody whom this row names"},
	    {"J Jones on leave until further notice,,\r\n" ROWS,
		"0105T0900 tentative;0106T0900 tentative", "above the heading line"},
	    {ROWS "Changes: 5th now Kay Lee,,\r\n", "0105T0900 tentative;0106T0900 tentative",
		"\"Changes: 5th now Kay Lee\" at the end"},
	    {ROWS "5th swapped with Kay Lee,,\r\n", "0105T0900 tentative;0106T0900 tentative",
		"at the end"},
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,\r\n*** not yet agreed below ***,,\r\n"
	     "06/01/2026,Kay Lee,\r\n",
		"0105T0900 named;0106T0900 tentative", "\"*** not yet agreed below ***\" above"},
	    /* A day in any form makes it a change of that day. */
	    {ROWS "Changes: 5/1 Kay Lee,,\r\n", "0105T0900 tentative;0106T0900 tentative",
		"at the end"},
	    {ROWS "Changes Monday Kay Lee,,\r\n", "0105T0900 tentative;0106T0900 tentative",
		"at the end"},
	    {ROWS "Update Jan Kay Lee,,\r\n", "0105T0900 tentative;0106T0900 tentative",
		"at the end"},
	    {ROWS "Changes to Kay Lee ext 4022 please,,\r\n", "0105T0900 named;0106T0900 named",
		"is no shift"},
	    {ROWS "Changes to Kay Lee ext 4/,,\r\n", "0105T0900 named;0106T0900 named", NULL},
	    {ROWS "Changes to Kay Lee ext 4/x,,\r\n", "0105T0900 named;0106T0900 named", NULL},
	    {ROWS "5th taken by Kay Lee,,\r\n", "0105T0900 tentative;0106T0900 tentative",
		"at the end"},
	    {ROWS "Kay Lee taking over,,\r\n", "0105T0900 tentative;0106T0900 tentative",
		"at the end"},
	    {ROWS "Amendment 5/1 Kay Lee,,\r\n", "0105T0900 tentative;0106T0900 tentative",
		"at the end"},
	    {ROWS "Changes - 5th Kay Lee,,\r\n", "0105T0900 tentative;0106T0900 tentative",
		"at the end"},
	    {ROWS "NB,J Jones off sick\r\n", "0105T0900 tentative;0106T0900 named",
		"of somebody whom this row names"},
	    {ROWS "NB,J Jones off sick,\r\n", "0105T0900 tentative;0106T0900 named",
		"of somebody whom this row names"},
	    /* By her first name, and in a list. */
	    {ROWS "Kay on AL w/c 5th,,\r\n", "0105T0900 named;0106T0900 tentative",
		"of somebody whom this row names"},
	    {JAN "AL: Jan from the 5th,,\r\n", "0105T0900 tentative;0106T0900 named",
		"of somebody whom this row names"},
	    {JAN "AL from 5 Jan to 9 Jan,,\r\n", "0105T0900 named;0106T0900 named", "is no shift"},
	    {"Date,AMHP,EDT\r\n05/01/2026,vacant,\r\n06/01/2026,Kay Lee,\r\nKay on AL w/c 5th,,\r\n",
		"0105T0900 nobody;0106T0900 tentative", "of somebody whom this row names"},
	    {ROWS "Absences,,\r\nJ Jones 5/1 - 9/1,,\r\n", "0105T0900 tentative;0106T0900 named",
		"of somebody whom this row names"},
	    {ROWS "Absences,,\r\nNone,,\r\nRing,,\r\nJ Jones 07700 900123,,\r\n",
		"0105T0900 named;0106T0900 named", "\"Absences\" is no shift"},
	    {ROWS "Annual leave: Kay Lee 6th,,\r\nJ Jones 07700 900123,,\r\n",
		"0105T0900 named;0106T0900 tentative", "of somebody whom this row names"},
	    /* Whom to ask, and what a mark means. */
	    {ROWS "Changes to Kay Lee please,,\r\n", "0105T0900 named;0106T0900 named",
		"is no shift"},
	    {ROWS "Rota by Kay Lee,,\r\n", "0105T0900 named;0106T0900 named", NULL},
	    {ROWS "* not yet agreed,,\r\n", "0105T0900 named;0106T0900 named", NULL},
	};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, amhp);

	(void)state;
	TRY(wants, &options);
}

/* Two cells of one row tell of two people: each is told by her own cell. */
static void
each_is_told_by_her_own_line(void **state)
{
	static const char *const both[] = {"AMHP", "EDT", NULL};
	static const struct support_want wants[] = {
	    {ROWS "NB,J Jones off sick,Kay Lee is on AL\r\n",
		"0105T0900 tentative;0106T0900 tentative", "\"J Jones off sick\" says of somebody"},
	    {ROWS "NB,J Jones off sick,Kay Lee is on AL\r\n",
		"0105T0900 tentative;0106T0900 tentative", "\"Kay Lee is on AL\" says of somebody"},
	};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, both);

	(void)state;
	TRY(wants, &options);
}

static void
those_beside_a_column_may_come_instead(void **state)
{
	static const struct support_want wants[] = {
	    {"Date,AMHP,Stand-in\r\n05/01/2026,J Jones,Kay Lee\r\n06/01/2026,J Jones,\r\n",
		"0105T0900 tentative;0106T0900 named", "in the column"},
	    {"Date,AMHP,Taken by\r\n05/01/2026,J Jones,Kay Lee\r\n06/01/2026,J Jones,\r\n",
		"0105T0900 tentative;0106T0900 named", "in the column"},
	    {"Date,AMHP,Swapped with\r\n05/01/2026,J Jones,Kay Lee\r\n06/01/2026,J Jones,\r\n",
		"0105T0900 tentative;0106T0900 named", "in the column"},
	    {"Date,AMHP,Bank staff\r\n05/01/2026,J Jones,Kay Lee\r\n06/01/2026,J Jones,\r\n",
		"0105T0900 tentative;0106T0900 named", "in the column"},
	    {"Date,AMHP,Actual\r\n05/01/2026,J Jones,Kay Lee\r\n06/01/2026,J Jones,\r\n",
		"0105T0900 tentative;0106T0900 named", "in the column"},
	    /* Who is on leave, and what is not only names. */
	    {"Date,AMHP,On leave\r\n05/01/2026,J Jones,Dr J Jones\r\n06/01/2026,J Jones,\r\n",
		"0105T0900 tentative;0106T0900 named", "in the column"},
	    {"Date,AMHP,On leave\r\n05/01/2026,J Jones,J Jones and Kay Lee\r\n06/01/2026,J Jones,\r\n",
		"0105T0900 tentative;0106T0900 named", "in the column"},
	    {"Date,AMHP,On leave\r\n05/01/2026,J Jones,J Jones zog\r\n06/01/2026,J Jones,\r\n",
		"0105T0900 tentative;0106T0900 named", "in the column"},
	    {"Date,AMHP,On leave\r\n05/01/2026,J Jones,J Jones (AM)\r\n06/01/2026,J Jones,\r\n",
		"0105T0900 tentative;0106T0900 named", "in the column"},
	    {"Date,AMHP,On leave\r\n05/01/2026,J Jones,Kay Lee 3\r\n06/01/2026,J Jones,\r\n",
		"0105T0900 tentative;0106T0900 named", "in the column"},
	    {"Date,AMHP,On leave\r\n05/01/2026,J Jones,zog\r\n06/01/2026,J Jones,\r\n",
		"0105T0900 tentative;0106T0900 named", "in the column"},
	    /* Below a cell, names of people who are known say nothing of it. */
	    {"Date,AMHP\r\n05/01/2026,J Jones\r\n,Mr Kay Lee\r\n06/01/2026,J Jones\r\n",
		"0105T0900 named;0106T0900 named", "The date"},
	    {"Date,AMHP\r\n05/01/2026,J Jones\r\n,Kay Lee / H Lee\r\n06/01/2026,J Jones\r\n",
		"0105T0900 named;0106T0900 named", "The date"},
	    {"Date,AMHP\r\n05/01/2026,J Jones\r\n,S Ahmed\r\n06/01/2026,J Jones\r\n",
		"0105T0900 named;0106T0900 named", "The date"},
	    {"Date,AMHP\r\n05/01/2026,J Jones\r\n,Kay Lee only\r\n06/01/2026,J Jones\r\n",
		"0105T0900 tentative;0106T0900 named", "stands below this cell"},
	};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, amhp);

	(void)state;
	TRY(wants, &options);
}

static void
an_unknown_code_is_told_once(void **state)
{
	static const struct support_want wants[] = {
	    {"Date,Shift,AMHP\r\n05/01/2026,Zog,J Jones\r\n", "0105T0900 tentative",
		"no shift code \"Zog\""},
	    {"Date,Shift,AMHP\r\n05/01/2026,Cancelled,J Jones\r\n", "0105T0900 nobody", NULL}};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, amhp);
	struct arena *arena = arena_new(0);
	struct reading reading;

	(void)state;
	TRY(wants, &options);
	reading = support_read(arena, &options, wants[0].rows);
	assert_int_equal(reading.nfindings, 1);
	assert_int_equal(reading.nunknown_words, 1);
	assert_int_equal(reading.unknown_words[0].shifts, 1);
	arena_free(arena);
}

#define PEOPLE "Name,05/01/2026,06/01/2026\r\n"

static void
a_key_may_say_that_a_code_is_no_shift(void **state)
{
	static const struct support_want wants[] = {
	    {PEOPLE "J Jones,LD,N\r\nKey,,\r\nLD = Leave day,,\r\n",
		"0105T0730 tentative;0106T2000 named", "\"LD\" is \"Leave day\""},
	    {PEOPLE "J Jones,LD,N\r\nLD = Long day,,\r\nN = Night,,\r\n",
		"0105T0730 named;0106T2000 named", NULL},
	    {PEOPLE "J Jones,LD,N\r\nN: night off,,\r\n", "0105T0730 named;0106T2000 tentative",
		"is no shift"},
	    {PEOPLE "J Jones,LD,N\r\nKey,,\r\nN = TBC,,\r\n", "0105T0730 named;0106T2000 tentative",
		"\"N\" is \"TBC\""},
	    {PEOPLE "J Jones,LD,N\r\nKey,,\r\nLD = team meeting,,\r\n",
		"0105T0730 tentative;0106T2000 named", "\"LD\" is \"team meeting\""},
	    {PEOPLE "J Jones,LD,AL\r\nAL = annual leave,,\r\n", "0105T0730 named;0106T0000 absence",
		NULL},
	    {"Name,05/01/2026,06/01/2026,Notes\r\nJ Jones,LD,N,TBC\r\nKey,,,\r\nLD = Leave day,,,\r\n",
		"0105T0730 tentative;0106T2000 tentative", "\"LD\" is \"Leave day\""},
	    {PEOPLE "Leavers,,\r\nJ Jones,LD,N\r\nKey,,\r\nLD = Leave day,,\r\n",
		"0105T0730 tentative;0106T2000 tentative", "\"LD\" is \"Leave day\""},
	    {PEOPLE "J Jones,LD,N\r\nKay Lee,N,LD\r\nJ Jones off sick from Monday,,\r\n",
		"0105T0730 tentative;0105T2000 named;0106T0730 named;0106T2000 tentative",
		"of somebody whom this row names"},
	    {PEOPLE "Leavers,,\r\nJ Jones,LD,N\r\n", "0105T0730 tentative;0106T2000 tentative",
		"\"Leavers\" above"},
	};
	struct reading_options options = grid_options(READING_NAMES_BY_DATES, NULL);

	(void)state;
	TRY(wants, &options);
}

static void
a_week_may_be_divided_in_its_cell(void **state)
{
	static const struct support_want wants[] = {
	    /* The night of the Sunday ends on a Monday. */
	    {"Week commencing,AMHP\r\n05/01/2026,J Jones Mon-Thu\r\n",
		"0105T2000 named;0106T2000 named;0107T2000 named;0108T2000 named;"
		"0109T2000 tentative;0110T2000 tentative;0111T2000 tentative",
		"says days of the week"},
	    {"Week commencing,AMHP\r\n05/01/2026,J Jones / Kay Lee w/e\r\n",
		"0105T2000 tentative;0105T2000 tentative;0106T2000 tentative;0106T2000 tentative;"
		"0107T2000 tentative;0107T2000 tentative;0108T2000 tentative;0108T2000 tentative;"
		"0109T2000 tentative;0109T2000 tentative;0110T2000 tentative;0110T2000 tentative;"
		"0111T2000 tentative;0111T2000 tentative",
		"says days of the week"},
	};
	struct reading_options options = grid_options(READING_WEEKS_BY_ROLES, amhp);

	(void)state;
	options.grid.hours = (struct reading_hours){true, 20 * 3600, 8 * 3600};
	TRY(wants, &options);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rows_are_read_as_columns_are),
	    cmocka_unit_test(lines_may_speak_of_people),
	    cmocka_unit_test(each_is_told_by_her_own_line),
	    cmocka_unit_test(those_beside_a_column_may_come_instead),
	    cmocka_unit_test(an_unknown_code_is_told_once),
	    cmocka_unit_test(a_key_may_say_that_a_code_is_no_shift),
	    cmocka_unit_test(a_week_may_be_divided_in_its_cell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
