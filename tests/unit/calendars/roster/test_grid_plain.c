/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/calendars/roster/tries.h"

/* Grids as secretaries write them, which a person reads without a question. */

static const char *const amhp[] = {"AMHP", NULL};

static void
a_bank_holiday_may_stand_beside_its_date(void **state)
{
	static const struct support_want wants[] = {
	    {"Date,AMHP\r\n25/12/2026 BH,J Jones\r\n28/12/2026 (BH),Kay Lee\r\n"
	     "Fri 01/05/2026 - Bank Hol,J Jones\r\nMon 4 May 2026 (bank holiday),Kay Lee\r\n",
		"0501T0800 named;0504T0800 named;1225T0900 named;1228T0900 named", NULL},
	    /* Other words beside a date may be about the shift. */
	    {"Date,AMHP\r\n28/12/2026,Kay Lee\r\n29/12/2026 closed,J Jones\r\n", "1228T0900 named",
		"\"29/12/2026 closed\""},
	    {"Date,AMHP\r\n28/12/2026,Kay Lee\r\nBH,J Jones\r\n", "1228T0900 named", "\"BH\""},
	};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, amhp);

	(void)state;
	TRY(wants, &options);
}

static void
hours_may_stand_in_the_cells_of_people(void **state)
{
	static const char *const codes[] = {"LD", NULL};
	static const struct support_want wants[] = {
	    {"Name,05/01/2026,06/01/2026\r\nJ Jones,09:00-17:00,21:00 - 09:00\r\nKay Lee,0930-1730,AL\r\n",
		"0105T0900 named;0105T0930 named;0106T0000 absence;0106T2100 named", NULL},
	    /* Of either half of the day, and two shifts. */
	    {"Name,05/01/2026,06/01/2026\r\nJ Jones,9-5,10:00-14:00 16:00-20:00\r\n",
		"0105T0000 tentative;0106T0000 tentative", "no shift code"},
	};
	static const struct support_want others[] = {
	    /* Where the rota has codes of its own, such hours may be those of another. */
	    {"Name,05/01/2026\r\nJ Jones,09:00-17:00\r\n", "0105T0000 tentative", "no shift code"},
	};
	struct reading_options options = grid_options(READING_NAMES_BY_DATES, NULL);

	(void)state;
	TRY(wants, &options);
	options = grid_options(READING_NAMES_BY_DATES, codes);
	TRY(others, &options);
}

static void
a_row_that_counts_people_is_nobody(void **state)
{
	static const struct support_want wants[] = {
	    {"Name,05/01/2026,06/01/2026\r\nJ Jones,LD,LD\r\nTotal on shift,1,1\r\nStaff numbers,1,1\r\n",
		"0105T0730 named;0106T0730 named", "The line \"Total\" is no shift"},
	    {"Name,05/01/2026,06/01/2026\r\nJ Jones,LD,LD\r\nTotal on shift,1,LD\r\n",
		"0105T0000 undecided;0105T0730 named;0106T0730 named;0106T0730 undecided", NULL},
	};
	struct reading_options options = grid_options(READING_NAMES_BY_DATES, NULL);

	(void)state;
	TRY(wants, &options);
}

static void
a_note_between_the_rows_is_no_heading_of_people(void **state)
{
	static const struct support_want wants[] = {
	    {"Date,AMHP\r\n05/01/2026,J Jones\r\nRemember to lock the office,\r\n"
	     "06/01/2026,Kay Lee\r\nRemember timesheets!,\r\n07/01/2026,J Jones\r\n",
		"0105T0900 named;0106T0900 named;0107T0900 named", NULL},
	    /* It may say more than that. */
	    {"Date,AMHP\r\n05/01/2026,J Jones\r\nPlease note: provisional from here,\r\n06/01/2026,Kay Lee\r\n",
		"0105T0900 named;0106T0900 tentative", "casts doubt on the rows below"},
	    {"Date,AMHP\r\n05/01/2026,J Jones\r\nNorth,\r\n06/01/2026,Kay Lee\r\nSouth,\r\n07/01/2026,J Jones\r\n",
		"0105T0900 named;0106T0900 tentative;0107T0900 tentative",
		"under more than one heading"},
	};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, amhp);

	(void)state;
	TRY(wants, &options);
}

static void
the_month_may_head_the_days(void **state)
{
	static const struct support_want wants[] = {
	    {"Jan 2026,AMHP\r\nMon 5,J Jones\r\n6,Kay Lee\r\n", "0105T0900 named;0106T0900 named",
		NULL},
	    {"Jan,AMHP\r\nMon 5,J Jones\r\n", "", "\"Mon 5\""},
	};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, amhp);

	(void)state;
	TRY(wants, &options);
}

static void
a_sheet_without_the_grid_says_so(void **state)
{
	static const struct support_want wants[] = {
	    {"This rota is for January\r\n", "refused",
		"Its columns: none, as no line of it has headings."},
	};
	struct reading_options options = grid_options(READING_DATES_BY_ROLES, amhp);

	(void)state;
	TRY(wants, &options);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_bank_holiday_may_stand_beside_its_date),
	    cmocka_unit_test(hours_may_stand_in_the_cells_of_people),
	    cmocka_unit_test(a_row_that_counts_people_is_nobody),
	    cmocka_unit_test(a_note_between_the_rows_is_no_heading_of_people),
	    cmocka_unit_test(the_month_may_head_the_days),
	    cmocka_unit_test(a_sheet_without_the_grid_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
