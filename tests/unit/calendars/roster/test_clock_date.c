/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "calendars/roster/csv_bytes.h"
#include "calendars/roster/roster_clock.h"
#include "calendars/roster/roster_date.h"
#include "calendars/roster/roster_grid_days.h"
#include "calendars/roster/roster_grid_weeks.h"
#include "calendars/roster/roster_lines.h"
#include "server/base/arena.h"
#include "server/base/civil.h"
#include "server/base/instant.h"
#include "tests/unit/calendars/support.h"

/* Times, dates and days of rosters, each by itself. */

static void
times_are_read_as_people_write_them(void **state)
{
	static const struct {
		const char *text;
		int64_t minutes; /* -1: it is none */
		bool half;
	} wants[] = {
	    {"noon", 720, false},
	    {"midday", 720, false},
	    {"12 noon", 720, false},
	    {"12noon", 720, false},
	    {"midnight", 0, false},
	    {"12 midnight", 0, false},
	    {"12midnight", 0, false},
	    {"0.375", 540, false},
	    {"0.3x5", -1, false},
	    {"0.3.5", -1, false},
	    {"0.3755", -1, false},
	    {"09h30", 570, false},
	    {"9H", 540, true},
	    {"9h", 540, true},
	    {"9:", -1, false},
	    {"17", 1020, false},
	    {"930", 570, true},
	    {"030", -1, false},
	    {"93x", -1, false},
	    {"0900 hrs", 540, false},
	    {"0900 hours", 540, false},
	    {"0900h", 540, false},
	    {"09:00:30", -1, false},
	    {"23:59:59", 1439, false},
	    {"24:00", 1440, false},
	    {"24:01", -1, false},
	    {"9:60", -1, false},
	    {"9:30 pm", 1290, false},
	    {"13 pm", -1, false},
	    {"0:30", 30, false},
	    {"09:00:0", -1, false},
	    {"", -1, false},
	    {"x", -1, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
		struct roster_clock clock;
		bool is = roster_clock_read(slice_of(wants[i].text), &clock);

		if (is != (wants[i].minutes >= 0) ||
		    (is && (clock.seconds / 60 != wants[i].minutes || clock.half != wants[i].half)))
			fail_msg("\"%s\" is read wrongly", wants[i].text);
	}
}

static void
both_times_must_be_of_a_certain_half_of_the_day(void **state)
{
	static const struct roster_clock nine = {9 * 3600, true, false},
					 five = {5 * 3600, true, false},
					 late = {17 * 3600, false, false},
					 pm = {17 * 3600, false, true};

	(void)state;
	assert_false(roster_clocks_agree(&nine, &five, false));
	assert_false(roster_clocks_agree(&nine, &five, true));
	assert_true(roster_clocks_agree(&five, &nine, true));
	assert_true(roster_clocks_agree(&nine, &late, false));
	assert_true(roster_clocks_agree(&late, &nine, false));
	assert_true(roster_clocks_agree(&late, &pm, false));
	assert_false(roster_clocks_agree(&nine, &pm, true));
	assert_false(roster_clocks_agree(&pm, &nine, true));
}

static void
dates_are_read_as_people_write_them(void **state)
{
	static const struct {
		const char *text, *day; /* NULL: it is none */
	} wants[] = {
	    {"7 Sept 2026", "2026-09-07"},
	    {"7 Sep 2026", "2026-09-07"},
	    {"7 Sepp 2026", NULL},
	    {"07/12/26", "2026-12-07"},
	    {"07/12/6x", NULL},
	    {"07/12/19", NULL},
	    {"07/12/60", NULL},
	    {"20261207", "2026-12-07"},
	    {"2026120x", NULL},
	    {"2026x207", NULL},
	    {"20261x07", NULL},
	    {"x0261207", NULL},
	    {"20261307", NULL},
	    {"2026-12-07", "2026-12-07"},
	    {"2026-12/07", NULL},
	    {"7th December 2026", "2026-12-07"},
	    {"Monday, 7 December 2026", "2026-12-07"},
	    {"Dec 7, 2026", "2026-12-07"},
	    {"Dec 7 2026", "2026-12-07"},
	    {"December 7th, 2026", "2026-12-07"},
	    {"Mon, Dec 7, 2026", "2026-12-07"},
	    {"Monday December 7 2026", "2026-12-07"},
	    {"Dec-07-2026", "2026-12-07"},
	    {"Dec 7,2026", NULL},
	    {"Dec 7-2026", NULL},
	    {"Dec 31 26", NULL},
	    {"Dec 2026", NULL},
	    {"Dec 32, 2026", NULL},
	    {"Decx 7, 2026", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
		char text[CIVIL_DAY_MAX];
		int64_t day;
		bool is = roster_day(slice_of(wants[i].text), READING_DATES_DMY, &day);

		if (is)
			civil_day_text(day, text);
		if (is != (wants[i].day != NULL) || (is && strcmp(text, wants[i].day) != 0))
			fail_msg("\"%s\" is read wrongly", wants[i].text);
	}
}

static void
numbers_of_days_are_of_these_years(void **state)
{
	int64_t day;

	(void)state;
	assert_true(roster_serial(SLICE("46363"), &day));
	assert_int_equal(day, civil_days(2026, 12, 7));
	assert_true(roster_serial(SLICE("43831"), &day));
	assert_false(roster_serial(SLICE("43830"), &day));
	assert_true(roster_serial(SLICE("49999"), &day));
	assert_false(roster_serial(SLICE("50000"), &day));
	assert_false(roster_serial(SLICE("46363.5"), &day));
	assert_false(roster_serial(SLICE("4636"), &day));
}

static void
days_of_a_grid_are_seen_as_such(void **state)
{
	static const char *const days[] = {"07/12/2026", "Mon 7", "Monday", "7 Dec", "7-Dec",
	    "7.Dec", "07/12", "7 December", "7 Sept", "Tue, 8"};
	static const char *const others[] = {"7", "7-12", "7/123", "7/1x", "7 Decx", "December",
	    "7x Dec", "07:30", "123 Dec", "7 Dec 09:00-17:00", ""};

	(void)state;
	for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
		if (!roster_days_is_day(days[i]))
			fail_msg("\"%s\" is no day", days[i]);
	}
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		if (roster_days_is_day(others[i]))
			fail_msg("\"%s\" is a day", others[i]);
	}
	assert_int_equal(roster_days_number("7"), 7);
	assert_int_equal(roster_days_number("31st"), 31);
	assert_int_equal(roster_days_number("0"), 0);
	assert_int_equal(roster_days_number("32"), 0);
	assert_int_equal(roster_days_number("7x"), 0);
	assert_int_equal(roster_days_number("007"), 0);
}

/* What the line ${above} leaves known: "year month week", with "-" for what is not. */
static const char *
known(struct arena *arena, const char *const *above)
{
	struct roster_days days = {.arena = arena, .last = INSTANT_NONE};
	struct cell cells[4] = {{.text = ""}, {.text = ""}, {.text = ""}, {.text = ""}};
	struct sheet_row row = {1, 4, cells};

	for (size_t i = 0; i < 4 && above[i] != NULL; i++)
		cells[i].text = above[i];
	roster_days_above(&days, &row, 1);
	return arena_printf(
	    arena, "%d %d %s", days.year, days.month, days.week != NULL ? days.week : "-");
}

static void
one_month_and_one_year_stand_above_a_grid(void **state)
{
	static const struct {
		const char *above[4], *known;
	} wants[] = {
	    {{"December 2026"}, "2026 12 -"},
	    {{"Sept 2026"}, "2026 9 -"},
	    {{"December 1999"}, "0 12 -"},
	    {{"December 2100"}, "0 12 -"},
	    {{"December 26"}, "0 12 -"},
	    {{"2026", "2026"}, "2026 0 -"},
	    {{"2026", "2027", "2026"}, "0 0 -"},
	    {{"Dec", "December"}, "0 12 -"},
	    {{"Dec", "Jan", "Dec"}, "0 0 -"},
	    {{"Week commencing 07/12/2026"}, "2026 0 07/12/2026"},
	    {{"07/12/2026", "14/12/2026", "21/12/2026"}, "2026 0 -"},
	    {{"Rota"}, "0 0 -"},
	};
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof wants / sizeof *wants; i++)
		assert_string_equal(known(arena, wants[i].above), wants[i].known);
	arena_free(arena);
}

/* The days of ${cells} one after the other, completed: "2026-12-30 -" . */
static const char *
completed(struct arena *arena, struct roster_days days, const char *const *cells)
{
	const char *list = "";

	for (size_t i = 0; cells[i] != NULL; i++) {
		const char *whole = roster_days_whole(&days, cells[i]);
		char text[CIVIL_DAY_MAX] = "-";
		int64_t day;

		if (whole != NULL && roster_day(roster_day_part(whole), READING_DATES_DMY, &day))
			civil_day_text(day, text);
		list = arena_printf(arena, "%s%s%s", list, i > 0 ? " " : "", text);
	}
	return list;
}

static void
days_come_in_their_order(void **state)
{
	static const struct {
		int year, month;
		bool begins;
		const char *cells[4], *days;
	} wants[] = {
	    {2026, 12, true, {"30", "31", "1"}, "2026-12-30 2026-12-31 2027-01-01"},
	    {2026, 11, true, {"30", "1"}, "2026-11-30 2026-12-01"},
	    {2026, 12, true, {"Thu 31", "Fri 1"}, "2026-12-31 2027-01-01"},
	    /* There is no 31 November, and after 30 January comes no 30 February. */
	    {2026, 11, true, {"31"}, "-"},
	    {2027, 1, true, {"30", "30", "29"}, "2027-01-30 2027-01-30 -"},
	    {2026, 0, true, {"7", "7 Dec"}, "- 2026-12-07"},
	    {2026, 0, true, {"31 Dec", "1 Jan"}, "2026-12-31 2027-01-01"},
	    /* Not soon after the day before, or a day that the next year does not have. */
	    {2026, 0, true, {"1 Apr", "1 Mar"}, "2026-04-01 -"},
	    {2024, 0, true, {"1 Mar", "29 Feb"}, "2024-03-01 -"},
	    /* A date with a year of its own is later than the year above. */
	    {2026, 0, true, {"1 Jan 2030", "7 Dec"}, "2030-01-01 -"},
	    {0, 12, true, {"7", "7 Dec"}, "- -"},
	    /* Two months after the month above. */
	    {2026, 1, true, {"5 March 2026", "1"}, "2026-03-05 -"},
	    {2026, 12, true, {"", "13/31/2026"}, "- -"},
	};
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
		struct roster_days days = {.arena = arena,
		    .order = READING_DATES_DMY,
		    .year = wants[i].year,
		    .month = wants[i].month,
		    .last = INSTANT_NONE,
		    .begins = wants[i].begins};

		assert_string_equal(completed(arena, days, wants[i].cells), wants[i].days);
	}
	arena_free(arena);
}

/* A second table may be of the same week again. */
static void
a_second_table_may_begin_before_the_first_ended(void **state)
{
	static const char *const same[] = {"1 Mar", NULL}, *const number[] = {"5", NULL};
	struct arena *arena = arena_new(0);
	struct roster_days days = {.arena = arena,
	    .order = READING_DATES_DMY,
	    .year = 2026,
	    .last = civil_days(2026, 4, 1),
	    .begins = true};

	(void)state;
	assert_string_equal(completed(arena, days, same), "2026-03-01");
	days.month = 3;
	assert_string_equal(completed(arena, days, number), "-");
	days.begins = false;
	assert_string_equal(completed(arena, days, number), "2026-04-05");
	arena_free(arena);
}

static void
words_may_stand_before_the_day_of_a_week(void **state)
{
	(void)state;
	assert_string_equal(roster_week_day("w/c 05/01/2026"), "05/01/2026");
	assert_string_equal(roster_week_day("W/C: 05/01/2026"), "05/01/2026");
	assert_string_equal(roster_week_day("wc.5 Jan"), "5 Jan");
	assert_string_equal(roster_week_day("week commencing"), "week commencing");
	assert_string_equal(roster_week_day("wcx 5 Jan"), "wcx 5 Jan");
	assert_string_equal(roster_week_day("w/e 05/01/2026"), "w/e 05/01/2026");
}

static void
a_line_may_say_only_which_days_are_below(void **state)
{
	static const char *const periods[] = {"Week 2", "Week commencing 07/12/2026",
	    "December 2026", "Page 2", "w/c 7 December", "Mon 7 to Sun 13", "wk 2 (January)"};
	static const char *const others[] = {"2", "North", "Week A", "Team December", "",
	    "Decemberdecemberdecember 2026", "w/c 7/12"};

	(void)state;
	for (size_t i = 0; i < sizeof periods / sizeof *periods; i++)
		assert_true(roster_line_is_period(periods[i]));
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		assert_false(roster_line_is_period(others[i]));
}

/* One character of four bytes in UTF-8 is two units of UTF-16. */
static void
characters_beyond_the_first_plane_are_two_halves(void **state)
{
	static const char little[] = "\xff\xfe\x3d\xd8\x00\xde", big[] = "\xd8\x3d\xde\x00",
			  letters[] = "\0A";
	static const struct {
		const char *units;
		size_t len;
		const char *utf8; /* NULL: refused */
	} edges[] = {
	    {"\xfe\xff\xd8\x00\xdc\x00", 6, "\xef\xbb\xbf\xf0\x90\x80\x80"},
	    {"\xfe\xff\xdb\xff\xdf\xff", 6, "\xef\xbb\xbf\xf4\x8f\xbf\xbf"},
	    {"\xfe\xff\xd7\xff", 4, "\xef\xbb\xbf\xed\x9f\xbf"},
	    {"\xfe\xff\xe0\x00", 4, "\xef\xbb\xbf\xee\x80\x80"},
	    {"\xfe\xff\xdc\x00", 4, NULL},
	    {"\xfe\xff\xd8\x00\xd8\x00", 6, NULL},
	    {"\xfe\xff\xd8\x00\xe0\x00", 6, NULL},
	};
	struct buf out = {0};

	(void)state;
	assert_true(csv_utf16_to_utf8((struct slice){little, 6}, &out));
	assert_int_equal(out.len, 7);
	assert_memory_equal(out.at, "\xef\xbb\xbf\xf0\x9f\x98\x80", 7);
	buf_free(&out);
	/* Without a mark the first byte is 0 where the higher byte comes first. */
	assert_true(csv_utf16_to_utf8((struct slice){letters, 2}, &out));
	assert_int_equal(out.len, 1);
	assert_memory_equal(out.at, "A", 1);
	buf_free(&out);
	/* Read the other way round they are letters of another script. */
	assert_true(csv_utf16_to_utf8((struct slice){big, 4}, &out));
	buf_free(&out);
	/* The first and the last half of each kind, and what stands beside them. */
	for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
		assert_int_equal(
		    csv_utf16_to_utf8((struct slice){edges[i].units, edges[i].len}, &out),
		    edges[i].utf8 != NULL);
		if (edges[i].utf8 != NULL) {
			assert_int_equal(out.len, strlen(edges[i].utf8));
			assert_memory_equal(out.at, edges[i].utf8, out.len);
		}
		buf_free(&out);
	}
	assert_false(csv_utf16_to_utf8((struct slice){little, 4}, &out));
	assert_false(csv_utf16_to_utf8((struct slice){little, 5}, &out));
	assert_true(csv_utf16_to_utf8((struct slice){little, 0}, &out));
	buf_free(&out);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(times_are_read_as_people_write_them),
	    cmocka_unit_test(both_times_must_be_of_a_certain_half_of_the_day),
	    cmocka_unit_test(dates_are_read_as_people_write_them),
	    cmocka_unit_test(numbers_of_days_are_of_these_years),
	    cmocka_unit_test(days_of_a_grid_are_seen_as_such),
	    cmocka_unit_test(one_month_and_one_year_stand_above_a_grid),
	    cmocka_unit_test(days_come_in_their_order),
	    cmocka_unit_test(a_second_table_may_begin_before_the_first_ended),
	    cmocka_unit_test(words_may_stand_before_the_day_of_a_week),
	    cmocka_unit_test(a_line_may_say_only_which_days_are_below),
	    cmocka_unit_test(characters_beyond_the_first_plane_are_two_halves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
