/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/calendars/support.h"

/* Ends a minute before midnight, whole days that are written as times, leave, changes of a shift
 * and all later ones, and who has declined to come. */

struct want {
	const char *body, *spans, *finding; /* of "a"; NULL: none at all */
};

#define EVENT(lines) "BEGIN:VEVENT\r\nUID:a\r\n" lines "END:VEVENT\r\n"
#define SPAN(from, to, more) EVENT("DTSTART" from "\r\nDTEND" to "\r\nSUMMARY:J Jones" more "\r\n")
#define LONDON ";TZID=Europe/London:2026"

static void
try_all(const struct want *wants, size_t count, const struct reading_options *options)
{
	for (size_t i = 0; i < count; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading = support_read(arena, options,
		    arena_printf(arena, "BEGIN:VCALENDAR\r\n%sEND:VCALENDAR\r\n", wants[i].body));
		const char *got = support_spans(arena, &reading);

		if (strcmp(got, wants[i].spans) != 0)
			fail_msg("%s\ngives %s\nwants %s", wants[i].body, got, wants[i].spans);
		if (wants[i].finding != NULL ? !support_finding(&reading, "a", wants[i].finding)
					     : reading.nfindings != 0)
			fail_msg("%s\nwants the finding %s", wants[i].body, wants[i].finding);
		/* No finding says that something was left out which was read. */
		if (strcmp(got, "") != 0 && support_finding(&reading, "a", "covers nothing"))
			fail_msg("%s\ngives %s and is said to cover nothing", wants[i].body, got);
		arena_free(arena);
	}
}

#define TRY(wants, options) try_all((wants), sizeof(wants) / sizeof *(wants), (options))

static void
an_end_at_2359_is_midnight(void **state)
{
	static const struct want wants[] = {
	    {SPAN(LONDON "1201T000000", LONDON "1201T235900", ""), "1201T0000-1202T0000 named",
		"is 23:59"},
	    {SPAN(LONDON "1201T000000", LONDON "1201T235959", ""), "1201T0000-1202T0000 named",
		"is 23:59"},
	    {SPAN(LONDON "0701T200000", LONDON "0701T235900", ""), "0701T1900-0701T2300 named",
		"is 23:59"},
	    {SPAN(":20261205T200000Z", ":20261205T235900Z", ""), "1205T2000-1206T0000 named",
		"is 23:59"},
	    {SPAN(":20260705T200000Z", ":20260705T225900Z", ""), "0705T2000-0705T2300 named",
		"is 23:59"},
	    {SPAN(":20260705T200000", ":20260705T235959", ""), "0705T1900-0705T2300 named",
		"is 23:59"},
	    {EVENT("DTSTART" LONDON "1201T000000\r\nDURATION:PT23H59M\r\nSUMMARY:J Jones\r\n"),
		"1201T0000-1202T0000 named", "is 23:59"},
	    {EVENT("DTSTART" LONDON "1201T000000\r\nDURATION:P1DT23H59M59S\r\nSUMMARY:J Jones\r\n"),
		"1201T0000-1203T0000 named", "is 23:59"},
	    {EVENT(
		 "DTSTART" LONDON "1201T090000\r\nDTEND" LONDON "1201T170000\r\nRDATE;VALUE=PERIOD;"
		 "TZID=Europe/London:20261203T200000/20261203T235900\r\nSUMMARY:J Jones\r\n"),
		"1201T0900-1201T1700 named;1203T2000-1204T0000 named", "is 23:59"},
	    {EVENT("DTSTART" LONDON "1024T000000\r\nDTEND" LONDON
		   "1024T235900\r\nRRULE:FREQ=DAILY;COUNT=3\r\nSUMMARY:J Jones\r\n"),
		"1023T2300-1024T2300 named;1024T2300-1026T0000 named;1026T0000-1027T0000 named",
		"is 23:59"},
	    /* Another clock's midnight is no midnight here, nor is any other end. */
	    {SPAN(";TZID=America/New_York:20261201T180000", LONDON "1202T000100", ""),
		"1201T2300-1202T0001 named", NULL},
	    {SPAN(LONDON "1201T000000", LONDON "1201T235800", ""), "1201T0000-1201T2358 named",
		NULL},
	    {SPAN(LONDON "1201T235900", LONDON "1201T235900", ""), "", "has no length"},
	};
	struct reading_options options = support_options();

	(void)state;
	TRY(wants, &options);
}

static void
leave_of_a_day_is_the_whole_day(void **state)
{
	static const struct want wants[] = {
	    {SPAN(LONDON "0701T000000", LONDON "0701T000000", " A/L"),
		"0630T2300-0701T2300 absence", "The leave has no length"},
	    {SPAN(":20261207T000000Z", ":20261207T000000Z", " - Holiday"),
		"1207T0000-1208T0000 absence", "The leave has no length"},
	    {EVENT("DTSTART" LONDON "1207T000000\r\nSUMMARY:J Jones A/L\r\n"),
		"1207T0000-1208T0000 absence", "The leave has no length"},
	    {EVENT("DTSTART" LONDON "1207T000000\r\nDURATION:PT0S\r\nRRULE:FREQ=DAILY;COUNT=2\r\n"
		   "SUMMARY:J Jones A/L\r\n"),
		"1207T0000-1208T0000 absence;1208T0000-1209T0000 absence",
		"The leave has no length"},
	    {SPAN(LONDON "1207T000100", LONDON "1207T235900", " A/L"),
		"1207T0000-1208T0000 absence", "begins at 00:01"},
	    {SPAN(LONDON "1207T000100", LONDON "1209T235959", " A/L"),
		"1207T0000-1210T0000 absence", "begins at 00:01"},
	    {SPAN(LONDON "0701T000100", LONDON "0702T000000", " A/L"),
		"0630T2300-0701T2300 absence", "begins at 00:01"},
	    /* Of cover nothing is made: no length, no cover. */
	    {SPAN(LONDON "0701T000000", LONDON "0701T000000", ""), "",
		"has no length, so it covers nothing"},
	    {SPAN(LONDON "0701T000000", LONDON "0701T000000", " TBC"), "",
		"has no length, so it covers nothing"},
	    {SPAN(LONDON "0701T000000", LONDON "0701T000000", " A/L\r\nSTATUS:CANCELLED"), "",
		NULL},
	    {SPAN(LONDON "0701T090000", LONDON "0701T090000", " A/L"), "",
		"has no length, so it covers nothing"},
	    {SPAN(LONDON "1207T000100", LONDON "1207T235900", ""), "1207T0001-1208T0000 named",
		"is 23:59"},
	    {SPAN(LONDON "1207T000100", LONDON "1207T120000", " A/L"),
		"1207T0001-1207T1200 absence", NULL},
	};
	static const struct want away[] = {
	    {SPAN(LONDON "1207T000000", LONDON "1207T000000", ""), "1207T0000-1208T0000 absence",
		"The leave has no length"},
	};
	struct reading_options options = support_options();

	(void)state;
	TRY(wants, &options);
	options.absences = true;
	TRY(away, &options);
}

#define MARK "\r\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE"

static void
a_marked_day_is_an_all_day_event(void **state)
{
	static const struct want by_nine[] = {
	    {SPAN(";TZID=GMT Standard Time:20260705T000000",
		 ";TZID=GMT Standard Time:20260706T000000", MARK),
		"0705T0800-0706T0800 named", NULL},
	    {SPAN(LONDON "0705T000000", LONDON "0707T000000", MARK), "0705T0800-0707T0800 named",
		NULL},
	    {SPAN(LONDON "0705T000000", LONDON "0705T000000", MARK), "0705T0800-0706T0800 named",
		"read as one day"},
	    {SPAN(":20260704T230000Z", ":20260705T230000Z", MARK), "0705T0800-0706T0800 named",
		NULL},
	    {SPAN(LONDON "0705T000000", LONDON "0705T235900", MARK), "0705T0800-0706T0800 named",
		"is 23:59"},
	    {SPAN(";TZID=Europe/Paris:20260705T000000", ";TZID=Europe/Paris:20260706T000000", MARK),
		"0705T0800-0706T0800 named", NULL},
	    {SPAN(";TZID=GMT:20260705T000000", ";TZID=GMT:20260706T000000", MARK),
		"0705T0800-0706T0800 named", NULL},
	    {EVENT("DTSTART" LONDON "0705T000000\r\nDTEND" LONDON
		   "0706T000000\r\nSUMMARY:J Jones" MARK
		   "\r\nRRULE:FREQ=WEEKLY;UNTIL=20260718T230000Z\r\n"),
		"0705T0800-0706T0800 named;0712T0800-0713T0800 named;0719T0800-0720T0800 named",
		NULL},
	    {EVENT("DTSTART" LONDON "0705T000000\r\nDTEND" LONDON
		   "0706T000000\r\nSUMMARY:J Jones" MARK
		   "\r\nRRULE:FREQ=DAILY;COUNT=4\r\nEXDATE:20260705T230000Z\r\nEXDATE" LONDON
		   "0707T000000\r\n"),
		"0705T0800-0706T0800 named;0706T0800-0707T0800 cancelled;"
		"0707T0800-0708T0800 cancelled;0708T0800-0709T0800 named",
		NULL},
	    {EVENT("DTSTART" LONDON "0705T000000\r\nDTEND" LONDON
		   "0706T000000\r\nSUMMARY:J Jones" MARK "\r\nRRULE:FREQ=DAILY;COUNT=2\r\n")
		    EVENT("RECURRENCE-ID:20260705T230000Z\r\nDTSTART" LONDON
			  "0706T100000\r\nDTEND" LONDON "0706T110000\r\nSUMMARY:Kay Lee\r\n"),
		"0705T0800-0706T0800 named;0706T0900-0706T1000 named", NULL},
	    {EVENT("DTSTART" LONDON "0705T000000\r\nDTEND" LONDON
		   "0706T000000\r\nSUMMARY:J Jones" MARK "\r\nRDATE" LONDON "0708T000000\r\n"),
		"0705T0800-0706T0800 named;0708T0800-0709T0800 named", NULL},
	    /* Not at midnight, not marked. */
	    {SPAN(LONDON "0705T010000", LONDON "0706T010000", MARK), "0705T0000-0706T0000 named",
		NULL},
	    {SPAN(LONDON "0705T000000", LONDON "0706T000000",
		 "\r\nX-MICROSOFT-CDO-ALLDAYEVENT:FALSE"),
		"0704T2300-0705T2300 named", NULL},
	    {SPAN(
		 LONDON "0705T000000", LONDON "0706T000000", "\r\nX-MICROSOFT-CDO-BUSYSTATUS:FREE"),
		"0704T2300-0705T2300 named", NULL},
	    {SPAN(LONDON "0705T000000", LONDON "0706T000000",
		 MARK "\r\nX-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE"),
		"0705T0800-0706T0800 tentative", NULL},
	};
	struct reading_options options = support_options();

	(void)state;
	options.all_day_rule = true;
	options.all_day_start = 9 * 3600;
	options.all_day_hours = 24;
	TRY(by_nine, &options);
}

#define SERIES                                                                                     \
	EVENT("DTSTART" LONDON "0601T090000\r\nDTEND" LONDON "0601T170000\r\nSUMMARY:J Jones\r\n"  \
	      "RRULE:FREQ=WEEKLY;COUNT=5\r\n")
#define FROM_THEN(id, start, end, more)                                                            \
	EVENT("RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/London:2026" id                       \
	      "T090000\r\nDTSTART" LONDON start "\r\nDTEND" LONDON end "\r\n" more)

static void
later_shifts_follow_a_rule_of_their_own_or_are_undecided(void **state)
{
	static const struct want wants[] = {
	    {SERIES FROM_THEN("0615", "0616T100000", "0616T180000",
		 "SUMMARY:Kay Lee\r\nRRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=20260715T000000Z\r\n"),
		"0601T0800-0601T1600 named;0608T0800-0608T1600 named;0616T0900-0616T1700 named;"
		"0630T0900-0630T1700 named;0714T0900-0714T1700 named",
		NULL},
	    /* The order of the file does not matter, nor do dates instead of a rule. */
	    {FROM_THEN("0615", "0616T100000", "0616T180000",
		 "SUMMARY:Kay Lee\r\nRDATE" LONDON "0620T100000\r\n") SERIES,
		"0601T0800-0601T1600 named;0608T0800-0608T1600 named;0616T0900-0616T1700 named;"
		"0620T0900-0620T1700 named",
		NULL},
	    /* One of the new series changed, one of it taken out. */
	    {SERIES FROM_THEN("0615", "0615T090000", "0615T170000",
		 "SUMMARY:Kay Lee\r\nRRULE:FREQ=DAILY;UNTIL=20260618T230000Z\r\nEXDATE" LONDON
		 "0616T090000\r\n")
		    EVENT("RECURRENCE-ID" LONDON "0617T090000\r\nDTSTART" LONDON
			  "0617T200000\r\nDTEND" LONDON "0617T210000\r\nSUMMARY:TBC\r\n"),
		"0601T0800-0601T1600 named;0608T0800-0608T1600 named;0615T0800-0615T1600 named;0616T0800-0616T1600 cancelled;0617T1900-0617T2000 "
		"undecided;0618T0800-0618T1600 named",
		NULL},
	    /* A number of shifts, a rule that cannot be read: from there on nobody knows. */
	    {SERIES FROM_THEN("0615", "0616T100000", "0616T180000",
		 "SUMMARY:Kay Lee\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\n"),
		"0601T0800-0601T1600 named;0608T0800-0608T1600 named;0622T0800-0622T1600 tentative;0629T0800-0629T1600 tentative",
		"a number of times"},
	    {SERIES FROM_THEN("0615", "0616T100000", "0616T180000",
		 "SUMMARY:Kay Lee\r\nRRULE:FREQ=FORTNIGHTLY\r\n"),
		"0601T0800-0601T1600 named;0608T0800-0608T1600 named;0622T0800-0622T1600 tentative;0629T0800-0629T1600 tentative",
		"cannot be read"},
	    /* So it is when the change itself cannot be read. */
	    {SERIES FROM_THEN("0615", "0616T100000", "0616T090000", "SUMMARY:Kay Lee\r\n"),
		"0601T0800-0601T1600 named;0608T0800-0608T1600 named;0622T0800-0622T1600 tentative;0629T0800-0629T1600 tentative",
		"ends before it starts"},
	    /* And when another change follows it. */
	    {SERIES FROM_THEN(
		 "0615", "0615T090000", "0615T170000", "SUMMARY:Kay Lee\r\nRRULE:FREQ=WEEKLY\r\n")
		    FROM_THEN("0622", "0622T100000", "0622T180000", "SUMMARY:A Smith\r\n"),
		"0601T0800-0601T1600 named;0608T0800-0608T1600 named;0615T0800-0615T1600 named;"
		"0622T0900-0622T1700 named;0629T0900-0629T1700 tentative",
		"repeats by a rule of its own"},
	    /* A change without a rule moves the later ones, as ever. */
	    {SERIES FROM_THEN("0622", "0622T100000", "0622T180000", "SUMMARY:Kay Lee\r\n"),
		"0601T0800-0601T1600 named;0608T0800-0608T1600 named;0615T0800-0615T1600 named;"
		"0622T0900-0622T1700 named;0629T0900-0629T1700 named",
		NULL},
	    /* Without the series that it changes. */
	    {FROM_THEN("0615", "0616T100000", "0616T180000",
		 "SUMMARY:Kay Lee\r\nRRULE:FREQ=WEEKLY;UNTIL=20260625T000000Z\r\n"),
		"0616T0900-0616T1700 named;0623T0900-0623T1700 named", NULL},
	    /* Of the whole days of a series. */
	    {EVENT("DTSTART;VALUE=DATE:20260601\r\nSUMMARY:J Jones\r\nRRULE:FREQ=WEEKLY\r\n") EVENT(
		 "RECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20260615\r\nDTSTART;VALUE=DATE:"
		 "20260616\r\nSUMMARY:Kay Lee\r\nRRULE:FREQ=WEEKLY;UNTIL=20260623\r\n"),
		"0531T2300-0601T2300 named;0607T2300-0608T2300 named;0615T2300-0616T2300 named;"
		"0622T2300-0623T2300 named",
		NULL},
	};
	struct reading_options options = support_options();

	(void)state;
	TRY(wants, &options);
}

#define ASKED(parameters, address)                                                                 \
	SPAN(":20260701T080000Z", ":20260701T160000Z", "\r\nATTENDEE" parameters ":" address)

static void
who_has_declined_does_not_count(void **state)
{
#define ON "0701T0800-0701T1600 named"
#define OPEN "0701T0800-0701T1600 tentative"
	static const struct want wants[] = {
	    {ASKED(";CN=J Jones;PARTSTAT=ACCEPTED", "mailto:x@example.org"), ON, NULL},
	    {ASKED(";CN=J Jones;PARTSTAT=NEEDS-ACTION", "mailto:x@example.org"), ON, NULL},
	    {ASKED(";CN=J Jones;PARTSTAT=DECLINED", "mailto:x@example.org"), OPEN, "said no"},
	    {ASKED(";CN=\"Jones, J\";PARTSTAT=declined", "mailto:x@example.org"), OPEN, "said no"},
	    {ASKED(";PARTSTAT=DELEGATED;CN=J Jones", "mailto:x@example.org"), OPEN, "said no"},
	    {ASKED(";PARTSTAT=DECLINED", "mailto:j.jones@example.org"), OPEN, "said no"},
	    {ASKED(";PARTSTAT=DECLINED;CN=j.jones@example.org", "MAILTO:x@example.org"), OPEN,
		"said no"},
	    /* Somebody else has; a room has. */
	    {ASKED(";CN=Kay Lee;PARTSTAT=DECLINED", "mailto:x@example.org"), ON, NULL},
	    {ASKED(";PARTSTAT=DECLINED", "mailto:kay_lee@example.org"), ON, NULL},
	    {ASKED(";CN=Room 4;CUTYPE=ROOM;PARTSTAT=DECLINED", "mailto:room4@example.org"), ON,
		NULL},
	    /* Nobody knows who has. */
	    {ASKED(";PARTSTAT=DECLINED", "mailto:u123@example.org"), OPEN, "said no"},
	    {ASKED(";CN=R Green;PARTSTAT=DECLINED", "mailto:x@example.org"), OPEN, "said no"},
	    {ASKED(";PARTSTAT=DECLINED", "urn:x"), OPEN, "said no"},
	    /* Of two people on one shift the one who declined. */
	    {SPAN(":20260701T080000Z", ":20260701T160000Z",
		 " / Kay Lee\r\nATTENDEE;CN=Kay Lee;PARTSTAT=DECLINED:mailto:k@example.org"),
		ON ";" OPEN, "said no"},
	};
	struct reading_options options = support_options();

	(void)state;
	TRY(wants, &options);
}

static void
blanks_before_the_calendar_are_read_like_blank_lines(void **state)
{
	static const char *const heads[] = {"", " ", "\t", "   \t ", "\r\n", " \r\n", "\n  \n\t\n",
	    "\r\n   ", "\xef\xbb\xbf", "\xef\xbb\xbf  ", "\xef\xbb\xbf\r\n \r\n", " \r\n \r\n "};
	struct reading_options options = support_options();

	(void)state;
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading = support_read(arena, &options,
		    arena_printf(arena,
			"%sBEGIN:VCALENDAR\r\n" SPAN(
			    ":20260701T080000Z", ":20260701T160000Z", "") "END:VCALENDAR\r\n",
			heads[i]));

		if (reading.refused || reading.noccurrences != 1)
			fail_msg(
			    "%zu: %s", i, reading.nfindings > 0 ? reading.findings[0].text : "");
		arena_free(arena);
	}
}

/* "Night" over a whole day is not a day of cover, and "AM" over twelve hours is half of them. */
static void
an_event_longer_than_its_shift_is_undecided(void **state)
{
#define HOURS(from, to) "DTSTART:20260105T" from "00Z\r\nDTEND:" to "00Z\r\n"
#define ALL_DAY "DTSTART;VALUE=DATE:20260105\r\n"
	static const struct {
		const char *times, *title;
		bool counts;
	} cases[] = {
	    {HOURS("0900", "20260105T1300"), "AM - J Jones", true},
	    {HOURS("1300", "20260105T2100"), "J Jones PM", true},
	    {HOURS("0900", "20260105T2100"), "J Jones PM", false},
	    {HOURS("0900", "20260105T2100"), "Morning: J Jones", false},
	    {HOURS("0900", "20260105T2100"), "AM/PM: J Jones", true},
	    {HOURS("1200", "20260105T2200"), "Late: J Jones", true},
	    {HOURS("1700", "20260106T0900"), "Night - J Jones", true},
	    {HOURS("0900", "20260106T0900"), "Night - J Jones", false},
	    {ALL_DAY, "Night - J Jones", false},
	    {ALL_DAY, "Early: J Jones", false},
	    {ALL_DAY, "J Jones (LD days)", false},
	    {ALL_DAY, "Day and night: J Jones", true},
	    {ALL_DAY, "On call: J Jones", true},
	    {ALL_DAY, "Early decided: J Jones", true},
	    {HOURS("0900", "20260105T2100"), "12 hour shift: J Jones", true},
	    {HOURS("0900", "20260105T2100"), "J Jones (12h)", true},
	    {HOURS("0900", "20260105T1700"), "J Jones 8hrs", true},
	    {HOURS("0900", "20260105T2100"), "8 hour shift: J Jones", false},
	    {HOURS("0900", "20260105T2100"), "Long day 8hrs - J Jones", false},
	    {ALL_DAY, "J Jones 12hr night", false},
	};
	static const struct reading_rule rules[] = {
	    {"Early decided: J Jones", READING_NAMED, "jo-jones", NULL}};
	struct reading_options options = support_options();
	struct arena *arena = arena_new(0);

	(void)state;
	options.rules = rules;
	options.nrules = 1;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct reading reading = support_read(arena, &options,
		    arena_printf(arena,
			"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\n%sSUMMARY:%s\r\n"
			"END:VEVENT\r\nEND:VCALENDAR\r\n",
			cases[i].times, cases[i].title));

		assert_int_equal(reading.noccurrences, 1);
		if (reading.occurrences[0].class !=
		    (cases[i].counts ? READING_NAMED : READING_TENTATIVE))
			fail_msg("%s %s", cases[i].times, cases[i].title);
		assert_true(support_finding(&reading, "a", "hours at most") != cases[i].counts);
	}
	arena_free(arena);
}

/* "Mon J Jones" on a Tuesday: 5 January 2026 is a Monday. */
static void
a_title_of_another_day_counts_for_nobody(void **state)
{
	static const struct want wants[] = {
	    {SPAN(LONDON "0105T090000", LONDON "0105T170000", ""), "0105T0900-0105T1700 named",
		NULL},
	    {SPAN(LONDON "0105T090000", LONDON "0105T170000", " Mon 5th"),
		"0105T0900-0105T1700 named", NULL},
	    {SPAN(LONDON "0105T090000", LONDON "0105T170000", " Tue"),
		"0105T0900-0105T1700 tentative", "names another day"},
	    {SPAN(LONDON "0105T090000", LONDON "0105T170000", " 6th"),
		"0105T0900-0105T1700 tentative", "names another day"},
	    {SPAN(LONDON "0105T090000", LONDON "0105T170000", " Tue 09:00-17:00"),
		"0105T0900-0105T1700 tentative", "names another day"},
	    /* the day is London's, in summer too */
	    {SPAN(":20260705T230000Z", ":20260706T070000Z", " Mon"), "0705T2300-0706T0700 named",
		NULL},
	    {SPAN(":20260705T230000Z", ":20260706T070000Z", " Sun"),
		"0705T2300-0706T0700 tentative", "names another day"},
	    /* a series of a day, copied with its title */
	    {EVENT("DTSTART" LONDON "0105T090000\r\nDTEND" LONDON
		   "0105T170000\r\nRRULE:FREQ=DAILY;COUNT=3\r\nSUMMARY:Tue J Jones\r\n"),
		"0105T0900-0105T1700 tentative;0106T0900-0106T1700 named;0107T0900-0107T1700 tentative",
		"names another day"},
	    {SPAN(";VALUE=DATE:20260105", ";VALUE=DATE:20260106", " Mon"),
		"0105T0000-0106T0000 named", NULL},
	    {SPAN(";VALUE=DATE:20260105", ";VALUE=DATE:20260106", " Tue"),
		"0105T0000-0106T0000 tentative", "names another day"},
	    /* leave and emptiness take nothing that is there */
	    {SPAN(LONDON "0105T090000", LONDON "0105T170000", " A/L Tue"),
		"0105T0900-0105T1700 absence", NULL},
	};
	struct reading_options options = support_options();

	(void)state;
	TRY(wants, &options);
}

/* Of several days the title must name each, unless the rota makes each a shift of its own. */
static void
a_weekday_is_not_several_days(void **state)
{
#define THREE(more) SPAN(";VALUE=DATE:20260105", ";VALUE=DATE:20260108", more)
	static const struct want wants[] = {
	    {THREE(" Tue"), "0105T0900-0108T0900 tentative", "names another day"},
	    {THREE(" Mon-Wed"), "0105T0900-0108T0900 named", NULL},
	};
	static const struct want apart[] = {
	    {THREE(" Tue"),
		"0105T0900-0105T2100 tentative;0106T0900-0106T2100 named;0107T0900-0107T2100 tentative",
		"names another day"},
	};
	struct reading_options options = support_options();

	(void)state;
	options.all_day_rule = true;
	options.all_day_start = 9 * 3600;
	options.all_day_hours = 24;
	TRY(wants, &options);
	options.all_day_hours = 12;
	TRY(apart, &options);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_end_at_2359_is_midnight),
	    cmocka_unit_test(a_title_of_another_day_counts_for_nobody),
	    cmocka_unit_test(a_weekday_is_not_several_days),
	    cmocka_unit_test(an_event_longer_than_its_shift_is_undecided),
	    cmocka_unit_test(leave_of_a_day_is_the_whole_day),
	    cmocka_unit_test(a_marked_day_is_an_all_day_event),
	    cmocka_unit_test(later_shifts_follow_a_rule_of_their_own_or_are_undecided),
	    cmocka_unit_test(who_has_declined_does_not_count),
	    cmocka_unit_test(blanks_before_the_calendar_are_read_like_blank_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
