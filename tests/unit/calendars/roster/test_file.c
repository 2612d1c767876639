/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "calendars/roster/roster_clock.h"
#include "calendars/roster/roster_date.h"
#include "tests/unit/calendars/support.h"

/* A roster as a file: its limits, its bytes, its lines; and what is a date or a time of one. */

#define HEAD "Staff Name,Date,Start,End\r\n"
#define ROW "J Jones,20/01/2026,09:00,17:00"

static struct reading_options
options_of_roster(void)
{
	struct reading_options options = support_options();

	options.kind = READING_CSV;
	options.date_order = READING_DATES_DMY;
	return options;
}

static void
add_many(struct buf *buf, const char *text, unsigned times)
{
	for (unsigned i = 0; i < times; i++)
		buf_add_text(buf, text);
}

/* Reads what is in ${buf}, and empties it. ${why}: NULL if nothing is to be found. */
static void
check(struct buf *buf, const char *classes, const char *why)
{
	const struct reading_tools tools = {support_zones()};
	struct reading_options options = options_of_roster();
	struct arena *arena = arena_new(0);
	struct reading reading;
	const char *got;

	reading_make(&tools, &options, (struct slice){buf->at, buf->len}, arena, &reading);
	got = reading.refused ? "refused" : support_classes(arena, &reading);
	if (strcmp(got, classes) != 0)
		fail_msg("%.60s\ngives %.60s\nwants %s", buf->at, got, classes);
	if (why != NULL ? !support_finding(&reading, NULL, why) : reading.nfindings > 0)
		fail_msg("%.60s\nwants the finding %s, has %s", buf->at, why,
		    reading.nfindings > 0 ? reading.findings[0].text : "none");
	buf_reset(buf);
	arena_free(arena);
}

static void
check_text(struct buf *buf, const char *text, const char *classes, const char *why)
{
	buf_add_text(buf, text);
	check(buf, classes, why);
}

static void
limits_refuse_and_do_not_cut(void **state)
{
	struct buf buf = {0};

	(void)state;
	buf_add_text(&buf, HEAD);
	add_many(&buf, ",20/01/2020,09:00,17:00\r\n", 50000);
	check(&buf, "", NULL);
	buf_add_text(&buf, HEAD);
	add_many(&buf, ",20/01/2020,09:00,17:00\r\n", 50001);
	check(&buf, "refused", "more than 50000");
	buf_add_text(&buf, HEAD);
	add_many(&buf, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n", 320000);
	check(&buf, "refused", "larger than 10 MB");
	buf_free(&buf);
}

static void
a_row_of_too_many_fields_is_unreadable_and_not_passed_over(void **state)
{
	struct buf buf = {0};

	(void)state;
	/* Empty ones beyond the heading are none. */
	buf_add_text(&buf, HEAD ROW);
	add_many(&buf, ",", 508);
	check(&buf, "0120T0900 named", NULL);
	buf_add_text(&buf, HEAD ROW);
	add_many(&buf, ",", 509);
	check(&buf, "", "has 513 fields, the heading has 4");
	/* A whole row of empty ones is none either; but something may stand at its end. */
	buf_add_text(&buf, HEAD ROW "\r\n");
	add_many(&buf, ",", 100);
	check(&buf, "0120T0900 named", NULL);
	buf_add_text(&buf, HEAD ROW "\r\n");
	add_many(&buf, ",", 100);
	buf_add_text(&buf, "Sick");
	check(&buf, "0120T0900 named", "\"Sick\" is no shift");
	/* A heading line of more columns than are read has no row that fits. */
	buf_add_text(&buf, "Staff Name,Date,Start,End");
	add_many(&buf, ",Notes", 512);
	buf_add_text(&buf, "\r\n" ROW);
	add_many(&buf, ",", 512);
	check(&buf, "", "has 516 fields, the heading has 516");
	buf_free(&buf);
}

static void
bytes_and_lines_that_are_no_roster(void **state)
{
	struct buf buf = {0};

	(void)state;
	check_text(&buf, "sep=;", "refused", "no column");
	check_text(&buf, "sep=;\r\nStaff Name;Date;Start;End\r\nJ Jones;20/01/2026;09:00;17:00",
	    "0120T0900 named", NULL);
	check_text(&buf, "a,b\r\n1,2\r\n3,4\r\n5,6\r\n7,8\r\n9,0\r\n1,2\r\n3,4\r\n", "refused",
	    "no column");
	/* Rows that end with CR alone; what follows a refusal on the same line is nothing. */
	check_text(&buf, "Staff Name,Date,Start,End\r" ROW "\r", "0120T0900 named", NULL);
	check_text(&buf, "Staff Name,Date,Start,End,Date\r" ROW ",\r", "refused", "Date twice");
	buf_add(&buf, "\xff\xfeS\0t\0", 6);
	check(&buf, "refused", "no column Staff Name; it has: St");
	buf_add(&buf, "\xfe\xff\0S\0t\0", 7);
	check(&buf, "refused", "UTF-16");
	buf_add(&buf, "\xff", 1);
	check(&buf, "refused", "no column");
	buf_add(&buf, HEAD ROW "\0", sizeof HEAD ROW);
	check(&buf, "refused", "NUL");
	buf_free(&buf);
}

static void
leave_needs_a_name_and_days(void **state)
{
	static const struct {
		const char *head, *why;
	} cases[] = {
	    {"From,To,Type\r\n", "no column Staff Name"},
	    {"Name,Type,Notes\r\n", "no column Date"},
	    {"Name,From,Notes\r\n", "no column Date"},
	    {"Name,To,Notes\r\n", "no column Date"},
	    {"Name,Date,Notes\r\n", NULL},
	    {"Name,From,To\r\n", NULL},
	};
	struct reading_options options = options_of_roster();

	(void)state;
	options.absences = true;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading = support_read(arena, &options, cases[i].head);

		if (reading.refused != (cases[i].why != NULL) ||
		    (cases[i].why != NULL && !support_finding(&reading, NULL, cases[i].why)))
			fail_msg("%s: %s", cases[i].head,
			    reading.nfindings > 0 ? reading.findings[0].text : "is taken");
		arena_free(arena);
	}
}

/* At whatever row the memory ends, the file is refused, and never cut. */
static void
memory_that_runs_out_refuses(void **state)
{
	struct reading_options options = options_of_roster();
	struct buf buf = {0};

	(void)state;
	buf_add_text(&buf, HEAD);
	for (unsigned i = 0; i < 400; i++)
		buf_printf(
		    &buf, "J Jones %u,%02u/%02u/2026,09:00,17:00\r\n", i, 1 + i % 28, 1 + i % 12);
	for (size_t limit = 192 * 1024; limit < 1024 * 1024; limit += 64 * 1024) {
		struct arena *arena = arena_new(limit);
		struct reading reading = support_read(arena, &options, buf.at);

		assert_true(
		    reading.refused ? reading.noccurrences == 0 : reading.noccurrences == 400);
		if (reading.refused)
			assert_true(support_finding(&reading, NULL, "too much memory"));
		arena_free(arena);
	}
	/* Among the rows already. */
	for (unsigned i = 0; i < 20000; i++)
		buf_add_text(&buf, "J Jones,20/01/2026,09:00,17:00\r\n");
	{
		struct arena *arena = arena_new(512 * 1024);
		struct reading reading = support_read(arena, &options, buf.at);

		assert_true(reading.refused);
		assert_true(support_finding(&reading, NULL, "too much memory"));
		arena_free(arena);
	}
	buf_free(&buf);
}

static void
dates_and_times_end_where_they_end(void **state)
{
	static const char *const bad_dates[] = {"2026-13-01", "2026-02-30", "2026-01-05x",
	    "2026-01/05", "2026-01-5", "2026-01", "2026-01-", "2026/01-05", "5 Jan-2026", "5 Jan",
	    "5 Jan 6", "31 Feb 2026", "5 Jan 2026x", "5-Jan 2026", "5/1-2026", "05/01/19",
	    "13/13/2026", "5/", "Jan 5 26"};
	static const char *const good_dates[] = {
	    "5 Jan 2026", "5-Jan-2026", "05/01/2026", "5.1.2026", "2026-01-05", "5 january 2026"};
	static const char *const bad_times[] = {"23:59:30", "23:58:59", "22:59:59", "24:00:01",
	    "9.3", "12:00:", "12:00:5", "12:00:000", "12.00.00", "08:00:00x", "1x00", "10x0",
	    "2460", "2560"};
	int64_t value;

	(void)state;
	for (size_t i = 0; i < sizeof bad_dates / sizeof *bad_dates; i++) {
		if (roster_day(slice_of(bad_dates[i]), READING_DATES_DMY, &value))
			fail_msg("%s is a date", bad_dates[i]);
	}
	for (size_t i = 0; i + 1 < sizeof good_dates / sizeof *good_dates; i++) {
		if (!roster_day(slice_of(good_dates[i]), READING_DATES_DMY, &value) ||
		    value != 20458)
			fail_msg("%s is no date or another one", good_dates[i]);
	}
	for (size_t i = 0; i < sizeof bad_times / sizeof *bad_times; i++) {
		if (roster_time(slice_of(bad_times[i]), &value))
			fail_msg("%s is a time", bad_times[i]);
	}
	assert_true(roster_time(slice_of("23:59:59"), &value));
	assert_int_equal(value, 86399);
	assert_true(roster_time(slice_of("9.30"), &value));
	assert_int_equal(value, 9 * 3600 + 1800);
	assert_true(roster_time(slice_of("2400"), &value));
	assert_false(roster_day(slice_of("13/05/2026"), READING_DATES_MDY, &value));
	assert_true(roster_day(slice_of("05/13/2026"), READING_DATES_MDY, &value));
	assert_false(roster_day(slice_of("x"), READING_DATES_MDY, &value));
}

static void
a_date_is_ambiguous_only_if_it_is_two_days(void **state)
{
	static const struct {
		const char *text;
		bool ambiguous;
	} cases[] = {{"05/06/2026", true}, {"05/05/2026", false}, {"13/05/2026", false},
	    {"05/13/2026", false}, {"5 Jun 2026", false}, {"2026-05-06", false}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct roster_date date;

		assert_true(roster_date_read(slice_of(cases[i].text), &date));
		assert_int_equal(roster_date_ambiguous(&date), cases[i].ambiguous);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(limits_refuse_and_do_not_cut),
	    cmocka_unit_test(a_row_of_too_many_fields_is_unreadable_and_not_passed_over),
	    cmocka_unit_test(bytes_and_lines_that_are_no_roster),
	    cmocka_unit_test(leave_needs_a_name_and_days),
	    cmocka_unit_test(memory_that_runs_out_refuses),
	    cmocka_unit_test(dates_and_times_end_where_they_end),
	    cmocka_unit_test(a_date_is_ambiguous_only_if_it_is_two_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
