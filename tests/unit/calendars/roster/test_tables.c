/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/calendars/roster/tries.h"

/* Files with several tables, and dates that stand once for several rows. */

static const char *const amhp[] = {"AMHP", NULL};

static struct reading_options
options_of(const char *const *own)
{
	struct reading_options options = support_roster_options();

	options.grid = (struct reading_grid){
	    READING_DATES_BY_ROLES, own, {true, 9 * 3600, 17 * 3600}, {false, 0, 0}, {false, 0, 0}};
	return options;
}

static void
a_later_table_of_a_grid_may_have_its_columns_in_another_order(void **state)
{
	static const struct support_want wants[] = {
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,Kay Lee\r\n,,\r\nDate,EDT,AMHP\r\n06/01/2026,J Jones,Kay Lee\r\n",
		"0105T0900 named;0106T0900 named", NULL},
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nEDT,Date,AMHP\r\nJ Jones,06/01/2026,T Brown sick\r\n",
		"0105T0900 named;0106T0900 absence", NULL},
	    /* A line above it that says which week it is names no team. */
	    {"Week 1,,\r\nDate,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nWeek 2,,\r\nDate,EDT,AMHP\r\n12/01/2026,x,Kay Lee\r\n"
	     "Week 3,,\r\nDate,AMHP,EDT\r\n19/01/2026,Kay Lee,x\r\n",
		"0105T0900 named;0112T0900 named;0119T0900 named", NULL},
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nFebruary 2026,,\r\nDate,EDT,AMHP\r\n02/02/2026,x,Kay Lee\r\n"
	     "w/c 9 February,,\r\n09/02/2026,x,Kay Lee\r\n",
		"0105T0900 named;0202T0900 named;0209T0900 named", NULL},
	    {"North,,\r\nDate,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nSouth,,\r\nDate,EDT,AMHP\r\n12/01/2026,x,Kay Lee\r\n"
	     "East,,\r\n13/01/2026,x,Kay Lee\r\n",
		"0105T0900 named;0112T0900 tentative;0113T0900 tentative", "South"},
	    /* Columns that only one of them has: of duties, and about the row. */
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nDate,Notes,AMHP\r\n06/01/2026,cancelled,Kay Lee\r\n07/01/2026,,Kay Lee\r\n",
		"0105T0900 named;0106T0900 nobody;0107T0900 named", NULL},
	    {"Date,Notes,AMHP\r\n05/01/2026,cancelled,Kay Lee\r\nDate,AMHP,EDT\r\n06/01/2026,J Jones,x\r\n",
		"0105T0900 nobody;0106T0900 named", NULL},
	    /* One without the rota's own column is of other rotas. */
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nDate,EDT,\r\n06/01/2026,J Jones,\r\n",
		"0105T0900 named", "Line 3 begins a table without the column \"AMHP\""},
	    /* Rows that are too long or too short stay so. */
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nDate,EDT,AMHP\r\n06/01/2026,Jones, J,Kay Lee\r\n",
		"0105T0900 named", "has 4 fields"},
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nDate,EDT,AMHP,Notes\r\n06/01/2026,Kay Lee,Kay Lee\r\n",
		"0105T0900 named", "has 3 fields"},
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones\r\nDate,EDT,AMHP\r\n06/01/2026,x,Kay Lee\r\n",
		"0106T0900 named", "has 2 fields"},
	    /* The same day again. */
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nDate,EDT,AMHP\r\n05/01/2026,x,Kay Lee\r\n",
		"0105T0900 tentative;0105T0900 tentative", "two cells for this duty"},
	    /* Tables of something else. */
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nDate,Out,In\r\n05/01/2026,J Jones,Kay Lee\r\n",
		"refused", "other columns"},
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nDate,AMHP,AMHP\r\n06/01/2026,J Jones,Kay Lee\r\n",
		"refused", "other columns"},
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\n,Nights,Days\r\nDate,EDT,AMHP\r\n06/01/2026,x,Kay Lee\r\n",
		"refused", "other columns"},
	    {",Night,Day\r\nDate,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nDate,EDT,AMHP\r\n06/01/2026,x,Kay Lee\r\n",
		"refused", "other columns"},
	};
	struct reading_options options = options_of(amhp);

	(void)state;
	TRY(wants, &options);
}

static void
a_later_table_may_lack_one_of_several_own_columns(void **state)
{
	static const char *const both[] = {"AMHP", "AMHP 2nd", NULL};
	static const struct support_want wants[] = {
	    {"Date,AMHP,AMHP 2nd\r\n05/01/2026,J Jones,Kay Lee\r\nDate,AMHP 2nd\r\n06/01/2026,Kay Lee\r\n",
		"0105T0900 named;0105T0900 named;0106T0900 named",
		"a table without the column \"AMHP\""},
	    /* The line with most of them is not the first. */
	    {"Date,AMHP\r\n05/01/2026,J Jones\r\nDate,AMHP,AMHP 2nd\r\n06/01/2026,J Jones,Kay Lee\r\n",
		"refused", "other columns"},
	};
	struct reading_options options = options_of(both);

	(void)state;
	TRY(wants, &options);
}

#define LIST "Date,Start,End,Name\r\n"

static void
a_later_table_of_a_list_may_have_its_columns_in_another_order(void **state)
{
	static const struct support_want wants[] = {
	    {LIST
		"05/01/2026,09:00,17:00,J Jones\r\n,,,\r\nName,Date,Start,End\r\nKay Lee,06/01/2026,21:00,09:00\r\n",
		"0105T0900 named;0106T2100 named", NULL},
	    {LIST
		"05/01/2026,09:00,17:00,J Jones\r\nName,Start,End,Date,,\r\nVACANT,21:00,09:00,06/01/2026,,\r\n",
		"0105T0900 named;0106T2100 nobody", NULL},
	    {"Date,Start,End,Who\r\n05/01/2026,09:00,17:00,J Jones\r\nWho,Date,Start,End\r\nKay Lee,06/01/2026,21:00,09:00\r\n",
		"0105T0900 named;0106T2100 named", NULL},
	    {"Date,Start,End,Name,Notes\r\n05/01/2026,09:00,17:00,J Jones,\r\n"
	     "Name,Notes,Date,Start,End\r\nKay Lee,cancelled,06/01/2026,21:00,09:00\r\n",
		"0105T0900 named;0106T2100 nobody", NULL},
	    {LIST
		"05/01/2026,09:00,17:00,J Jones\r\nCancelled shifts,,,\r\nName,Date,Start,End\r\nKay Lee,06/01/2026,21:00,09:00\r\n",
		"0105T0900 named;0106T2100 tentative", "\"Cancelled shifts\" above"},
	    /* A list is known by all of its columns: one with others may be of changes or of leave. */
	    {LIST
		"05/01/2026,09:00,17:00,J Jones\r\nName,Date,Start,End,Reason\r\nKay Lee,06/01/2026,21:00,09:00,\r\n",
		"refused", "other columns"},
	    {"Date,Start,End,Name,Status\r\n05/01/2026,09:00,17:00,J Jones,\r\nName,Date,Start,End\r\nKay Lee,06/01/2026,21:00,09:00\r\n",
		"refused", "other columns"},
	    {LIST
		"05/01/2026,09:00,17:00,J Jones\r\nName,Name,Start,End\r\nKay Lee,x,21:00,09:00\r\n",
		"refused", "other columns"},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY(wants, &options);
}

#define SHIFTS "Date,Shift,AMHP\r\n"

/* A date over merged cells is saved in the first of them. */
static void
a_date_may_stand_once_for_several_rows_of_a_grid(void **state)
{
	static const struct support_want wants[] = {
	    {SHIFTS "Mon 05/01/2026,09:00-17:00,J Jones\r\n,17:00-09:00,Kay Lee\r\n"
		    "Tue 06/01/2026,09:00-17:00,Kay Lee\r\n,17:00-09:00,J Jones\r\n",
		"0105T0900 named;0105T1700 named;0106T0900 named;0106T1700 named", NULL},
	    {"Date,Start,End,AMHP,Notes\r\n05/01/2026,07:00,14:00,J Jones,\r\n,14:00,21:00,Kay Lee,sick\r\n,21:00,07:00,T Brown,\r\n"
	     "06/01/2026,07:00,14:00,J Jones,\r\n,14:00,21:00,Kay Lee,\r\n",
		"0105T0700 named;0105T1400 absence;0105T2100 named;0106T0700 named;0106T1400 named",
		NULL},
	    /* The last date may have one row, or a line below it. */
	    {SHIFTS
		"05/01/2026,09:00-17:00,J Jones\r\n,17:00-09:00,Kay Lee\r\n06/01/2026,09:00-17:00,Kay Lee\r\n,17:00-09:00,\r\n"
		"07/01/2026,09:00-17:00,J Jones\r\n,,\r\n,,Ring switchboard on 0\r\n",
		"0105T0900 named;0105T1700 named;0106T0900 named;0107T0900 named", "is no shift"},
	    /* One blank date among many is a date that was forgotten. */
	    {SHIFTS
		"05/01/2026,09:00-17:00,J Jones\r\n,17:00-09:00,Kay Lee\r\n06/01/2026,09:00-17:00,Kay Lee\r\n",
		"0105T0900 named;0106T0900 named", "date \"\" of this row"},
	    {SHIFTS
		"05/01/2026,09:00-17:00,J Jones\r\n05/01/2026,17:00-09:00,Kay Lee\r\n06/01/2026,09:00-17:00,Kay Lee\r\n"
		",17:00-09:00,J Jones\r\n07/01/2026,09:00-17:00,Kay Lee\r\n,17:00-09:00,J Jones\r\n",
		"0105T0900 named;0105T1700 named;0106T0900 named;0107T0900 named",
		"date \"\" of this row"},
	    /* A row without hours, after a blank row, or not later than the one above it. */
	    {SHIFTS "05/01/2026,09:00-17:00,J Jones\r\n,night,Kay Lee\r\n"
		    "06/01/2026,09:00-17:00,Kay Lee\r\n,17:00-09:00,J Jones\r\n",
		"0105T0900 named;0106T0900 named", "date \"\" of this row"},
	    {SHIFTS "05/01/2026,09:00-17:00,J Jones\r\n,,\r\n,17:00-09:00,Kay Lee\r\n"
		    "06/01/2026,09:00-17:00,Kay Lee\r\n,17:00-09:00,J Jones\r\n"
		    "07/01/2026,09:00-17:00,Kay Lee\r\n,17:00-09:00,J Jones\r\n",
		"0105T0900 named;0106T0900 named;0106T1700 named;0107T0900 named;0107T1700 named",
		"date \"\" of this row"},
	    {SHIFTS "05/01/2026,17:00-09:00,J Jones\r\n,09:00-17:00,Kay Lee\r\n"
		    "06/01/2026,17:00-09:00,Kay Lee\r\n,09:00-17:00,J Jones\r\n",
		"0105T1700 named;0106T1700 named", "date \"\" of this row"},
	    {SHIFTS "05/01/2026,09:00-17:00,J Jones\r\n,09:00-17:00,Kay Lee\r\n"
		    "06/01/2026,09:00-17:00,Kay Lee\r\n,09:00-17:00,J Jones\r\n",
		"0105T0900 named;0106T0900 named", "date \"\" of this row"},
	    /* The column of dates is not the first, or the first date is missing. */
	    {"Shift,Date,AMHP\r\n09:00-17:00,05/01/2026,J Jones\r\n17:00-09:00,,Kay Lee\r\n"
	     "09:00-17:00,06/01/2026,Kay Lee\r\n17:00-09:00,,J Jones\r\n",
		"0105T0900 named;0106T0900 named", "date \"\" of this row"},
	    {"Date,AMHP\r\n05/01/2026,J Jones\r\n,Kay Lee\r\n06/01/2026,J Jones\r\n,Kay Lee\r\n",
		"0105T0900 named;0106T0900 named", "date \"\" of this row"},
	};
	struct reading_options options = options_of(amhp);

	(void)state;
	TRY(wants, &options);
}

static void
a_date_may_stand_once_for_several_rows_of_a_list(void **state)
{
	static const struct support_want wants[] = {
	    {LIST "05/01/2026,09:00,17:00,J Jones\r\n,17:00,09:00,Kay Lee\r\n"
		  "06/01/2026,09:00,17:00,Kay Lee\r\n,17:00,09:00,J Jones\r\n",
		"0105T0900 named;0105T1700 named;0106T0900 named;0106T1700 named", NULL},
	    {LIST "05/01/2026,09:00,17:00,J Jones\r\n,17:00,09:00,Kay Lee\r\n"
		  "06/01/2026,09:00,17:00,Kay Lee\r\n",
		"0105T0900 named;0106T0900 named", "date \"\" of this row"},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY(wants, &options);
}

static void
a_line_may_say_whom_to_ring(void **state)
{
	static const struct support_want wants[] = {
	    {"Date,Notes,AMHP\r\n05/01/2026,,J Jones\r\n,,J Jones (ring if stuck)\r\n",
		"0105T0900 tentative", "stands below"},
	    {"Date,AMHP\r\n05/01/2026,J Jones\r\nCall switchboard if no answer,\r\n",
		"0105T0900 named", NULL},
	    {"Ring 01632 960123 if stuck,\r\nDate,AMHP\r\n05/01/2026,J Jones\r\n",
		"0105T0900 named", NULL},
	    {"Date,AMHP\r\n05/01/2026,J Jones\r\nRing to check if it is right,\r\n",
		"0105T0900 tentative", "at the end"},
	    {"Date,AMHP\r\n05/01/2026,J Jones\r\nOnly if agreed - ring Kay Lee,\r\n",
		"0105T0900 tentative", "at the end"},
	    {"Date,AMHP\r\n05/01/2026,J Jones\r\nRing Kay Lee if stuck - provisional,\r\n",
		"0105T0900 tentative", "at the end"},
	};
	struct reading_options options = options_of(amhp);

	(void)state;
	TRY(wants, &options);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_later_table_of_a_grid_may_have_its_columns_in_another_order),
	    cmocka_unit_test(a_later_table_may_lack_one_of_several_own_columns),
	    cmocka_unit_test(a_later_table_of_a_list_may_have_its_columns_in_another_order),
	    cmocka_unit_test(a_date_may_stand_once_for_several_rows_of_a_grid),
	    cmocka_unit_test(a_date_may_stand_once_for_several_rows_of_a_list),
	    cmocka_unit_test(a_line_may_say_whom_to_ring),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
