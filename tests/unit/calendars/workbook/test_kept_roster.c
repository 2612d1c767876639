/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

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

/* What the server that asked for a reading is told. */
static struct reading
answered(struct arena *arena, const struct reading_options *options, struct slice bytes)
{
	struct reading_tools tools = {support_zones()};
	struct buf request = {0}, answer = {0};
	struct reading reading;

	reading_pack_request(&request, options, bytes);
	reading_answer(&tools, (struct slice){request.at, request.len}, &answer);
	assert_int_equal(
	    reading_unpack((struct slice){answer.at, answer.len}, options, arena, &reading),
	    STATUS_OK);
	buf_free(&request);
	buf_free(&answer);
	return reading;
}

/* Not even the bytes that came are kept, and all the same it is read. */
static void
keeps_the_hash_alone(const struct reading_options *options, struct slice bytes, size_t away)
{
	struct arena *arena = arena_new(0);
	struct reading reading = answered(arena, options, bytes);

	assert_string_equal(support_kept_roster(arena, options, bytes), "");
	assert_true(reading.hash_alone);
	assert_int_equal(reading.kept.len, 0);
	assert_int_equal(reading.counts[READING_ABSENCE], away);
	arena_free(arena);
}

/* Rows keep their numbers. */
static void
of_rows_with_a_finding_no_reason_is_kept(void **state)
{
	(void)state;
	keeps("Leave of the team\n\nName,Date,Reason,Notes\n"
	      "J Jones,02/03/2026,chemo,\"two\nlines\"\n"
	      "Kay Lee,09/03/2026,chemo,cancelled\n"
	      "Nobody Known,10/03/2026,chemo,chemo\n",
	    "\"Leave of the team\"\r\n\r\n\"Name\",\"Date\",\"Reason\",\"Notes\"\r\n"
	    "\"J Jones\",\"02/03/2026\",\"reasonwithheld\",\"reasonwithheld\"\r\n\r\n"
	    "\"Kay Lee\",\"09/03/2026\",\"reasonwithheld\",\"cancelled\"\r\n"
	    "\"Nobody Known\",\"10/03/2026\",\"reasonwithheld\",\"reasonwithheld\"\r\n");
}

/* Each cell becomes a word that does to the row what the cell did: the findings are those of before. */
static void
a_cell_is_kept_as_a_word_of_its_effect(void **state)
{
	(void)state;
	keeps("Name,Date,Type,Half day,Approved,Cancelled,Days,Notes\n"
	      "J Jones,02/03/2026,away day,her son,her boss,,0.5 days,\n"
	      "Kay Lee,03/03/2026,Sick,,pending,,,\n"
	      "Kay Lee,04/03/2026,Sick,,Ann,Ann did,,\n"
	      "Kay Lee,05/03/2026,cancelled as she is well,,,,,\n"
	      "J Jones,06/03/2026,Sick,,,,,\"cancelled, the clinic rang\"\n"
	      "J Jones,09/03/2026,Sick,,,,,morning only\n",
	    "\"Name\",\"Date\",\"Type\",\"Half day\",\"Approved\",\"Cancelled\",\"Days\",\"Notes\"\r\n"
	    "\"J Jones\",\"02/03/2026\",\"?\",\"reasonwithheld\",\"reasonwithheld\",\"\",\"half day\",\"\"\r\n"
	    "\"Kay Lee\",\"03/03/2026\",\"reasonwithheld\",\"\",\"pending\",\"\",\"\",\"\"\r\n"
	    "\"Kay Lee\",\"04/03/2026\",\"reasonwithheld\",\"\",\"reasonwithheld\",\"reasonwithheld\",\"\",\"\"\r\n"
	    "\"Kay Lee\",\"05/03/2026\",\"cancelled\",\"\",\"\",\"\",\"\",\"\"\r\n"
	    "\"J Jones\",\"06/03/2026\",\"reasonwithheld\",\"\",\"\",\"\",\"\",\"cancelled\"\r\n"
	    "\"J Jones\",\"09/03/2026\",\"reasonwithheld\",\"\",\"\",\"\",\"\",\"half day\"\r\n");
}

/* Also where they say what a column is about; and as on each printed page. */
static void
headings_that_come_again_stay(void **state)
{
	(void)state;
	keeps("Name,Date,Sickness\nJ Jones,02/03/2026,chemo\n",
	    "\"Name\",\"Date\",\"Sickness\"\r\n\"J Jones\",\"02/03/2026\",\"reasonwithheld\"\r\n");
	keeps(
	    "Name,Date,Reason,Notes\nJ Jones,02/03/2026,chemo,\nName,Date,reason,Notes\nKay Lee,03/03/2026,flu,\n",
	    "\"Name\",\"Date\",\"Reason\",\"Notes\"\r\n\"J Jones\",\"02/03/2026\",\"reasonwithheld\",\"\"\r\n"
	    "\"Name\",\"Date\",\"reason\",\"Notes\"\r\n\"Kay Lee\",\"03/03/2026\",\"reasonwithheld\",\"\"\r\n");
}

/* What a finding quotes is what is kept. */
static void
a_finding_quotes_no_reason(void **state)
{
	struct reading_options options = leave_options();
	struct arena *arena = arena_new(0);
	struct reading reading = answered(arena, &options,
	    SLICE("Name,Date,Status\nKay Lee,03/03/2026,waits for her operation\n"));

	(void)state;
	assert_int_equal(reading.nfindings, 1);
	assert_string_equal(
	    reading.findings[0].text, "The status \"?\" is unknown: the row counts for nobody.");
	reading = answered(arena, &options, SLICE("Kay Lee,Start Date,chemo\n"));
	assert_string_equal(reading.findings[0].text,
	    "The heading line has no column Staff Name; it has: ?, Start Date, ?.");
	arena_free(arena);
}

/* Above the headings, between the rows, and beside a name that a person must decide about. */
static void
of_lines_and_names_known_reasons_go(void **state)
{
	(void)state;
	keeps("Off sick and on leave\nName,Date\nJ Jones,02/03/2026\nKay Lee or chemo,03/03/2026\n"
	      "cancelled - chemo,\nKay Lee,04/03/2026\n",
	    "\"reasonwithheld and on leave\"\r\n\"Name\",\"Date\"\r\n\"J Jones\",\"02/03/2026\"\r\n"
	    "\"Kay Lee or reasonwithheld\",\"03/03/2026\"\r\n\"cancelled - reasonwithheld\",\"\"\r\n"
	    "\"Kay Lee\",\"04/03/2026\"\r\n");
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
	/* What stands beside a reason is more of it. */
	keeps_with(&options, "Name,Mon 02/03/2026,Tue 03/03/2026\nJ Jones,sick chemo,sick flu?\n",
	    "\"Name\",\"Mon 02/03/2026\",\"Tue 03/03/2026\"\r\n\"J Jones\",\"reasonwithheld\",\"reasonwithheld?\"\r\n");
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

/* Cells that nobody reads are kept; a row that is too wide cannot be written again. */
static void
rows_that_are_wider_are_kept(void **state)
{
	struct reading_options options = leave_options();
	struct arena *arena = arena_new(0);
	struct buf wide = {0};

	(void)state;
	keeps("Name,Date,Reason,Approved\nJ Jones,02/03/2026,~{1}~,no,,\n",
	    "\"Name\",\"Date\",\"Reason\",\"Approved\"\r\n"
	    "\"J Jones\",\"02/03/2026\",\"~{1}~\",\"no\",\"\",\"\"\r\n");
	keeps("Name,Date,\"Why\rso\"\nJ Jones,02/03/2026,\"a\rb\"\nKay Lee,03/03/2026,chemo,,\n",
	    "\"Name\",\"Date\",\"Why so\"\r\n\"J Jones\",\"02/03/2026\",\"reasonwithheld\"\r\n"
	    "\"Kay Lee\",\"03/03/2026\",\"reasonwithheld\",\"\",\"\"\r\n");
	buf_add_text(&wide, "Name,Date,Reason\nJ Jones,02/03/2026,chemo\nKay Lee,03/03/2026,");
	for (size_t i = 0; i < SHEET_CELLS_MAX; i++)
		buf_add_text(&wide, "x,");
	keeps_the_hash_alone(&options, (struct slice){wide.at, wide.len}, 1);
	/* As many as are divided. */
	buf_reset(&wide);
	buf_add_text(&wide, "Name,Date,Reason\nKay Lee,03/03/2026,chemo");
	for (size_t i = 3; i < SHEET_CELLS_MAX; i++)
		buf_add_text(&wide, ",");
	assert_false(answered(arena, &options, slice_of(wide.at)).hash_alone);
	buf_add_text(&wide, ",");
	assert_true(answered(arena, &options, slice_of(wide.at)).hash_alone);
	arena_free(arena);
	buf_free(&wide);
}

/* A mark of a workbook is in no text: of somebody known it takes the leave away, and of somebody who is not it is told. */
static void
of_a_row_that_is_struck_out_the_hash_is_kept(void **state)
{
	static const char *const names[] = {"J Jones", "Nobody Known"};
	struct reading_options options = leave_options();

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char rows[900];
		struct buf book;

		snprintf(rows, sizeof rows,
		    "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Name</t></is></c><c r=\"B1\" t=\"inlineStr\"><is><t>Date</t></is></c>"
		    "<c r=\"C1\" t=\"inlineStr\"><is><t>Reason</t></is></c></row>"
		    "<row r=\"2\"><c r=\"A2\" s=\"3\" t=\"inlineStr\"><is><t>%s</t></is></c><c r=\"B2\" s=\"1\"><v>46083</v></c>"
		    "<c r=\"C2\" t=\"inlineStr\"><is><t>hip operation</t></is></c></row>",
		    names[i]);
		book = book_make(&(struct book_want){.rows = rows, .styles = book_styles});
		keeps_the_hash_alone(&options, (struct slice){book.at, book.len}, 0);
		buf_free(&book);
	}
}

/* Where nobody has said which it is, days and months may have changed places. */
static void
of_a_list_whose_dates_are_not_settled_no_reason_is_kept(void **state)
{
	struct reading_options options = leave_options();
	struct arena *arena = arena_new(0);

	(void)state;
	options.date_order = READING_DATES_UNSET;
	keeps_with(&options, "Name,Date,Reason\nJ Jones,02/03/2026,chemo\n",
	    "\"Name\",\"Date\",\"Reason\"\r\n\"J Jones\",\"02/03/2026\",\"reasonwithheld\"\r\n");
	assert_true(
	    answered(arena, &options, SLICE("Name,Date\nJ Jones,02/03/2026\n")).ambiguous_dates);
	arena_free(arena);
}

/* "Not sick" without its reason would be sick. */
static void
of_a_cell_that_would_say_otherwise_the_hash_is_kept(void **state)
{
	struct reading_options options = leave_options();

	(void)state;
	options.grid.layout = READING_NAMES_BY_DATES;
	keeps_the_hash_alone(
	    &options, SLICE("Name,Mon 02/03/2026,Tue 03/03/2026\nJ Jones,not sick,Sick\n"), 1);
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

/* A heading that says leave is no more than a heading, and a line that says it has a finding. */
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
	    "\"J Jones\",\"reasonwithheld\",\"\"\r\n\"reasonwithheld\",\"\",\"\"\r\n\"Kay Lee\",\"reasonwithheld\",\"\"\r\n");
}

/* A status that somebody has to decide about, who has the file. */
static void
of_a_status_that_is_unknown_its_doubt_is_kept(void **state)
{
	(void)state;
	keeps("Name,Date,Status\nJ Jones,02/03/2026,Off sick\n",
	    "\"Name\",\"Date\",\"Status\"\r\n\"J Jones\",\"02/03/2026\",\"reasonwithheld\"\r\n");
	keeps("Name,Date,Status\nJ Jones,02/03/2026,Approved\nKay Lee,03/03/2026,half day am\n",
	    "\"Name\",\"Date\",\"Status\"\r\n\"J Jones\",\"02/03/2026\",\"Approved\"\r\n\"Kay Lee\",\"03/03/2026\",\"?\"\r\n");
}

/* It is kept in UTF-8, and is as well understood. */
static void
of_a_list_in_latin1_no_reason_is_kept(void **state)
{
	(void)state;
	keeps("Name,Date,Notes\nJ Jones,02/03/2026,caf\xe9\n",
	    "\"Name\",\"Date\",\"Notes\"\r\n\"J Jones\",\"02/03/2026\",\"reasonwithheld\"\r\n");
}

/* Of a rota all is kept. What is refused is kept by nobody (import_refused()). */
static void
what_is_no_list_of_leave_is_kept_whole(void **state)
{
	struct reading_options options = support_roster_options();
	struct arena *arena = arena_new(0);
	struct slice rota = SLICE("Name,Date,Notes\nJ Jones,02/03/2026,sick\n");

	(void)state;
	assert_string_equal(support_kept_roster(arena, &options, rota), "");
	assert_false(answered(arena, &options, rota).hash_alone);
	keeps("J Jones,02/03/2026,chemo\n", "");
	keeps("Name,Start,Reason\nJ Jones,never,chemo\n", "");
	arena_free(arena);
}

static void
of_a_long_list_the_hash_is_kept(void **state)
{
	struct reading_options options = leave_options();
	struct buf rows = {0};
	size_t count;

	(void)state;
	buf_add_text(&rows, "Name,Date,Reason\n");
	for (count = 0; rows.len < 270000; count++)
		buf_add_text(&rows, "J Jones,02/03/2026,chemo\n");
	keeps_the_hash_alone(&options, (struct slice){rows.at, rows.len}, count);
	buf_free(&rows);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(of_a_list_of_leave_no_reason_is_kept),
	    cmocka_unit_test(of_rows_with_a_finding_no_reason_is_kept),
	    cmocka_unit_test(a_cell_is_kept_as_a_word_of_its_effect),
	    cmocka_unit_test(headings_that_come_again_stay),
	    cmocka_unit_test(a_finding_quotes_no_reason),
	    cmocka_unit_test(of_lines_and_names_known_reasons_go),
	    cmocka_unit_test(of_a_row_that_is_struck_out_the_hash_is_kept),
	    cmocka_unit_test(of_a_long_list_the_hash_is_kept),
	    cmocka_unit_test(of_a_list_whose_dates_are_not_settled_no_reason_is_kept),
	    cmocka_unit_test(of_a_cell_that_would_say_otherwise_the_hash_is_kept),
	    cmocka_unit_test(of_a_name_no_more_is_kept),
	    cmocka_unit_test(of_a_workbook_its_rows_are_kept),
	    cmocka_unit_test(of_a_grid_of_leave_no_reason_is_kept),
	    cmocka_unit_test(cells_of_all_kinds_are_kept_or_not),
	    cmocka_unit_test(rows_that_are_wider_are_kept),
	    cmocka_unit_test(words_of_leave_beside_the_cells_of_a_grid),
	    cmocka_unit_test(rows_that_become_the_same_are_kept),
	    cmocka_unit_test(of_a_status_that_is_unknown_its_doubt_is_kept),
	    cmocka_unit_test(of_a_list_in_latin1_no_reason_is_kept),
	    cmocka_unit_test(what_is_no_list_of_leave_is_kept_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
