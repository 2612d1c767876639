/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/calendars/roster/tries.h"

/* A cell that tells of a swap makes the other person's shift of that day undecided too. */

static const struct reading_shift_code codes[] = {
    {"LD", NULL, READING_CODE_HOURS, 7 * 3600 + 1800, 20 * 3600},
    {"N", NULL, READING_CODE_HOURS, 20 * 3600, 8 * 3600},
};

static void
both_people_of_a_swap_are_undecided(void **state)
{
#define NAMES "Name,05/01/2026,06/01/2026\r\n"
	static const struct support_want wants[] = {
	    {NAMES "J Jones,LD,LD\r\nKay Lee,,LD swapped with J Jones\r\n",
		"0105T0730 named;0106T0000 tentative;0106T0730 tentative",
		"says that a shift is swapped with this person"},
	    {NAMES "Kay Lee,,LD (swop JJ)\r\nJ Jones,N,N\r\n",
		"0105T2000 named;0106T0000 tentative;0106T2000 tentative", "is swapped with"},
	    {NAMES "J Jones,LD,LD\r\nB Stranger,,exchange w/ J Jones\r\n",
		"0105T0730 named;0106T0000 undecided;0106T0730 tentative", "is swapped with"},
	    {NAMES "J Jones,LD,LD\r\nKay Lee,,swapped\r\n",
		"0105T0730 named;0106T0000 tentative;0106T0730 named", "no shift code"},
	    {NAMES "J Jones,LD,LD\r\nKay Lee,,N\r\n",
		"0105T0730 named;0106T0730 named;0106T2000 named", NULL},
	};
	static const char *const own[] = {"EDT 09:00-17:00", "EDT 17:00-09:00", NULL};
	static const struct support_want columns[] = {
	    {"Date,EDT 09:00-17:00,EDT 17:00-09:00,Notes\r\n"
	     "05/01/2026,J Jones,Kay Lee,\r\n06/01/2026,J Jones (swap w/ Kay Lee),Kay Lee,\r\n",
		"0105T0900 named;0105T1700 named;0106T0900 named;0106T1700 tentative",
		"is swapped with"},
	    {"Date,EDT 09:00-17:00,EDT 17:00-09:00,SHO\r\n"
	     "05/01/2026,J Jones,Kay Lee,swap with Kay Lee\r\n",
		"0105T0900 named;0105T1700 tentative", "is swapped with"},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	options.shift_codes = codes;
	options.nshift_codes = sizeof codes / sizeof *codes;
	options.grid.layout = READING_NAMES_BY_DATES;
	TRY(wants, &options);
	options.grid.layout = READING_DATES_BY_ROLES;
	options.grid.own = own;
	TRY(columns, &options);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(both_people_of_a_swap_are_undecided),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
