/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/calendars/roster/tries.h"

/* Grids at their edges: what is written once too often, is missing, or is more than is read. */

static const char *const amhp[] = {"AMHP", NULL};

/* Of a cell whose date may be either of two days there are two entries, and it is one cell all the same. */
static void
a_date_of_two_days_is_in_no_cell_twice(void **state)
{
	struct arena *arena = arena_new(0);
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, amhp);
	struct reading reading;

	(void)state;
	options.date_order = READING_DATES_UNSET;
	reading = support_read(arena, &options, "Date,AMHP\r\n05/01/2026,J Jones\r\n");
	assert_string_equal(
	    support_classes(arena, &reading), "0105T0900 tentative;0501T0800 tentative");
	assert_true(support_finding(&reading, NULL, "dd/mm/yyyy or mm/dd/yyyy"));
	assert_false(support_finding(&reading, NULL, "two cells"));
	arena_free(arena);
}

static void
a_row_without_a_beginning_is_about_the_one_above(void **state)
{
	static const struct support_want wants[] = {
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\n,now Kay Lee,\r\n06/01/2026,Kay Lee,x\r\n",
		"0105T0900 tentative;0106T0900 named", "\"now Kay Lee\" stands below"},
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\n,,sick\r\n", "0105T0900 named",
		"The line \"sick\""},
	    /* A second person, and a number. */
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\n,Kay Lee,\r\n", "0105T0900 named",
		"The date"},
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\n,12.5,3\r\n", "0105T0900 named", "The date"},
	    /* Of another line than the last, or of another duty, nothing is said. */
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\n06/01/2026,,x\r\n,now Kay Lee,\r\n",
		"0105T0900 named", "The date"},
	};
	static const struct support_want duties[] = {
	    {"Duty,05/01/2026,06/01/2026\r\nAMHP,J Jones,Kay Lee\r\n,sick,\r\n",
		"0105T0900 tentative;0106T0900 named", "\"sick\" stands below"},
	    {"Duty,05/01/2026,06/01/2026\r\nAMHP,J Jones,Kay Lee\r\nEDT,x,x\r\n,sick,\r\n",
		"0105T0900 named;0106T0900 named", "\"sick\""},
	};
	static const struct support_want people[] = {
	    {"Name,05/01/2026,06/01/2026\r\nJ Jones,LD,LD\r\n,AL,\r\n",
		"0105T0730 tentative;0106T0730 named", "\"AL\" stands below"},
	};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, amhp);

	(void)state;
	TRY(wants, &options);
	options = grid_options(READING_ROLES_BY_DATES, amhp);
	TRY(duties, &options);
	options = grid_options(READING_NAMES_BY_DATES, NULL);
	TRY(people, &options);
}

static void
rows_of_days_at_their_edges(void **state)
{
	static const struct support_want wants[] = {
	    /* Blank rows, and lines between the rows. */
	    {"Date,AMHP\r\n05/01/2026,J Jones\r\n,\r\n06/01/2026,Kay Lee\r\n",
		"0105T0900 named;0106T0900 named", NULL},
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nNorth,,\r\n06/01/2026,Kay Lee,x\r\nNorth,,\r\n"
	     "07/01/2026,J Jones,x\r\n",
		"0105T0900 named;0106T0900 named;0107T0900 named", NULL},
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nSouth,,\r\n06/01/2026,Kay Lee,x\r\nWest,,\r\n"
	     "07/01/2026,J Jones,x\r\n",
		"0105T0900 named;0106T0900 tentative;0107T0900 tentative", "\"South\""},
	    /* A team without a letter cannot be decided. */
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\n#1,,\r\n06/01/2026,J Jones,x\r\n#2,,\r\n07/01/2026,Kay Lee,x\r\n",
		"0105T0900 named;0106T0900 tentative;0107T0900 tentative", "\"#1\""},
	    /* Hours of the row stand before those of a line above it. */
	    {"Date,Start,End,AMHP\r\n05/01/2026,09:00,17:00,J Jones\r\nNights 17:00-08:00,,,\r\n06/01/2026,09:00,17:00,J Jones\r\n",
		"0105T0900 named;0106T0900 named", NULL},
	    {"Date,Start,End,AMHP\r\n05/01/2026,,17:00,J Jones\r\n", "", "start"},
	    {"Date,AMHP 09:00-17:00\r\n05/01/2026,J Jones\r\n", "refused", "no column"},
	    /* A code in a column of shifts. */
	    {"Date,Shift,AMHP\r\n05/01/2026,LD,J Jones\r\n06/01/2026,AL,J Jones\r\n",
		"0105T0730 named;0106T0900 absence", NULL},
	    /* A day with two doubts has one. */
	    {",Night 17:00-09:00,x\r\nDate,AMHP,EDT\r\n05/01/2026,J Jones,x\r\n05/01/2026,Kay Lee,x\r\n",
		"0105T0900 tentative;0105T0900 tentative", "which says other hours"},
	    /* Other columns of names and dates are of other rotas. */
	    {"Date,AMHP,Name\r\n05/01/2026,J Jones,Kay Lee\r\n", "0105T0900 named", NULL},
	    {"Date,AMHP,First Name,Last Name\r\n05/01/2026,J Jones,Kay,Lee\r\n", "0105T0900 named",
		NULL},
	    {"Date,AMHP,Shift Date\r\n05/01/2026,J Jones,06/01/2026\r\n", "0105T0900 named", NULL},
	    {"Date,AMHP,On call\r\n05/01/2026,J Jones,Kay Lee\r\n06/01/2026,J Jones,-\r\n",
		"0105T0900 named;0106T0900 named", NULL},
	    /* What comes again as a heading line is one by the rota's own column as well. */
	    {"When,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nWhen,AMHP,EDT\r\n06/01/2026,Kay Lee,x\r\n",
		"0105T0900 named;0106T0900 named", NULL},
	    {"When,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nThen,AMHP,SHO\r\n06/01/2026,Kay Lee,x\r\n",
		"refused", "other columns"},
	    {"When,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nThen,EDT,SHO\r\n06/01/2026,Kay Lee,x\r\n",
		"0105T0900 named;0106T0900 named", "\"Then\""},
	    /* No heading line, and none with two columns. */
	    {"05/01/2026\r\n", "refused", "no column \"AMHP\""},
	    {"Rota AMHP\r\n05/01/2026,J Jones\r\nDate,EDT\r\n", "refused", "no column \"AMHP\""},
	};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, amhp);

	(void)state;
	TRY(wants, &options);
}

static void
columns_of_hours_at_their_edges(void **state)
{
	static const struct support_want wants[] = {
	    {"Date,(09:00-17:00)\r\n05/01/2026,J Jones\r\n", "0105T0900 named", NULL},
	    {"Date,AMHP (17:00-09:00)\r\n05/01/2026,J Jones\r\n", "0105T1700 named", NULL},
	    {"Date,24:00-08:00\r\n05/01/2026,J Jones\r\n", "refused", "says its hours"},
	    {"Date,9-5\r\n05/01/2026,J Jones\r\n", "refused", "says its hours"},
	    /* Two parts that differ say none; two that agree say those. */
	    {"Date,Day 09:00-17:00 / AMHP 17:00-09:00\r\n05/01/2026,J Jones\r\n", "refused",
		"no dates that are certain"},
	    {"Date,Day 09:00-17:00 / AMHP 09:00-20:00\r\n05/01/2026,J Jones\r\n", "refused",
		"no dates that are certain"},
	    {"Date,Day 09:00-17:00 / AMHP 09:00-17:00\r\n05/01/2026,J Jones\r\n", "0105T0900 named",
		NULL},
	    {"Date,AL,LD\r\n05/01/2026,Kay Lee,J Jones\r\n", "0105T0730 named", NULL},
	    {"Date,09:00-17:00\r\n05/01/2026,J Jones\r\nWhen,17:00-09:00\r\n06/01/2026,J Jones\r\n",
		"refused", "other columns"},
	    {"Date,09:00-17:00,17:00-09:00\r\n05/01/2026,J Jones,\r\nDate,17:00-09:00,09:00-17:00\r\n"
	     "06/01/2026,Kay Lee,\r\n",
		"0105T0900 named;0106T1700 named", NULL},
	    {"Date,09:00-17:00,17:00-09:00\r\n05/01/2026,J Jones,\r\nDate,17:00-09:00,10:00-12:00\r\n"
	     "06/01/2026,Kay Lee,\r\n",
		"refused", "other columns"},
	};
	struct reading_options options = grid_options(READING_DATES_BY_HOURS, NULL);

	(void)state;
	TRY(wants, &options);
}

/* A column whose heading is a code, or times, has the hours of it to the end. */
static void
hours_of_a_heading_end_as_it_says(void **state)
{
	static const char *const rows[][2] = {
	    {"Date,AL,LD\r\n05/01/2026,Kay Lee,J Jones\r\n", "0105T0730-0105T2000 named"},
	    {"Date,AL,N\r\n05/01/2026,Kay Lee,J Jones\r\n", "0105T2000-0106T0800 named"},
	    {"Date,09:15-17:45\r\n10/01/2026,J Jones\r\n", "0110T0915-0110T1745 named"},
	};
	struct reading_options options = grid_options(READING_DATES_BY_HOURS, NULL);

	(void)state;
	/* At weekends too: hours of a heading are those of every day. */
	options.grid.weekend = (struct reading_hours){true, 10 * 3600, 12 * 3600};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading = support_read(arena, &options, rows[i][0]);

		assert_string_equal(support_spans(arena, &reading), rows[i][1]);
		arena_free(arena);
	}
}

static void
an_all_day_rule_gives_hours_of_one_day(void **state)
{
	static const struct support_want wants[] = {
	    {"Date,AMHP\r\n05/01/2026,J Jones\r\n", "0105T0800 named", NULL}};
	static const struct support_want longer[] = {
	    {"Date,AMHP\r\n05/01/2026,J Jones\r\n", "0105T0000 tentative", "are not known"}};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, amhp);

	(void)state;
	options.grid.hours.set = false;
	options.all_day_rule = true;
	options.all_day_start = 8 * 3600;
	options.all_day_hours = 24;
	TRY(wants, &options);
	options.all_day_hours = 48;
	TRY(longer, &options);
}

static void
weeks_at_their_edges(void **state)
{
	static const struct support_want wants[] = {
	    /* A weekday that is written must be the one on which the others begin. */
	    {"Week,AMHP\r\nw/c 05/01/2026,J Jones\r\nw/c Mon 12 Jan,\r\n",
		"0105T0900 named;0106T0900 named;0107T0900 named;0108T0900 named;0109T0900 named;0110T0900 "
		"named;0111T0900 named",
		NULL},
	    {"Week,AMHP\r\nw/c 12 Jan,\r\nw/c 05/01/2026,J Jones\r\n",
		"0105T0900 named;0106T0900 named;0107T0900 named;0108T0900 named;0109T0900 named;0110T0900 "
		"named;0111T0900 named",
		NULL},
	};
	struct reading_options options = grid_options(READING_WEEKS_BY_ROLES, amhp);

	(void)state;
	TRY(wants, &options);
}

static void
people_by_days_at_their_edges(void **state)
{
	static const struct support_want wants[] = {
	    /* Codes of leave that the rota does not know are words, and so are others. */
	    {"Name,05/01/2026,06/01/2026,07/01/2026\r\nJ Jones,sick,annual leave,training\r\n"
	     "Kay Lee,bank holiday,LD,\r\n",
		"0105T0000 noise;0105T0000 absence;0106T0000 absence;0106T0730 named;0107T0000 noise",
		NULL},
	    /* The numbers of a month that turns, and those of no month. */
	    {"December 2025,,,\r\nName,30,31,1\r\nJ Jones,LD,LD,LD\r\n", "0101T0730 named", NULL},
	    {"December 2026,,,\r\nName,3,1,2\r\nJ Jones,LD,LD,LD\r\n", "refused",
		"no dates that are"},
	    {"December 2026,,,\r\nTotal,3,4,5\r\nJ Jones,LD,LD,LD\r\n", "refused",
		"no dates that are"},
	    /* A second line of weekdays. */
	    {"Week commencing 05/01/2026,,,\r\nName,Mon,Tue,Mon\r\nJ Jones,LD,LD,LD\r\n", "refused",
		"no dates that are certain"},
	    {"Week commencing 05/01/2026,,,\r\nName,Tue,Mon,\r\nJ Jones,LD,LD,\r\n", "refused",
		"is no Tuesday"},
	    /* Two dates above them leave open which week it is. */
	    {"Week commencing 05/01/2026,,\r\nWeek commencing 12/01/2026,,\r\nName,Mon,Tue\r\nJ Jones,LD,LD\r\n",
		"refused", "no dates that are certain"},
	    /* Weekdays that stand once above several tables. */
	    {"Name,Mon,Tue\r\n,05/01/2026,06/01/2026\r\nJ Jones,LD,LD\r\nName,12/01/2026,\r\nKay Lee,LD,\r\n",
		"0105T0730 named;0106T0730 named;0112T0730 named", NULL},
	    {"Name,Mon,Tue\r\n,05/01/2026,06/01/2026\r\nJ Jones,LD,LD\r\nName,13/01/2026,14/01/2026\r\nKay Lee,LD,\r\n",
		"0105T0730 named;0106T0730 named;0113T0730 tentative", "another day of the week"},
	    {"Name,Mon,Tue\r\n,05/01/2026,06/01/2026\r\nJ Jones,LD,LD\r\nName,01/13/2026,\r\nKay Lee,LD,\r\n",
		"refused", "can only be mm/dd"},
	    /* Names of two cells, and one of them empty. */
	    {"First Name,Last Name,05/01/2026,06/01/2026\r\nKay,Lee,LD,\r\nPriya,,,LD\r\n,Gill,,LD\r\n",
		"0105T0730 named;0106T0730 undecided;0106T0730 named", NULL},
	    /* A later table with other columns, and with the same in other places. */
	    {"Name,Grade,05/01/2026,06/01/2026\r\nJ Jones,B7,LD,LD\r\nName,Band,12/01/2026,13/01/2026\r\nKay Lee,B7,LD,\r\n",
		"refused", "other columns"},
	    {"Name,05/01/2026,06/01/2026\r\nJ Jones,LD,LD\r\nStaff,12/01/2026,13/01/2026\r\nKay Lee,LD,\r\n",
		"0105T0730 named;0106T0730 named;0112T0730 named", NULL},
	    {"Name,05/01/2026,06/01/2026,\r\nJ Jones,LD,LD,\r\nName,12/01/2026,,13/01/2026\r\nKay Lee,LD,,LD\r\n",
		"0105T0730 named;0106T0730 named;0112T0730 named;0113T0730 named", NULL},
	    /* The line of days is shorter than the one of weekdays. */
	    {"Name,Mon,Tue,Notes\r\n,05/01/2026,06/01/2026\r\nJ Jones,LD,LD,cancelled\r\n", "",
		"has 4 fields, the heading has 3"},
	    {"05/01/2026,06/01/2026,07/01/2026,Name\r\nLD,,LD,J Jones\r\n",
		"0105T0730 named;0107T0730 named", NULL},
	    {"05/01/2026,06/01/2026,07/01/2026,\r\nLD,,LD,J Jones\r\n",
		"0105T0730 named;0107T0730 named", NULL},
	    {"Liaison,5,6,7\r\nName,Mon 05/01/2026,Tue 06/01/2026,Thu 08/01/2026\r\nJ Jones,LD,,\r\n",
		"refused", "no dates that are certain"},
	    {"Liaison,Mon 05/01/2026,Tue 06/01/2026,Wed 07/01/2026\r\nName,5,6,7,8\r\nJ Jones,LD,,\r\n",
		"refused", "no dates that are certain"},
	    /* A note that stands alone above nothing. */
	    {"Name,05/01/2026,06/01/2026\r\nJ Jones,LD,\r\n,,see e-mail\r\n", "0105T0730 tentative",
		"at the end"},
	};
	struct reading_options options = grid_options(READING_NAMES_BY_DATES, NULL);

	(void)state;
	TRY(wants, &options);
}

static void
duties_by_days_at_their_edges(void **state)
{
	static const struct support_want wants[] = {
	    {"Role,05/01/2026,06/01/2026\r\nAMHP,J Jones,-\r\nEDT cancelled,x,x\r\n",
		"0105T0900 named", NULL},
	    {"05/01/2026,06/01/2026,07/01/2026,Role\r\nJ Jones,,Kay Lee,AMHP\r\n",
		"0105T0900 named;0107T0900 named", NULL},
	    {"Role,05/01/2026,06/01/2026\r\nAMHP,J Jones,Kay Lee\r\nDRAFT,,\r\nAMHP 2nd,x,x\r\n",
		"0105T0900 tentative;0106T0900 tentative", "at the end"},
	};
	struct reading_options options = grid_options(READING_ROLES_BY_DATES, amhp);

	(void)state;
	TRY(wants, &options);
}

/* ${head}, ${times} times the row ${row}; 50,000 shifts is the most. */
static void
is_too_much(const struct reading_options *options, const char *head, const char *row, size_t times)
{
	struct arena *arena = arena_new(0);
	struct reading reading;
	struct buf file = {0};

	buf_add_text(&file, head);
	for (size_t i = 0; i < times; i++)
		buf_add_text(&file, row);
	buf_add(&file, "", 1);
	reading = support_read(arena, options, file.at);
	assert_true(reading.refused);
	assert_true(support_finding(&reading, NULL, "50000"));
	buf_free(&file);
	arena_free(arena);
}

static void
a_grid_has_50000_shifts_at_most(void **state)
{
	struct reading_options options = grid_options(READING_WEEKS_BY_ROLES, amhp);
	struct arena *arena = arena_new(0);
	const char *days = "Name", *line = "J Jones", *duty = "AMHP";

	(void)state;
	is_too_much(&options, "Week,AMHP\r\n", "05/01/2026,J Jones\r\n", 50000 / 7 + 1);
	for (int i = 0; i < 500; i++) {
		days = arena_printf(
		    arena, "%s,%02d/%02d/%04d", days, i % 28 + 1, i / 28 % 12 + 1, 2026 + i / 336);
		line = arena_printf(arena, "%s,LD", line);
		duty = arena_printf(arena, "%s,J Jones", duty);
	}
	options = grid_options(READING_NAMES_BY_DATES, NULL);
	is_too_much(&options, arena_printf(arena, "%s\r\n", days),
	    arena_printf(arena, "%s\r\n", line), 101);
	options = grid_options(READING_ROLES_BY_DATES, amhp);
	is_too_much(&options, arena_printf(arena, "%s\r\n", days),
	    arena_printf(arena, "%s\r\n", duty), 101);
	arena_free(arena);
}

/* Whatever the arena holds, the file is read or refused. */
static void
a_grid_that_is_too_large_for_the_memory_is_refused(void **state)
{
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, amhp);
	struct buf file = {0};
	size_t refused = 0;

	(void)state;
	buf_add_text(&file, "Date,AMHP\r\n");
	for (int i = 0; i < 300; i++)
		buf_printf(&file, "%02d/%02d/2026,J Jones\r\n", i % 28 + 1, i / 28 + 1);
	buf_add(&file, "", 1);
	for (size_t limit = 256 * 1024; limit < 4 * 1024 * 1024; limit += 64 * 1024) {
		struct arena *arena = arena_new(limit);
		struct reading reading = support_read(arena, &options, file.at);

		refused += reading.refused;
		assert_true(!reading.refused || reading.nfindings > 0);
		arena_free(arena);
	}
	assert_true(refused > 0);
	buf_free(&file);
}

/* A heading or a row of more bytes, and more of them, than are listed. */
static void
what_is_found_in_a_grid_is_cut(void **state)
{
	struct reading_options options = support_roster_options();
	struct arena *arena = arena_new(0);
	struct buf file = {0};
	struct reading reading;

	(void)state;
	buf_add_text(&file, "Date");
	for (int i = 0; i < 70; i++)
		buf_printf(&file, ",Duty %d", i);
	for (int i = 0; i < 130; i++)
		buf_add_text(&file, i == 0 ? ",X" : "x");
	buf_add_text(&file, "\r\n05/01/2026,J Jones\r\n");
	buf_add(&file, "", 1);
	reading = support_read(arena, &options, file.at);
	assert_int_equal(reading.found->ncolumns, READING_FOUND_MAX);
	buf_free(&file);
	buf_add_text(&file, "Date,AMHP,");
	for (int i = 0; i < 130; i++)
		buf_add_text(&file, "x");
	buf_add_text(&file, ",,Time\r\n05/01/2026,J Jones\r\n");
	buf_add(&file, "", 1);
	options.grid.layout = READING_DATES_BY_ROLES;
	options.grid.own = (const char *const[]){"SHO", NULL};
	reading = support_read(arena, &options, file.at);
	assert_int_equal(reading.found->ncolumns, 2);
	assert_false(reading.found->hours);
	buf_free(&file);
	/* Rows are looked at as far as every code is sure to have come. */
	buf_add_text(&file, "Name,05/01/2026,06/01/2026,07/01/2026\r\n");
	for (int i = 0; i < 500; i++)
		buf_printf(&file, "B Stranger,C%d,,\r\n", i < 400 ? 1 : 2);
	buf_add(&file, "", 1);
	options.grid.layout = READING_NO_GRID;
	options.grid.own = NULL;
	reading = support_read(arena, &options, file.at);
	assert_int_equal(reading.found->ncodes, 1);
	assert_string_equal(reading.found->codes[0], "C1");
	buf_free(&file);
	arena_free(arena);
}

/* Each row looks for the dates around it. A search from each of them took half a minute for half as many. */
static void
rows_without_a_date_are_read_in_one_pass(void **state)
{
	static const char *const lines[] = {"Total,1\r\n", "Thu 8 Jan,Kay Lee\r\n"};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, amhp);

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct arena *arena = arena_new(0);
		struct buf file = {0};
		struct reading reading;

		buf_printf(&file, "Date,AMHP\r\n05/01/2026,J Jones\r\n");
		for (int n = 0; n < 8000; n++)
			buf_printf(&file, "%s", lines[i]);
		buf_printf(&file, "09/01/2026,J Jones\r\n");
		buf_add(&file, "", 1);
		reading = support_read(arena, &options, file.at);
		assert_non_null(strstr(support_classes(arena, &reading), "0105T0900 named"));
		buf_free(&file);
		arena_free(arena);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rows_without_a_date_are_read_in_one_pass),
	    cmocka_unit_test(a_date_of_two_days_is_in_no_cell_twice),
	    cmocka_unit_test(a_row_without_a_beginning_is_about_the_one_above),
	    cmocka_unit_test(rows_of_days_at_their_edges),
	    cmocka_unit_test(columns_of_hours_at_their_edges),
	    cmocka_unit_test(hours_of_a_heading_end_as_it_says),
	    cmocka_unit_test(an_all_day_rule_gives_hours_of_one_day),
	    cmocka_unit_test(weeks_at_their_edges),
	    cmocka_unit_test(people_by_days_at_their_edges),
	    cmocka_unit_test(duties_by_days_at_their_edges),
	    cmocka_unit_test(a_grid_has_50000_shifts_at_most),
	    cmocka_unit_test(a_grid_that_is_too_large_for_the_memory_is_refused),
	    cmocka_unit_test(what_is_found_in_a_grid_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
