/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/calendars/roster/tries.h"

/* Columns whose heading asks or says something, lines above rows, tables below tables, and rows that
 * contradict each other: none of it is passed over. */

#define ROW(more) "J Jones,20/01/2026,09:00,17:00," more "\r\n"
#define NEXT(more) "Kay Lee,21/01/2026,09:00,17:00," more "\r\n"
#define NAMED "0120T0900 named"
#define OPEN "0120T0900 tentative"
#define NAMED_NEXT ";0121T0900 named"
#define OPEN_NEXT ";0121T0900 tentative"
#define IN_COLUMN "in the column"

/* A column that asks whether somebody is on duty: what is no yes is no. */
static void
who_is_not_ticked_as_on_duty_does_not_count(void **state)
{
	static const struct support_want wants[] = {
	    {ROW("Yes") NEXT(""), NAMED OPEN_NEXT, IN_COLUMN},
	    {ROW("Yes") NEXT("-"), NAMED OPEN_NEXT, IN_COLUMN},
	    {ROW("1") NEXT("0"), NAMED OPEN_NEXT, IN_COLUMN},
	    {ROW("1") NEXT(""), NAMED OPEN_NEXT, IN_COLUMN},
	    {ROW("0"), OPEN, IN_COLUMN},
	    {ROW("No"), OPEN, IN_COLUMN},
	    {ROW("FALSE"), OPEN, IN_COLUMN},
	    {ROW("n/a"), OPEN, IN_COLUMN},
	    {ROW("TRUE") NEXT("\xe2\x9c\x93"), NAMED NAMED_NEXT, NULL},
	    {ROW("03/01/2026") NEXT("2026-01-04"), NAMED NAMED_NEXT, NULL},
	    /* A column that nobody fills in asks nothing, nor does a row that is too long. */
	    {"J Jones,20/01/2026,09:00,17:00,Yes,Yes,Yes\r\n" NEXT(""), "0121T0900 named",
		"7 fields"},
	    {ROW("") NEXT(""), NAMED NAMED_NEXT, NULL},
	};
	static const char *const heads[] = {"Confirmed", "Confirmed?", "On Duty", "ON CALL",
	    "On-call?", "Filled", "Published", "is_confirmed", "IsConfirmed", "Attending",
	    "Shift Filled", "Staff confirmed"};
	static const struct support_want available[] = {
	    {ROW("Yes") NEXT(""), OPEN OPEN_NEXT, IN_COLUMN},
	    {ROW("Yes") NEXT("-"), OPEN OPEN_NEXT, IN_COLUMN},
	    {ROW("Yes") NEXT("No"), OPEN OPEN_NEXT, IN_COLUMN},
	    {ROW("") NEXT(""), NAMED NAMED_NEXT, NULL},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY_BELOW("Staff Name,Date,Start,End,Available\r\n", available, &options);
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		struct arena *arena = arena_new(0);

		TRY_BELOW(arena_printf(arena, "Staff Name,Date,Start,End,%s\r\n", heads[i]), wants,
		    &options);
		arena_free(arena);
	}
}

/* Under a heading that nobody knows, noughts and ones are answers and no amounts. */
static void
a_nought_among_ticks_is_no_number(void **state)
{
	static const struct support_want wants[] = {
	    {ROW("0") NEXT("0"), OPEN OPEN_NEXT, IN_COLUMN},
	    {ROW("0") NEXT("1"), OPEN OPEN_NEXT, IN_COLUMN},
	    {ROW("0") NEXT("7.5"), NAMED NAMED_NEXT, NULL},
	    {ROW("1") NEXT("1"), NAMED NAMED_NEXT, NULL},
	    {ROW("0") NEXT("-"), OPEN NAMED_NEXT, IN_COLUMN},
	};
	static const struct support_want notes[] = {{ROW("0") NEXT("0"), NAMED NAMED_NEXT, NULL}};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY_BELOW("Staff Name,Date,Start,End,Zeppelin\r\n", wants, &options);
	TRY_BELOW("Staff Name,Date,Start,End,Notes\r\n", notes, &options);
}

/* "Cancelled on", "Sick hours": the heading says what the cell alone does not. */
static void
a_heading_with_a_word_that_takes_off_has_its_force(void **state)
{
	static const struct support_want wants[] = {
	    {ROW(""), NAMED, NULL},
	    {ROW("-"), NAMED, NULL},
	    {ROW("No"), NAMED, NULL},
	    {ROW("0"), NAMED, NULL},
	    {ROW("0.00"), NAMED, NULL},
	    {ROW("none"), NAMED, NULL},
	    {ROW("20/01/2026"), OPEN, IN_COLUMN},
	    {ROW("09:00"), OPEN, IN_COLUMN},
	    {ROW("7.5"), OPEN, IN_COLUMN},
	    {ROW("Yes"), OPEN, IN_COLUMN},
	    {ROW("AMHP"), OPEN, IN_COLUMN},
	    {ROW("Agency"), OPEN, IN_COLUMN},
	};
	static const struct support_want whole[] = {
	    {ROW("0"), NAMED, NULL},
	    {ROW("false"), NAMED, NULL},
	    {ROW("1"), "0120T0900 nobody", NULL},
	    {ROW("true"), "0120T0900 nobody", NULL},
	    {ROW("sick"), "0120T0900 absence", NULL},
	};
	static const struct support_want numbers[] = {{ROW("1234"), NAMED, "were not read"}};
	static const char *const heads[] = {"Cancelled On", "Cancelled Date", "cancelled_by",
	    "CancelledAt", "Sick From", "Sick Hours", "Date of cancellation", "Replaced By",
	    "Covered by", "Swapped With", "Hours of leave"};
	struct reading_options options = support_roster_options();
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		TRY_BELOW(arena_printf(arena, "Staff Name,Date,Start,End,%s\r\n", heads[i]), wants,
		    &options);
	TRY_BELOW("Staff Name,Date,Start,End,Is Cancelled\r\n", whole, &options);
	TRY_BELOW("Staff Name,Date,Start,End,is_cancelled\r\n", whole, &options);
	TRY_BELOW("Staff Name,Date,Start,End,IsDeleted\r\n", whole, &options);
	TRY_BELOW("Staff Name,Date,Start,End,Vacancy Ref\r\n", numbers, &options);
	TRY_BELOW("Staff Name,Date,Start,End,Leave remaining\r\n", numbers, &options);
	arena_free(arena);
}

static void
another_time_than_the_rows_casts_doubt(void **state)
{
	static const struct support_want wants[] = {
	    {ROW("09:00"), NAMED, NULL},
	    {ROW("17:00"), NAMED, NULL},
	    {ROW("17.00"), NAMED, NULL},
	    {ROW("11:00"), OPEN, IN_COLUMN},
	    {ROW("16:00:00"), OPEN, IN_COLUMN},
	    {ROW("4pm"), OPEN, IN_COLUMN},
	    {ROW("5pm"), NAMED, NULL},
	    {ROW("2200"), NAMED, NULL},
	};
	/* Of two people with a time that leaves the title open the column is told, too. */
	static const struct support_want two[] = {
	    {"J Jones / Kay Lee 12:00,20/01/2026,09:00,17:00,11:00\r\n",
		"0120T0900 tentative;0120T0900 tentative", IN_COLUMN},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY_BELOW("Staff Name,Date,Start,End,Actual Start\r\n", wants, &options);
	TRY_BELOW("Staff Name,Date,Start,End,Actual Start\r\n", two, &options);
	TRY_BELOW("Staff Name,Date,Start,End,Notes\r\n", wants, &options);
}

/* "not on call" under Team is no name of a team; "Maternity" under Ward is a ward. */
static void
columns_of_sites_take_nobody_on_leave(void **state)
{
	static const struct support_want wants[] = {
	    {ROW("Maternity"), OPEN, IN_COLUMN},
	    {ROW("Sick bay"), OPEN, IN_COLUMN},
	    {ROW("Not on call"), OPEN, IN_COLUMN},
	    {ROW("not working"), OPEN, IN_COLUMN},
	    {ROW("Not Fenmere Hill"), NAMED, "were not read"},
	    {ROW("Fenmere working"), NAMED, "were not read"},
	    {ROW("Fenmere not"), NAMED, "were not read"},
	    {ROW("Fenmere Hill"), NAMED, "were not read"},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY_BELOW("Staff Name,Date,Start,End,Ward\r\n", wants, &options);
	TRY_BELOW("Staff Name,Date,Start,End,Team\r\n", wants, &options);
}

/* Of a shift that somebody was booked for because another is sick, the reason is of the other. */
static void
the_reason_of_a_booking_takes_nobody_on_leave(void **state)
{
	static const struct support_want wants[] = {
	    {ROW(""), NAMED, NULL},
	    {ROW("Sickness"), OPEN, IN_COLUMN},
	    {ROW("Annual leave"), OPEN, IN_COLUMN},
	    {ROW("Vacancy"), OPEN, IN_COLUMN},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY_BELOW("Staff Name,Date,Start,End,Reason\r\n", wants, &options);
	TRY_BELOW("Staff Name,Date,Start,End,Booking Reason\r\n", wants, &options);
}

static void
a_line_above_the_rows_is_about_them(void **state)
{
	static const struct support_want wants[] = {
	    {ROW("") "CANCELLED,,,,\r\n" NEXT(""), NAMED OPEN_NEXT, "line \"CANCELLED\""},
	    {ROW("") ",,,,Shifts on annual leave\r\n" NEXT(""), NAMED OPEN_NEXT,
		"line \"Shifts on annual leave\""},
	    {ROW("") "Provisional,,,,\r\n" NEXT(""), NAMED OPEN_NEXT, "line \"Provisional\""},
	    {"Cancelled shifts,,,,\r\n" ROW("") "Week 2,,,,\r\n" NEXT(""), OPEN NAMED_NEXT,
		"line \"Cancelled shifts\""},
	    {"Fenmere team,,,,\r\n" ROW(""), NAMED, "is no shift"},
	    {"Kay Lee,,,,\r\n" ROW(""), NAMED, "is not dd/mm/yyyy"},
	    {ROW("") ",,,,\r\n"
		     "DRAFT - not yet agreed - do not use,,,,\r\n",
		OPEN, "line \"DRAFT - not yet agreed - do not use\" at the end"},
	    {ROW("") NEXT("") "Subject to change,,,,\r\n"
			      "Printed 03/01/2026,,,,\r\n",
		OPEN OPEN_NEXT, "at the end"},
	    {ROW("") "All cancelled,,,,\r\n", OPEN, "line \"All cancelled\" at the end"},
	    {ROW("") "CL,,,,\r\n", OPEN, "line \"CL\" at the end"},
	    {ROW("sick") NEXT("") "DRAFT,,,,\r\n", "0120T0900 absence" OPEN_NEXT, "at the end"},
	    {ROW("") "AL = annual leave; TBC = to be confirmed,,,,\r\n", NAMED, "is no shift"},
	    {ROW("") "* provisional,,,,\r\n", NAMED, "is no shift"},
	    {ROW("") "Printed 03/01/2026,,,,\r\n", NAMED, "is no shift"},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY_BELOW("Staff Name,Date,Start,End,Notes\r\n", wants, &options);
}

static void
a_heading_line_may_be_repeated_but_not_changed(void **state)
{
	static const struct support_want wants[] = {
	    {ROW("") "Staff Name,Date,Start,End,Status\r\n" NEXT(""), NAMED NAMED_NEXT, NULL},
	    {ROW("") "STAFF NAME,Date,Start,End,Status,\r\n" NEXT(""), NAMED NAMED_NEXT, NULL},
	    {ROW("") "Staff Name,Date,Start,End,Cancelled\r\n" NEXT("Yes"), "refused",
		"other columns"},
	    {ROW("") "Date,Staff Name,Start,End,Reason\r\n", "refused", "other columns"},
	    {ROW("") "Staff Name,Date,Start,End\r\n", "refused", "other columns"},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY_BELOW("Staff Name,Date,Start,End,Status\r\n", wants, &options);
}

/* A roster of several units has the shifts of other rotas, too. */
static void
a_row_of_another_unit_counts_for_nobody(void **state)
{
	static const struct support_want wants[] = {
	    {ROW("Alder Ward"), NAMED, NULL},
	    {ROW("Alder Ward") NEXT("alder ward"), NAMED NAMED_NEXT, NULL},
	    {ROW("Alder Ward") ",,,,Cedar\r\n" NEXT("Alder Ward"), NAMED NAMED_NEXT, "is no shift"},
	    {ROW("Alder Ward") NEXT("\"Alder Ward\n(ward office)\""), NAMED NAMED_NEXT, NULL},
	    {ROW("Alderbrook") NEXT("Cedar AMHP"), NAMED OPEN_NEXT, IN_COLUMN},
	    {ROW("Fenmere AMHP") NEXT("Fenmere CAMHS"), NAMED OPEN_NEXT, IN_COLUMN},
	    {ROW("Fenmere CAMHS"), OPEN, IN_COLUMN},
	    {ROW("AMHP") NEXT(""), NAMED NAMED_NEXT, NULL},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	options.own_names = NULL;
	TRY_BELOW("Staff Name,Date,Start,End,Unit\r\n", wants, &options);
}

static void
who_is_somewhere_else_counts_for_nobody(void **state)
{
	static const struct support_want wants[] = {
	    {ROW("Conference - Leeds"), OPEN, IN_COLUMN},
	    {ROW("Training"), OPEN, IN_COLUMN},
	    {ROW("On loan to Marshland CMHT"), OPEN, IN_COLUMN},
	    {ROW("Alder Clinic"), NAMED, "not read"},
	    {ROW("Fenmere"), NAMED, "not read"},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY_BELOW("Staff Name,Date,Start,End,Location\r\n", wants, &options);
}

static void
who_covers_for_another_is_the_one_who_comes(void **state)
{
	static const struct support_want wants[] = {
	    {ROW("Kay Lee") NEXT(""), NAMED NAMED_NEXT, NULL},
	    {ROW("TBC"), OPEN, IN_COLUMN},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY_BELOW("Staff Name,Date,Start,End,Covering For\r\n", wants, &options);
	TRY_BELOW("Staff Name,Date,Start,End,In place of\r\n", wants, &options);
}

static void
who_worked_no_hours_counts_for_nobody(void **state)
{
	static const struct support_want wants[] = {
	    {ROW("0") NEXT("8"), OPEN NAMED_NEXT, IN_COLUMN},
	    {ROW("0.00") NEXT("8.00"), OPEN NAMED_NEXT, IN_COLUMN},
	    {ROW("00:00") NEXT("8"), OPEN NAMED_NEXT, IN_COLUMN},
	};
	static const struct support_want unknown[] = {
	    {ROW("") NEXT("8"), NAMED NAMED_NEXT, NULL},
	    {ROW(".") NEXT("8"), NAMED NAMED_NEXT, NULL},
	};
	static const struct support_want paid[] = {
	    {ROW("0") NEXT("8"), NAMED NAMED_NEXT, "not read"}};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY_BELOW("Staff Name,Date,Start,End,Actual Hours\r\n", wants, &options);
	TRY_BELOW("Staff Name,Date,Start,End,Hours\r\n", wants, &options);
	TRY_BELOW("Staff Name,Date,Start,End,Actual Hours\r\n", unknown, &options);
	TRY_BELOW("Staff Name,Date,Start,End,Break\r\n", paid, &options);
}

static void
an_answer_about_something_else_changes_nothing(void **state)
{
	static const struct support_want wants[] = {
	    {ROW("N") NEXT("Y"), NAMED NAMED_NEXT, NULL},
	    {ROW("No") NEXT("no"), NAMED NAMED_NEXT, NULL},
	    {ROW("0") NEXT("1"), NAMED NAMED_NEXT, NULL},
	    {ROW("No") NEXT("cancelled"), NAMED ";0121T0900 nobody", NULL},
	};
	static const char *const heads[] = {"Bank", "Bank/Agency", "Agency?", "Overtime", "Locum"};
	struct reading_options options = support_roster_options();

	(void)state;
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		struct arena *arena = arena_new(0);

		TRY_BELOW(arena_printf(arena, "Staff Name,Date,Start,End,%s\r\n", heads[i]), wants,
		    &options);
		arena_free(arena);
	}
}

static void
a_shift_that_is_filled_and_cancelled_counts_for_nobody(void **state)
{
	static const struct support_want wants[] = {
	    {ROW("Filled") ROW("Cancelled"), OPEN ";0120T0900 nobody", "another row"},
	    {ROW("Cancelled") ROW(""), "0120T0900 nobody;" OPEN, "another row"},
	    {ROW("Filled") "\"JONES, J\",20/01/2026,9:00,17.00,Unfilled\r\n",
		"0120T0900 nobody;" OPEN, "another row"},
	    {ROW("Filled") "Kay Lee,20/01/2026,09:00,17:00,Cancelled\r\n",
		NAMED ";0120T0900 nobody", NULL},
	    {ROW("Filled") ",20/01/2026,09:00,17:00,Unfilled\r\n", NAMED ";0120T0900 nobody", NULL},
	    {ROW("Filled") "J Jones,20/01/2026,17:00,21:00,Cancelled\r\n",
		NAMED ";0120T1700 nobody", NULL},
	    {ROW("Filled") ROW("Filled"), NAMED ";" NAMED, NULL},
	    {ROW("Filled") ROW("TBC"), OPEN ";" OPEN, "another row"},
	    {ROW("Granted"), OPEN, "status \"Granted\""},
	    {ROW("Filled") ROW("Unavailable"), OPEN ";0120T0900 absence", "another row"},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY_BELOW("Staff Name,Date,Start,End,Status\r\n", wants, &options);
}

/* Nobody is on by the name or the status, and a note names the one who may be. */
static void
who_is_named_beside_nobody_is_not_passed_over(void **state)
{
#define BY(name, status, note) name ",20/01/2026,09:00,17:00," status "," note "\r\n"
#define NOBODY "0120T0900 nobody"
#define WHO "0120T0900 undecided"
	static const struct support_want wants[] = {
	    {BY("Vacant", "", ""), NOBODY, NULL},
	    {BY("Vacant", "", "sent to agency"), NOBODY, NULL},
	    {BY("Vacant", "", "covered by Kay Lee"), WHO, IN_COLUMN},
	    {BY("", "Unfilled", "Kay Lee covering"), WHO, IN_COLUMN},
	    {BY("Unfilled", "Vacant", "Kay Lee"), WHO, IN_COLUMN},
	    {BY("J Jones", "Unfilled", "now filled by Kay Lee"), WHO, IN_COLUMN},
	    {BY("J Jones", "Cancelled", "J Jones sick"), NOBODY, NULL},
	    {BY("J Jones / Kay Lee", "Unfilled", "Kay Lee"), WHO ";" WHO, IN_COLUMN},
	    {BY("J Jones", "Unfilled", "covered by P Zog"), WHO, IN_COLUMN},
	    {BY("J Jones", "Cancelled", ""), NOBODY, NULL},
	};
	static const struct support_want confirmed[] = {
	    {BY("Vacant", "", "Kay Lee"), NOBODY, NULL},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY_BELOW("Staff Name,Date,Start,End,Status,Notes\r\n", wants, &options);
	/* Who confirmed that the shift is vacant is nobody on it. */
	TRY_BELOW("Staff Name,Date,Start,End,Status,Confirmed\r\n", confirmed, &options);
}

/* Leave that was refused is no leave, in a roster of shifts as in one of leave. */
static void
leave_in_a_roster_of_shifts_has_its_status(void **state)
{
	static const struct support_want wants[] = {
	    {"J Jones,20/01/2026,09:00,17:00,Annual leave,\r\n", "0120T0900 absence", NULL},
	    {"J Jones,20/01/2026,09:00,17:00,Annual leave,Approved\r\n", "0120T0900 absence", NULL},
	    {"J Jones,20/01/2026,09:00,17:00,Annual leave,Filled\r\n", "0120T0900 absence", NULL},
	    {"J Jones,20/01/2026,09:00,17:00,Annual leave,Granted\r\n", "0120T0900 absence", NULL},
	    {"J Jones,20/01/2026,09:00,17:00,Annual leave,Declined\r\n", "0120T0900 noise", NULL},
	    {"J Jones,20/01/2026,09:00,17:00,Annual leave,Cancelled\r\n", "0120T0900 noise", NULL},
	    {"J Jones,20/01/2026,09:00,17:00,Sick,\r\n", "0120T0900 absence", NULL},
	    {"J Jones,20/01/2026,09:00,17:00,Training,\r\n", "0120T0900 noise", NULL},
	    {"J Jones,20/01/2026,09:00,17:00,Bank holiday,\r\n", "0120T0900 noise", NULL},
	    {"J Jones,20/01/2026,09:00,17:00,Annual leave,Requested\r\n", OPEN,
		"status \"Requested\""},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY_BELOW("Staff Name,Date,Start,End,Shift,Status\r\n", wants, &options);
}

static void
columns_of_leave_are_read(void **state)
{
#define LEAVE(type, more) "J Jones,20/01/2026,20/01/2026," type "," more "\r\n"
#define AWAY "0120T0000 absence"
#define ASKED "0120T0000 undecided"
#define PART_OF_DAY "part of the day"
	static const struct support_want flags[] = {
	    {LEAVE("", ""), AWAY, NULL},
	    {LEAVE("", "No"), AWAY, NULL},
	    {LEAVE("", "Yes"), ASKED, IN_COLUMN},
	    {LEAVE("", "1"), ASKED, IN_COLUMN},
	    {LEAVE("", "12/01/2026"), ASKED, IN_COLUMN},
	    {LEAVE("", "-"), AWAY, NULL},
	    {"CANCELLED,,,,\r\n" LEAVE("", ""), ASKED, "line \"CANCELLED\""},
	    {"Week 2,,,,\r\n" LEAVE("", ""), AWAY, "is no shift"},
	};
	static const struct support_want approved[] = {
	    {LEAVE("", ""), AWAY, NULL},
	    {LEAVE("", "Yes"), AWAY, NULL},
	    {LEAVE("", "P Manager"), AWAY, NULL},
	    {LEAVE("", "No"), ASKED, IN_COLUMN},
	    {LEAVE("", "0"), ASKED, IN_COLUMN},
	    {LEAVE("", "Declined"), ASKED, IN_COLUMN},
	    {LEAVE("", "Pending"), ASKED, IN_COLUMN},
	};
	static const struct support_want notes[] = {
	    {LEAVE("Annual leave", "Spain"), AWAY, NULL},
	    {LEAVE("Annual leave", "CANCELLED by manager"), ASKED, IN_COLUMN},
	    {LEAVE("Cancelled leave", ""), ASKED, IN_COLUMN},
	    {LEAVE("Sick", ""), AWAY, NULL},
	    {LEAVE("Bank holiday", ""), AWAY, NULL},
	    {LEAVE("Working from home", ""), AWAY, "no word of leave"},
	    {LEAVE("On call", ""), AWAY, "no word of leave"},
	    {LEAVE("Annual leave", "AM"), AWAY, PART_OF_DAY},
	    {LEAVE("Annual leave", "half day"), AWAY, PART_OF_DAY},
	    {LEAVE("Annual leave", "morning only"), AWAY, PART_OF_DAY},
	};
	static const struct support_want half[] = {
	    {LEAVE("", ""), AWAY, NULL},
	    {LEAVE("", "No"), AWAY, NULL},
	    {LEAVE("", "Yes"), AWAY, PART_OF_DAY},
	    {LEAVE("", "PM"), AWAY, PART_OF_DAY},
	    {LEAVE("", "-"), AWAY, NULL},
	};
	static const struct support_want days[] = {
	    {LEAVE("", "1"), AWAY, "were not read"},
	    {LEAVE("", "0.5"), AWAY, PART_OF_DAY},
	    {LEAVE("", "0.5 days"), AWAY, PART_OF_DAY},
	    {LEAVE("", ".5"), AWAY, PART_OF_DAY},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	options.absences = true;
	TRY_BELOW("Name,From,To,Type,Cancelled\r\n", flags, &options);
	TRY_BELOW("Name,From,To,Type,Cancelled On\r\n", flags, &options);
	TRY_BELOW("Name,From,To,Type,Approved\r\n", approved, &options);
	TRY_BELOW("Name,From,To,Type,Notes\r\n", notes, &options);
	TRY_BELOW("Name,From,To,Type,Half Day\r\n", half, &options);
	TRY_BELOW("Name,From,To,Type,Duration\r\n", days, &options);
}

/* Blanks of other kinds, and letters of two bytes. */
static void
a_file_is_known_by_more_than_its_spelling(void **state)
{
	static const struct support_want blanks[] = {
	    {"J Jones,20/01/2026\xc2\xa0,09:00,17:00\r\n", NAMED, NULL}};
	static const struct support_want names[] = {
	    {"\"Patel (Jones, J)\",20/01/2026,09:00,17:00\r\n",
		"0120T0900 tentative;0120T0900 tentative", NULL}};
	struct reading_options options = support_roster_options();
	struct reading_tools tools = {support_zones()};
	struct arena *arena = arena_new(0);
	struct reading reading;

	(void)state;
	TRY_BELOW("\xc2\xa0Staff\xc2\xa0Name,\"Date\r\n\",Start ,End\r\n", blanks, &options);
	TRY_BELOW("Staff Name,Date,Start,End\r\n", names, &options);
	reading_make(&tools, &options, (struct slice){"S\0t\0a\0f\0f\0x", 11}, arena, &reading);
	assert_true(reading.refused);
	assert_true(support_finding(&reading, NULL, "UTF-16"));
	arena_free(arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_is_not_ticked_as_on_duty_does_not_count),
	    cmocka_unit_test(a_nought_among_ticks_is_no_number),
	    cmocka_unit_test(a_heading_with_a_word_that_takes_off_has_its_force),
	    cmocka_unit_test(another_time_than_the_rows_casts_doubt),
	    cmocka_unit_test(columns_of_sites_take_nobody_on_leave),
	    cmocka_unit_test(the_reason_of_a_booking_takes_nobody_on_leave),
	    cmocka_unit_test(a_line_above_the_rows_is_about_them),
	    cmocka_unit_test(a_row_of_another_unit_counts_for_nobody),
	    cmocka_unit_test(who_is_somewhere_else_counts_for_nobody),
	    cmocka_unit_test(who_covers_for_another_is_the_one_who_comes),
	    cmocka_unit_test(who_worked_no_hours_counts_for_nobody),
	    cmocka_unit_test(an_answer_about_something_else_changes_nothing),
	    cmocka_unit_test(a_heading_line_may_be_repeated_but_not_changed),
	    cmocka_unit_test(a_shift_that_is_filled_and_cancelled_counts_for_nobody),
	    cmocka_unit_test(who_is_named_beside_nobody_is_not_passed_over),
	    cmocka_unit_test(leave_in_a_roster_of_shifts_has_its_status),
	    cmocka_unit_test(columns_of_leave_are_read),
	    cmocka_unit_test(a_file_is_known_by_more_than_its_spelling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
