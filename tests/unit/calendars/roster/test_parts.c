/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calendars/roster/roster_grid_days.h"
#include "calendars/roster/roster_heading.h"
#include "calendars/roster/roster_people.h"
#include "tests/unit/calendars/roster/tries.h"

/* The smaller questions that readers of rosters ask, each by itself. */

static void
what_is_names_and_nothing_else(void **state)
{
	static const struct {
		const char *text;
		bool only, bare;
	} texts[] = {
	    {"Kay Lee", true, true},
	    {"Kay Lee / J Jones", true, true},
	    {"Dr Kay Lee", true, true},
	    {"now Kay Lee", true, false},
	    {"Kay Lee (night)", true, false},
	    {"Kay Lee and J Jones", true, false},
	    {"Kay Lee 3", false, false},
	    {"Kay Lee x4421", true, false},
	    {"Kay Lee 1st on call", true, false},
	    {"Kay Lee, AMHP", true, false},
	    {"Kay Lee Zulu", false, false},
	    {"Kay Lee sick", false, false},
	    {"Zed Zulu", false, false},
	    {"cancelled", false, false},
	    {"09:00", false, false},
	    {"", false, false},
	};
	struct reading_options options = support_roster_options();
	struct arena *arena = arena_new(0);
	struct titles titles;

	(void)state;
	titles_init(&titles, arena, &options);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (roster_people_only(&titles, texts[i].text) != texts[i].only ||
		    roster_people_bare(&titles, texts[i].text) != texts[i].bare)
			fail_msg("\"%s\": only %d, bare %d", texts[i].text,
			    roster_people_only(&titles, texts[i].text),
			    roster_people_bare(&titles, texts[i].text));
	arena_free(arena);
}

static void
headings_of_people_who_are_away_or_come(void **state)
{
	static const struct {
		const char *heading;
		bool below, replace;
	} headings[] = {
	    {"Annual leave", true, false},
	    {"Leave and sick", true, false},
	    {"AMHP leave", true, false},
	    {"Leave cover", false, true},
	    {"Covering", false, true},
	    {"Locum", false, true},
	    {"Swapped with", false, false},
	    {"Shift taken by", false, true},
	    {"Actual", false, true},
	    {"Night cover", false, false},
	    {"Grade", false, false},
	};
	struct reading_options options = support_roster_options();
	struct arena *arena = arena_new(0);
	struct titles titles;

	(void)state;
	titles_init(&titles, arena, &options);
	for (size_t i = 0; i < sizeof headings / sizeof *headings; i++) {
		struct roster_heading heading =
		    roster_heading_make(&titles, headings[i].heading, false);

		if (roster_people_are_below(&titles, &heading) != headings[i].below ||
		    roster_people_may_replace(&titles, &heading) != headings[i].replace)
			fail_msg("\"%s\": below %d, replace %d", headings[i].heading,
			    roster_people_are_below(&titles, &heading),
			    roster_people_may_replace(&titles, &heading));
	}
	arena_free(arena);
}

static void
days_of_a_month_are_numbers(void **state)
{
	static const struct {
		const char *text;
		int day;
	} cells[] = {{"1", 1}, {"31", 31}, {"07", 7}, {"7th", 7}, {"2ND", 2}, {"0", 0}, {"00", 0},
	    {"32", 0}, {"123", 0}, {"", 0}, {"7x", 0}, {"th", 0}};

	(void)state;
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
		assert_int_equal(roster_days_number(cells[i].text), cells[i].day);
	assert_int_equal(roster_month(SLICE("Sept")), 9);
	assert_int_equal(roster_month(SLICE("dec")), 12);
	assert_int_equal(roster_month(SLICE("de")), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_names_and_nothing_else),
	    cmocka_unit_test(headings_of_people_who_are_away_or_come),
	    cmocka_unit_test(days_of_a_month_are_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
