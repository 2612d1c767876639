/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/calendars/roster/tries.h"

/* Grids: which cells are this rota's, on which days and at which hours; and all that must count for nobody. */

static const struct reading_shift_code codes[] = {
    {"LD", NULL, READING_CODE_HOURS, 7 * 3600 + 1800, 20 * 3600},
    {"N", NULL, READING_CODE_HOURS, 20 * 3600, 8 * 3600},
    {"AL", NULL, READING_CODE_ABSENCE, 0, 0},
    {"CL", NULL, READING_CODE_HOURS, 9 * 3600, 17 * 3600},
    {"ADMIN", NULL, READING_CODE_NOISE, 0, 0},
};

static struct reading_options
options_of(enum reading_layout layout, const char *const *own)
{
	struct reading_options options = support_roster_options();

	options.grid = (struct reading_grid){
	    .layout = layout, .own = own, .hours = {true, 9 * 3600, 17 * 3600}};
	return options;
}

static const char *const amhp[] = {"AMHP", NULL};

#define DAYS "Date,AMHP,EDT\r\n"
#define MON "Mon 05/01/2026"

static void
the_names_of_one_column_are_the_rotas(void **state)
{
	static const struct support_want wants[] = {
	    {DAYS "05/01/2026,J Jones,Kay Lee\r\n06/01/2026,Kay Lee,J Jones\r\n",
		"0105T0900 named;0106T0900 named", NULL},
	    {"AMHP rota,,\r\n" DAYS "Mon 5 January 2026,J Jones,Kay Lee\r\n", "0105T0900 named",
		NULL},
	    {"Rota January 2026,,\r\n" DAYS
	     "Mon 5,J Jones,\r\nTue 6 Jan,,Kay Lee\r\n7 Jan,J Jones,\r\n",
		"0105T0900 named;0107T0900 named", NULL},
	    {"Date,Day,amhp,EDT\r\n05/01/2026,Mon,J Jones,Kay Lee\r\n", "0105T0900 named", NULL},
	    {"Day,Date,AMHP\r\nMon,05/01/2026,J Jones\r\n", "0105T0900 named", NULL},
	    {"Date,AMHP\r\n2026-01-05,J Jones\r\n", "0105T0900 named", NULL},
	    /* Nobody is named, or not for certain. */
	    {DAYS "05/01/2026,,Kay Lee\r\n", "", "no events"},
	    {DAYS "05/01/2026,-,Kay Lee\r\n", "", "no events"},
	    {DAYS "05/01/2026,VACANT,Kay Lee\r\n", "0105T0900 nobody", NULL},
	    {DAYS "05/01/2026,TBC,Kay Lee\r\n", "0105T0900 undecided", NULL},
	    {DAYS "05/01/2026,?,Kay Lee\r\n", "0105T0900 undecided", NULL},
	    {DAYS "05/01/2026,J Jones,x\r\n06/01/2026,\"\"\"\",x\r\n07/01/2026,as above,x\r\n"
		  "08/01/2026,ditto,x\r\n",
		"0105T0900 named;0106T0900 undecided;0107T0900 undecided;0108T0900 undecided",
		NULL},
	    {DAYS "05/01/2026,J Jones?,x\r\n", "0105T0900 tentative", NULL},
	    {DAYS "05/01/2026,J Jones sick,x\r\n", "0105T0900 absence", NULL},
	    {DAYS "05/01/2026,<s>J Jones</s>,x\r\n", "0105T0900 undecided", NULL},
	    {DAYS "05/01/2026,B Stranger,x\r\n", "0105T0900 undecided", NULL},
	    /* Another column says of the same person that she does not come. */
	    {DAYS "05/01/2026,J Jones,J Jones sick\r\n", "0105T0900 tentative", "in the column"},
	    {DAYS "05/01/2026,J Jones,NO COVER\r\n", "0105T0900 named", NULL},
	    {"Date,AMHP,Zeppelin\r\n05/01/2026,J Jones,AMHP cancelled\r\n", "0105T0900 tentative",
		"in the column"},
	    {"Date,AMHP,Changes\r\n05/01/2026,J Jones,cancelled\r\n", "0105T0900 nobody", NULL},
	    {"Date,AMHP,EDT,Notes\r\n05/01/2026,J Jones,Kay Lee,cancelled\r\n", "0105T0900 nobody",
		NULL},
	    {"Date,AMHP,EDT,\r\n05/01/2026,J Jones,Kay Lee,cancelled\r\n", "0105T0900 nobody",
		NULL},
	    {"Date,AMHP,EDT,Cancelled?\r\n05/01/2026,J Jones,Kay Lee,yes\r\n", "0105T0900 nobody",
		NULL},
	    {"DRAFT,,\r\n" DAYS "05/01/2026,J Jones,Kay Lee\r\n", "0105T0900 tentative",
		"above the"},
	    {DAYS "05/01/2026,J Jones,Kay Lee\r\nDRAFT - not yet agreed,,\r\n",
		"0105T0900 tentative", "\"DRAFT - not yet agreed\" at the end"},
	    {DAYS "05/01/2026,J Jones,x\r\nCANCELLED,,\r\n06/01/2026,J Jones,x\r\n",
		"0105T0900 named;0106T0900 tentative", "\"CANCELLED\" above"},
	    {DAYS "05/01/2026,J Jones,x\r\nCANCELLED,,see e-mail\r\n06/01/2026,J Jones,x\r\n",
		"0105T0900 named;0106T0900 tentative", "\"CANCELLED\" above"},
	    {DAYS "05/01/2026,J Jones,x\r\nTotal,4,2\r\n", "0105T0900 named",
		"\"Total\" is no shift"},
	    {DAYS "05/01/2026,J Jones,x\r\n" DAYS "06/01/2026,J Jones,x\r\n",
		"0105T0900 named;0106T0900 named", NULL},
	    {DAYS "05/01/2026,J Jones,x\r\nDate,EDT,AMHP\r\n06/01/2026,J Jones,x\r\n",
		"0105T0900 named;0106T0900 undecided", NULL},
	    {DAYS "05/01/2026,Jones, J,x\r\n", "", "has 4 fields"},
	    {DAYS "05/01/2026,J Jones,x\r\n,Kay Lee,x\r\n", "0105T0900 named", "is not dd/mm/yyyy"},
	    {DAYS "05/01/2026,J Jones,x\r\nSometime,Kay Lee,x\r\n", "0105T0900 named",
		"\"Sometime\" of this row is not"},
	    {"Date,SHO,EDT\r\n05/01/2026,J Jones,Kay Lee\r\n", "refused",
		"no column \"AMHP\", which is set as this rota's own. Its columns: Date, SHO, EDT."},
	    {"AMHP,EDT\r\nJ Jones,Kay Lee\r\n", "refused", "no dates that are certain"},
	    {"Staff Name,Date,Start,End\r\nJ Jones,05/01/2026,09:00,17:00\r\n", "refused",
		"no column \"AMHP\""},
	    {"AMHP,,\r\n" DAYS "05/01/2026,J Jones,x\r\n", "0105T0900 named", NULL},
	    /* Two cells of one duty on one day. */
	    {DAYS "05/01/2026,J Jones,x\r\n05/01/2026,Kay Lee,x\r\n06/01/2026,Kay Lee,x\r\n",
		"0105T0900 tentative;0105T0900 tentative;0106T0900 named",
		"two cells for this duty"},
	    {"Fenmere,,\r\n" DAYS "05/01/2026,J Jones,x\r\nAlderbrook,,\r\n" DAYS
	     "05/01/2026,Kay Lee,x\r\n",
		"0105T0900 tentative;0105T0900 tentative", "two cells for this duty"},
	    {",Fenmere,,Alderbrook,\r\nDate,AMHP,EDT,AMHP,EDT\r\n05/01/2026,J Jones,x,Kay Lee,x\r\n",
		"0105T0900 tentative;0105T0900 tentative", "two cells for this duty"},
	    {DAYS "05/01/2026,J Jones,x\r\nDraft for February,,\r\n02/02/2026,J Jones,x\r\n",
		"0105T0900 named;0202T0900 tentative", "\"Draft for February\" above"},
	    /* Last year's grid under this year's name. */
	    {"Rota January 2026,,\r\n" DAYS "Sun 5,J Jones,x\r\n", "refused", "is no Sunday"},
	    {DAYS "Sun 05/01/2026,J Jones,x\r\n", "refused", "is no Sunday"},
	    {"Date,Day,AMHP\r\n05/01/2026,Sun,J Jones\r\n", "refused", "is no Sun"},
	    {"Rota 2026,,\r\nDate,Day,AMHP\r\n5 Jan,Sun,J Jones\r\n6 Jan,Mon,Kay Lee\r\n7 Jan,Tue BH,\r\n",
		"refused", "is no Sunday"},
	    {"Date,Day,AMHP\r\n05/01/2026,Mon,J Jones\r\n06/01/2026,cancelled,Kay Lee\r\n"
	     "07/01/2026,Wed,J Jones\r\n",
		"0105T0900 named;0106T0900 nobody;0107T0900 named", NULL},
	    {DAYS "Mon 5 Jan,J Jones,x\r\n", "", "is not dd/mm/yyyy"},
	    {"Rota 2025 and 2026,,\r\n" DAYS "5 Jan,J Jones,x\r\n", "", "is not dd/mm/yyyy"},
	    {"Rota December 2025,,\r\n" DAYS "31 Dec,Kay Lee,x\r\n1 Jan,J Jones,x\r\n",
		"0101T0900 named", NULL},
	    {"Rota January 2026,,\r\n" DAYS "31/01,J Jones,x\r\n01/02,J Jones,x\r\n",
		"0131T0900 named;0201T0900 named", NULL},
	};
	struct reading_options options = options_of(READING_DATES_BY_ROLES, amhp);

	(void)state;
	TRY_BELOW("", wants, &options);
}

static void
hours_come_from_the_heading_the_row_or_the_rota(void **state)
{
	static const char *const night[] = {"AMHP Night", "AMHP 9am-1pm", NULL};
	static const char *const day_of_code[] = {"LD", NULL};
	static const struct support_want wants[] = {
	    {"Date,AMHP,Start,End\r\n05/01/2026,J Jones,21:00,07:00\r\n", "0105T2100 named", NULL},
	    {"Date,Time,AMHP\r\n05/01/2026,21:00-07:00,J Jones\r\n", "0105T2100 named", NULL},
	    {"Date,Shift,AMHP\r\n05/01/2026,N,J Jones\r\n", "0105T2000 named", NULL},
	    /* no code of the rota: which part of its hours "Early" is, nobody has said */
	    {"Date,Shift,AMHP\r\n05/01/2026,Early,J Jones\r\n", "0105T0900 tentative",
		"no shift code \"Early\""},
	    {"Date,Shift,AMHP\r\n05/01/2026,E,J Jones\r\n06/01/2026,Day,J Jones\r\n",
		"0105T0900 tentative;0106T0900 named", "no shift code \"E\""},
	    {"Date,Shift,AMHP\r\n05/01/2026,Long day,J Jones\r\n06/01/2026,am,J Jones\r\n",
		"0105T0900 tentative;0106T0900 tentative", "no shift code \"Long day\""},
	    {"Date,Shift,AMHP\r\n05/01/2026,On call,J Jones\r\n06/01/2026,,J Jones\r\n",
		"0105T0900 named;0106T0900 named", NULL},
	    {"Date,AMHP\r\n05/01/2026,J Jones 10:00-12:00\r\n",
		"0105T0900 undecided;0105T1000 named;0105T1200 undecided", NULL},
	    {"Date,AMHP\r\n04/01/2026,J Jones\r\n05/01/2026,J Jones\r\n",
		"0104T1700 named;0105T0900 named", NULL},
	};
	static const struct support_want more[] = {
	    {"Date,AMHP Night,AMHP 9am-1pm\r\n05/01/2026,J Jones,Kay Lee\r\n",
		"0105T0900 named;0105T2000 named", NULL},
	    {",AMHP,\r\nDate,Night,9am-1pm\r\n05/01/2026,J Jones,Kay Lee\r\n",
		"0105T0900 named;0105T2000 named", NULL},
	    {"Date,AMHP Night\r\n05/01/2026,J Jones\r\n", "refused", "no column \"AMHP 9am-1pm\""},
	};
	static const struct support_want unknown[] = {
	    {"Date,AMHP\r\n05/01/2026,J Jones\r\n06/01/2026,VACANT\r\n",
		"0105T0000 tentative;0106T0000 nobody", "hours of the duty \"AMHP\" are not known"},
	};
	static const struct support_want whole[] = {
	    {"Date,AMHP\r\n05/01/2026,J Jones\r\n", "0105T0900 named", NULL}};
	static const char *const night_names[] = {"Night", NULL};
	static const char *const outside[] = {"AMHP outside 09:00-17:00", NULL};
	static const struct support_want others[] = {
	    {"Date,AMHP outside 09:00-17:00\r\n05/01/2026,J Jones\r\n", "0105T0000 tentative",
		"hours of the duty"}};
	static const struct reading_shift_code named[] = {
	    {"N", night_names, READING_CODE_HOURS, 20 * 3600, 8 * 3600},
	    {"LD", NULL, READING_CODE_HOURS, 7 * 3600 + 1800, 20 * 3600}};
	static const struct support_want coded[] = {
	    {"Date,LD,N\r\n05/01/2026,J Jones,Kay Lee\r\n", "0105T0730 named", NULL}};
	struct reading_options options = options_of(READING_DATES_BY_ROLES, amhp);

	(void)state;
	options.shift_codes = named;
	options.nshift_codes = 2;
	options.grid.weekend = (struct reading_hours){true, 17 * 3600, 9 * 3600};
	TRY_BELOW("", wants, &options);
	options.grid.own = night;
	TRY_BELOW("", more, &options);
	options.grid.own = day_of_code;
	TRY_BELOW("", coded, &options);
	options.grid.own = amhp;
	options.grid.hours.set = options.grid.weekend.set = false;
	TRY_BELOW("", unknown, &options);
	options.grid.own = outside;
	TRY_BELOW("", others, &options);
	options.grid.own = amhp;
	options.all_day_rule = true;
	options.all_day_start = 9 * 3600;
	options.all_day_hours = 24;
	TRY_BELOW("", whole, &options);
}

static void
columns_may_be_hours(void **state)
{
	static const struct support_want wants[] = {
	    {"Date,Day,09:00-17:00,17:00-09:00\r\n05/01/2026,Mon,J Jones,Kay Lee\r\n",
		"0105T0900 named;0105T1700 named", NULL},
	    {"Date,09:00-17:00,Backup\r\n05/01/2026,J Jones,Kay Lee\r\n", "0105T0900 named", NULL},
	    {"Date,LD,N\r\n05/01/2026,J Jones,Kay Lee\r\n", "0105T0730 named;0105T2000 named",
		NULL},
	    {"Date,9-5,5-9\r\n05/01/2026,J Jones,Kay Lee\r\n", "refused",
		"no column whose heading says its hours for certain. Its columns: Date, 9-5, 5-9."},
	};
	struct reading_options options = options_of(READING_DATES_BY_HOURS, NULL);

	(void)state;
	options.shift_codes = codes;
	options.nshift_codes = sizeof codes / sizeof *codes;
	TRY_BELOW("", wants, &options);
}

static void
a_week_is_the_same_duty_on_seven_days(void **state)
{
	static const struct support_want wants[] = {
	    {"Week commencing,AMHP,Backup\r\n05/01/2026,J Jones,Kay Lee\r\n",
		"0105T0900 named;0106T0900 named;0107T0900 named;0108T0900 named;0109T0900 named;"
		"0110T0900 named;0111T0900 named",
		NULL},
	    {"Week ending,AMHP\r\n11/01/2026,J Jones\r\n",
		"0105T0900 named;0106T0900 named;0107T0900 named;0108T0900 named;0109T0900 named;"
		"0110T0900 named;0111T0900 named",
		NULL},
	    {"W/C,AMHP\r\n05/01/2026,\r\n12/01/2026,\r\n", "", "no events"},
	    {"W/C,AMHP\r\n05/01/2026,VACANT\r\n05/01/2026,J Jones\r\n",
		"0105T0900 undecided;0105T0900 tentative;0106T0900 undecided;0106T0900 tentative;"
		"0107T0900 undecided;0107T0900 tentative;0108T0900 undecided;0108T0900 tentative;"
		"0109T0900 undecided;0109T0900 tentative;0110T0900 undecided;0110T0900 tentative;"
		"0111T0900 undecided;0111T0900 tentative",
		"two cells for this duty"},
	    {"W/C,AMHP\r\n05/01/2026,J Jones\r\n13/01/2026,Kay Lee\r\n", "refused",
		"begins on another day of the week"},
	    {"W/C,AMHP\r\nTue 05/01/2026,J Jones\r\n", "refused", "is no Tuesday"},
	};
	struct reading_options options = options_of(READING_WEEKS_BY_ROLES, amhp);

	(void)state;
	TRY_BELOW("", wants, &options);
}

static void
codes_say_who_has_which_shift(void **state)
{
	static const struct support_want wants[] = {
	    {"Name,05/01/2026,06/01/2026,07/01/2026\r\nJ Jones,LD,,N\r\nKay Lee,AL,N,\r\n",
		"0105T0000 absence;0105T0730 named;0106T2000 named;0107T2000 named", NULL},
	    {"Rota January 2026,,,\r\nName,Mon 5,Tue 6,Wed 7\r\nJ Jones,LD,,N\r\nHours,12,,12\r\nTotal,1,0,1\r\n",
		"0105T0730 named;0107T2000 named", "\"Total\" is no shift"},
	    {"Rota January 2026,,,\r\n,Mon,Tue,Wed\r\nName,5,6,7\r\nJ Jones,LD,,N\r\n",
		"0105T0730 named;0107T2000 named", NULL},
	    {"January 2026,,,\r\nName,5,6,7\r\n,Mon,Tue,Wed\r\nJ Jones,LD,,N\r\n",
		"0105T0730 named;0107T2000 named", NULL},
	    {"Week commencing 05/01/2026,,,\r\nName,Mon,Tue,Wed\r\nJ Jones,LD,,N\r\n",
		"0105T0730 named;0107T2000 named", NULL},
	    {"First Name,Last Name,05/01/2026,06/01/2026\r\nKay,Lee,LD,\r\n", "0105T0730 named",
		NULL},
	    {"Name,Grade,05/01/2026,06/01/2026\r\nJ Jones,Band 6,LD,\r\n", "0105T0730 named", NULL},
	    {"Name,Grade,05/01/2026,06/01/2026\r\nJ Jones,Student,LD,\r\n", "0105T0730 tentative",
		"in the column"},
	    {"Name,05/01/2026,06/01/2026,Notes\r\nJ Jones,LD,,off sick\r\n", "0105T0730 absence",
		NULL},
	    /* What is no code of the rota counts for nobody. */
	    {"Name,05/01/2026,06/01/2026\r\nJ Jones,XX,XX\r\n",
		"0105T0000 tentative;0106T0000 tentative", "no shift code \"XX\""},
	    {"Name,05/01/2026,06/01/2026\r\nJ Jones,LD?,LD*\r\n",
		"0105T0000 tentative;0106T0000 tentative", "no shift code"},
	    {"Name,05/01/2026,06/01/2026\r\nJ Jones,LD,\"\"\"\"\r\n",
		"0105T0730 named;0106T0000 tentative", "no shift code"},
	    {"Name,05/01/2026,06/01/2026\r\nJ Jones,(LD),~~LD~~\r\n",
		"0105T0000 tentative;0106T0000 tentative", "no shift code"},
	    {"Name,05/01/2026,06/01/2026\r\nJ Jones,Sick,-\r\n", "0105T0000 absence", NULL},
	    {"Name,05/01/2026,06/01/2026\r\nVACANT,LD,\r\nKay Lee?,LD,\r\nBank,N,\r\n",
		"0105T0730 nobody;0105T0730 tentative;0105T2000 undecided", NULL},
	    {"Name,05/01/2026,06/01/2026\r\nJ Jones,,\r\nB Stranger,,\r\nKay Lee,LD,\r\nLD,Long day,\r\n",
		"0105T0730 named", NULL},
	    {"Name,05/01/2026,06/01/2026\r\nCancelled,,\r\nKay Lee,LD,\r\n", "0105T0730 tentative",
		"\"Cancelled\" above"},
	    {"Name,05/01/2026,06/01/2026\r\nJones, J,LD,LD\r\n", "", "has 4 fields"},
	    /* People of several teams. */
	    {"Name,05/01/2026,06/01/2026\r\nNurses,,\r\nKay Lee,LD,\r\n", "0105T0730 named", NULL},
	    {"Name,05/01/2026,06/01/2026\r\nTeam A,,\r\nKay Lee,LD,\r\nTeam B,,\r\nJ Jones,N,\r\n",
		"0105T0730 tentative;0105T2000 tentative", "\"Team B\" may be of another team"},
	    {"Name,05/01/2026,06/01/2026\r\nStreet triage,,\r\nKay Lee,LD,\r\nTeam B,,\r\nJ Jones,N,\r\n",
		"0105T0730 named;0105T2000 tentative", "\"Team B\" may be of another team"},
	    {"Name,05/01/2026,06/01/2026\r\nBand 6,,\r\nKay Lee,LD,\r\nTeam B,,\r\nJ Jones,N,\r\n",
		"0105T0730 named;0105T2000 tentative", "\"Team B\" may be of another team"},
	    {"Team A,,\r\nName,Mon 05/01/2026,Tue 06/01/2026\r\nKay Lee,LD,\r\n"
	     "Team B,,\r\nName,Mon 05/01/2026,Tue 06/01/2026\r\nJ Jones,N,\r\n",
		"0105T0730 tentative;0105T2000 tentative", "\"Team B\" may be of another team"},
	    {"January 2026,,,\r\nName,29,30,31\r\nJ Jones,LD,,\r\nFebruary 2026,,,\r\nName,1,2,3\r\n"
	     "J Jones,LD,,\r\nMarch 2026,,,\r\nName,1,2,3\r\nJ Jones,LD,,\r\n",
		"0129T0730 named;0201T0730 named;0301T0730 named", NULL},
	    /* Its days must be certain. */
	    {"Name,Mon 5,Tue 6,Wed 7\r\nJ Jones,LD,LD,LD\r\n", "refused",
		"no dates that are certain"},
	    {"Name,Mon,Tue,Wed\r\nJ Jones,LD,LD,LD\r\n", "refused", "no dates that are certain"},
	    {"January 2026,,,\r\nName,Sun 5,Mon 6,Tue 7\r\nJ Jones,LD,LD,LD\r\n", "refused",
		"is no Sunday"},
	    {"January 2026,,,\r\nName,5,6,7\r\n,Sun,Mon,Tue\r\nJ Jones,LD,LD,LD\r\n", "refused",
		"is no Sunday"},
	    {"Week commencing 20/01/2026,,,\r\nName,Mon,Tue,Wed\r\nJ Jones,LD,,N\r\n", "refused",
		"is no Monday"},
	    {"Staff Name,Date,Start,End\r\nJ Jones,05/01/2026,09:00,17:00\r\n", "refused",
		"no dates that are certain"},
	    /* Tables below tables. */
	    {"Name,Mon 05/01/2026,Tue 06/01/2026\r\nJ Jones,LD,\r\n"
	     "Name,Mon 12/01/2026,Tue 13/01/2026\r\nJ Jones,,LD\r\n",
		"0105T0730 named;0113T0730 named", NULL},
	    {"January 2026,,,\r\nName,30,31,\r\n", "refused", "no dates that are certain"},
	    {"January 2026,,,\r\nName,29,30,31\r\nJ Jones,LD,,\r\nFebruary 2026,,,\r\nName,1,2,3\r\n"
	     "J Jones,LD,,\r\n",
		"0129T0730 named;0201T0730 named", NULL},
	    {"January 2026,,,\r\nName,1,2,3\r\nJ Jones,LD,,\r\nName,1,2,3\r\nJ Jones,LD,,\r\n",
		"refused", "no dates that are certain"},
	    {"Rota 2026,,\r\nName,Mon 5 Jan,Tue 6 Jan\r\nJ Jones,LD,\r\n"
	     "Name,Mon 5 Jan,Tue 6 Jan\r\nKay Lee,N,\r\n",
		"0105T0730 named;0105T2000 named", NULL},
	    {"Name,05/01/2026,06/01/2026\r\nJ Jones,LD,\r\n"
	     "Name,Phone,12/01/2026,13/01/2026\r\nJ Jones,07700 900123,LD,\r\n",
		"refused", "other columns"},
	};
	static const char *const own[] = {"LD", "N", NULL};
	static const struct support_want ours[] = {
	    {"Name,05/01/2026,06/01/2026\r\nJ Jones,LD,CL\r\nKay Lee,CL,ADMIN\r\n",
		"0105T0730 named;0106T0000 noise", NULL},
	};
	static const struct support_want leave[] = {
	    {"Name,05/01/2026,06/01/2026\r\nJ Jones,LD,AL\r\nKay Lee,XX,ADMIN\r\n",
		"0106T0000 absence", NULL},
	    /* Who may be away is not taken for present. */
	    {"Name,05/01/2026,06/01/2026\r\nJ Jones,sick (hip),AL am\r\nKay Lee,off sick - chemo,AL?\r\n",
		"0105T0000 absence;0105T0000 absence;0106T0000 absence;0106T0000 absence", NULL},
	    {"Name,05/01/2026,06/01/2026\r\nJ Jones,not sick,leave cancelled\r\nKay Lee,leave cover,AL\r\n",
		"0106T0000 absence", NULL},
	    {"Name,05/01/2026,06/01/2026\r\nJ Jones,no AL,taking AL shift\r\nKay Lee,AL swap,AL covered by\r\n"
	     "R Green,covering AL,\r\nKay Lee,,AL\r\n",
		"0106T0000 absence", NULL},
	};
	static const struct reading_word decided[] = {{"Band 6", READING_WORD_NOTHING}};
	struct reading_options options = options_of(READING_NAMES_BY_DATES, NULL);

	(void)state;
	options.shift_codes = codes;
	options.nshift_codes = sizeof codes / sizeof *codes;
	options.words = decided;
	options.nwords = 1;
	TRY_BELOW("", wants, &options);
	options.grid.own = own;
	TRY_BELOW("", ours, &options);
	options.grid.own = NULL;
	options.absences = true;
	TRY_BELOW("", leave, &options);
}

static void
a_row_may_be_the_rotas(void **state)
{
	static const struct support_want wants[] = {
	    {",Mon 05/01/2026,Tue 06/01/2026\r\nAMHP,J Jones,Kay Lee\r\nEDT,Kay Lee,J Jones\r\n",
		"0105T0900 named;0106T0900 named", NULL},
	    {"Role,Mon 05/01/2026,Tue 06/01/2026\r\nEDT,Kay Lee,\r\namhp,,J Jones\r\n",
		"0106T0900 named", NULL},
	    {"Role,05/01/2026,06/01/2026\r\nAMHP,TBC,VACANT\r\n",
		"0105T0900 undecided;0106T0900 nobody", NULL},
	    {"Role,Time,05/01/2026,06/01/2026\r\nAMHP,17:00-09:00,J Jones,\r\n", "0105T1700 named",
		NULL},
	    {"Role,05/01/2026,06/01/2026\r\nEDT,J Jones,,,,\r\nAMHP,Kay Lee,\r\n",
		"0105T0900 named", NULL},
	    {"Role,05/01/2026,06/01/2026\r\nAMHP,J Jones,\r\nAlderbrook,,\r\nAMHP,Kay Lee,J Jones\r\n",
		"0105T0900 tentative;0105T0900 tentative;0106T0900 tentative",
		"two cells for this duty"},
	    {"Role,05/01/2026,06/01/2026\r\nSHO,J Jones,Kay Lee\r\n", "refused",
		"no row \"AMHP\", which is set as this rota's own. Its rows: SHO."},
	    {"Role,Mon 5 Jan,Tue 6 Jan\r\nAMHP,J Jones,\r\n", "refused",
		"no dates that are certain"},
	};
	static const char *const both[] = {"AMHP", "AMHP night", NULL};
	static const struct support_want rows[] = {
	    {"Role,05/01/2026,06/01/2026\r\nAMHP,J Jones,\r\nAMHP night,,\r\nEDT,x,\r\n",
		"0105T0900 named", NULL},
	    {"Role,05/01/2026,06/01/2026\r\nAMHP,,\r\nAMHP night,,\r\nEDT,x,\r\n", "", "no events"},
	    /* One of two was renamed: the person in it is not to be taken for nobody. */
	    {"Role,05/01/2026,06/01/2026\r\nAMHP,J Jones,\r\nAMHP nights,Kay Lee,\r\n", "refused",
		"no row \"AMHP night\", which is set as this rota's own. Its rows: AMHP, AMHP nights."},
	};
	struct reading_options options = options_of(READING_ROLES_BY_DATES, amhp);

	(void)state;
	TRY_BELOW("", wants, &options);
	options.grid.own = both;
	TRY_BELOW("", rows, &options);
}

static void
dates_of_a_grid_may_be_either(void **state)
{
	static const struct support_want wants[] = {
	    {DAYS "05/02/2026,J Jones,x\r\n", "0205T0900 tentative;0502T0800 tentative",
		"dd/mm/yyyy or mm/dd/yyyy"},
	    {DAYS "Thu 05/02/2026,J Jones,x\r\n", "0205T0900 named", NULL},
	    {DAYS "05/02/2026,J Jones,x\r\n02/13/2026,Kay Lee,x\r\n", "refused",
		"can only be mm/dd/yyyy"},
	};
	struct reading_options options = options_of(READING_DATES_BY_ROLES, amhp);

	(void)state;
	options.date_order = READING_DATES_UNSET;
	TRY_BELOW("", wants, &options);
}

static void
a_grid_that_is_not_set_is_refused_with_what_to_set(void **state)
{
	static const struct support_want wants[] = {
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,Kay Lee\r\n", "refused",
		"column is this rota's is not set. Its columns: Date, AMHP, EDT."},
	    {"Rota,,\r\nDate,09:00-17:00,17:00-09:00\r\n05/01/2026,J Jones,Kay Lee\r\n", "refused",
		"Its columns: Date, 09:00-17:00, 17:00-09:00."},
	    {"Week commencing,AMHP\r\n05/01/2026,J Jones\r\n", "refused", "list of weeks"},
	    {"Name,05/01/2026,06/01/2026\r\nJ Jones,LD,\r\nKay Lee,,N\r\n", "refused",
		"Its columns: Name, 05/01/2026, 06/01/2026; its rows: J Jones, Kay Lee."},
	};
	struct reading_options options = support_roster_options();
	struct arena *arena = arena_new(0);
	struct reading reading;

	(void)state;
	TRY_BELOW("", wants, &options);
	reading = support_read(arena, &options, wants[0].rows);
	assert_non_null(strstr(reading.findings[0].remedy, "\"layout\": \"dates_by_roles\""));
	reading = support_read(arena, &options, wants[1].rows);
	assert_non_null(strstr(reading.findings[0].remedy, "\"layout\": \"dates_by_hours\""));
	reading = support_read(arena, &options, wants[2].rows);
	assert_non_null(strstr(reading.findings[0].remedy, "\"layout\": \"weeks_by_roles\""));
	reading = support_read(arena, &options, wants[3].rows);
	assert_non_null(strstr(reading.findings[0].remedy, "\"layout\": \"names_by_dates\""));
	arena_free(arena);
}

/* What a program writes that writes no formats: 46027 is 5 January 2026. */
/* "a, b" of the texts. */
static const char *
joined(struct arena *arena, const char *const *texts, size_t count)
{
	const char *list = "";

	for (size_t i = 0; i < count; i++)
		list = arena_printf(arena, "%s%s%s", list, i > 0 ? ", " : "", texts[i]);
	return list;
}

static void
what_a_refused_grid_has_is_given(void **state)
{
	static const char *const rota_names[] = {"AMHP", NULL};
	static const struct {
		const char *file;
		enum reading_layout set;
		enum reading_layout layout;
		const char *columns, *rows, *codes, *own;
		bool hours;
	} wants[] = {
	    {"Date,AMHP,EDT\r\n05/01/2026,J Jones,Kay Lee\r\n", READING_NO_GRID,
		READING_DATES_BY_ROLES, "AMHP, EDT", "", "", "AMHP", true},
	    {",Night,Night,Day\r\nDate,SHO,EDT,SHO\r\n05/01/2026,J Jones,Kay Lee,x\r\n",
		READING_NO_GRID, READING_DATES_BY_ROLES, "Night / SHO, Night / EDT, Day / SHO", "",
		"", NULL, true},
	    {"Date,Shift,AMHP,EDT\r\n05/01/2026,09:00-17:00,J Jones,Kay Lee\r\n", READING_NO_GRID,
		READING_DATES_BY_ROLES, "Shift, AMHP, EDT", "", "", "AMHP", false},
	    {"Date,09:00-17:00,17:00-09:00\r\n05/01/2026,J Jones,Kay Lee\r\n", READING_NO_GRID,
		READING_DATES_BY_HOURS, "09:00-17:00, 17:00-09:00", "", "", NULL, false},
	    {"Week commencing,AMHP\r\n05/01/2026,J Jones\r\n", READING_NO_GRID,
		READING_WEEKS_BY_ROLES, "AMHP", "", "", "AMHP", true},
	    {"Name,05/01/2026,06/01/2026\r\nJ Jones,LD,-\r\nKay Lee,AL,LD\r\n", READING_NO_GRID,
		READING_NAMES_BY_DATES, "Name, 05/01/2026, 06/01/2026", "J Jones, Kay Lee",
		"LD, AL", NULL, false},
	    {",05/01/2026,06/01/2026,07/01/2026\r\nB Stranger,LD,,N\r\n", READING_NO_GRID,
		READING_NAMES_BY_DATES, "05/01/2026, 06/01/2026, 07/01/2026", "B Stranger", "LD, N",
		NULL, false},
	    {",05/01/2026,06/01/2026,07/01/2026\r\nSHO,J Jones,,Kay Lee\r\nAMHP,J Jones,,\r\n",
		READING_NO_GRID, READING_ROLES_BY_DATES, "05/01/2026, 06/01/2026, 07/01/2026",
		"SHO, AMHP", "", "AMHP", true},
	    /* What is set is not there. */
	    {"Date,SHO,EDT\r\n05/01/2026,J Jones,Kay Lee\r\n", READING_DATES_BY_ROLES,
		READING_DATES_BY_ROLES, "SHO, EDT", "", "", NULL, true},
	    {"Date,AMHPs,EDT\r\n05/01/2026,J Jones,Kay Lee\r\n", READING_WEEKS_BY_ROLES,
		READING_WEEKS_BY_ROLES, "AMHPs, EDT", "", "", NULL, true},
	    {",05/01/2026,06/01/2026,07/01/2026\r\nSHO,J Jones,,Kay Lee\r\n",
		READING_ROLES_BY_DATES, READING_ROLES_BY_DATES,
		"05/01/2026, 06/01/2026, 07/01/2026", "SHO", "", NULL, true},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	options.own_names = rota_names;
	for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading;

		options.grid.layout = wants[i].set;
		options.grid.own = wants[i].set != READING_NO_GRID ? amhp : NULL;
		reading = support_read(arena, &options, wants[i].file);
		assert_true(reading.refused);
		assert_non_null(reading.found);
		assert_int_equal(reading.found->layout, wants[i].layout);
		assert_string_equal(joined(arena, reading.found->columns, reading.found->ncolumns),
		    wants[i].columns);
		assert_string_equal(
		    joined(arena, reading.found->rows, reading.found->nrows), wants[i].rows);
		assert_string_equal(
		    joined(arena, reading.found->codes, reading.found->ncodes), wants[i].codes);
		if (wants[i].own == NULL)
			assert_null(reading.found->own);
		else
			assert_string_equal(reading.found->own, wants[i].own);
		assert_int_equal(reading.found->hours, wants[i].hours);
		arena_free(arena);
	}
}

static void
other_files_have_no_grid_to_ask_about(void **state)
{
	static const char *const files[] = {
	    "Staff Name,Date,Start,End\r\nJ Jones,05/01/2026,09:00,17:00\r\n",
	    "Colour,Taste\r\nred,sweet\r\n", "Staff Name,Date,Start,End\r\n\"J Jones\r\n"};
	struct reading_options options = support_roster_options();

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct arena *arena = arena_new(0);

		assert_null(support_read(arena, &options, files[i]).found);
		arena_free(arena);
	}
}

static void
days_may_be_numbers_of_spreadsheets(void **state)
{
	static const struct support_want wants[] = {
	    {"Name,46027,46028\r\nJ Jones,LD,N\r\n", "0105T0730 named;0106T2000 named", NULL},
	    {"Name,46027\r\nJ Jones,LD\r\n", "0105T0730 named", NULL},
	    {"Name,05/01/2026\r\nJ Jones,LD\r\n", "0105T0730 named", NULL},
	    /* Numbers that are out of order, or stand beside other words, are no days. */
	    {"Name,46028,46027\r\nJ Jones,LD,N\r\n", "refused", "no dates that are certain"},
	    {"Name,Ref,46027,46028\r\nJ Jones,1,LD,N\r\n", "refused", "no dates that are certain"},
	    {"Ward,46027\r\nJ Jones,LD\r\n", "refused", "no dates that are certain"},
	};
	struct reading_options options = options_of(READING_NAMES_BY_DATES, NULL);

	(void)state;
	options.shift_codes = codes;
	options.nshift_codes = sizeof codes / sizeof *codes;
	TRY_BELOW("", wants, &options);
}

/* A calendar of leave may leave out the date of a row, for a first and a last day: a cell of a grid may not. The
 * set-up gives such a calendar another layout; what is read must not depend on that. */
static void
a_cell_of_leave_without_a_day_is_no_leave(void **state)
{
	static const struct support_want wants[] = {
	    {DAYS "05/01/2026,J Jones,x\r\n,Kay Lee,x\r\n", "0105T0900 absence", "dd/mm/yyyy"},
	};
	struct reading_options options = options_of(READING_DATES_BY_ROLES, amhp);

	(void)state;
	options.absences = true;
	TRY_BELOW("", wants, &options);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(days_may_be_numbers_of_spreadsheets),
	    cmocka_unit_test(the_names_of_one_column_are_the_rotas),
	    cmocka_unit_test(hours_come_from_the_heading_the_row_or_the_rota),
	    cmocka_unit_test(columns_may_be_hours),
	    cmocka_unit_test(a_week_is_the_same_duty_on_seven_days),
	    cmocka_unit_test(codes_say_who_has_which_shift),
	    cmocka_unit_test(a_row_may_be_the_rotas),
	    cmocka_unit_test(dates_of_a_grid_may_be_either),
	    cmocka_unit_test(a_grid_that_is_not_set_is_refused_with_what_to_set),
	    cmocka_unit_test(what_a_refused_grid_has_is_given),
	    cmocka_unit_test(other_files_have_no_grid_to_ask_about),
	    cmocka_unit_test(a_cell_of_leave_without_a_day_is_no_leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
