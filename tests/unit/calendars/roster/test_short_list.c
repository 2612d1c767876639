/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/calendars/roster/tries.h"

/* Lists that people type: the name below "Who" or below the name of the rota, the times below "Shift". */

static void
names_stand_below_who_or_the_rotas_name(void **state)
{
	static const struct support_want wants[] = {
	    {"Date,Start,End,Who\r\n05/01/2026,09:00,17:00,J Jones\r\n", "0105T0900 named", NULL},
	    {"Date,Time,Street triage\r\n05/01/2026,17:00-09:00,J Jones\r\n", "0105T1700 named",
		NULL},
	    {"Day,Date,Time,Street triage,Notes\r\nMon,05/01/2026,17:00-09:00,J Jones,\r\n"
	     "Tue,06/01/2026,17:00-09:00,Kay Lee,sick\r\n",
		"0105T1700 named;0106T1700 absence", NULL},
	    {"Date,Start,End,Who\r\n05/01/2026,09:00,17:00,VACANT\r\n06/01/2026,09:00,17:00,?\r\n",
		"0105T0900 nobody;0106T0900 undecided", NULL},
	    /* Beside another duty the table is a grid; and two columns of names are one too many. */
	    {"Date,Time,Street triage,SHO\r\n05/01/2026,17:00-09:00,J Jones,Kay Lee\r\n", "refused",
		"no column Staff Name"},
	    {"Date,Time,Street triage,Who\r\n05/01/2026,17:00-09:00,J Jones,Kay Lee\r\n", "refused",
		"no column Staff Name"},
	    {"Date,Time,SHO\r\n05/01/2026,17:00-09:00,J Jones\r\n", "refused",
		"no column Staff Name"},
	    {"Date,Start,End,Staff Name,Who\r\n05/01/2026,09:00,17:00,J Jones,Kay Lee\r\n",
		"0105T0900 tentative", "in the column"},
	    {"Date,Start,End,Who\r\n05/01/2026,24:00,08:00,J Jones\r\n", "", "24:00"},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY(wants, &options);
}

static void
a_shift_may_be_written_by_its_times(void **state)
{
	static const struct support_want wants[] = {
	    {"Date,Shift,Name\r\n05/01/2026,9am-5pm,J Jones\r\n06/01/2026,17:00 - 09:00,Kay Lee\r\n",
		"0105T0900 named;0106T1700 named", NULL},
	    {"Date,Shift,Name\r\n05/01/2026,9am-5pm,J Jones\r\n06/01/2026,9-5,Kay Lee\r\n",
		"0105T0900 named", "before or after noon"},
	    {"Date,Shift,Name\r\n05/01/2026,9am-5pm,J Jones\r\n06/01/2026,half day,Kay Lee\r\n"
	     "07/01/2026,5pm til late,Kay Lee\r\n08/01/2026,,Kay Lee\r\n",
		"0105T0900 named", "half day"},
	    {"Date,Shift,Name\r\n05/01/2026,half day,J Jones\r\n", "refused", "no column Start"},
	    {"Date,Shift,Name,Cancelled\r\n05/01/2026,9am-5pm,J Jones,yes\r\n", "0105T0900 nobody",
		NULL},
	    /* Written times stay the row's own. */
	    {"Date,Start,End,Shift,Name\r\n05/01/2026,09:00,17:00,17:00-09:00,J Jones\r\n",
		"0105T0900 tentative", "in the column"},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY(wants, &options);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_stand_below_who_or_the_rotas_name),
	    cmocka_unit_test(a_shift_may_be_written_by_its_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
