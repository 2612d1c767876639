/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

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
keeps(const char *list, const char *wanted)
{
	struct reading_options options = leave_options();
	struct arena *arena = arena_new(0);

	assert_string_equal(support_kept_roster(arena, &options, slice_of(list)), wanted);
	arena_free(arena);
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
	/* That it is not UTF-8 is told, and would not be the next time. */
	keeps("Name,Date,Notes\nJ Jones,02/03/2026,caf\xe9\n", "");
	keeps("Name,Start,Reason\nJ Jones,never,chemo\n", "");
	buf_add_text(&rows, "Name,Date,Reason\n");
	while (rows.len < 70000)
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
	    cmocka_unit_test(what_is_no_list_of_leave_is_kept_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
