/* SPDX-License-Identifier: MIT */
/* The names of layouts, as the region file has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calendars/reading.h"

static void
layouts_have_one_name(void **state)
{
	static const struct {
		const char *name;
		enum reading_layout layout; /* READING_NO_GRID: it is none */
	} cases[] = {
	    {"dates_by_roles", READING_DATES_BY_ROLES},
	    {"roles_by_dates", READING_ROLES_BY_DATES},
	    {"names_by_dates", READING_NAMES_BY_DATES},
	    {"weeks_by_roles", READING_WEEKS_BY_ROLES},
	    {"dates_by_hours", READING_DATES_BY_HOURS},
	    {"", READING_NO_GRID},
	    {"Dates_by_roles", READING_NO_GRID},
	    {"dates_by_roles ", READING_NO_GRID},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		enum reading_layout layout = READING_NO_GRID;

		assert_int_equal(
		    reading_layout_of(cases[i].name, &layout), cases[i].layout != READING_NO_GRID);
		assert_int_equal(layout, cases[i].layout);
		if (cases[i].layout != READING_NO_GRID)
			assert_string_equal(reading_layout_name(layout), cases[i].name);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {cmocka_unit_test(layouts_have_one_name)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
