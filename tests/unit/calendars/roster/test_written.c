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
#include "tests/unit/calendars/roster/tries.h"

/* Dates, times and headings as people write them, and which of them are not certain. */

#define HEAD "Staff Name,Date,Start,End\r\n"
#define ON(date) "J Jones," date ",09:00,17:00\r\n"
#define AT(start, end) "J Jones,20/01/2026," start "," end "\r\n"
#define NAMED "0120T0900 named"

static void
a_date_is_read_in_the_forms_that_people_write(void **state)
{
	static const char *const same[] = {"07/12/2026", "7/12/2026", "07/12/26", "7.12.26",
	    "07-12-2026", "07.12.2026", "2026-12-07", "2026/12/07", "2026.12.07", "20261207",
	    "07 Dec 2026", "7 December 2026", "07-Dec-26", "07-Dec-2026", "7 DECEMBER 26",
	    "7th December 2026", "Mon 07/12/2026", "Monday 7 December 2026", "Mon, 7 Dec 2026",
	    "mon. 07/12/26", "07/12/2026 Mon", "07/12/2026 (Monday)", "7 Dec 2026 Mon"};
	static const char *const none[] = {"07/12", "7 Dec", "Mon 7 Dec", "Mon", "Mon 7", "46363",
	    "07/12/026", "07/12/2", "26-12-07", "07/12/19", "2026/12-07", "2026-7-12", "20261307",
	    "2026120", "7 Decem 2026", "Dec 2026", "07/12/2026 Fri 3", "Christmas 2026",
	    "7 Dec 2026 - 9 Dec 2026", "32 Dec 2026", "Mon Tue 7 Dec 2026"};
	int64_t day;

	(void)state;
	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		if (!roster_day(slice_of(same[i]), READING_DATES_DMY, &day) ||
		    day != civil_days(2026, 12, 7))
			fail_msg("%s is no date or another one", same[i]);
	}
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		if (roster_day(slice_of(none[i]), READING_DATES_DMY, &day))
			fail_msg("%s is a date", none[i]);
	}
	assert_int_equal(civil_days(2026, 12, 7) + 25569, 46363);
	assert_true(roster_serial(SLICE("46363"), &day));
	assert_int_equal(day, civil_days(2026, 12, 7));
	assert_false(roster_serial(SLICE("51226"), &day));
	assert_false(roster_serial(SLICE("1226"), &day));
	assert_false(roster_serial(SLICE("46363x"), &day));
}

static void
a_date_must_be_certain(void **state)
{
	static const struct support_want wants[] = {
	    {ON("Tue 20/01/2026"), NAMED, NULL},
	    {ON("Mon 20/01/2026"), "refused", "is no Monday"},
	    {ON("20/01/2026") ON("Wed 22 January 2026"), "refused", "is no Wednesday"},
	    /* Last year's dates under this year's name. */
	    {ON("Mon 20/01/26"), "refused", "is no Monday"},
	    {ON("20/01/26"), NAMED, NULL},
	    {ON("20-01-26"), "refused", "may begin or end with its year"},
	    {ON("20-01-26") ON("05-02-26"), NAMED ";0205T0900 named", NULL},
	    {ON("26-01-20"), "refused", "may begin or end with its year"},
	    {ON("2026-01-20 00:00:00"), NAMED, NULL},
	    {ON("2026-01-20T00:00:00"), NAMED, NULL},
	    {ON("2026-01-20 09:00"), "", "is not dd/mm/yyyy"},
	    /* Numbers of days only where the whole column has them. */
	    {ON("46042"), "", "is not dd/mm/yyyy"},
	    {ON("46042") ON("46043"), NAMED ";0121T0900 named", NULL},
	    {ON("46042") ON("21/01/2026"), "0121T0900 named", "is not dd/mm/yyyy"},
	    {ON("46042.5"), "", "\"46042.5\" of this row is not"},
	    {"J Jones,46042,46042.375,46042.708333\r\n"
	     "J Jones,46043,46043.375,46043.708333\r\n",
		NAMED ";0121T0900 named", NULL},
	    {"J Jones,46042,46042.375,17:00\r\n", "", "is not dd/mm/yyyy"},
	    {ON("Tue 20 Jan"), "", "is not dd/mm/yyyy"},
	    {ON("20/01"), "", "is not dd/mm/yyyy"},
	};
	static const struct support_want open[] = {
	    {ON("05/02/26"), "0205T0900 tentative;0502T0800 tentative", "dd/mm/yyyy or mm/dd/yyyy"},
	    {ON("Thu 05/02/26"), "0205T0900 named", NULL},
	    {ON("Sat 05/02/26"), "refused", "can only be mm/dd/yyyy"},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY_BELOW(HEAD, wants, &options);
	options.date_order = READING_DATES_UNSET;
	TRY_BELOW(HEAD, open, &options);
}

static void
a_time_is_read_in_the_forms_that_people_write(void **state)
{
	static const struct {
		const char *text;
		int hour, minute;
		bool half;
	} times[] = {{"09:00", 9, 0, false}, {"9:00", 9, 0, true}, {"9.30", 9, 30, true},
	    {"09.30", 9, 30, false}, {"0930", 9, 30, false}, {"930", 9, 30, true},
	    {"1730", 17, 30, false}, {"9", 9, 0, true}, {"09", 9, 0, false}, {"17", 17, 0, false},
	    {"12", 12, 0, true}, {"9am", 9, 0, false}, {"9 am", 9, 0, false}, {"5pm", 17, 0, false},
	    {"12am", 0, 0, false}, {"12pm", 12, 0, false}, {"9:30 AM", 9, 30, false},
	    {"5.30pm", 17, 30, false}, {"5 p.m.", 17, 0, false}, {"930pm", 21, 30, false},
	    {"09:00:00", 9, 0, false}, {"09h00", 9, 0, false}, {"17h30", 17, 30, false},
	    {"9h", 9, 0, true}, {"0900hrs", 9, 0, false}, {"0900 hrs", 9, 0, false},
	    {"noon", 12, 0, false}, {"Midnight", 0, 0, false}, {"12 noon", 12, 0, false},
	    {"0:00", 0, 0, false}, {"0", 0, 0, false}, {"24:00", 24, 0, false},
	    {"0.375", 9, 0, false}, {"0.708333", 17, 0, false}, {"0.8958333333", 21, 30, false}};
	static const char *const none[] = {"", "9:5", "17:5", "0.5", "0.25", "0.30", "0.3751",
	    "1.375", "030", "25", "24:30", "13pm", "0am", "09:00 - 17:00", "am", "9ish", "9:60",
	    "09:00:30", "noonish", "12345", "9a", "9:00x", "-9", "9:", "h30", "2026-01-20"};
	struct roster_clock clock;

	(void)state;
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		if (!roster_clock_read(slice_of(times[i].text), &clock) ||
		    clock.seconds != times[i].hour * 3600 + times[i].minute * 60 ||
		    clock.half != times[i].half)
			fail_msg("%s is no time or another one", times[i].text);
	}
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		if (roster_clock_read(slice_of(none[i]), &clock))
			fail_msg("%s is a time", none[i]);
	}
}

/* "9" to "5" would be 20 hours; "1" to "9" may be an afternoon. */
static void
of_which_half_of_the_day_a_time_is_must_be_certain(void **state)
{
	static const struct support_want wants[] = {
	    {AT("9", "17"), NAMED, NULL},
	    {AT("9.30", "17.30"), "0120T0930 named", NULL},
	    {AT("930", "1730"), "0120T0930 named", NULL},
	    {AT("0900", "1700"), NAMED, NULL},
	    {AT("9am", "5pm"), NAMED, NULL},
	    {AT("9:30 AM", "5:30 PM"), "0120T0930 named", NULL},
	    {AT("09h00", "17h00"), NAMED, NULL},
	    {AT("noon", "midnight"), "0120T1200 named", NULL},
	    {AT("0.375", "0.708333"), NAMED, NULL},
	    {AT("21:00", "7:30"), "0120T2100 named", NULL},
	    {AT("9", "5"), "", "before or after noon"},
	    {AT("9:00", "5:00"), "", "before or after noon"},
	    {AT("9.00", "5.00"), "", "before or after noon"},
	    {AT("1", "9"), "", "before or after noon"},
	    {AT("8:00", "8:00"), "", "before or after noon"},
	    {AT("9", "5pm"), "", "before or after noon"},
	    {AT("1", "5pm"), "", "before or after noon"},
	    /* Another row is written by 24 hours: so are these, where they go forward. */
	    {AT("9:00", "12:00") "Kay Lee,21/01/2026,9:00,17:00\r\n", NAMED ";0121T0900 named",
		NULL},
	    {AT("9:00", "5:00") "Kay Lee,21/01/2026,9:00,17:00\r\n", "0121T0900 named",
		"before or after noon"},
	    {AT("9:00", "12:00") "Kay Lee,21/01/2026,9:00,5pm\r\n", "", "before or after noon"},
	    {AT("09:00-17:00", ""), NAMED, NULL},
	    {AT("9am to 5pm", ""), NAMED, NULL},
	    {AT("17:00 \xe2\x80\x93 09:00", ""), "0120T1700 named", NULL},
	    {AT("9-5", ""), "", "before or after noon"},
	    {AT("1-5pm", ""), "", "before or after noon"},
	    {AT("09:00-17:00", "18:00"), "", "start \"09:00-17:00\""},
	    {AT("09:00-", ""), "", "is not HH:MM"},
	    {AT("9:5", "17:5"), "", "is not HH:MM"},
	    {AT("0.25", "0.75"), "", "is not HH:MM"},
	    {AT("20/01/2026 9:00 AM", "20/01/2026 5:00 PM"), NAMED, NULL},
	    {AT("20 Jan 2026 09:00", "20 Jan 2026 17:00"), NAMED, NULL},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY_BELOW(HEAD, wants, &options);
}

static void
a_list_may_have_other_headings(void **state)
{
	static const struct support_want wants[] = {
	    {"Employee,Start Date,Start Time,End Date,End Time,Role\r\n"
	     "J Jones,20/01/2026,21:00,21/01/2026,09:00,AMHP\r\n",
		"0120T2100 named", NULL},
	    {"Employee,Start Date,Start Time,End Date,End Time\r\n"
	     "J Jones,20/01/2026,21:00,20/01/2026,09:00\r\n",
		"", "ends before it starts"},
	    {"Employee,Start Date,Start Time,End Time\r\nJ Jones,20/01/2026,21:00,09:00\r\n",
		"0120T2100 named", NULL},
	    {"First Name,Last Name,Date,Start,End\r\nKay,Lee,20/01/2026,09:00,17:00\r\n", NAMED,
		NULL},
	    {"Last Name,First Name,Date,Start,End\r\nLee,Kay,20/01/2026,09:00,17:00\r\n", NAMED,
		NULL},
	    {"First Name,Last Name,Date,Start,End\r\nKay,Jones,20/01/2026,09:00,17:00\r\n",
		"0120T0900 undecided", NULL},
	    /* A first name beside a whole name is read as anything else there. */
	    {"Name,First Name,Date,Start,End\r\nJ Jones,Kay Lee,20/01/2026,09:00,17:00\r\n",
		"0120T0900 tentative", "in the column"},
	    {"Assignment Number,Full Name,Shift Date,Shift Start,Shift End\r\n"
	     "123,Kay Lee,20/01/2026,09:00,17:00\r\n",
		NAMED, "Assignment Number"},
	    {"Date,Time,Name\r\n20/01/2026,09:00-17:00,J Jones\r\n", NAMED, NULL},
	    {"Date,Time,Name\r\n20/01/2026,17:00 - 09:00,J Jones\r\n", "0120T1700 named", NULL},
	    {"Date,Time,Name\r\n20/01/2026,09:00,J Jones\r\n", "", "is not HH:MM"},
	    /* Beside a start and an end it is another time. */
	    {"Date,Start,End,Time,Name\r\n20/01/2026,09:00,17:00,21:00,J Jones\r\n",
		"0120T0900 tentative", "in the column"},
	    {"Staff Name:, Date , Start time ,End time \r\nJ Jones,20/01/2026,09:00,17:00\r\n",
		NAMED, NULL},
	    {"staff_name|shift_date|start_time|end_time\r\nJ Jones|20/01/2026|09:00|17:00\r\n",
		NAMED, NULL},
	    {"StaffName\tShiftDate\tStartTime\tEndTime\r\nJ Jones\t20/01/2026\t09:00\t17:00\r\n",
		NAMED, NULL},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY_BELOW("", wants, &options);
}

#define LIST "Staff Name,Date,Start,End\r\nJ Jones,20/01/2026,09:00,17:00\r\n"

static void
lines_stand_above_and_below_a_list(void **state)
{
	static const struct support_want wants[] = {
	    {"AMHP rota January 2026,,,\r\nPrinted 03/01/2026,,,\r\n,,,\r\n" LIST, NAMED, NULL},
	    {"AMHP rota\r\n" LIST, NAMED, NULL},
	    {"Rota for Fenmere, Alderbrook\r\n"
	     "Staff Name;Date;Start;End\r\nJ Jones;20/01/2026;09:00;17:00\r\n",
		NAMED, NULL},
	    {"DRAFT,,,\r\n" LIST, "0120T0900 tentative", "\"DRAFT\" above the heading line"},
	    {"AMHP rota,,,provisional\r\n" LIST, "0120T0900 tentative", "above the heading line"},
	    {"Cancelled shifts,,,\r\n" LIST, "0120T0900 tentative", "above the heading line"},
	    {"TBC = to be confirmed,,,\r\n" LIST, NAMED, NULL},
	    {LIST "Total,,,8\r\n", NAMED, "\"Total\" is no shift"},
	    {LIST "Total,2,,\r\nDRAFT,,,\r\n", "0120T0900 tentative", "\"DRAFT\" at the end"},
	    {LIST "Totals,,J Jones,8\r\n", NAMED, "is not dd/mm/yyyy"},
	    {LIST "Key: LD is a long day,,,\r\n", NAMED, "is no shift"},
	    {"Staff,,Shift,\r\nName,Date,Start,End\r\nJ Jones,20/01/2026,09:00,17:00\r\n", NAMED,
		NULL},
	    {"Staff,Shift,Shift,Shift\r\nMember,Date,Start,End\r\n"
	     "J Jones,20/01/2026,09:00,17:00\r\n",
		NAMED, NULL},
	    {"Staff,Shift,,\r\nMember,Date,Start,End\r\nJ Jones,20/01/2026,09:00,17:00\r\n", NAMED,
		NULL},
	    /* Neither line has all columns. */
	    {"Employee,Duty,Shift,Shift\r\n,Date,Start,End\r\nJ Jones,20/01/2026,09:00,17:00\r\n",
		NAMED, NULL},
	    {"Employee,Duty,Shift,Shift\r\n,Date,Start,End\r\n", "", "no events"},
	    {"Name,Date,Shift\r\n", "refused", "no column Start"},
	    /* "Member", "From" are columns only where no other is. */
	    {"Member,First Name,Date,Start,End\r\nJ Jones,J,20/01/2026,09:00,17:00\r\n", "refused",
		"no column Staff Name"},
	    {"Member,Last Name,Date,Start,End\r\nJ Jones,Jones,20/01/2026,09:00,17:00\r\n",
		"refused", "no column Staff Name"},
	    {"First Name,Date,Start,End\r\nJ Jones,20/01/2026,09:00,17:00\r\n", "refused",
		"no column Staff Name"},
	    {"Name,Date,From Date,Start,End\r\nJ Jones,20/01/2026,20/01/2026,09:00,17:00\r\n",
		NAMED, NULL},
	    {"Name,Start Date,From Date,Start,End\r\nJ Jones,20/01/2026,20/01/2026,09:00,17:00\r\n",
		NAMED, NULL},
	    {"Name,Date,From,End\r\nJ Jones,20/01/2026,09:00,17:00\r\n", "refused",
		"no column Start"},
	    {"Name,Date,From,Times\r\nJ Jones,20/01/2026,ward 3,09:00-17:00\r\n",
		"0120T0900 tentative", "in the column \"From\""},
	    /* Under "Planned" and "Actual" it is not known which of the two holds. */
	    {"Staff,,Planned,,Actual,\r\nName,Date,Start,End,Start,End\r\n"
	     "J Jones,20/01/2026,09:00,17:00,09:00,12:00\r\n",
		"refused", "twice"},
	    {"a\r\nb\r\nc\r\nd\r\ne\r\nf\r\ng\r\nh\r\ni\r\nj\r\nk\r\nl\r\nm\r\nn\r\no\r\np\r\n"
	     "q\r\nr\r\ns\r\n" LIST,
		NAMED, NULL},
	    {"a\r\nb\r\nc\r\nd\r\ne\r\nf\r\ng\r\nh\r\ni\r\nj\r\nk\r\nl\r\nm\r\nn\r\no\r\np\r\n"
	     "q\r\nr\r\ns\r\nt\r\n" LIST,
		"refused", "no column"},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY_BELOW("", wants, &options);
}

static void
add_wide(struct buf *buf, const char *text, bool big)
{
	for (; *text != '\0'; text++) {
		char two[2] = {big ? '\0' : *text, big ? *text : '\0'};

		buf_add(buf, two, 2);
	}
}

/* What Excel saves as "Unicode text". */
static void
utf_16_is_read(void **state)
{
	static const char *const marks[] = {"\xff\xfe", "\xfe\xff", NULL};
	const struct reading_tools tools = {support_zones()};
	struct reading_options options = support_roster_options();

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		struct arena *arena = arena_new(0);
		struct buf buf = {0};
		struct reading reading;

		if (i % 3 < 2)
			buf_add(&buf, marks[i % 3], 2);
		add_wide(&buf, "Staff Name\tDate\tStart\tEnd\r\nO", i % 3 == 1);
		/* A typographic apostrophe, and in every second round half of a pair. */
		buf_add(&buf, i % 3 == 1 ? "\x20\x19" : "\x19\x20", 2);
		if (i >= 3)
			buf_add(&buf, i % 3 == 1 ? "\xd8\x01" : "\x01\xd8", 2);
		add_wide(&buf, "Neill\t20/01/2026\t09:00\t17:00\r\n", i % 3 == 1);
		reading_make(&tools, &options, (struct slice){buf.at, buf.len}, arena, &reading);
		if (i < 3)
			assert_string_equal(support_classes(arena, &reading), NAMED);
		else
			assert_true(support_finding(&reading, NULL, "UTF-16"));
		buf_free(&buf);
		arena_free(arena);
	}
}

/* Programs of rotas write the day and the time into one cell. */
static void
starts_may_have_the_date(void **state)
{
#define SPANS "Name,Start,End\r\n"
	static const struct support_want wants[] = {
	    {SPANS "J Jones,20/01/2026 21:00,21/01/2026 09:00\r\n", "0120T2100 named", NULL},
	    {SPANS
		"J Jones,2026-01-20 09:00,2026-01-20 17:00\r\nKay Lee,2026-01-21 09:00,17:00\r\n",
		"0120T0900 named;0121T0900 named", NULL},
	    /* One without a day is unreadable; and if the first is, there is no column of days. */
	    {SPANS "J Jones,20/01/2026 09:00,20/01/2026 17:00\r\nKay Lee,09:00,17:00\r\n",
		"0120T0900 named", "The date \"\""},
	    {SPANS "Kay Lee,09:00,17:00\r\nJ Jones,20/01/2026 09:00,20/01/2026 17:00\r\n",
		"refused", "no column Date"},
	    {SPANS "J Jones,20/01/2026,21/01/2026\r\n", "refused", "no column Date"},
	    /* The days decide of each other which number is the month. */
	    {SPANS
		"J Jones,05/01/2026 09:00,05/01/2026 17:00\r\nKay Lee,20/01/2026 09:00,20/01/2026 17:00\r\n",
		"0105T0900 named;0120T0900 named", NULL},
	};
	static const struct support_want either[] = {
	    {SPANS "J Jones,05/01/2026 09:00,05/01/2026 17:00\r\n",
		"0105T0900 tentative;0501T0800 tentative", "may be dd/mm/yyyy or mm/dd/yyyy"},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	options.date_order = READING_DATES_DMY;
	TRY_BELOW("", wants, &options);
	options.date_order = READING_DATES_UNSET;
	TRY_BELOW("", either, &options);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(starts_may_have_the_date),
	    cmocka_unit_test(a_date_is_read_in_the_forms_that_people_write),
	    cmocka_unit_test(a_date_must_be_certain),
	    cmocka_unit_test(a_time_is_read_in_the_forms_that_people_write),
	    cmocka_unit_test(of_which_half_of_the_day_a_time_is_must_be_certain),
	    cmocka_unit_test(a_list_may_have_other_headings),
	    cmocka_unit_test(lines_stand_above_and_below_a_list),
	    cmocka_unit_test(utf_16_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
