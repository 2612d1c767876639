/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "calendars/roster/roster_grid_serials.h"
#include "tests/unit/calendars/roster/tries.h"

/* Rosters of which a detail is set otherwise than usual. */

static const char *const amhp[] = {"AMHP", NULL};

static const struct reading_shift_code codes[] = {
    {"LD", NULL, READING_CODE_HOURS, 7 * 3600 + 1800, 20 * 3600},
    {"AL", NULL, READING_CODE_ABSENCE, 0, 0},
};

static struct reading_options
options_of(enum reading_layout layout)
{
	struct reading_options options = support_roster_options();

	options.grid = (struct reading_grid){
	    .layout = layout, .own = amhp, .hours = {true, 9 * 3600, 17 * 3600}};
	options.shift_codes = codes;
	options.nshift_codes = sizeof codes / sizeof *codes;
	return options;
}

/* A rota without names of its own has no heading that is certainly its own. */
static void
a_rota_may_have_no_names(void **state)
{
	static const struct support_want wants[] = {
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nAMHP,,\r\n06/01/2026,Kay Lee,x\r\nNorth,,\r\n"
	     "07/01/2026,Kay Lee,x\r\n",
		"0105T0900 named;0106T0900 named;0107T0900 named", NULL},
	    {"Date,Time,AMHP\r\n05/01/2026,09:00-17:00,J Jones\r\n", "0105T0900 named", NULL},
	};
	struct reading_options options = options_of(READING_DATES_BY_ROLES);

	(void)state;
	options.own_names = NULL;
	TRY(wants, &options);
}

/* Nobody is known: cells and rows are told apart by what they look like. */
static void
a_grid_of_strangers_is_asked_about(void **state)
{
	struct reading_options options = support_roster_options();
	struct arena *arena = arena_new(0);
	struct reading reading;

	(void)state;
	options.directory = false;
	options.people = NULL;
	options.npeople = 0;
	reading = support_read(arena, &options,
	    ",05/01/2026,06/01/2026,07/01/2026\r\nB Stranger,,LD,N\r\n,,,\r\n\r\nC Stranger\r\n");
	assert_int_equal(reading.found->layout, READING_NAMES_BY_DATES);
	reading = support_read(
	    arena, &options, ",05/01/2026,06/01/2026,07/01/2026\r\nSHO,B Stranger,,C Stranger\r\n");
	assert_int_equal(reading.found->layout, READING_ROLES_BY_DATES);
	/* The line of days is the last of those that are looked at, or the only one. */
	reading = support_read(arena, &options, "Date,SHO,EDT\r\n");
	assert_int_equal(reading.found->layout, READING_DATES_BY_ROLES);
	reading =
	    support_read(arena, &options, "Date,SHO,EDT\r\n05/01/2026,06/01/2026,07/01/2026\r\n");
	assert_int_equal(reading.found->ncolumns, 2);
	arena_free(arena);
}

static void
a_heading_may_stand_on_the_last_line_that_is_looked_at(void **state)
{
	struct reading_options options = support_roster_options();
	struct arena *arena = arena_new(0);
	struct reading reading;
	struct buf file = {0};

	(void)state;
	for (int i = 0; i < 19; i++)
		buf_add_text(&file, "Fenmere\r\n");
	buf_add_text(&file, "Date,SHO,EDT\r\n05/01/2026,x,y\r\n");
	buf_add(&file, "", 1);
	reading = support_read(arena, &options, file.at);
	assert_int_equal(reading.found->ncolumns, 2);
	buf_free(&file);
	arena_free(arena);
}

static void
accents_are_no_strokes(void **state)
{
	static const struct support_want wants[] = {
	    {"Date,AMHP\r\n05/01/2026,J Jones\xcc\xb6\r\n", "0105T0900 tentative", "struck out"},
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,Zo\xcc\x88 May\r\n06/01/2026,J Jones,Zo\xcc\xbf\r\n",
		"0105T0900 named;0106T0900 named", NULL},
	};
	struct reading_options options = options_of(READING_DATES_BY_ROLES);
	struct arena *arena = arena_new(0);

	(void)state;
	/* Only the first says anything of strokes, whatever becomes of its name. */
	for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
		struct reading reading = support_read(arena, &options, wants[i].rows);

		assert_int_equal(support_finding(&reading, NULL, "struck out"), i == 0);
	}
	arena_free(arena);
}

static struct sheet_row
row_of(struct arena *arena, const char *const *texts, size_t count)
{
	struct cell *cells = arena_array(arena, count, sizeof *cells);

	for (size_t i = 0; i < count; i++)
		cells[i].text = texts[i];
	return (struct sheet_row){1, count, cells};
}

/* Each line of numbers becomes one of dates; of a workbook that counts from 1904 none does. */
static void
all_lines_of_numbers_are_dates(void **state)
{
	static const char *const first[] = {"Name", "46027", "46028"},
				 *const name[] = {"J Jones", "LD", "LD"},
				 *const second[] = {"Name", "46034", "46035"};
	struct arena *arena = arena_new(0);
	struct sheet sheet = {.since_1904 = false};
	const struct sheet *made;

	(void)state;
	*VEC_PUSH(arena, &sheet.rows) = row_of(arena, first, 3);
	*VEC_PUSH(arena, &sheet.rows) = row_of(arena, name, 3);
	*VEC_PUSH(arena, &sheet.rows) = row_of(arena, second, 3);
	made = roster_grid_serials(arena, &sheet, false);
	assert_string_equal(made->rows.items[0].cells[1].text, "2026-01-05");
	assert_string_equal(made->rows.items[1].cells[1].text, "LD");
	assert_string_equal(made->rows.items[2].cells[2].text, "2026-01-13");
	/* The sheet that was given stays. */
	assert_string_equal(sheet.rows.items[0].cells[1].text, "46027");
	sheet.since_1904 = true;
	assert_ptr_equal(roster_grid_serials(arena, &sheet, false), &sheet);
	arena_free(arena);
}

/* Of dates that may be either, a row is undecided on both days, and its code is compared once. */
static void
a_code_is_compared_with_the_times_once(void **state)
{
	static const struct support_want wants[] = {
	    {"Name,Date,Shift,Start,End\r\nJ Jones,05/01/2026,LD,09:00,17:00\r\n",
		"0105T0900 tentative;0501T0800 tentative", "not those of its shift code"},
	};
	struct reading_options options = options_of(READING_NO_GRID);

	(void)state;
	options.date_order = READING_DATES_UNSET;
	TRY(wants, &options);
}

static void
times_may_be_one_cell(void **state)
{
	static const struct support_want wants[] = {
	    {"Name,Date,Start,End\r\nJ Jones,05/01/2026,09:00-17:00,\r\nKay Lee,06/01/2026,09:00-17:00,18:00\r\n",
		"0105T0900 named", "of this row"},
	    {"Name,Start,End\r\nJ Jones,2026-01-05 09:00,2026-01-05 17:00\r\nKay Lee,09:00-17:00,\r\n",
		"0105T0900 named", "of this row"},
	    /* An end with a date of its own, and times of one half of the day or the other. */
	    {"Name,Date,Start,End\r\nJ Jones,05/01/2026,9:00,05/01/2026 5:00 PM\r\n",
		"0105T0900 named", NULL},
	    {"Name,Date,Start,End\r\nJ Jones,05/01/2026,21:00,06/01/2026 9:00\r\n",
		"0105T2100 named", NULL},
	    {"Name,Date,Start,End\r\nJ Jones,05/01/2026,9:00,06/01/2026 9:00\r\nKay Lee,07/01/2026,13:00,17:00\r\n",
		"0105T0900 named;0107T1300 named", NULL},
	};
	struct reading_options options = options_of(READING_NO_GRID);

	(void)state;
	TRY(wants, &options);
}

static void
duties_above_which_other_hours_stand(void **state)
{
	static const struct support_want wants[] = {
	    {",Day 09:00-17:00,x\r\nDate,AMHP,EDT\r\n05/01/2026,J Jones,y\r\n", "0105T0900 named",
		NULL},
	    {",Day 09:00-16:00,x\r\nDate,AMHP,EDT\r\n05/01/2026,J Jones,y\r\n",
		"0105T0900 tentative", "which says other hours"},
	    {",Day 08:00-17:00,x\r\nDate,AMHP,EDT\r\n05/01/2026,J Jones,y\r\n",
		"0105T0900 tentative", "which says other hours"},
	    /* A duty that says its hours itself needs none of a line. */
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nNights 17:00-09:00,,\r\n06/01/2026,J Jones,x\r\n",
		"0105T0900 named;0106T0900 tentative", "which says other hours"},
	};
	static const char *const timed[] = {"AMHP 09:00-17:00", NULL};
	static const struct support_want itself[] = {
	    {"Date,AMHP 09:00-17:00,EDT\r\n05/01/2026,J Jones,x\r\nNights 17:00-09:00,,\r\n06/01/2026,J Jones,x\r\n",
		"0105T0900 named;0106T0900 named", NULL},
	};
	/* Without hours of the rota's own there is nothing that a line could differ from. */
	static const struct support_want none[] = {
	    {",Day 09:00-17:00,x\r\nDate,AMHP,EDT\r\n05/01/2026,J Jones,y\r\n",
		"0105T0000 tentative", "are not known"},
	};
	struct reading_options options = options_of(READING_DATES_BY_ROLES);

	(void)state;
	TRY(wants, &options);
	options.grid.own = timed;
	TRY(itself, &options);
	options.grid.own = amhp;
	options.grid.hours.set = false;
	TRY(none, &options);
}

static void
leave_of_people_by_days(void **state)
{
	static const struct support_want wants[] = {
	    {"Name,05/01/2026,06/01/2026\r\nJ Jones,AL,LD\r\nKay Lee,sick,x\r\n",
		"0105T0000 absence;0105T0000 absence", NULL},
	};
	struct reading_options options = options_of(READING_NAMES_BY_DATES);

	(void)state;
	options.grid.own = NULL;
	options.absences = true;
	TRY(wants, &options);
}

/* Nothing stands before the rows of a grid of days. */
static void
a_grid_may_have_no_labels(void **state)
{
	static const struct support_want names[] = {
	    {"05/01/2026,06/01/2026,07/01/2026\r\nLD,LD,\r\n",
		"0105T0730 undecided;0106T0730 undecided", NULL},
	    {"Mon,Tue,Wed\r\n05/01/2026,06/01/2026,07/01/2026\r\nLD,AL,x\r\n",
		"0105T0730 undecided;0106T0000 undecided;0107T0000 undecided", NULL},
	};
	static const struct support_want roles[] = {
	    {"05/01/2026,06/01/2026,07/01/2026\r\nJ Jones,Kay Lee,\r\n", "refused", "no row"},
	};
	struct reading_options options = options_of(READING_NAMES_BY_DATES);

	(void)state;
	options.grid.own = NULL;
	TRY(names, &options);
	options = options_of(READING_ROLES_BY_DATES);
	TRY(roles, &options);
	/* Without rows of its own a rota has no shifts. */
	options.grid.own = NULL;
	TRY(((const struct support_want[]){
		{"Role,05/01/2026,06/01/2026\r\nAMHP,J Jones,\r\n", "", "no events"}}),
	    &options);
}

static void
rows_that_say_more_than_one_thing(void **state)
{
	static const struct support_want wants[] = {
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nNorth,,\r\n06/01/2026,J Jones,x\r\nSouth,,\r\n"
	     "07/01/2026,J Jones,x\r\nWest,,\r\n08/01/2026,J Jones,x\r\n",
		"0105T0900 named;0106T0900 tentative;0107T0900 tentative;0108T0900 tentative",
		"\"West\""},
	    /* Doubtful by its day, and away by its note. */
	    {"Date,AMHP,Notes\r\n05/01/2026,J Jones,sick\r\n05/01/2026,Kay Lee,\r\n",
		"0105T0900 undecided;0105T0900 tentative", "two cells"},
	    {"Date,Shift,AMHP\r\n05/01/2026,Day,J Jones\r\n", "0105T0900 named", NULL},
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,x\r\nCall-outs,3,2\r\nDate,EDT,AMHP\r\n06/01/2026,x,Kay Lee\r\n",
		"0105T0900 named;0106T0900 named", "\"Call-outs\" of this row"},
	};
	static const char *const both[] = {"AMHP", "AMHP 2nd", NULL};
	static const struct support_want titles[] = {
	    {"AMHP,rota,\r\nDate,AMHP,AMHP 2nd\r\n05/01/2026,J Jones,Kay Lee\r\n",
		"0105T0900 named;0105T0900 named", NULL},
	};
	static const struct support_want weeks[] = {
	    {"Week,AMHP,EDT\r\nWeek,EDT,AMHP\r\n05/01/2026,x,J Jones\r\n",
		"0105T0900 named;0106T0900 named;0107T0900 named;0108T0900 named;0109T0900 named;0110T0900 "
		"named;0111T0900 named",
		NULL},
	};
	struct reading_options options = options_of(READING_DATES_BY_ROLES);

	(void)state;
	TRY(wants, &options);
	options.grid.own = both;
	TRY(titles, &options);
	options = options_of(READING_WEEKS_BY_ROLES);
	TRY(weeks, &options);
}

static void
tables_of_people_with_more_beside_them(void **state)
{
	static const struct support_want wants[] = {
	    /* A person twice, and a line that counts. */
	    {"Name,05/01/2026,06/01/2026\r\nJ Jones,LD,\r\nJ Jones,,LD\r\nTotal,1,1\r\n",
		"0105T0730 tentative;0106T0730 tentative", "more than one row"},
	    /* The line above a later table does not begin where its rows do. */
	    {",Team A,\r\nName,05/01/2026,06/01/2026\r\nJ Jones,LD,\r\n,Team B,\r\nName,05/01/2026,06/01/2026\r\n"
	     "Kay Lee,LD,\r\n",
		"0105T0730 tentative;0105T0730 tentative", "Team"},
	    /* Weekdays below their dates, with a heading more. */
	    {",05/01/2026,06/01/2026\r\nName,Mon,Tue,Notes\r\nJ Jones,LD,LD,sick\r\n",
		"0105T0730 absence;0106T0730 absence", NULL},
	};
	struct reading_options options = options_of(READING_NAMES_BY_DATES);

	(void)state;
	options.grid.own = NULL;
	TRY(wants, &options);
}

static void
a_row_of_a_list_may_have_no_number(void **state)
{
	static const struct support_want wants[] = {
	    {"Name,Date,Start,End\r\nJ Jones,46027,09:00,17:00\r\nKay Lee,,09:00,17:00\r\nT Brown,46028,09:00,17:00\r\n",
		"0105T0900 named;0106T0900 named", "date \"\" of this row"},
	};
	struct reading_options options = options_of(READING_NO_GRID);

	(void)state;
	TRY(wants, &options);
}

/* The rows of a long grid are listed as far as a sentence can be. */
static void
a_list_of_rows_is_cut(void **state)
{
	struct reading_options options = options_of(READING_ROLES_BY_DATES);
	struct arena *arena = arena_new(0);
	struct reading reading;
	struct buf file = {0};

	(void)state;
	buf_add_text(&file, "Role,05/01/2026,06/01/2026\r\n");
	for (int n = 0; n < 60; n++)
		buf_printf(&file, "A duty with a long name %d,x,\r\n", n);
	buf_add(&file, "", 1);
	reading = support_read(arena, &options, file.at);
	assert_true(support_finding(&reading, NULL, "no row \"AMHP\""));
	assert_null(strstr(reading.findings[0].text, "name 59"));
	buf_free(&file);
	arena_free(arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_rota_may_have_no_names),
	    cmocka_unit_test(a_grid_of_strangers_is_asked_about),
	    cmocka_unit_test(a_heading_may_stand_on_the_last_line_that_is_looked_at),
	    cmocka_unit_test(accents_are_no_strokes),
	    cmocka_unit_test(all_lines_of_numbers_are_dates),
	    cmocka_unit_test(a_code_is_compared_with_the_times_once),
	    cmocka_unit_test(times_may_be_one_cell),
	    cmocka_unit_test(duties_above_which_other_hours_stand),
	    cmocka_unit_test(leave_of_people_by_days),
	    cmocka_unit_test(a_grid_may_have_no_labels),
	    cmocka_unit_test(rows_that_say_more_than_one_thing),
	    cmocka_unit_test(tables_of_people_with_more_beside_them),
	    cmocka_unit_test(a_row_of_a_list_may_have_no_number),
	    cmocka_unit_test(a_list_of_rows_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
