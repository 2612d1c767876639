/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "calendars/roster/roster_heading_names.h"
#include "tests/unit/calendars/support.h"

/* Every heading of a roster that is known, by every way it may be written. */

struct known {
	const char *heading;
	enum roster_column column;
};

static const struct known of_rosters[] = {
    {"Unit", ROSTER_UNIT},
    {"Staff Name", ROSTER_NAME},
    {"Staff Name:", ROSTER_NAME},
    {"staff_name", ROSTER_NAME},
    {"StaffName", ROSTER_NAME},
    {"Staff Member", ROSTER_NAME},
    {"Employee", ROSTER_NAME},
    {"Employee Name", ROSTER_NAME},
    {"Full Name", ROSTER_NAME},
    {"First Name", ROSTER_FIRST_NAME},
    {"Forename", ROSTER_FIRST_NAME},
    {"Given Name", ROSTER_FIRST_NAME},
    {"Last Name", ROSTER_LAST_NAME},
    {"Surname", ROSTER_LAST_NAME},
    {"Family Name", ROSTER_LAST_NAME},
    {"Staff", ROSTER_NAME},
    {"Name", ROSTER_NAME},
    {"Grade", ROSTER_GRADE},
    {"Shift", ROSTER_SHIFT},
    {"Start", ROSTER_START},
    {"Start Time", ROSTER_START},
    {"shift_start", ROSTER_START},
    {"Shift Start Time", ROSTER_START},
    {"Shift End", ROSTER_END},
    {"Shift End Time", ROSTER_END},
    {"Finish", ROSTER_END},
    {"Finish Time", ROSTER_END},
    {"Shift Finish", ROSTER_END},
    {"Time", ROSTER_TIMES},
    {"Times", ROSTER_TIMES},
    {"Shift Time", ROSTER_TIMES},
    {"Shift Times", ROSTER_TIMES},
    {"Shift Date", ROSTER_DATE},
    {"Duty Date", ROSTER_DATE},
    {"End", ROSTER_END},
    {"End Time", ROSTER_END},
    {"Date", ROSTER_DATE},
    {"Status", ROSTER_STATUS},
};

static const struct known of_leave[] = {
    {"From", ROSTER_START},
    {"Start Date", ROSTER_START},
    {"First Day", ROSTER_START},
    {"To", ROSTER_END},
    {"End Date", ROSTER_END},
    {"Last Day", ROSTER_END},
    {"Type", ROSTER_SHIFT},
    {"Leave Type", ROSTER_SHIFT},
};

static const struct known of_shifts[] = {
    {"Start Date", ROSTER_START_DATE},
    {"Shift Start Date", ROSTER_START_DATE},
    {"End Date", ROSTER_END_DATE},
    {"Shift End Date", ROSTER_END_DATE},
    {"Finish Date", ROSTER_END_DATE},
};

/* Those that are merely similar are none. */
static const struct known of_nothing[] = {
    {"Start Unit", ROSTER_COLUMNS},
    {"Name of ward", ROSTER_COLUMNS},
    {"Date of birth", ROSTER_COLUMNS},
    {"Time owing", ROSTER_COLUMNS},
    {"Employee Number", ROSTER_COLUMNS},
    {"-", ROSTER_COLUMNS},
    {"", ROSTER_COLUMNS},
};

static void
check(const struct known *known, size_t count, bool absences, bool is_column)
{
	for (size_t i = 0; i < count; i++) {
		char upper[32];
		size_t len = strlen(known[i].heading);
		enum roster_column want = is_column ? known[i].column : ROSTER_COLUMNS;

		for (size_t j = 0; j <= len; j++) {
			char c = known[i].heading[j];

			upper[j] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
		}
		if (roster_column_named(known[i].heading, absences) != want ||
		    roster_column_named(upper, absences) != want)
			fail_msg("\"%s\" is not column %d", known[i].heading, (int)want);
	}
}

static void
each_heading_is_its_column(void **state)
{
	(void)state;
	check(of_rosters, sizeof of_rosters / sizeof *of_rosters, false, true);
	check(of_rosters, sizeof of_rosters / sizeof *of_rosters, true, true);
	check(of_leave, sizeof of_leave / sizeof *of_leave, true, true);
	check(of_shifts, sizeof of_shifts / sizeof *of_shifts, false, true);
	check(of_nothing, sizeof of_nothing / sizeof *of_nothing, false, true);
	check(of_nothing, sizeof of_nothing / sizeof *of_nothing, true, true);
}

/* In a roster of shifts "From" may be a ward, and "Type" a kind of contract. */
static void
headings_of_leave_are_no_columns_of_shifts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof of_leave / sizeof *of_leave; i++) {
		/* A start date of a shift is another column. */
		if (strstr(of_leave[i].heading, " Date") == NULL)
			check(&of_leave[i], 1, false, false);
	}
}

static const char *
name_read(struct arena *arena, const char *name)
{
	struct reading_options options = support_options();
	struct reading reading;

	options.kind = READING_CSV;
	options.date_order = READING_DATES_DMY;
	reading = support_read(arena, &options,
	    arena_printf(
		arena, "Staff Name,Date,Start,End\r\n\"%s\",20/01/2026,09:00,17:00\r\n", name));
	return support_classes(arena, &reading);
}

static void
a_family_name_may_come_first_with_or_without_a_space(void **state)
{
	static const char *const names[] = {"Kay Lee", "Lee, Kay", "Lee,Kay", "Lee,  Kay"};
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		assert_string_equal(name_read(arena, names[i]), "0120T0900 named");
	arena_free(arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_heading_is_its_column),
	    cmocka_unit_test(headings_of_leave_are_no_columns_of_shifts),
	    cmocka_unit_test(a_family_name_may_come_first_with_or_without_a_space),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
