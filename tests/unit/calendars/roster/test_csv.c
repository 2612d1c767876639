/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "calendars/roster/roster_clock.h"
#include "calendars/roster/roster_date.h"
#include "server/base/civil.h"
#include "tests/unit/calendars/support.h"

#define HEAD "Unit,Staff Name,Grade,Shift,Start,End,Date,Status\r\n"

static struct reading_options
make_options(void)
{
	struct reading_options options = support_options();

	options.kind = READING_CSV;
	options.date_order = READING_DATES_DMY;
	return options;
}

/* "20260701T200000Z-20260702T080000Z named jo-jones;…" */
static const char *
describe(struct arena *arena, const struct reading *reading)
{
	struct buf buf = {0};
	const char *list;

	for (size_t i = 0; i < reading->noccurrences; i++) {
		const struct reading_occurrence *o = &reading->occurrences[i];
		struct civil s = civil_of(o->start);
		struct civil e = civil_of(o->end);

		buf_printf(&buf, "%s%02d/%02d %02d:%02d-%02d/%02d %02d:%02d %s%s%s",
		    i > 0 ? "; " : "", s.day, s.month, s.hour, s.minute, e.day, e.month, e.hour,
		    e.minute, reading_class_name(o->class), o->person != NULL ? " " : "",
		    o->person != NULL ? o->person : "");
	}
	list = arena_strndup(arena, buf.at != NULL ? buf.at : "", buf.len);
	buf_free(&buf);
	return list;
}

struct roster_case {
	const char *rows, *want, *finding;
};

static void
try_with(const struct reading_options *given, const struct roster_case *cases, size_t count,
    const char *head)
{
	struct reading_options options = *given;

	for (size_t i = 0; i < count; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading =
		    support_read(arena, &options, arena_printf(arena, "%s%s", head, cases[i].rows));

		if (reading.refused)
			fail_msg("%s\n%s", cases[i].rows, reading.findings[0].text);
		if (strcmp(describe(arena, &reading), cases[i].want) != 0)
			fail_msg("%s\ngives %s\nwants %s", cases[i].rows, describe(arena, &reading),
			    cases[i].want);
		if (cases[i].finding != NULL && !support_finding(&reading, NULL, cases[i].finding))
			fail_msg("%s\nhas no finding %s", cases[i].rows, cases[i].finding);
		if (cases[i].finding == NULL && reading.nfindings > 0)
			fail_msg("%s\n%s", cases[i].rows, reading.findings[0].text);
		arena_free(arena);
	}
}

static void
try_rosters(const struct roster_case *cases, size_t count, const char *head)
{
	struct reading_options options = make_options();

	try_with(&options, cases, count, head);
}

/* As a leave calendar. */
static void
try_leave(const struct roster_case *cases, size_t count, const char *head)
{
	struct reading_options options = make_options();

	options.absences = true;
	try_with(&options, cases, count, head);
}

#define TRY_LEAVE(cases, head) try_leave((cases), sizeof(cases) / sizeof *(cases), (head))
#define TRY(cases, head) try_rosters((cases), sizeof(cases) / sizeof *(cases), (head))

static void
rows_are_shifts(void **state)
{
	static const struct roster_case cases[] = {
	    {"Fenmere,J Jones,B7,LD,08:00,20:00,05/01/2026,Filled\r\n",
		"05/01 08:00-05/01 20:00 named jo-jones", NULL},
	    {"Fenmere,J Jones,B7,Night,20:00,08:00,05/01/2026,Confirmed\r\n",
		"05/01 20:00-06/01 08:00 named jo-jones", NULL},
	    {"Fenmere,J Jones,B7,24h,09:00,09:00,05/01/2026,\r\n",
		"05/01 09:00-06/01 09:00 named jo-jones", NULL},
	    /* 5 January, never 1 May; and 31 April is no date at all. */
	    {"Fenmere,J Jones,B7,Night,08:00,09:00,01/05/2026,\r\n",
		"01/05 07:00-01/05 08:00 named jo-jones", NULL},
	    {"Fenmere,J Jones,B7,Night,08:00,09:00,31/04/2026,\r\n", "", "is not dd/mm/yyyy"},
	    {"Fenmere,J Jones,B7,Night,08:00,09:00,05/01/5,\r\n", "", "is not dd/mm/yyyy"},
	    {"Fenmere,J Jones,B7,Night,08:00,09:00,46027,\r\n", "", "is not dd/mm/yyyy"},
	    {"Fenmere,J Jones,B7,Night,0.8333,09:00,05/01/2026,\r\n", "",
		"start \"0.8333\" of this row"},
	    {"Fenmere,J Jones,B7,Night,08:00,,05/01/2026,\r\n", "", "end \"\" of this row"},
	    {"Fenmere,J Jones,B7,Night,20:00,24:00,05/01/2026,\r\n",
		"05/01 20:00-06/01 00:00 named jo-jones", NULL},
	    {"Fenmere,J Jones,B7,Night,20:00:00,08:00:00,05-01-2026,\r\n",
		"05/01 20:00-06/01 08:00 named jo-jones", NULL},
	    {"Fenmere,J Jones,B7,Night,2000,0800,5 Jan 2026,\r\n",
		"05/01 20:00-06/01 08:00 named jo-jones", NULL},
	    {"Fenmere,J Jones,B7,Night,20:00,06/01/2026 08:00,05/01/2026,\r\n",
		"05/01 20:00-06/01 08:00 named jo-jones", NULL},
	    /* The nights when the clocks change. */
	    {"Fenmere,J Jones,B7,Night,20:00,08:00,24/10/2026,\r\n",
		"24/10 19:00-25/10 08:00 named jo-jones", NULL},
	    {"Fenmere,J Jones,B7,Night,20:00,08:00,28/03/2026,\r\n",
		"28/03 20:00-29/03 07:00 named jo-jones", NULL},
	};

	(void)state;
	TRY(cases, HEAD);
}

static void
names_and_states_decide_who_counts(void **state)
{
	static const struct roster_case cases[] = {
	    {"F,\"Lee, Kay\",B7,LD,08:00,20:00,05/01/2026,Filled\r\n",
		"05/01 08:00-05/01 20:00 named kay-lee", NULL},
	    {"F,\"van der Berg, Jan\",B7,LD,08:00,20:00,05/01/2026,Filled\r\n",
		"05/01 08:00-05/01 20:00 named j-berg", NULL},
	    {"F,\"Lee,\r\nKay\",B7,LD,08:00,20:00,05/01/2026,Filled\r\n",
		"05/01 08:00-05/01 20:00 named kay-lee", NULL},
	    {"F,,B7,LD,08:00,20:00,05/01/2026,Unfilled\r\n", "05/01 08:00-05/01 20:00 nobody",
		NULL},
	    {"F,J Jones,B7,LD,08:00,20:00,05/01/2026,Unfilled\r\n",
		"05/01 08:00-05/01 20:00 nobody", NULL},
	    {"F,,B7,LD,08:00,20:00,05/01/2026,vacant\r\n", "05/01 08:00-05/01 20:00 nobody", NULL},
	    {"F,J Jones,B7,LD,08:00,20:00,05/01/2026,Cancelled\r\n",
		"05/01 08:00-05/01 20:00 nobody", NULL},
	    {"F,Unfilled,B7,LD,08:00,20:00,05/01/2026,\r\n", "05/01 08:00-05/01 20:00 nobody",
		NULL},
	    {"F,,B7,LD,08:00,20:00,05/01/2026,Filled\r\n", "05/01 08:00-05/01 20:00 undecided",
		NULL},
	    {"F,Bank Staff 1,B7,LD,08:00,20:00,05/01/2026,Filled\r\n",
		"05/01 08:00-05/01 20:00 undecided", NULL},
	    {"F,Zoe Zebedee,B7,LD,08:00,20:00,05/01/2026,Filled\r\n",
		"05/01 08:00-05/01 20:00 undecided", NULL},
	    {"F,R Green,B7,LD,08:00,20:00,05/01/2026,Filled\r\n",
		"05/01 08:00-05/01 20:00 undecided", "more than one person"},
	    {"F,J Jones,B7,LD,08:00,20:00,05/01/2026,Requested\r\n",
		"05/01 08:00-05/01 20:00 tentative jo-jones", "status \"Requested\" is unknown"},
	    {"F,J Jones,B7,SICK,08:00,20:00,05/01/2026,Filled\r\n",
		"05/01 08:00-05/01 20:00 absence jo-jones", NULL},
	    {"F,J Jones,B7,AL,08:00,20:00,05/01/2026,\r\n",
		"05/01 08:00-05/01 20:00 absence jo-jones", NULL},
	    {"F,J Jones,B7,LD,08:00,20:00,05/01/2026,Sick\r\n",
		"05/01 08:00-05/01 20:00 absence jo-jones", NULL},
	    {"F,J Jones,B7,Training,08:00,20:00,05/01/2026,\r\n", "05/01 08:00-05/01 20:00 noise",
		NULL},
	};

	(void)state;
	TRY(cases, HEAD);
}

static void
leave_is_by_days_or_times_and_by_status(void **state)
{
	static const struct roster_case by_date[] = {
	    {"J Jones,05/01/2026,09:00,17:00,AL,Approved\r\n",
		"05/01 09:00-05/01 17:00 absence jo-jones", NULL},
	    {"\"Lee, Kay\",05/01/2026,,,AL,\r\n", "05/01 00:00-06/01 00:00 absence kay-lee", NULL},
	    {"J Jones,05/01/2026,,,,Booked\r\n", "05/01 00:00-06/01 00:00 absence jo-jones", NULL},
	    {"J Jones,05/01/2026,09:00,,,\r\n", "05/01 09:00-06/01 00:00 absence jo-jones", NULL},
	    {"J Jones,05/01/2026,20:00,08:00,,\r\n", "05/01 20:00-06/01 08:00 absence jo-jones",
		NULL},
	    /* The day the clocks go forward has 23 hours. */
	    {"J Jones,29/03/2026,,,,\r\n", "29/03 00:00-29/03 23:00 absence jo-jones", NULL},
	    {"J Jones,05/01/2026,,,AL,Declined\r\n", "05/01 00:00-06/01 00:00 nobody", NULL},
	    {"J Jones,05/01/2026,,,AL,Cancelled\r\n", "05/01 00:00-06/01 00:00 nobody", NULL},
	    {"J Jones,05/01/2026,,,AL,Requested\r\n", "05/01 00:00-06/01 00:00 undecided",
		"status \"Requested\" is unknown"},
	    {"J Jones,05/01/2026,,,,Sick\r\n", "05/01 00:00-06/01 00:00 absence jo-jones", NULL},
	    {"Zoe Zebedee,05/01/2026,,,AL,Approved\r\n", "05/01 00:00-06/01 00:00 undecided", NULL},
	    {"J Jones,,09:00,17:00,AL,\r\n", "", "start \"09:00\" of this row"},
	    {"J Jones,,,,AL,\r\n", "", "start \"\" of this row"},
	    {"J Jones,soon,,,AL,\r\n", "", "is not dd/mm/yyyy"},
	};
	static const struct roster_case by_days[] = {
	    {"J Jones,05/01/2026,09/01/2026,Annual leave,Approved\r\n",
		"05/01 00:00-10/01 00:00 absence jo-jones", NULL},
	    {"J Jones,05/01/2026,05/01/2026,,\r\n", "05/01 00:00-06/01 00:00 absence jo-jones",
		NULL},
	    {"J Jones,05/01/2026 12:00,09/01/2026,,\r\n",
		"05/01 12:00-10/01 00:00 absence jo-jones", NULL},
	    {"J Jones,05/01/2026,06/01/2026 12:00,,\r\n",
		"05/01 00:00-06/01 12:00 absence jo-jones", NULL},
	    {"J Jones,09/01/2026,05/01/2026,,\r\n", "", "ends before it starts"},
	};
	static const struct roster_case only_days[] = {
	    {"J Jones,05/01/2026,AL\r\n", "05/01 00:00-06/01 00:00 absence jo-jones", NULL}};
	static const struct roster_case too_long[] = {
	    {"J Jones,05/01/2026,07/01/2027,,\r\n", "", "lasts more than 366 days"}};

	(void)state;
	TRY_LEAVE(by_date, "Staff Name,Date,Start,End,Shift,Status\r\n");
	try_leave(by_days, 5, "Name,From,To,Leave Type,Status\r\n");
	TRY_LEAVE(only_days, "Name,Date,Shift\r\n");
	TRY_LEAVE(too_long, "Name,From,To,Leave Type,Status\r\n");
	try_leave(by_days, 4, "Staff,First Day,Last Day,Type,Status\r\n");
}

static void
writing_may_be_sloppy(void **state)
{
	static const struct roster_case semicolons[] = {
	    {"F;\"Lee, Kay\";05/01/2026;08:00;20:00\r\n", "05/01 08:00-05/01 20:00 named kay-lee",
		NULL}};
	static const struct roster_case tabs[] = {
	    {"05/01/2026\t08:00\t20:00\tJ Jones\t12345\n\n\t\t\t\t\n",
		"05/01 08:00-05/01 20:00 named jo-jones", "were not read, but for words"}};
	static const struct roster_case latin1[] = {
	    {"F,\xc9ilis N\xed Bhriain,B7,LD,08:00,20:00,05/01/2026,\r\n",
		"05/01 08:00-05/01 20:00 named e-bhriain", "Windows-1252"}};
	static const struct roster_case again[] = {
	    {"F,J Jones,B7,LD,08:00,20:00,05/01/2026,\r\n" HEAD
	     "F,Kay Lee,B7,Night,20:00,08:00,05/01/2026,\r\n,,,,,,,\r\n",
		"05/01 08:00-05/01 20:00 named jo-jones; 05/01 20:00-06/01 08:00 named kay-lee",
		NULL}};
	static const struct roster_case shifted[] = {
	    {"F,Lee, Kay,B7,LD,08:00,20:00,05/01/2026,Filled\r\n", "",
		"has 9 fields, the heading has 8"},
	    {"F,J Jones,B7\r\n", "", "has 3 fields"},
	    {"F,J Jones,B7,LD,08:00,20:00,05/01/2026,,,\r\n",
		"05/01 08:00-05/01 20:00 named jo-jones", NULL},
	};

	(void)state;
	TRY(semicolons, "UNIT;staff name;DATE;start;end\r\n");
	TRY(semicolons, "sep=;\r\nUnit;Staff Name;Date;Start;End\r\n");
	TRY(semicolons, "\xef\xbb\xbfUnit;Staff Name;Date;Start;End\r\n");
	TRY(tabs, "Date\tStart Time\tEnd Time\tName\tAssignment No\n");
	TRY(latin1, HEAD);
	TRY(again, HEAD);
	TRY(shifted, HEAD);
}

static void
what_is_no_roster_is_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
	    {"", "is empty"},
	    {"\r\n \r\n", "is empty"},
	    {"<html>", "web page"},
	    {"a,b,c\r\n1,2,3\r\n", "no column"},
	    {"Unit,Staff Name,Date,Start\r\n", "no column End"},
	    {"Unit,Staff Name,Date,Start,End,Date\r\n", "column Date twice"},
	    {HEAD "F,\"J Jones,B7,LD,08:00,20:00,05/01/2026,\r\n", "no second one"},
	    {HEAD "F,J \"Jones\",B7,LD,08:00,20:00,05/01/2026,\r\n", "no second one"},
	};
	struct reading_options options = make_options();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading = support_read(arena, &options, cases[i].text);

		assert_true(reading.refused);
		if (!support_finding(&reading, NULL, cases[i].why))
			fail_msg("%s: %s", cases[i].text, reading.findings[0].text);
		arena_free(arena);
	}
}

static void
findings_name_the_line(void **state)
{
	struct reading_options options = make_options();
	struct arena *arena = arena_new(0);
	struct reading reading = support_read(arena, &options,
	    HEAD "F,J Jones,B7,LD,08:00,20:00,05/01/2026,\r\n"
		 "\r\n"
		 "F,\"a\r\n"
		 "b\",B7,LD,08:00,20:00,05/01/2026,\r\n"
		 "F,J Jones,B7,LD,8ish,20:00,06/01/2026,\r\n");

	(void)state;
	assert_int_equal(reading.events, 3);
	assert_int_equal(reading.nfindings, 1);
	assert_int_equal(reading.findings[0].line, 6);
	assert_true(reading.findings[0].blinds);
	assert_int_equal(reading.findings[0].start, support_instant("20260106T000000Z"));
	assert_int_equal(reading.occurrences[0].line, 2);
	arena_free(arena);
}

/* A slot keeps its key when somebody else is put into it, so that a new roster changes a shift
 * instead of replacing it. */
static void
a_slot_keeps_its_key(void **state)
{
	struct reading_options options = make_options();
	struct arena *arena = arena_new(0);
	struct reading before = support_read(arena, &options,
	    HEAD "F,,B7,LD,08:00,20:00,05/01/2026,Unfilled\r\n"
		 "F,J Jones,B7,LD,08:00,20:00,05/01/2026,\r\n");
	struct reading after = support_read(arena, &options,
	    HEAD "F,Kay Lee,B7,LD,08:00,20:00,05/01/2026,Filled\r\n"
		 "F,J Jones,B7,LD,08:00,20:00,05/01/2026,\r\n");

	(void)state;
	assert_int_equal(before.noccurrences, 2);
	assert_int_equal(after.noccurrences, 2);
	for (size_t i = 0; i < 2; i++)
		assert_string_equal(before.occurrences[i].key, after.occurrences[i].key);
	assert_string_not_equal(before.occurrences[0].key, before.occurrences[1].key);
	arena_free(arena);
}

static void
reasons_are_not_kept(void **state)
{
	struct reading_options options = make_options();
	struct arena *arena = arena_new(0);
	struct reading reading =
	    support_read(arena, &options, HEAD "F,J Jones,B7,SICK,08:00,20:00,05/01/2026,Sick\r\n");

	(void)state;
	assert_string_equal(reading.occurrences[0].summary, "unavailable J Jones");
	arena_free(arena);
}

static void
dates_and_times_are_strict(void **state)
{
	static const char *const bad_dates[] = {"", "05/01", "5", "05/01/20261", "05-01/2026",
	    "2026/01-05", "00/01/2026", "29/02/2026", "05/13/2026", "5 Foo 2026", "05/01/2026x",
	    "2026-1-5"};
	static const char *const bad_times[] = {"", "8:0", "25:00", "24:01", "08:60", "08:00:30",
	    "08-00", "x", "080", "08:00x", "13am", "0am"};
	int64_t value;

	(void)state;
	for (size_t i = 0; i < sizeof bad_dates / sizeof *bad_dates; i++)
		assert_false(roster_day(slice_of(bad_dates[i]), READING_DATES_DMY, &value));
	for (size_t i = 0; i < sizeof bad_times / sizeof *bad_times; i++)
		assert_false(roster_time(slice_of(bad_times[i]), &value));
	assert_true(roster_day(slice_of("2026-01-05"), READING_DATES_DMY, &value));
	assert_int_equal(value, civil_days(2026, 1, 5));
	assert_true(roster_time(slice_of("8:05"), &value));
	assert_int_equal(value, 8 * 3600 + 300);
}

static const char *const early[] = {"Early", NULL};
static const struct reading_shift_code codes[] = {
    {"LD", NULL, READING_CODE_HOURS, 7 * 3600 + 1800, 20 * 3600},
    {"N", NULL, READING_CODE_HOURS, 19 * 3600 + 1800, 8 * 3600},
    {"E", early, READING_CODE_HOURS, 7 * 3600, 15 * 3600},
    {"DO", NULL, READING_CODE_NOISE, 0, 0},
    {"XL", NULL, READING_CODE_ABSENCE, 0, 0},
};

static void
try_codes(const struct roster_case *cases, size_t count, const char *head)
{
	struct reading_options options = make_options();

	options.shift_codes = codes;
	options.nshift_codes = sizeof codes / sizeof *codes;
	for (size_t i = 0; i < count; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading =
		    support_read(arena, &options, arena_printf(arena, "%s%s", head, cases[i].rows));

		if (reading.refused)
			fail_msg("%s\n%s", cases[i].rows, reading.findings[0].text);
		if (strcmp(describe(arena, &reading), cases[i].want) != 0)
			fail_msg("%s\ngives %s\nwants %s", cases[i].rows, describe(arena, &reading),
			    cases[i].want);
		if (reading.nfindings != (cases[i].finding != NULL) ||
		    (cases[i].finding != NULL &&
			(!support_finding(&reading, NULL, cases[i].finding) ||
			    reading.findings[0].line != 2)))
			fail_msg("%s\nhas %zu findings: %s", cases[i].rows, reading.nfindings,
			    reading.nfindings > 0 ? reading.findings[0].text : "none");
		arena_free(arena);
	}
}

static void
shift_codes_give_hours_and_class(void **state)
{
	static const struct roster_case cases[] = {
	    {"F,J Jones,B7,LD,,,05/01/2026,\r\n", "05/01 07:30-05/01 20:00 named jo-jones", NULL},
	    {"F,J Jones,B7,ld,,,05/01/2026,Filled\r\n", "05/01 07:30-05/01 20:00 named jo-jones",
		NULL},
	    {"F,J Jones,B7,N,,,05/01/2026,\r\n", "05/01 19:30-06/01 08:00 named jo-jones", NULL},
	    {"F,J Jones,B7, eARLY ,,,05/01/2026,\r\n", "05/01 07:00-05/01 15:00 named jo-jones",
		NULL},
	    /* The night the clocks go forward: the code is wall clock. */
	    {"F,J Jones,B7,N,,,28/03/2026,\r\n", "28/03 19:30-29/03 07:00 named jo-jones", NULL},
	    {"F,,B7,LD,,,05/01/2026,Unfilled\r\n", "05/01 07:30-05/01 20:00 nobody", NULL},
	    /* Written times win, and a difference is told. */
	    {"F,J Jones,B7,LD,07:30,20:00,05/01/2026,\r\n",
		"05/01 07:30-05/01 20:00 named jo-jones", NULL},
	    {"F,J Jones,B7,LD,08:00,20:00,05/01/2026,\r\n",
		"05/01 08:00-05/01 20:00 named jo-jones",
		"not those of its shift code \"LD\" (07:30 to 20:00)"},
	    {"F,J Jones,B7,N,19:30,20:30,05/01/2026,\r\n", "05/01 19:30-05/01 20:30 named jo-jones",
		"not those of its shift code \"N\""},
	    /* Classes. */
	    {"F,J Jones,B7,XL,,,05/01/2026,\r\n", "05/01 00:00-06/01 00:00 absence jo-jones", NULL},
	    {"F,J Jones,B7,xl,09:00,17:00,05/01/2026,\r\n",
		"05/01 09:00-05/01 17:00 absence jo-jones", NULL},
	    {"F,J Jones,B7,DO,,,05/01/2026,\r\n", "05/01 00:00-06/01 00:00 noise", NULL},
	    /* Nothing is guessed. */
	    {"F,J Jones,B7,ZZ,,,05/01/2026,\r\n", "",
		"has no times. This rota knows no hours for the shift code \"ZZ\""},
	    {"F,J Jones,B7,ZZ,08:00,20:00,05/01/2026,\r\n",
		"05/01 08:00-05/01 20:00 tentative jo-jones", "in the column \"Shift\""},
	    {"F,J Jones,B7,LD,08:00,,05/01/2026,\r\n", "", "The end \"\" of this row"},
	    {"F,J Jones,B7,,,,05/01/2026,\r\n", "", "The start \"\" of this row"},
	};
	static const struct roster_case without_times[] = {
	    {"J Jones,N,05/01/2026\r\n", "05/01 19:30-06/01 08:00 named jo-jones", NULL},
	    {"J Jones,ZZ,05/01/2026\r\n", "", "knows no hours for the shift code \"ZZ\""},
	};

	(void)state;
	try_codes(cases, sizeof cases / sizeof *cases, HEAD);
	try_codes(without_times, sizeof without_times / sizeof *without_times,
	    "Staff Name,Shift,Date\r\n");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rows_are_shifts),
	    cmocka_unit_test(names_and_states_decide_who_counts),
	    cmocka_unit_test(leave_is_by_days_or_times_and_by_status),
	    cmocka_unit_test(writing_may_be_sloppy),
	    cmocka_unit_test(what_is_no_roster_is_refused),
	    cmocka_unit_test(findings_name_the_line),
	    cmocka_unit_test(a_slot_keeps_its_key),
	    cmocka_unit_test(reasons_are_not_kept),
	    cmocka_unit_test(dates_and_times_are_strict),
	    cmocka_unit_test(shift_codes_give_hours_and_class),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
