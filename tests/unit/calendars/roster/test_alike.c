/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/calendars/roster/tries.h"

/* What looks alike and is not the same: rows of one start, headings in two lines, bytes of one mark. */

#define HEAD "Staff Name,Date,Start,End,Status\r\n"
#define ROW(end, status) "J Jones,05/01/2026,09:00," end "," status "\r\n"

/* Rows that contradict each other are of one shift: of one person, one start and one end. */
static void
shifts_of_one_start_are_two(void **state)
{
	static const struct support_want wants[] = {
	    {HEAD ROW("17:00", "Filled") ROW("17:00", "Cancelled"),
		"0105T0900 tentative;0105T0900 nobody", ""},
	    {HEAD ROW("17:00", "Filled") ROW("21:00", "Cancelled"),
		"0105T0900 named;0105T0900 nobody", NULL},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY(wants, &options);
}

/* A heading that stands in two lines is read with a blank between them, or a stroke; the upper one may stand once over
 * several columns. */
static void
headings_in_two_lines(void **state)
{
	static const char *const own[][2] = {
	    {"Night AMHP", NULL}, {"Night / AMHP", NULL}, {"Day EDT", NULL}, {"Day / EDT", NULL}};
	static const struct support_want want[] = {
	    {",Night,Day,\r\nDate,AMHP,AMHP,EDT\r\n05/01/2026,J Jones,Kay Lee,T Brown sick\r\n",
		"0105T2000 named", NULL},
	    {",Night,Day,\r\nDate,AMHP,AMHP,EDT\r\n05/01/2026,T Brown sick,Kay Lee,J Jones\r\n",
		"0105T0900 named", NULL}};

	(void)state;
	for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
		struct reading_options options = support_roster_options();

		options.grid = (struct reading_grid){READING_DATES_BY_ROLES, own[i],
		    {true, (i < 2 ? 20 : 9) * 3600, (i < 2 ? 8 : 17) * 3600}, {false, 0, 0},
		    {false, 0, 0}};
		support_try("", &want[i / 2], 1, &options);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(shifts_of_one_start_are_two),
	    cmocka_unit_test(headings_in_two_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
