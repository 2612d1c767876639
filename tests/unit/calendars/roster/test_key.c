/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/calendars/roster/tries.h"

/* A file's own key of initials: what it gives to somebody else counts for nobody. */

#define GRID "Date,EDT\r\n05/01/2026,JJ\r\n06/01/2026,KL\r\n07/01/2026,J Jones\r\n"
#define OPEN "0105T0900 tentative;0106T0900 named;0107T0900 named"
#define GOOD "0105T0900 named;0106T0900 named;0107T0900 named"

static void
initials_of_somebody_else_count_for_nobody(void **state)
{
	static const char *const own[] = {"EDT", NULL};
	static const struct support_want wants[] = {
	    {GRID, GOOD, NULL},
	    {GRID ",\r\nKey,\r\nJJ,Joan Jarvis\r\nKL,Kay Lee\r\n", OPEN,
		"\"JJ\" is \"Joan Jarvis\""},
	    {GRID "JJ,Joan Jarvis\r\nKL,Kay Lee\r\n", OPEN, "\"JJ\" is \"Joan Jarvis\""},
	    {GRID "JJ = Joan Jarvis,\r\n", OPEN, "\"JJ\" is \"Joan Jarvis\""},
	    {GRID "\"KL = Kay Lee; JJ=Joan Jarvis\",\r\n", OPEN, "\"JJ\" is"},
	    {GRID "Key,\r\nJJ: Joan Jarvis,\r\n", OPEN, "\"JJ\" is"},
	    {GRID "Initials,\r\nJJ - Joan Jarvis,\r\n", OPEN, "\"JJ\" is"},
	    {GRID "Key,\r\nJJ = Joan Jarvis,\r\n", OPEN, "\"JJ\" is"},
	    {GRID "Key,\r\nJJ \xe2\x80\x93 Joan Jarvis,\r\n", OPEN, "\"JJ\" is"},
	    {GRID "Key,\r\nJJ,(left)\r\n", OPEN, "\"JJ\" is \"(left)\""},
	    {GRID "Key,\r\nJJ,J Jones - left\r\n", OPEN, "\"JJ\" is"},
	    {GRID "Key,\r\nJJ,Kay Lee\r\n", OPEN, "\"JJ\" is"},
	    {"Date,EDT,Name,Initials\r\n05/01/2026,JJ,Joan Jarvis,JJ\r\n06/01/2026,KL,Kay Lee,KL\r\n"
	     "07/01/2026,J Jones,,\r\n",
		OPEN, "\"JJ\" is"},
	    {"Date,EDT,Initials,Name\r\n05/01/2026,JJ,JJ,Joan Jarvis\r\n06/01/2026,KL,,\r\n",
		"0105T0900 tentative;0106T0900 named", "\"JJ\" is"},
	    /* An entry beside a note. */
	    {GRID "\"see the notes, JJ = Joan Jarvis\",\r\n", OPEN, "\"JJ\" is \"Joan Jarvis\""},
	    /* Also of a row that is undecided for another reason. */
	    {"Date,EDT,Notes\r\n05/01/2026,JJ,TBC\r\n06/01/2026,KL,\r\n07/01/2026,J Jones,\r\n"
	     "JJ = Joan Jarvis,,\r\n",
		OPEN, "\"JJ\" is \"Joan Jarvis\""},
	    /* A key that agrees, or of initials that are nobody's here. */
	    {GRID "JJ = J Jones,\r\nAL = annual leave,\r\n", GOOD, NULL},
	    {"Date,EDT\r\n05/01/2026,XQ\r\nXQ = Kay Lee,\r\n", "0105T0900 undecided", NULL},
	    {"Date,EDT,SHO\r\n05/01/2026,JJ,Kay Lee\r\n", "0105T0900 named", NULL},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	options.grid = (struct reading_grid){
	    READING_DATES_BY_ROLES, own, {true, 9 * 3600, 17 * 3600}, {false, 0, 0}, {false, 0, 0}};
	TRY(wants, &options);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(initials_of_somebody_else_count_for_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
