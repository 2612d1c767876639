/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "calendars/roster/roster_date.h"
#include "server/base/civil.h"
#include "tests/unit/calendars/roster/tries.h"

/* Nothing in a roster's row is passed over: every column, the order of its dates, rows from
 * midnight to midnight; and a file that is no roster is refused with the reason. */

#define NAMED "0120T0900 named"
#define OPEN "0120T0900 tentative"
#define AWAY "0120T0900 absence"
#define IN_COLUMN "in the column"

/* One row of J Jones on 20 January with ${more} after it. */
#define ROW(more) "J Jones,20/01/2026,09:00,17:00," more "\r\n"

static void
every_column_has_the_force_of_a_title(void **state)
{
	static const struct support_want wants[] = {
	    {ROW(""), NAMED, NULL},
	    {ROW("-"), NAMED, NULL},
	    {ROW("AMHP"), NAMED, NULL},
	    {ROW("on call"), NAMED, NULL},
	    {ROW("6"), NAMED, NULL},
	    {ROW("09:00-17:00"), NAMED, NULL},
	    {ROW("6\xcc\xb6"), OPEN, IN_COLUMN},
	    {ROW("\xcc\xb5"), OPEN, IN_COLUMN},
	    {ROW("AMHP \xcc\xb8"), OPEN, IN_COLUMN},
	    {ROW("SICK"), AWAY, NULL},
	    {ROW("sick"), AWAY, NULL},
	    {ROW("A/L"), AWAY, NULL},
	    {ROW("off sick"), AWAY, NULL},
	    {ROW("Cancelled"), "0120T0900 nobody", NULL},
	    {ROW("TBC"), OPEN, IN_COLUMN},
	    {ROW("Vacant"), OPEN, IN_COLUMN},
	    {ROW("Cover needed"), OPEN, IN_COLUMN},
	    {ROW("Student"), OPEN, IN_COLUMN},
	    {ROW("Trainee AMHP"), OPEN, IN_COLUMN},
	    {ROW("Trainee"), OPEN, IN_COLUMN},
	    {ROW("Supernumerary"), OPEN, IN_COLUMN},
	    {ROW("shadowing"), OPEN, IN_COLUMN},
	    {ROW("Locum?"), OPEN, IN_COLUMN},
	    {ROW("13:00-17:00"), OPEN, IN_COLUMN},
	    {ROW("Ward 4"), OPEN, IN_COLUMN},
	    {ROW("x4421"), NAMED, NULL},
	    {ROW("with student"), NAMED, NULL},
	    {ROW("early shift"), NAMED, NULL},
	    {ROW("late"), OPEN, IN_COLUMN},
	    {ROW("Early"), OPEN, IN_COLUMN},
	    {ROW("team"), OPEN, IN_COLUMN},
	    {ROW("at"), OPEN, IN_COLUMN},
	    {ROW("2 nights"), OPEN, IN_COLUMN},
	    {ROW("4 hours"), OPEN, IN_COLUMN},
	    {ROW("Gone fishing"), OPEN, IN_COLUMN},
	    /* Another person who is named may be the one who comes. */
	    {ROW("swapped with Kay Lee"), OPEN, IN_COLUMN},
	    {ROW("replaced by Kay Lee"), OPEN, IN_COLUMN},
	    {ROW("shift taken by Kay Lee"), OPEN, IN_COLUMN},
	    {ROW("Kay Lee"), OPEN, IN_COLUMN},
	};
	static const char *const heads[] = {"Grade", "Notes", "Comment", "Remarks", "Zeppelin", ""};
	struct reading_options options = support_roster_options();

	(void)state;
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		char head[100];

		snprintf(head, sizeof head, "Staff Name,Date,Start,End,%s\r\n", heads[i]);
		TRY_BELOW(head, wants, &options);
	}
}

/* Two of one hour are told apart by their grade, in whatever order the file has them. */
static void
a_slot_keeps_its_uid_by_its_grade(void **state)
{
	static const char *const files[] = {ROW("Alpha") "K Lee,20/01/2026,09:00,17:00,Beta\r\n",
	    "K Lee,20/01/2026,09:00,17:00,Beta\r\n" ROW("Alpha")};
	struct reading_options options = support_roster_options();
	struct arena *arena = arena_new(0);
	const char *of_lee[2] = {NULL, NULL};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct reading reading = support_read(arena, &options,
		    arena_printf(arena, "Staff Name,Date,Start,End,Grade\r\n%s", files[i]));

		assert_int_equal(reading.noccurrences, 2);
		for (size_t j = 0; j < 2; j++)
			if (strstr(reading.occurrences[j].summary, "Lee") != NULL)
				of_lee[i] = reading.occurrences[j].uid;
	}
	assert_non_null(of_lee[0]);
	assert_non_null(of_lee[1]);
	assert_string_equal(of_lee[0], of_lee[1]);
	arena_free(arena);
}

static void
a_shift_is_a_word_that_somebody_knows(void **state)
{
	static const struct support_want wants[] = {
	    {ROW(""), NAMED, NULL},
	    {ROW("Early"), NAMED, NULL},
	    {ROW("Long day"), NAMED, NULL},
	    {ROW("Z9"), OPEN, IN_COLUMN},
	    {ROW("Zeppelin Day"), OPEN, IN_COLUMN},
	    {ROW("-"), OPEN, IN_COLUMN},
	    {ROW("X"), OPEN, IN_COLUMN},
	    {ROW("24"), OPEN, IN_COLUMN},
	    {ROW("Cancelled"), "0120T0900 nobody", NULL},
	    {ROW("Study Day"), AWAY, NULL},
	    {ROW("Meeting"), "0120T0900 noise", NULL},
	    {ROW("Shadow"), OPEN, IN_COLUMN},
	    {ROW("TBC"), OPEN, IN_COLUMN},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY_BELOW("Staff Name,Date,Start,End,Shift\r\n", wants, &options);
}

static void
columns_that_say_nothing_of_duty_are_named(void **state)
{
#define LOOSE "were not read, but for words"
	static const struct support_want wants[] = {
	    {ROW("Fenmere Hill 4"), NAMED, LOOSE},
	    {ROW("P Smith"), NAMED, LOOSE},
	    {ROW("x12345"), NAMED, LOOSE},
	    {ROW("Fenmere (sick)"), OPEN, IN_COLUMN},
	    {ROW("Cancelled 12345"), "0120T0900 nobody", LOOSE},
	    {ROW("student Fenmere"), OPEN, IN_COLUMN},
	    {ROW("TBC"), OPEN, IN_COLUMN},
	};
	static const struct support_want unit[] = {
	    {ROW("New House"), NAMED, NULL},
	    {ROW("Zedbury"), NAMED, NULL},
	    {ROW("Zedbury - vacant"), OPEN, IN_COLUMN},
	};
	static const struct support_want several[] = {
	    {"J Jones,20/01/2026,09:00,17:00,Fenmere,12345\r\n", NAMED, "Location, Booking Ref"},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY_BELOW("Staff Name,Date,Start,End,Location,Booking Ref\r\n", several, &options);
	TRY_BELOW("Staff Name,Date,Start,End,Booking Ref\r\n", wants, &options);
	TRY_BELOW("Staff Name,Date,Start,End,Location\r\n", wants, &options);
	TRY_BELOW("Staff Name,Date,Start,End,Unit\r\n", unit, &options);
}

static void
a_heading_may_be_the_word(void **state)
{
	static const struct support_want cancelled[] = {
	    {ROW(""), NAMED, NULL},
	    {ROW("No"), NAMED, NULL},
	    {ROW("0"), NAMED, NULL},
	    {ROW("Yes"), "0120T0900 nobody", NULL},
	    {ROW("1"), "0120T0900 nobody", NULL},
	    {ROW("x"), "0120T0900 nobody", NULL},
	    {ROW("Early"), "0120T0900 nobody", NULL},
	};
	static const struct support_want available[] = {
	    {"J Jones,20/01/2026,09:00,17:00,No\r\n", OPEN, "casts doubt"},
	    {"J Jones,20/01/2026,09:00,17:00,Yes\r\n", OPEN, "casts doubt"},
	};
	static const struct support_want confirmed[] = {
	    {"J Jones,20/01/2026,09:00,17:00,Yes\r\n", NAMED, NULL},
	    {"J Jones,20/01/2026,09:00,17:00,1\r\n", NAMED, NULL},
	    {"J Jones,20/01/2026,09:00,17:00,No\r\n", OPEN, "casts doubt"},
	    {"J Jones,20/01/2026,09:00,17:00,x\r\n", OPEN, "casts doubt"},
	};
	static const struct support_want sick[] = {
	    {ROW("y"), AWAY, NULL}, {ROW("N"), NAMED, NULL}, {ROW("TRUE"), AWAY, NULL}};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY_BELOW("Staff Name,Date,Start,End,Cancelled?\r\n", cancelled, &options);
	TRY_BELOW("Staff Name,Date,Start,End,Sick\r\n", sick, &options);
	TRY_BELOW("Staff Name,Date,Start,End,On leave\r\n", sick, &options);
	TRY_BELOW("Staff Name,Date,Start,End,Available\r\n", available, &options);
	TRY_BELOW("Staff Name,Date,Start,End,Confirmed?\r\n", confirmed, &options);
	TRY_BELOW("Staff Name,Date,Start,End,On Duty\r\n", confirmed, &options);
}

/* A word that is not understood can be decided once, in columns as in titles. */
static void
words_of_columns_are_asked_and_decided(void **state)
{
	static const struct reading_word words[] = {{"present", READING_WORD_NOTHING},
	    {"Zeppelin", READING_WORD_NOTHING}, {"Gone", READING_WORD_AWAY},
	    {"Ghost", READING_WORD_NOBODY}};
	static const struct support_want decided[] = {
	    {"J Jones,20/01/2026,09:00,17:00,Zeppelin,\r\n", NAMED, NULL},
	    {"J Jones,20/01/2026,09:00,17:00,Gone,\r\n", AWAY, NULL},
	    {"J Jones,20/01/2026,09:00,17:00,,Zeppelin\r\n", NAMED, NULL},
	    {"J Jones,20/01/2026,09:00,17:00,Zeppelin,Filled\r\n", NAMED, NULL},
	    {"J Jones,20/01/2026,09:00,17:00,,Present\r\n", NAMED, NULL},
	    {"J Jones,20/01/2026,09:00,17:00,,Other\r\n", OPEN, "status \"Other\""},
	    {"J Jones,20/01/2026,09:00,17:00,,Published\r\n", NAMED, NULL},
	    {"J Jones,20/01/2026,09:00,17:00,,On-call\r\n", NAMED, NULL},
	    {"J Jones,20/01/2026,09:00,17:00,,Yes\r\n", NAMED, NULL},
	    {"J Jones,20/01/2026,09:00,17:00,,No\r\n", OPEN, "status \"No\""},
	    {"J Jones,20/01/2026,09:00,17:00,None,Rostered\r\n", NAMED, NULL},
	    {"J Jones,20/01/2026,09:00,17:00,N/A,Worked\r\n", NAMED, NULL},
	    {"J Jones,20/01/2026,09:00,17:00,,Gone\r\n", AWAY, NULL},
	    {"J Jones,20/01/2026,09:00,17:00,,Ghost\r\n", "0120T0900 nobody", NULL},
	};
	struct reading_options options = support_roster_options();
	struct arena *arena = arena_new(0);
	struct reading reading = support_read(arena, &options,
	    "Staff Name,Date,Start,End,Notes,Status\r\n"
	    "J Jones,20/01/2026,09:00,17:00,Zeppelin,\r\n"
	    "Kay Lee,21/01/2026,09:00,17:00,Zeppelin,\r\n"
	    "A Smith,22/01/2026,09:00,17:00,,Airship\r\n"
	    "A Smith,23/01/2026,09:00,17:00,SICK,Filled\r\n"
	    "A Smith,24/01/2026,09:00,17:00,,Present\r\n");

	(void)state;
	assert_int_equal(reading.nunknown_words, 3);
	assert_string_equal(reading.unknown_words[0].word, "Zeppelin");
	assert_int_equal(reading.unknown_words[0].shifts, 2);
	assert_string_equal(reading.unknown_words[1].word, "Airship");
	assert_int_equal(reading.unknown_words[1].shifts, 1);
	assert_string_equal(reading.unknown_words[2].word, "Present");
	arena_free(arena);
	options.words = words;
	options.nwords = 4;
	TRY_BELOW("Staff Name,Date,Start,End,Notes,Status\r\n", decided, &options);
}

/* Only the hours of the row beside the name say nothing new. */
static void
other_hours_beside_the_name_are_not_the_rows(void **state)
{
	static const struct reading_shift_code codes[] = {
	    {"LD", NULL, READING_CODE_HOURS, 9 * 3600, 17 * 3600}};
	static const struct support_want wants[] = {
	    {ROW("09:00-13:00"), OPEN, IN_COLUMN},
	    {ROW("13:00-17:00"), OPEN, IN_COLUMN},
	    {ROW("until 13:00"), OPEN, IN_COLUMN},
	    {ROW("from 13:00"), OPEN, IN_COLUMN},
	};
	static const struct support_want by_code[] = {
	    {"LD: J Jones,20/01/2026,09:00,17:00,AMHP\r\n", NAMED, NULL},
	    {"LD: J Jones,20/01/2026,09:00,17:00,TBC\r\n", OPEN, IN_COLUMN},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY_BELOW("Staff Name,Date,Start,End,Notes\r\n", wants, &options);
	options.shift_codes = codes;
	options.nshift_codes = 1;
	TRY_BELOW("Staff Name,Date,Start,End,Notes\r\n", by_code, &options);
}

static void
a_team_is_taken_off_by_its_columns(void **state)
{
	static const struct support_want wants[] = {
	    {"EDT,20/01/2026,09:00,17:00,AMHP\r\n", "0120T0900 team", NULL},
	    {"EDT,20/01/2026,09:00,17:00,cancelled\r\n", "0120T0900 nobody", NULL},
	    {"EDT,20/01/2026,09:00,17:00,sick\r\n", "0120T0900 nobody", NULL},
	    {"EDT,20/01/2026,09:00,17:00,meeting\r\n", "0120T0900 noise", NULL},
	    {"EDT,20/01/2026,09:00,17:00,J Jones\r\n", "0120T0900 undecided", IN_COLUMN},
	    {"EDT,20/01/2026,09:00,17:00,Trafalgar team covering\r\n", "0120T0900 undecided",
		IN_COLUMN},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY_BELOW("Staff Name,Date,Start,End,Notes\r\n", wants, &options);
}

/* Leave is theirs whom the columns name, and hers alone only if nobody else is named there. */
static void
the_one_who_is_away_is_the_one_of_the_row(void **state)
{
	static const struct support_want wants[] = {
	    {ROW("on leave; J Jones"), AWAY, NULL},
	    {ROW("J Jones sick; J Jones"), AWAY, NULL},
	    {ROW("Kay Lee sick"), OPEN, IN_COLUMN},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY_BELOW("Staff Name,Date,Start,End,Notes\r\n", wants, &options);
}

/* "late" in a column of notes is doubt, unless the rota's manager has said that it is nothing. */
static void
late_can_be_decided(void **state)
{
	static const struct reading_word words[] = {{"late", READING_WORD_NOTHING}};
	static const struct support_want asked[] = {{ROW("late"), OPEN, IN_COLUMN}};
	static const struct support_want decided[] = {{ROW("late"), NAMED, NULL}};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY_BELOW("Staff Name,Date,Start,End,Notes\r\n", asked, &options);
	options.words = words;
	options.nwords = 1;
	TRY_BELOW("Staff Name,Date,Start,End,Notes\r\n", decided, &options);
}

/* A word that two columns hold, or that the name holds already, is asked once. */
static void
each_unknown_word_is_asked_once(void **state)
{
	static const struct reading_rule rules[] = {{"Zed / Foo", READING_NAMED, "kay-lee", NULL}};
	struct reading_options options = support_roster_options();
	struct arena *arena = arena_new(0);
	struct reading reading = support_read(arena, &options,
	    "Staff Name,Date,Start,End,Notes,Grade\r\n"
	    "J Jones,20/01/2026,09:00,17:00,\"Zeppelin, Airship\",Zeppelin\r\n");

	(void)state;
	assert_int_equal(reading.nunknown_words, 2);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(reading.unknown_words[i].shifts, 1);
	options.rules = rules;
	options.nrules = 1;
	reading = support_read(arena, &options,
	    "Staff Name,Date,Start,End,Notes\r\n"
	    "Zed / Foo,20/01/2026,09:00,17:00,\"Zed, Airship\"\r\n");
	assert_string_equal(support_classes(arena, &reading), OPEN);
	assert_int_equal(reading.nunknown_words, 3);
	for (size_t i = 0; i < reading.nunknown_words; i++)
		assert_int_equal(reading.unknown_words[i].shifts, 1);
	arena_free(arena);
}

/* A row that is read in both orders of its date is one row for its owner. */
static void
an_uncertain_row_is_told_once(void **state)
{
	struct reading_options options = support_roster_options();
	struct arena *arena = arena_new(0);
	struct reading reading;
	unsigned told = 0;

	(void)state;
	options.date_order = READING_DATES_UNSET;
	reading = support_read(
	    arena, &options, "Staff Name,Date,Start,End\r\nJ Jones,02/03/2026,09:00,23:59\r\n");
	assert_string_equal(support_spans(arena, &reading),
	    "0203T0900-0204T0000 tentative;0302T0900-0303T0000 tentative");
	for (size_t i = 0; i < reading.nfindings; i++)
		told += strstr(reading.findings[i].text, "is 23:59") != NULL;
	assert_int_equal(told, 1);
	arena_free(arena);
}

/* The title of the name has told already that its day is another: the column says nothing new. */
static void
a_name_of_another_day_is_told_once(void **state)
{
	struct reading_options options = support_roster_options();
	struct arena *arena = arena_new(0);
	struct reading reading = support_read(arena, &options,
	    "Staff Name,Date,Start,End,Notes\r\nWed J Jones,20/01/2026,09:00,17:00,AMHP\r\n");

	(void)state;
	assert_string_equal(support_classes(arena, &reading), OPEN);
	assert_true(support_finding(&reading, NULL, "names another day"));
	assert_false(support_finding(&reading, NULL, IN_COLUMN));
	arena_free(arena);
}

static void
leave_is_granted_by_its_status_or_by_a_word_for_leave(void **state)
{
#define LEAVE(status) "J Jones,20/01/2026,,," status "\r\n"
	static const struct reading_word words[] = {{"Airship", READING_WORD_AWAY}};
	static const struct support_want wants[] = {
	    {LEAVE("Annual leave"), "0120T0000 absence", NULL},
	    {LEAVE("Sick"), "0120T0000 absence", NULL},
	    {LEAVE("Airship"), "0120T0000 absence", NULL},
	    {LEAVE("Requested"), "0120T0000 undecided", "status \"Requested\""},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	options.words = words;
	options.nwords = 1;
	options.absences = true;
	TRY_BELOW("Staff Name,Date,Start,End,Status\r\n", wants, &options);
}

/* A name that only a decision has found counts with its columns, too, and is doubted by them. */
static void
decided_names_are_read_with_their_columns(void **state)
{
	static const struct reading_rule rules[] = {{"Desk 4", READING_NAMED, "kay-lee", NULL},
	    {"Desk 5", READING_TEAM, NULL, "EDT"}, {"Desk 6", READING_NAMED, "r-green-1", NULL},
	    {"Desk 7", READING_NAMED, "left-us", NULL}};
	static const struct support_want wants[] = {
	    {"Desk 4,20/01/2026,09:00,17:00,\r\n", NAMED, NULL},
	    {"Desk 4,20/01/2026,09:00,17:00,AMHP\r\n", NAMED, NULL},
	    {"Desk 4,20/01/2026,09:00,17:00,Sick\r\n", AWAY, NULL},
	    {"Desk 4,20/01/2026,09:00,17:00,TBC\r\n", OPEN, IN_COLUMN},
	    {"EDT,20/01/2026,09:00,17:00,\r\n", "0120T0900 team", NULL},
	    {"EDT,20/01/2026,09:00,17:00,TBC\r\n", "0120T0900 undecided", IN_COLUMN},
	    {"J Jones / Kay Lee,20/01/2026,09:00,17:00,AMHP\r\n", NAMED ";" NAMED,
		"names several people"},
	    {"J Jones / Kay Lee,20/01/2026,09:00,17:00,TBC\r\n", OPEN ";" OPEN, IN_COLUMN},
	    /* Which of the two comes is not known. */
	    {"J Jones / Kay Lee,20/01/2026,09:00,17:00,Kay Lee\r\n", OPEN ";" OPEN, IN_COLUMN},
	    {"J Jones / Kay Lee,20/01/2026,09:00,17:00,covering for S Ahmed\r\n", NAMED ";" NAMED,
		"names several people"},
	    {"J Jones,20/01/2026,09:00,17:00,J Jones\r\n", NAMED, NULL},
	    /* Beside words, nothing but a name of the directory can stand for what was decided. */
	    {"Desk 5,20/01/2026,09:00,17:00,\r\n", "0120T0900 team", NULL},
	    {"Desk 5,20/01/2026,09:00,17:00,AMHP\r\n", "0120T0900 undecided", IN_COLUMN},
	    {"Desk 6,20/01/2026,09:00,17:00,\r\n", NAMED, NULL},
	    {"Desk 6,20/01/2026,09:00,17:00,AMHP\r\n", OPEN, IN_COLUMN},
	    {"Desk 7,20/01/2026,09:00,17:00,AMHP\r\n", OPEN, IN_COLUMN},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	options.rules = rules;
	options.nrules = 4;
	TRY_BELOW("Staff Name,Date,Start,End,Notes\r\n", wants, &options);
}

static void
midnight_to_midnight_is_a_day_only_by_a_code(void **state)
{
	static const struct reading_shift_code codes[] = {
	    {"24", NULL, READING_CODE_HOURS, 0, 86400}, {"W", NULL, READING_CODE_HOURS, 0, 0},
	    {"E", NULL, READING_CODE_HOURS, 7 * 3600, 15 * 3600}};
	static const struct support_want wants[] = {
	    {"J Jones,20/01/2026,00:00,00:00,\r\n", "0120T0000 tentative", "from 00:00 to 00:00"},
	    {"J Jones,20/01/2026,0:00,00:00:00,Late\r\n", "0120T0000 tentative",
		"from 00:00 to 00:00"},
	    {"J Jones,20/01/2026,00:00,00:00,A/L\r\n", "0120T0000 absence", NULL},
	    {"EDT,20/01/2026,00:00,00:00,\r\n", "0120T0000 undecided", "from 00:00 to 00:00"},
	    {"J Jones,20/01/2026,00:00,24:00,\r\n", "0120T0000 named", NULL},
	    {"J Jones,20/01/2026,00:00,23:59,\r\n", "0120T0000 named", "is 23:59"},
	    {"J Jones,20/01/2026,00:00,23:59:59,\r\n", "0120T0000 named", "is 23:59"},
	    {"J Jones,20/01/2026,00:00,23:59:30,\r\n", "", "is not HH:MM"},
	    {"J Jones,20/01/2026,09:00,09:00,\r\n", NAMED, NULL},
	    {"J Jones,20/01/2026,23:59,23:59,\r\n", "0120T2359 named", NULL},
	};
	static const struct support_want by_code[] = {
	    {"J Jones,20/01/2026,00:00,00:00,24\r\n", "0120T0000 named", NULL},
	    {"J Jones,20/01/2026,00:00,00:00,w\r\n", "0120T0000 named", NULL},
	    {"J Jones,20/01/2026,00:00,00:00,E\r\n", "0120T0000 tentative", "from 00:00 to 00:00"},
	};
	static const struct support_want leave[] = {
	    {"J Jones,20/01/2026,00:00,00:00,\r\n", "0120T0000 absence", NULL},
	    {"J Jones,20/01/2026,00:01,23:59,\r\n", "0120T0000 absence", "begins at 00:01"},
	    {"J Jones,20/01/2026,20/01/2026 00:00,20/01/2026 00:00,\r\n", "0120T0000 absence",
		NULL},
	    {"J Jones,20/01/2026,,,Cancelled\r\n", "0120T0000 undecided", IN_COLUMN},
	    {"J Jones,20/01/2026,20/01/2026 09:00,20/01/2026 09:00,\r\n", "",
		"ends before it starts"},
	};
	static const struct support_want noted[] = {
	    {"J Jones,20/01/2026,,,Cancelled\r\n", "0120T0000 undecided", IN_COLUMN},
	    {"J Jones,20/01/2026,,,declined\r\n", "0120T0000 undecided", IN_COLUMN},
	    {"J Jones,20/01/2026,,,visiting Zed\r\n", "0120T0000 absence", NULL},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY_BELOW("Staff Name,Date,Start,End,Shift\r\n", wants, &options);
	options.shift_codes = codes;
	options.nshift_codes = 3;
	TRY_BELOW("Staff Name,Date,Start,End,Shift\r\n", by_code, &options);
	options.nshift_codes = 0;
	options.absences = true;
	TRY_BELOW("Staff Name,Date,Start,End,Shift\r\n", leave, &options);
	TRY_BELOW("Staff Name,Date,Start,End,Notes\r\n", noted, &options);
}

static void
another_day_or_shift_than_the_rows_counts_for_nobody(void **state)
{
	/* 20 January 2026 is a Tuesday. */
	static const struct support_want wants[] = {
	    {"J Jones,20/01/2026,09:00,17:00,,\r\n", NAMED, NULL},
	    {"J Jones 20th,20/01/2026,09:00,17:00,,\r\n", NAMED, NULL},
	    {"\"JONES, J (Ms)\",20/01/2026,09:00,17:00,,\r\n", NAMED, NULL},
	    {"\"Jones, J [B6]\",20/01/2026,09:00,17:00,,\r\n", NAMED, NULL},
	    {"\"Jones, J (sick)\",20/01/2026,09:00,17:00,,\r\n", AWAY, NULL},
	    {"J Jones 24th,20/01/2026,09:00,17:00,,\r\n", OPEN, "names another day"},
	    {"Wed J Jones,20/01/2026,09:00,17:00,,\r\n", OPEN, "names another day"},
	    {"J Jones,20/01/2026,09:00,17:00,,Tue\r\n", NAMED, NULL},
	    {"J Jones,20/01/2026,09:00,17:00,,24/01\r\n", OPEN, "\"Notes\""},
	    {"J Jones,20/01/2026,09:00,17:00,,Wed only\r\n", OPEN, "\"Notes\""},
	    {"J Jones,20/01/2026,09:00,17:00,Day,\r\n", NAMED, NULL},
	    {"J Jones,20/01/2026,09:00,17:00,Night,\r\n", OPEN, "\"Shift\""},
	    {"J Jones,20/01/2026,09:00,17:00,D,\r\n", NAMED, NULL},
	    {"J Jones,20/01/2026,09:00,17:00,N,\r\n", OPEN, "\"Shift\""},
	    {"J Jones,20/01/2026,09:00,17:00,L,\r\n", OPEN, "\"Shift\""},
	    {"J Jones,20/01/2026,09:00,17:00,,covering for Kay Lee\r\n", NAMED, NULL},
	    {"J Jones,20/01/2026,09:00,17:00,,instead of K Nowak\r\n", OPEN, "\"Notes\""},
	    {"J Jones,20/01/2026,09:00,17:00,,Kay Lee covering\r\n", OPEN, "\"Notes\""},
	    {"J Jones,20/01/2026,09:00,17:00,,swap with Kay Lee\r\n", OPEN, "\"Notes\""},
	    {"J Jones,20/01/2026,09:00,21:00,AM,\r\n", OPEN, "\"Shift\""},
	    {"J Jones,20/01/2026,09:00,17:00,,9-5\r\n", NAMED, NULL},
	    {"J Jones,20/01/2026,09:00,17:00,,8-4\r\n", OPEN, "\"Notes\""},
	};
	static const struct reading_shift_code codes[] = {
	    {"Night", NULL, READING_CODE_HOURS, 9 * 3600, 17 * 3600}};
	static const struct support_want by_code[] = {
	    {"J Jones,20/01/2026,09:00,17:00,Night,\r\n", NAMED, NULL},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY_BELOW("Staff Name,Date,Start,End,Shift,Notes\r\n", wants, &options);
	options.shift_codes = codes;
	options.nshift_codes = 1;
	TRY_BELOW("Staff Name,Date,Start,End,Shift,Notes\r\n", by_code, &options);
}

#define ON(date) "J Jones," date ",09:00,17:00\r\n"
#define BOTH(first, second) first " tentative;" second " tentative"

static void
the_file_or_the_rota_says_how_dates_are_written(void **state)
{
	static const struct support_want unset[] = {
	    {ON("20/01/2026"), "0120T0900 named", NULL},
	    {ON("02/01/2026") ON("20/01/2026"), "0102T0900 named;0120T0900 named", NULL},
	    {ON("02/03/2026"), BOTH("0203T0900", "0302T0900"), "may be dd/mm/yyyy or mm/dd/yyyy"},
	    {ON("2.3.2026"), BOTH("0203T0900", "0302T0900"), "may be dd/mm/yyyy or mm/dd/yyyy"},
	    /* One day in either order, and dates without an order. */
	    {ON("03/03/2026"), "0303T0900 named", NULL},
	    {ON("2026-03-02") ON("3 Mar 2026"), "0302T0900 named;0303T0900 named", NULL},
	    {"J Jones,2026-03-02,02/03/2026 09:00,17:00\r\n", "0302T0900 tentative",
		"may be dd/mm/yyyy or mm/dd/yyyy"},
	    {"J Jones,2026-03-01,20:00,02/03/2026 08:00\r\n", "0301T2000 tentative",
		"may be dd/mm/yyyy or mm/dd/yyyy"},
	    {ON("2026-03-02") ON("02/03/2026"),
		"0203T0900 tentative;0302T0900 tentative;0302T0900 named",
		"may be dd/mm/yyyy or mm/dd/yyyy"},
	    {ON("01/13/2026"), "refused", "can only be mm/dd/yyyy"},
	    {ON("02/03/2026") ON("20/01/2026") ON("01/20/2026"), "refused",
		"can only be mm/dd/yyyy"},
	    {ON("32/01/2026") ON("20/01/2026"), "0120T0900 named", "is not dd/mm/yyyy"},
	    /* A date beside a time is a date. */
	    {"J Jones,02/03/2026,09:00,20/03/2026 17:00\r\n" ON("04/03/2026"), "0304T0900 named",
		"lasts more than"},
	};
	static const struct support_want dmy[] = {
	    {ON("02/03/2026"), "0302T0900 named", NULL},
	    {ON("03/20/2026"), "refused", "can only be mm/dd/yyyy"},
	};
	static const struct support_want mdy[] = {
	    {ON("02/03/2026") ON("02/20/2026"), "0203T0900 named;0220T0900 named", NULL},
	    {ON("20/03/2026"), "refused", "can only be dd/mm/yyyy"},
	    {"J Jones,02/03/2026,20:00,02/04/2026 08:00\r\n", "0203T2000 named", NULL},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	options.date_order = READING_DATES_UNSET;
	TRY_BELOW("Staff Name,Date,Start,End\r\n", unset, &options);
	options.date_order = READING_DATES_DMY;
	TRY_BELOW("Staff Name,Date,Start,End\r\n", dmy, &options);
	options.date_order = READING_DATES_MDY;
	TRY_BELOW("Staff Name,Date,Start,End\r\n", mdy, &options);
}

static void
a_weekday_tells_the_order_or_refuses(void **state)
{
	static const struct support_want wants[] = {
	    /* 2 March 2026 is a Monday, 3 February a Tuesday. */
	    {"J Jones,Mon,02/03/2026,09:00,17:00\r\n", "0302T0900 named", NULL},
	    {"J Jones,monday,02/03/2026,09:00,17:00\r\n", "0302T0900 named", NULL},
	    {"J Jones,Tue,02/03/2026,09:00,17:00\r\n", "refused", "can only be mm/dd/yyyy"},
	    {"J Jones,Wed,02/03/2026,09:00,17:00\r\n", "refused", "\"02/03/2026\" is no Wed"},
	    {"J Jones,Wed,20/01/2026,09:00,17:00\r\n", "refused", "\"20/01/2026\" is no Wed"},
	    {"J Jones,Mon,2026-01-20,09:00,17:00\r\n", "refused", "is no Mon"},
	    /* 6 January and 1 June 2026: a Tuesday and a Monday. */
	    {"J Jones,Tues,06/01/2026,09:00,17:00\r\nJ Jones,,07/01/2026,09:00,17:00\r\n",
		"0106T0900 named;0107T0900 named", NULL},
	    {"J Jones,Tue,03/03/2026,09:00,17:00\r\n", "0303T0900 named", NULL},
	    {"J Jones,Wed,03/03/2026,09:00,17:00\r\nJ Jones,Fri,20/01/2026,09:00,17:00\r\n",
		"refused", "\"03/03/2026\" is no Wed"},
	    /* A column with another word in it is none of weekdays. */
	    {"J Jones,Day,20/01/2026,09:00,17:00\r\n", "0120T0900 named", NULL},
	    {"J Jones,Tue,20/01/2026,09:00,17:00\r\nJ Jones,Zeppelin,21/01/2026,09:00,17:00\r\n",
		"0120T0900 named;0121T0900 tentative", IN_COLUMN},
	};
	static const struct support_want mdy[] = {
	    {"J Jones,Tue,02/03/2026,09:00,17:00\r\n", "0203T0900 named", NULL},
	    {"J Jones,Mon,02/03/2026,09:00,17:00\r\n", "refused", "can only be dd/mm/yyyy"},
	    {"J Jones,Tue,01/20/2026,09:00,17:00\r\n", "0120T0900 named", NULL},
	    {"J Jones,Thu,01/20/2026,09:00,17:00\r\n", "refused", "\"01/20/2026\" is no Thu"},
	};
	struct reading_options options = support_roster_options();

	(void)state;
	options.date_order = READING_DATES_UNSET;
	TRY_BELOW("Staff Name,Day,Date,Start,End\r\n", wants, &options);
	options.date_order = READING_DATES_MDY;
	TRY_BELOW("Staff Name,Weekday,Date,Start,End\r\n", mdy, &options);
}

static void
what_must_be_asked_is_shown_under_both_readings(void **state)
{
	static const char *const states[] = {"Unfilled", "AL"};
	struct reading_options options = support_roster_options();
	struct arena *arena = arena_new(0);
	struct reading reading;

	(void)state;
	options.date_order = READING_DATES_UNSET;
	reading = support_read(arena, &options,
	    "Staff Name,Date,Start,End\r\n" ON("05/05/2026") ON("02/03/2026") ON("03/03/2026") ON(
		"04/03/2026") ON("05/03/2026") ON("06/03/2026") ON("07/03/2026") ON("08/03/2026"));
	assert_true(reading.ambiguous_dates);
	assert_int_equal(reading.ndates, READING_DATES_SHOWN);
	assert_int_equal(reading.dates[0].line, 3);
	assert_string_equal(reading.dates[0].written, "02/03/2026");
	assert_int_equal(reading.dates[0].dmy, civil_days(2026, 3, 2));
	assert_int_equal(reading.dates[0].mdy, civil_days(2026, 2, 3));
	assert_int_equal(reading.dates[1].line, 5);
	/* Neither nobody nor an absence is certain of a day that is not. */
	for (size_t i = 0; i < 2; i++) {
		reading = support_read(arena, &options,
		    arena_printf(arena,
			"Staff Name,Date,Start,End,Status\r\nJ Jones,02/03/2026,09:00,17:00,%s\r\n",
			states[i]));
		assert_int_equal(reading.noccurrences, 2);
		assert_int_equal(
		    reading.occurrences[0].class, i == 0 ? READING_UNDECIDED : READING_TENTATIVE);
		assert_int_equal(reading.occurrences[1].class, reading.occurrences[0].class);
		assert_string_not_equal(reading.occurrences[0].key, reading.occurrences[1].key);
	}
	arena_free(arena);
}

static void
what_is_no_list_of_shifts_is_refused_as_what_it_is(void **state)
{
#define GRID "grid with a column for each day"
#define LIST "list of days with a column for each duty"
	static const struct support_want wants[] = {
	    {"Name,Mon 5,Tue 6,Wed 7\r\nJ Jones,E,L,N\r\n", "refused", GRID},
	    {"Rota,,,\r\nName,05/01/2026,06/01/2026,07/01/2026\r\n", "refused", GRID},
	    {",Monday,Tuesday,Wednesday,Thursday\r\nJ Jones,E,L,N,\r\n", "refused", GRID},
	    {"Staff,5 Jan,6 Jan,7 Jan\r\n", "refused", GRID},
	    {"Date,On call\r\n05/01/2026,J Jones\r\n", "refused", LIST},
	    {"Week commencing,First,Second\r\n05/01/2026,J Jones,Kay Lee\r\n", "refused",
		"list of weeks with a column for each duty"},
	    {"Date,Day,09:00-17:00,17:00-09:00\r\n05/01/2026,Mon,J Jones,Kay Lee\r\n", "refused",
		LIST},
	    {"Clinician,Start Date,Start Time,End Date,End Time\r\n"
	     "J Jones,05/01/2026,21:00,06/01/2026,09:00\r\n",
		"refused", "no column Staff Name; it has: Clinician, Start Date"},
	    {"Date,Hours,Name\r\n05/01/2026,09:00-17:00,J Jones\r\n", "refused",
		"no column Start; it has: Date, Hours, Name"},
	    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1zzzz", "refused", "before 2007"},
	    {"%PDF-1.4 zzzz", "refused", "PDF"},
	    {"{\\rtf1 zzzz", "refused", "word processor"},
	};
	/* As a roster it is one (tests/unit/calendars/workbook). */
	static const struct support_want workbook = {
	    "PK\x03\x04zzzz", "refused", "workbook of Excel"};
	struct reading_options options = support_roster_options();

	(void)state;
	TRY_BELOW("", wants, &options);
	options.kind = READING_ICALENDAR;
	support_try("", wants + 9, 3, &options);
	support_try("", &workbook, 1, &options);
}

/* ---- dates at random, against a second reading
 * ------------------------------------------------------------------------------------ */

#define ROUNDS 4000

static unsigned
dice(uint64_t *seed, unsigned sides)
{
	*seed = *seed * 6364136223846793005U + 1442695040888963407U;
	return (unsigned)(*seed >> 33) % sides;
}

/* Whether all ${count} dates are days when ${day} and ${month} are taken so. */
static bool
all_fit(int (*dates)[2], size_t count, bool dmy)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	for (size_t i = 0; i < count; i++) {
		int day = dates[i][dmy ? 0 : 1], month = dates[i][dmy ? 1 : 0];

		if (month < 1 || month > 12 || day < 1 || day > days[month - 1])
			return false;
	}
	return true;
}

static void
files_at_random_are_read_refused_or_asked_about(void **state)
{
	struct reading_options options = support_roster_options();
	uint64_t seed = 99;
	size_t seen[3] = {0};

	(void)state;
	options.date_order = READING_DATES_UNSET;
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct arena *arena = arena_new(0);
		int dates[4][2];
		size_t count = 1 + dice(&seed, 4), uncertain = 0;
		bool turned = dice(&seed, 3) == 0;
		const char *text = "Staff Name,Date,Start,End\r\n";
		struct reading reading;

		for (size_t i = 0; i < count; i++) {
			int day = 1 + (int)dice(&seed, dice(&seed, 2) == 0 ? 28 : 12);
			int month = 1 + (int)dice(&seed, 12);

			dates[i][0] = turned ? month : day;
			dates[i][1] = turned ? day : month;
			uncertain += day != month && day <= 12;
			text = arena_printf(arena, "%sJ Jones,%02d/%02d/2026,09:00,17:00\r\n", text,
			    dates[i][0], dates[i][1]);
		}
		reading = support_read(arena, &options, text);
		if (!all_fit(dates, count, true)) {
			assert_true(reading.refused);
			seen[0]++;
		} else if (!all_fit(dates, count, false) || uncertain == 0) {
			assert_false(reading.refused || reading.ambiguous_dates);
			assert_int_equal(reading.counts[READING_NAMED], count);
			seen[1]++;
		} else {
			assert_true(reading.ambiguous_dates);
			assert_int_equal(reading.counts[READING_NAMED], count - uncertain);
			assert_int_equal(reading.counts[READING_TENTATIVE], 2 * uncertain);
			seen[2]++;
		}
		for (size_t i = 0; i < reading.noccurrences; i++) {
			const struct reading_occurrence *o = &reading.occurrences[i];
			struct civil c = civil_of(o->start);
			bool written = false;

			for (size_t j = 0; j < count; j++)
				written =
				    written || (dates[j][0] == c.day && dates[j][1] == c.month);
			assert_true(o->class != READING_NAMED || written);
		}
		arena_free(arena);
	}
	for (size_t i = 0; i < 3; i++)
		assert_true(seen[i] > 200);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_column_has_the_force_of_a_title),
	    cmocka_unit_test(a_slot_keeps_its_uid_by_its_grade),
	    cmocka_unit_test(a_shift_is_a_word_that_somebody_knows),
	    cmocka_unit_test(columns_that_say_nothing_of_duty_are_named),
	    cmocka_unit_test(a_heading_may_be_the_word),
	    cmocka_unit_test(words_of_columns_are_asked_and_decided),
	    cmocka_unit_test(other_hours_beside_the_name_are_not_the_rows),
	    cmocka_unit_test(a_team_is_taken_off_by_its_columns),
	    cmocka_unit_test(the_one_who_is_away_is_the_one_of_the_row),
	    cmocka_unit_test(late_can_be_decided),
	    cmocka_unit_test(each_unknown_word_is_asked_once),
	    cmocka_unit_test(a_name_of_another_day_is_told_once),
	    cmocka_unit_test(an_uncertain_row_is_told_once),
	    cmocka_unit_test(leave_is_granted_by_its_status_or_by_a_word_for_leave),
	    cmocka_unit_test(decided_names_are_read_with_their_columns),
	    cmocka_unit_test(midnight_to_midnight_is_a_day_only_by_a_code),
	    cmocka_unit_test(another_day_or_shift_than_the_rows_counts_for_nobody),
	    cmocka_unit_test(the_file_or_the_rota_says_how_dates_are_written),
	    cmocka_unit_test(a_weekday_tells_the_order_or_refuses),
	    cmocka_unit_test(what_must_be_asked_is_shown_under_both_readings),
	    cmocka_unit_test(what_is_no_list_of_shifts_is_refused_as_what_it_is),
	    cmocka_unit_test(files_at_random_are_read_refused_or_asked_about),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
