/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calendars/roster/sheet.h"
#include "tests/unit/calendars/support.h"
#include "tests/unit/calendars/workbook/book_maker.h"

/* What is kept of lists of leave: who is away and when, and no reason. */

static struct reading_options
leave_options(void)
{
	struct reading_options options = support_roster_options();

	options.absences = true;
	return options;
}

static void
keeps_with(const struct reading_options *options, const char *list, const char *wanted)
{
	struct arena *arena = arena_new(0);

	assert_string_equal(support_kept_roster(arena, options, slice_of(list)), wanted);
	arena_free(arena);
}

static void
keeps(const char *list, const char *wanted)
{
	struct reading_options options = leave_options();

	keeps_with(&options, list, wanted);
}

static void
of_a_list_of_leave_no_reason_is_kept(void **state)
{
	(void)state;
	keeps("Name,Start Date,End Date,Type,Notes,Approved\n"
	      "J Jones,02/03/2026,04/03/2026,Sickness,\"hip operation, St Elsewhere\",Yes\n"
	      "Kay Lee,09/03/2026,09/03/2026,Bereavement leave,her mother,\n",
	    "\"Name\",\"Start Date\",\"End Date\",\"Type\",\"Notes\",\"Approved\"\r\n"
	    "\"J Jones\",\"02/03/2026\",\"04/03/2026\",\"reasonwithheld\",\"reasonwithheld\",\"Yes\"\r\n"
	    "\"Kay Lee\",\"09/03/2026\",\"09/03/2026\",\"reasonwithheld\",\"reasonwithheld\",\"\"\r\n");
}

/* Rows keep their numbers, and what a person must decide about keeps its words. */
static void
what_must_be_decided_is_kept_as_written(void **state)
{
	(void)state;
	keeps("Leave of the team\n\nName,Date,Reason,Notes\n"
	      "J Jones,02/03/2026,chemo,\"two\nlines\"\n"
	      "Kay Lee,09/03/2026,chemo,cancelled\n"
	      "Nobody Known,10/03/2026,chemo,chemo\n",
	    "\"Leave of the team\"\r\n\r\n\"Name\",\"Date\",\"Reason\",\"Notes\"\r\n"
	    "\"J Jones\",\"02/03/2026\",\"reasonwithheld\",\"reasonwithheld\"\r\n\r\n"
	    "\"Kay Lee\",\"09/03/2026\",\"chemo\",\"cancelled\"\r\n"
	    "\"Nobody Known\",\"10/03/2026\",\"reasonwithheld\",\"reasonwithheld\"\r\n");
}

static void
of_a_name_no_more_is_kept(void **state)
{
	(void)state;
	keeps(
	    "Name,Date\nJ JONES - Maternity leave,02/03/2026\nKay Lee (sick),03/03/2026\n\"Kay Lee, J Jones (paternity)\",04/03/2026\n",
	    "\"Name\",\"Date\"\r\n\"J JONES reasonwithheld\",\"02/03/2026\"\r\n\"Kay Lee reasonwithheld\",\"03/03/2026\"\r\n"
	    "\"Kay Lee, J Jones (paternity)\",\"04/03/2026\"\r\n");
}

static void
of_a_workbook_its_rows_are_kept(void **state)
{
	struct reading_options options = leave_options();
	struct arena *arena = arena_new(0);
	struct buf book = book_make(&(struct book_want){
	    .rows =
		"<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Name</t></is></c><c r=\"B1\" t=\"inlineStr\"><is><t>Date</t></is></c>"
		"<c r=\"C1\" t=\"inlineStr\"><is><t>Reason</t></is></c></row>"
		"<row r=\"3\"><c r=\"A3\" t=\"inlineStr\"><is><t>J Jones</t></is></c><c r=\"B3\" s=\"1\"><v>46083</v></c>"
		"<c r=\"C3\" t=\"inlineStr\"><is><t>hip operation</t></is></c></row>",
	    .styles = book_styles,
	});

	(void)state;
	assert_string_equal(support_kept_roster(arena, &options, (struct slice){book.at, book.len}),
	    "\"Name\",\"Date\",\"Reason\"\r\n\r\n\"J Jones\",\"2026-03-02\",\"reasonwithheld\"\r\n");
	buf_free(&book);
	arena_free(arena);
}

/* In a grid a phrase that says why somebody is away is one word of that meaning; a row with a finding is as it was. */
static void
of_a_grid_of_leave_no_reason_is_kept(void **state)
{
	static const struct reading_shift_code codes[] = {
	    {.code = "S1", .kind = READING_CODE_ABSENCE}, {.code = "late"}};
	static const char *const away[] = {"Away", NULL};
	struct reading_options options = leave_options();

	(void)state;
	options.shift_codes = codes;
	options.nshift_codes = sizeof codes / sizeof *codes;
	options.grid.layout = READING_NAMES_BY_DATES;
	keeps_with(&options,
	    "Name,Mon 02/03/2026,Tue 03/03/2026\nJ Jones,Sick,\nKay Lee,chemo,Maternity leave\n",
	    "\"Name\",\"Mon 02/03/2026\",\"Tue 03/03/2026\"\r\n\"J Jones\",\"reasonwithheld\",\"\"\r\n"
	    "\"Kay Lee\",\"reasonwithheld\",\"reasonwithheld\"\r\n");
	keeps_with(&options,
	    "Name,Mon 02/03/2026,Tue 03/03/2026\nJ Jones,S1,late\nNobody Known,S1,\n",
	    "\"Name\",\"Mon 02/03/2026\",\"Tue 03/03/2026\"\r\n\"J Jones\",\"reasonwithheld\",\"late\"\r\n"
	    "\"Nobody Known\",\"reasonwithheld\",\"\"\r\n");
	options.grid.layout = READING_DATES_BY_ROLES;
	options.grid.own = away;
	keeps_with(&options,
	    "Date,Away,Duty\n02/03/2026,J Jones - maternity leave,\"Kay \"\"K\"\" Lee\"\n03/03/2026,Kay Lee sick,J Jones\n",
	    "\"Date\",\"Away\",\"Duty\"\r\n\"02/03/2026\",\"J Jones reasonwithheld\",\"Kay \"\"K\"\" Lee\"\r\n"
	    "\"03/03/2026\",\"Kay Lee reasonwithheld\",\"J Jones\"\r\n");
}

/* Answers, letters beyond ASCII, cells beside the columns, and what nobody reads. */
static void
cells_of_all_kinds_are_kept_or_not(void **state)
{
	(void)state;
	keeps(
	    "Name,Date,Reason,Approved,Day\nJ Jones,02/03/2026,\xc3\xa9t\xc3\xa9,YES,Mon\n"
	    "Kay Lee,03/03/2026,\"a \"\"b\"\" c\",granted,Tue\n\"Kay\nLee\",04/03/2026,[1],-,Wed\n",
	    "\"Name\",\"Date\",\"Reason\",\"Approved\",\"Day\"\r\n"
	    "\"J Jones\",\"02/03/2026\",\"reasonwithheld\",\"YES\",\"reasonwithheld\"\r\n"
	    "\"Kay Lee\",\"03/03/2026\",\"reasonwithheld\",\"granted\",\"reasonwithheld\"\r\n\r\n"
	    "\"Kay Lee\",\"04/03/2026\",\"[1]\",\"-\",\"reasonwithheld\"\r\n");
}

/* Cells that nobody reads are kept, and so is the whole of a roster with a row that is too wide to be written again. */
static void
rows_that_are_wider_are_kept(void **state)
{
	struct buf wide = {0};

	(void)state;
	keeps("Name,Date,Reason,Approved\nJ Jones,02/03/2026,~{1}~,no,,\n",
	    "\"Name\",\"Date\",\"Reason\",\"Approved\"\r\n"
	    "\"J Jones\",\"02/03/2026\",\"~{1}~\",\"no\",\"\",\"\"\r\n");
	keeps("Name,Date,Reason\nJ Jones,02/03/2026,\"a\rb\"\nKay Lee,03/03/2026,chemo,,\n",
	    "\"Name\",\"Date\",\"Reason\"\r\n\"J Jones\",\"02/03/2026\",\"reasonwithheld\"\r\n"
	    "\"Kay Lee\",\"03/03/2026\",\"reasonwithheld\",\"\",\"\"\r\n");
	buf_add_text(&wide, "Name,Date,Reason\nJ Jones,02/03/2026,chemo\nKay Lee,03/03/2026,");
	for (size_t i = 0; i < SHEET_CELLS_MAX; i++)
		buf_add_text(&wide, "x,");
	keeps(wide.at, "");
	buf_free(&wide);
}

/* Two rows that only their reasons told apart. */
static void
rows_that_become_the_same_are_kept(void **state)
{
	(void)state;
	keeps("Name,Date,Reason\nJ Jones,02/03/2026,chemo\nJ Jones,02/03/2026,hip operation\n",
	    "\"Name\",\"Date\",\"Reason\"\r\n\"J Jones\",\"02/03/2026\",\"reasonwithheld\"\r\n"
	    "\"J Jones\",\"02/03/2026\",\"reasonwithheld\"\r\n");
}

/* A heading that says leave is no more than a heading; a line that says it has a finding. */
static void
words_of_leave_beside_the_cells_of_a_grid(void **state)
{
	struct reading_options options = leave_options();

	(void)state;
	options.grid.layout = READING_NAMES_BY_DATES;
	keeps_with(&options, "Leave,Mon 02/03/2026,Tue 03/03/2026\nJ Jones,Sick,\n",
	    "\"reasonwithheld\",\"Mon 02/03/2026\",\"Tue 03/03/2026\"\r\n\"J Jones\",\"reasonwithheld\",\"\"\r\n");
	keeps_with(&options,
	    "Name,Mon 02/03/2026,Tue 03/03/2026\nSick,x,Sick\nJ Jones,Sick,\nSick,,\nKay Lee,Sick,\n",
	    "\"Name\",\"Mon 02/03/2026\",\"Tue 03/03/2026\"\r\n\"reasonwithheld\",\"x\",\"reasonwithheld\"\r\n"
	    "\"J Jones\",\"reasonwithheld\",\"\"\r\n\"Sick\",\"\",\"\"\r\n\"Kay Lee\",\"reasonwithheld\",\"\"\r\n");
}

/* A status that somebody has to decide about. */
static void
a_status_with_a_finding_is_kept(void **state)
{
	(void)state;
	keeps("Name,Date,Status\nJ Jones,02/03/2026,Approved\nKay Lee,03/03/2026,half day am\n",
	    "\"Name\",\"Date\",\"Status\"\r\n\"J Jones\",\"02/03/2026\",\"Approved\"\r\n\"Kay Lee\",\"03/03/2026\",\"half day am\"\r\n");
}

/* It is kept in UTF-8, and is as well understood. */
static void
of_a_list_in_latin1_no_reason_is_kept(void **state)
{
	(void)state;
	keeps("Name,Date,Notes\nJ Jones,02/03/2026,caf\xe9\n",
	    "\"Name\",\"Date\",\"Notes\"\r\n\"J Jones\",\"02/03/2026\",\"reasonwithheld\"\r\n");
}

/* Of a rota all is kept, and of what is long, or no list. */
static void
what_is_no_list_of_leave_is_kept_whole(void **state)
{
	struct reading_options options = support_roster_options();
	struct arena *arena = arena_new(0);
	struct buf rows = {0};

	(void)state;
	assert_string_equal(support_kept_roster(arena, &options,
				slice_of("Name,Date,Notes\nJ Jones,02/03/2026,sick\n")),
	    "");
	keeps("J Jones,02/03/2026,chemo\n", "");
	keeps("Name,Start,Reason\nJ Jones,never,chemo\n", "");
	buf_add_text(&rows, "Name,Date,Reason\n");
	while (rows.len < 270000)
		buf_add_text(&rows, "J Jones,02/03/2026,chemo\n");
	keeps(rows.at, "");
	buf_free(&rows);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(of_a_list_of_leave_no_reason_is_kept),
	    cmocka_unit_test(what_must_be_decided_is_kept_as_written),
	    cmocka_unit_test(of_a_name_no_more_is_kept),
	    cmocka_unit_test(of_a_workbook_its_rows_are_kept),
	    cmocka_unit_test(of_a_grid_of_leave_no_reason_is_kept),
	    cmocka_unit_test(cells_of_all_kinds_are_kept_or_not),
	    cmocka_unit_test(rows_that_are_wider_are_kept),
	    cmocka_unit_test(words_of_leave_beside_the_cells_of_a_grid),
	    cmocka_unit_test(rows_that_become_the_same_are_kept),
	    cmocka_unit_test(a_status_with_a_finding_is_kept),
	    cmocka_unit_test(of_a_list_in_latin1_no_reason_is_kept),
	    cmocka_unit_test(what_is_no_list_of_leave_is_kept_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
