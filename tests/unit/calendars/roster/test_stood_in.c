/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/calendars/roster/tries.h"

/* A row may say that another has its shift: the row of that other is left in the file by many programs. */

static void
who_is_stood_in_for_is_not_on_duty(void **state)
{
#define HEAD(heading) "Name,Date,Start,End," heading "\r\n"
#define KAY "Kay Lee,05/01/2026,09:00,17:00,"
#define JAN "\r\nJ Jones,05/01/2026,09:00,17:00,\r\n"
	static const struct support_want wants[] = {
	    {HEAD("Cover for") KAY "J Jones" JAN, "0105T0900 named;0105T0900 tentative",
		"somebody stands in for them"},
	    {HEAD("Original member of staff") KAY "J Jones" JAN,
		"0105T0900 tentative;0105T0900 tentative", "stands in"},
	    {HEAD("Backfill for") KAY "J Jones" JAN, "0105T0900 tentative;0105T0900 tentative",
		"stands in"},
	    {HEAD("Absent") KAY "J Jones" JAN, "0105T0900 tentative;0105T0900 tentative",
		"stands in"},
	    {HEAD("Notes") KAY "covering J Jones" JAN, "0105T0900 named;0105T0900 tentative",
		"stands in"},
	    {HEAD("Notes") KAY "J Jones off" JAN, "0105T0900 tentative;0105T0900 tentative",
		"stands in"},
	    {HEAD("Room") "Kay Lee (covering J Jones),05/01/2026,09:00,17:00," JAN,
		"0105T0900 named;0105T0900 tentative", "stands in"},
	    /* On each of several days. */
	    {HEAD("Cover for") KAY
		"J Jones\r\nKay Lee,06/01/2026,09:00,17:00,J Jones\r\nKay Lee,07/01/2026,09:00,17:00,J Jones\r\n"
		"J Jones,06/01/2026,09:00,17:00,\r\n",
		"0105T0900 named;0106T0900 named;0106T0900 tentative;0107T0900 named", "stands in"},
	    /* In other hours she is on duty, and so is anyone who comes instead of another. */
	    {HEAD("Cover for") KAY "J Jones\r\nJ Jones,05/01/2026,17:00,21:00,\r\n",
		"0105T0900 named;0105T1700 named", NULL},
	    {HEAD("Cover for") KAY "J Jones\r\nJ Jones,06/01/2026,09:00,17:00,\r\n",
		"0105T0900 named;0106T0900 named", NULL},
	    {HEAD("Second") KAY "J Jones" JAN, "0105T0900 tentative;0105T0900 named",
		"casts doubt"},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY(wants, &options);
}

static void
who_is_stood_in_for_in_a_grid_is_not_on_duty(void **state)
{
	static const char *const own[] = {"AMHP", "EDT", NULL};
	static const struct support_want wants[] = {
	    {"Date,AMHP,EDT\r\n05/01/2026,Kay Lee (covering J Jones),J Jones\r\n"
	     "06/01/2026,Kay Lee,J Jones\r\n",
		"0105T0900 named;0105T0900 tentative;0106T0900 named;0106T0900 named", "stands in"},
	};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, own);

	(void)state;
	TRY(wants, &options);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_is_stood_in_for_is_not_on_duty),
	    cmocka_unit_test(who_is_stood_in_for_in_a_grid_is_not_on_duty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
