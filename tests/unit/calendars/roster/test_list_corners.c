/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/calendars/roster/tries.h"

/* Lists, keys, lines and tables at their edges. */

static const char *const amhp[] = {"AMHP", NULL};

#define GRID "Date,AMHP,EDT\r\n05/01/2026,JJ,x\r\n06/01/2026,Kay Lee,x\r\n"
#define MEANT "0105T0900 named;0106T0900 named"
#define NOT_MEANT "0105T0900 tentative;0106T0900 named"

static void
a_key_takes_initials_from_somebody_else_only(void **state)
{
	static const struct support_want wants[] = {
	    {GRID "JJ = J Jones,,\r\n", MEANT, NULL},
	    {GRID "JJ = Jane Jackson,,\r\n", NOT_MEANT, "\"Jane Jackson\""},
	    {GRID "JJ = Kay Lee,,\r\n", NOT_MEANT, "\"Kay Lee\""},
	    {GRID "\"JJ = Kay Lee and T Brown\",,\r\n", NOT_MEANT, "\"Kay Lee and T Brown\""},
	    {GRID "JJ = J Jones?,,\r\n", NOT_MEANT, "\"J Jones?\""},
	    {GRID "JJ = 12345,,\r\n", MEANT, NULL},
	    {GRID "JJ = {},,\r\n", MEANT, NULL},
	    {GRID "JJ = 5 January 2026,,\r\n", MEANT, NULL},
	    {GRID "\"JJ = Jane Jackson, JJ = Jim Jackson, TB = Tim Bell\",,\r\n", NOT_MEANT,
		"\"Jane Jackson\""},
	    {GRID "Key,,\r\nJJ: Jane Jackson,,\r\n", NOT_MEANT, "\"Jane Jackson\""},
	    {GRID "Key,,\r\nJJ \xe2\x80\x93 Jane Jackson,,\r\n", NOT_MEANT, "\"Jane Jackson\""},
	    {GRID "Key,,\r\nJJ Jane Jackson,,\r\n", MEANT, NULL},
	    {GRID "Initials,Colour,\r\nJJ,Jane Jackson,\r\n", NOT_MEANT, "\"Jane Jackson\""},
	    {GRID "JJ,LD,\r\n", MEANT, "is not dd/mm/yyyy"},
	    /* What is undecided already stays so. */
	    {"Date,AMHP,EDT\r\n05/01/2026,JJ?,x\r\nJJ = Jane Jackson,,\r\n", "0105T0900 tentative",
		NULL},
	};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, amhp);

	(void)state;
	TRY(wants, &options);
}

static void
lines_at_their_edges(void **state)
{
	static const struct support_want wants[] = {
	    {"Date,AMHP\r\n05/01/2026,J Jones\r\nRing Kay Lee if no,\r\n", "0105T0900 named", NULL},
	    {"Date,AMHP\r\n05/01/2026,J Jones\r\nRing the ward if no cover is agreed - provisional,\r\n",
		"0105T0900 tentative", "at the end"},
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nSick,,\r\n06/01/2026,Kay Lee,x\r\n",
		"0105T0900 named;0106T0900 tentative", "\"Sick\" above"},
	    {"DRAFT,\r\nProvisional,\r\nDate,AMHP\r\n05/01/2026,J Jones\r\n", "0105T0900 tentative",
		"\"DRAFT\" above"},
	    {"* provisional,\r\nDate,AMHP\r\n05/01/2026,J Jones\r\n", "0105T0900 named", NULL},
	};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, amhp);

	(void)state;
	TRY(wants, &options);
}

static void
columns_of_people_at_their_edges(void **state)
{
	static const struct support_want wants[] = {
	    /* Words beside that of leave or learning which say nothing more. */
	    {"Date,AMHP,Night sick\r\n05/01/2026,J Jones,Kay Lee\r\n", "0105T0900 named", NULL},
	    {"Date,AMHP,Team on leave\r\n05/01/2026,J Jones,Kay Lee\r\n", "0105T0900 named", NULL},
	    {"Date,AMHP,Leave and sick\r\n05/01/2026,J Jones,Kay Lee\r\n", "0105T0900 named", NULL},
	    {"Date,AMHP,A&E trainee\r\n05/01/2026,J Jones,Kay Lee\r\n", "0105T0900 named", NULL},
	    {"Date,AMHP,Leave if needed\r\n05/01/2026,J Jones,Kay Lee\r\n", "0105T0900 tentative",
		"in the column"},
	    {"Date,AMHP,Supernumerary\r\n05/01/2026,J Jones,Kay Lee\r\n", "0105T0900 tentative",
		"in the column"},
	    {"Date,AMHP,Swapped with\r\n05/01/2026,J Jones,Kay Lee\r\n", "0105T0900 tentative",
		"in the column"},
	    {"Date,AMHP,On leave\r\n05/01/2026,J Jones,Dr Kay Lee\r\n", "0105T0900 named", NULL},
	    {"Date,AMHP,On leave\r\n05/01/2026,J Jones,Kay Lee (AMHP)\r\n", "0105T0900 named",
		NULL},
	    {"Date,AMHP,On leave\r\n05/01/2026,J Jones,Kay Lee 01632 960123\r\n", "0105T0900 named",
		NULL},
	    /* A part of the day, a number, a word: more than names. */
	    {"Date,AMHP,On leave\r\n05/01/2026,J Jones,Kay Lee until 12:00\r\n",
		"0105T0900 tentative", "in the column"},
	    {"Date,AMHP,On leave\r\n05/01/2026,J Jones,Kay Lee 09:00-17:00\r\n",
		"0105T0900 tentative", "in the column"},
	    {"Date,AMHP,On leave\r\n05/01/2026,J Jones,Kay Lee zeppelin\r\n", "0105T0900 tentative",
		"in the column"},
	    {"Date,AMHP,On leave\r\n05/01/2026,B Stranger / J Jones,Kay Lee\r\n",
		"0105T0900 tentative;0105T0900 undecided", NULL},
	    /* Beside a cell of another rota. */
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,Kay Lee / J Jones sick\r\n",
		"0105T0900 tentative", "in the column"},
	    {"Date,AMHP,EDT\r\n05/01/2026,B Stranger / J Jones,J Jones sick\r\n",
		"0105T0900 tentative;0105T0900 undecided", NULL},
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,AMHP on Monday\r\n", "0105T0900 named", NULL},
	};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, amhp);

	(void)state;
	TRY(wants, &options);
}

static void
tables_at_their_edges(void **state)
{
	static const struct support_want wants[] = {
	    {"Date,AMHP,EDT\r\nDate,EDT,AMHP\r\n05/01/2026,x,J Jones\r\n", "refused",
		"no dates that are certain"},
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nDate,EDT,SHO\r\n06/01/2026,x,Kay Lee\r\n",
		"refused", "other columns"},
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nTotal,1,1\r\nDate,EDT,AMHP\r\n06/01/2026,x,Kay Lee\r\n",
		"0105T0900 named;0106T0900 named", "\"Total\""},
	    /* Longer rows with nothing in what is too much, and with something. */
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nDate,EDT,AMHP\r\n06/01/2026,x,Kay Lee,,\r\n",
		"0105T0900 named;0106T0900 named", NULL},
	    {"Date,AMHP,EDT,Notes\r\n05/01/2026,J Jones,x,\r\nDate,EDT,AMHP\r\n06/01/2026,x,Kay Lee,y\r\n",
		"0105T0900 named", "fields"},
	    /* Lines of one cell, wherever it stands. */
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nDate,EDT,AMHP\r\n06/01/2026,x,Kay Lee\r\n,,DRAFT\r\n"
	     "07/01/2026,x,Kay Lee\r\n,,,,cancelled\r\n08/01/2026,x,Kay Lee\r\n",
		"0105T0900 named;0106T0900 tentative;0107T0900 tentative;0108T0900 tentative",
		"\"DRAFT\" above"},
	    {"Date,AMHP,Shift\r\n05/01/2026,J Jones,LD\r\n,Day,x\r\nDate,Shift,AMHP\r\n06/01/2026,N,Kay Lee\r\n",
		"refused", "other columns"},
	};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, amhp);

	(void)state;
	TRY(wants, &options);
}

#define SHIFTS "Date,Shift,AMHP\r\n"

static void
dates_that_stand_once_at_their_edges(void **state)
{
	static const struct support_want wants[] = {
	    {SHIFTS
		"05/01/2026,LD,J Jones\r\n,N,Kay Lee\r\n06/01/2026,LD,Kay Lee\r\n,N,J Jones\r\n",
		"0105T0730 named;0105T2000 named;0106T0730 named;0106T2000 named", NULL},
	    /* A code without hours says no time. */
	    {SHIFTS
		"05/01/2026,LD,J Jones\r\n,AL,Kay Lee\r\n06/01/2026,LD,Kay Lee\r\n,N,J Jones\r\n"
		"07/01/2026,LD,Kay Lee\r\n,N,J Jones\r\n",
		"0105T0730 named;0106T0730 named;0106T2000 named;0107T0730 named;0107T2000 named",
		"date \"\" of this row"},
	    /* An empty line, and a row that is too short. */
	    {SHIFTS
		"05/01/2026,LD,J Jones\r\n\r\n,N,Kay Lee\r\n06/01/2026,LD,Kay Lee\r\n,N,J Jones\r\n"
		"07/01/2026,LD,Kay Lee\r\n,N,J Jones\r\n",
		"0105T0730 named;0106T0730 named;0106T2000 named;0107T0730 named;0107T2000 named",
		"date \"\" of this row"},
	    {SHIFTS
		"05/01/2026,LD,J Jones\r\n,N,Kay Lee,x\r\n06/01/2026,LD,Kay Lee\r\n,N,J Jones\r\n"
		"07/01/2026,LD,Kay Lee\r\n,N,J Jones\r\n",
		"0105T0730 named;0106T0730 named;0106T2000 named;0107T0730 named;0107T2000 named",
		"has 4 fields"},
	    /* A line break in a cell. */
	    {SHIFTS
		"05/01/2026,LD,\"J Jones\r\n(AMHP)\"\r\n,N,Kay Lee\r\n06/01/2026,LD,Kay Lee\r\n,N,J Jones\r\n",
		"0105T0730 named;0105T2000 named;0106T0730 named;0106T2000 named", NULL},
	    /* Two dates of four have such rows, which is not most of them. */
	    {SHIFTS "05/01/2026,LD,J Jones\r\n,N,Kay Lee\r\n06/01/2026,LD,Kay Lee\r\n,N,J Jones\r\n"
		    "07/01/2026,LD,Kay Lee\r\n08/01/2026,LD,J Jones\r\n",
		"0105T0730 named;0106T0730 named;0107T0730 named;0108T0730 named",
		"date \"\" of this row"},
	    {"Date,Start,End,AMHP\r\n05/01/2026,09:00,,J Jones\r\n,17:00,,Kay Lee\r\n06/01/2026,09:00,,J Jones\r\n"
	     ",17:00,,Kay Lee\r\n",
		"", "end \"\" of this row"},
	};
	/* In a list two people may have one shift, and a later one does not begin before it. */
	static const struct support_want list[] = {
	    {"Date,Start,End,Name\r\n05/01/2026,09:00,17:00,J Jones\r\n,09:00,17:00,Kay Lee\r\n"
	     "06/01/2026,09:00,17:00,Kay Lee\r\n,08:00,09:00,J Jones\r\n07/01/2026,09:00,17:00,Kay Lee\r\n"
	     ",17:00,09:00,J Jones\r\n",
		"0105T0900 named;0105T0900 named;0106T0900 named;0107T0900 named;0107T1700 named",
		"date \"\" of this row"},
	};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, amhp);

	(void)state;
	TRY(wants, &options);
	options.grid.layout = READING_NO_GRID;
	TRY(list, &options);
}

static void
lists_at_their_edges(void **state)
{
	static const struct support_want wants[] = {
	    /* Heading lines without a row, or with one that is too short. */
	    {"Name,Start,End\r\n", "refused", "no column Date"},
	    {"Name,Start,End\r\nJ Jones\r\n", "refused", "no column Date"},
	    {"Name,Date,Shift\r\nJ Jones\r\n", "", "fields"},
	    {"First Name,Date,Start,End\r\nKay,05/01/2026,09:00,17:00\r\n", "refused",
		"no column Staff Name"},
	    {"Last Name,Date,Start,End\r\nLee,05/01/2026,09:00,17:00\r\n", "refused",
		"no column Staff Name"},
	    {"Staff,First Name,Date,Start,End\r\nJ Jones,Jo,05/01/2026,09:00,17:00\r\n",
		"0105T0900 named", NULL},
	    /* Headings that are columns where no other one is. */
	    {"Name,From Date,From Time,To Date,To Time\r\nJ Jones,05/01/2026,17:00,06/01/2026,09:00\r\n",
		"0105T1700 named", NULL},
	    {"Member,Date,From,To\r\nJ Jones,05/01/2026,09:00,17:00\r\nMember,Date,From,To\r\n"
	     "Kay Lee,06/01/2026,09:00,17:00\r\n",
		"0105T0900 named;0106T0900 named", NULL},
	    {"Name,Date,Start,End,From\r\nJ Jones,05/01/2026,09:00,17:00,Kay Lee\r\n",
		"0105T0900 tentative", "in the column \"From\""},
	    {"Name,Date,Time,From,To\r\nJ Jones,05/01/2026,09:00-17:00,J Jones,Kay Lee\r\n",
		"0105T0900 tentative", "in the column \"To\""},
	    {"Name,Member,Date,From,Until\r\nJ Jones,Kay Lee,05/01/2026,09:00,17:00\r\n",
		"0105T0900 tentative", "in the column \"Member\""},
	    {"Name,Date,From,Time From,To\r\nJ Jones,05/01/2026,Leeds,09:00,17:00\r\n", "refused",
		"Time From"},
	    {"Name,Date,From,To\r\nJ Jones,05/01/2026,Kay Lee,J Jones\r\n", "", "Kay Lee"},
	    {"First Name,Last Name,Date,Start,End\r\nKay,Lee,05/01/2026,09:00,17:00\r\n"
	     ",Gill,06/01/2026,09:00,17:00\r\nKay,,07/01/2026,09:00,17:00\r\n",
		"0105T0900 named;0106T0900 named;0107T0900 undecided", NULL},
	    {"Name,Date,Start,End\r\n,,,\r\nJ Jones,05/01/2026,09:00,17:00\r\n\r\n,,,\r\n",
		"0105T0900 named", NULL},
	    /* A day and a time in one cell, by a blank or by a T. */
	    {"Name,Start,End\r\nKay Lee,2026-01-06 09:00,2026-01-06 17:00\r\nJ Jones,2026-01-05T09:00,2026-01-05T17:00\r\nT Brown,Tuesday,2026-01-07 17:00\r\n",
		"0106T0900 named", "of this row"},
	    {"Name,Date,Start,End\r\nJ Jones,05/01/2026,9:00,05/01/2026 5:00\r\n", "",
		"before or after noon"},
	    {"Name,Date,Start,End\r\nJ Jones,05/01/2026,9:00,06/01/2026 08:00\r\nKay Lee,06/01/2026,09:00,17:00\r\n",
		"0105T0900 named;0106T0900 named", NULL},
	    /* The first of two dates that may begin with their years is named. */
	    {"Name,Date,Start,End\r\nJ Jones,27-01-26,09:00,17:00\r\nKay Lee,28-01-26,09:00,17:00\r\n",
		"refused", "27-01-26"},
	    {"Name,Date,Start,End\r\nJ Jones,27-01-26,09:00,17:00\r\nKay Lee,28/01/26,09:00,17:00\r\n",
		"0127T0900 named;0128T0900 named", NULL},
	};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, amhp);

	(void)state;
	options.grid.layout = READING_NO_GRID;
	TRY(wants, &options);
}

static void
leave_may_be_a_code_of_the_rota(void **state)
{
	static const struct support_want wants[] = {
	    {"Name,From,To,Type\r\nJ Jones,05/01/2026,05/01/2026,AL\r\n", "0105T0000 absence",
		NULL},
	    {"Name,From,To,Type\r\nJ Jones,05/01/2026,05/01/2026,LD\r\n", "0105T0000 absence",
		"is no word of leave"},
	    {"Name,From,To,Type\r\nJ Jones,05/01/2026,05/01/2026,Annual leave\r\n",
		"0105T0000 absence", NULL},
	};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, amhp);

	(void)state;
	options.grid.layout = READING_NO_GRID;
	options.absences = true;
	TRY(wants, &options);
}

/* A long list of rows is cut where the sentence would be too long, and so is one of columns. */
static void
what_a_file_has_is_cut(void **state)
{
	struct reading_options options = support_roster_options();
	struct arena *arena = arena_new(0);
	struct buf file = {0};
	struct reading reading;

	(void)state;
	buf_add_text(&file, "Name,05/01/2026,06/01/2026,07/01/2026\r\n");
	for (int i = 0; i < 60; i++)
		buf_printf(&file, "A person with a long name %d,LD,,\r\n", i);
	buf_add(&file, "", 1);
	reading = support_read(arena, &options, file.at);
	assert_true(reading.refused);
	assert_null(strstr(reading.findings[0].text, "name 59"));
	buf_free(&file);
	buf_add_text(&file, "Date");
	for (int i = 0; i < 60; i++)
		buf_printf(&file, ",A duty with a long name %d", i);
	buf_add_text(&file, "\r\n05/01/2026,J Jones\r\n");
	buf_add(&file, "", 1);
	reading = support_read(arena, &options, file.at);
	assert_true(reading.refused);
	assert_null(strstr(reading.findings[0].text, "name 59"));
	buf_free(&file);
	arena_free(arena);
}

static void
bytes_at_their_edges(void **state)
{
	const struct reading_tools tools = {support_zones()};
	struct reading_options options = support_roster_options();
	struct arena *arena = arena_new(0);
	static const char nul[] = "\r\n\0Name";
	struct reading reading;
	struct buf wide = {0};

	(void)state;
	reading_make(&tools, &options, (struct slice){nul, sizeof nul - 1}, arena, &reading);
	assert_true(reading.refused);
	/* UTF-16 of more than 10 MB. */
	buf_add(&wide, "\xff\xfe", 2);
	for (size_t i = 0; i < (size_t)5 * 1024 * 1024 + 16; i++)
		buf_add(&wide, "a\0", 2);
	reading_make(&tools, &options, (struct slice){wide.at, wide.len}, arena, &reading);
	assert_true(reading.refused);
	assert_true(support_finding(&reading, NULL, "10 MB"));
	buf_free(&wide);
	arena_free(arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_key_takes_initials_from_somebody_else_only),
	    cmocka_unit_test(lines_at_their_edges),
	    cmocka_unit_test(columns_of_people_at_their_edges),
	    cmocka_unit_test(tables_at_their_edges),
	    cmocka_unit_test(dates_that_stand_once_at_their_edges),
	    cmocka_unit_test(lists_at_their_edges),
	    cmocka_unit_test(leave_may_be_a_code_of_the_rota),
	    cmocka_unit_test(what_a_file_has_is_cut),
	    cmocka_unit_test(bytes_at_their_edges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
