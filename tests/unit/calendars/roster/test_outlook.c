/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/calendars/roster/tries.h"

/* A calendar that Outlook has exported as CSV, and lists that call the shift a session. */

#define HEAD                                                                                                         \
	"\"Subject\",\"Start Date\",\"Start Time\",\"End Date\",\"End Time\",\"All day event\",\"Reminder on/off\"," \
	"\"Show time as\",\"Location\"\r\n"
#define LOOSE "columns were not read, but for words"
#define EVENT(subject, from, to, all_day, shown)                                                   \
	HEAD "\"" subject "\",\"05/01/2026\",\"" from "\",\"05/01/2026\",\"" to "\",\"" all_day    \
	     "\",\"False\",\"" shown "\",\"\"\r\n"

static void
an_export_of_outlook_is_a_list(void **state)
{
	static const struct support_want wants[] = {
	    {EVENT("J Jones", "09:00:00", "17:00:00", "False", "2"), "0105T0900 named", LOOSE},
	    {EVENT("AMHP: J Jones", "9:00:00 AM", "5:00:00 PM", "FALSE", "Busy"), "0105T0900 named",
		LOOSE},
	    {HEAD
		"\"J Jones\",\"05/01/2026\",\"21:00:00\",\"06/01/2026\",\"09:00:00\",\"False\",\"True\",\"2\",\"Fen House\"\r\n",
		"0105T2100 named", LOOSE},
	    {EVENT("Canceled: J Jones", "09:00:00", "17:00:00", "False", "2"),
		"0105T0900 cancelled", LOOSE},
	    {EVENT("TBC", "09:00:00", "17:00:00", "False", "2"), "0105T0900 undecided", LOOSE},
	    {EVENT("J Jones A/L", "09:00:00", "17:00:00", "False", "2"), "0105T0900 absence",
		LOOSE},
	    /* Shown as tentative, free or away, or by a number that nobody knows. */
	    {EVENT("J Jones", "09:00:00", "17:00:00", "False", "1"), "0105T0900 tentative",
		"\"Show time as\""},
	    {EVENT("J Jones", "09:00:00", "17:00:00", "False", "3"), "0105T0900 tentative", LOOSE},
	    {EVENT("J Jones", "09:00:00", "17:00:00", "False", "4"), "0105T0900 tentative", LOOSE},
	    {EVENT("J Jones", "09:00:00", "17:00:00", "False", "Tentative"), "0105T0900 tentative",
		LOOSE},
	    /* Which hours of the day is not said. */
	    {HEAD
		"\"J Jones\",\"05/01/2026\",\"00:00:00\",\"06/01/2026\",\"00:00:00\",\"True\",\"False\",\"2\",\"\"\r\n",
		"0105T0000 tentative", "\"All day event\""},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	options.date_order = READING_DATES_DMY;
	TRY(wants, &options);
}

static void
a_session_is_a_shift(void **state)
{
	static const struct reading_shift_code codes[] = {
	    {"AM", NULL, READING_CODE_HOURS, 9 * 3600, 13 * 3600},
	    {"Night", NULL, READING_CODE_HOURS, 21 * 3600, 9 * 3600}};
	static const struct support_want coded[] = {
	    {"Date,Session,Name\r\n05/01/2026,AM,J Jones\r\n05/01/2026,Night,Kay Lee\r\n",
		"0105T0900 named;0105T2100 named", NULL},
	    {"Date,Session,Name\r\n05/01/2026,AM,J Jones\r\n05/01/2026,PM,Kay Lee\r\n",
		"0105T0900 named", "no hours for the shift code \"PM\""},
	};
	static const struct support_want timed[] = {
	    {"Date,Session,Start,End,Name\r\n05/01/2026,AM,09:00,13:00,J Jones\r\n",
		"0105T0900 named", NULL},
	    {"Date,Session,Start,End,Name\r\n05/01/2026,Night,09:00,13:00,J Jones\r\n",
		"0105T0900 tentative", "in the column"},
	    {"Date,Session,Start,End,Name\r\n05/01/2026,AM cancelled,09:00,13:00,J Jones\r\n",
		"0105T0900 nobody", NULL},
	    {"Date,Session,Name\r\n05/01/2026,AM,J Jones\r\n", "refused", "no column"},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	options.date_order = READING_DATES_DMY;
	TRY(timed, &options);
	options.shift_codes = codes;
	options.nshift_codes = 2;
	TRY(coded, &options);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_export_of_outlook_is_a_list),
	    cmocka_unit_test(a_session_is_a_shift),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
