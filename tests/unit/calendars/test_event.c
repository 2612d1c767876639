/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/base/instant.h"
#include "tests/unit/calendars/support.h"

/* Single statements of an event and of its series at the edges of what they may say. */

#define LONDON ";TZID=Europe/London:"
#define EIGHT "DTSTART:20260701T080000Z\r\nDTEND:20260701T090000Z\r\nSUMMARY:J Jones"
#define NEXT "\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:a\r\n"
#define OTHER "\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:b\r\n"
#define JONES "\r\nSUMMARY:J Jones"
#define WHOLE "\r\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE"

struct want {
	const char *lines, *spans, *finding; /* NULL: none at all */
};

static void
try_all(const struct want *wants, size_t count, const struct reading_options *options)
{
	for (size_t i = 0; i < count; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading = support_event(arena, options, wants[i].lines);
		const char *got = reading.refused ? "refused" : support_spans(arena, &reading);

		if (strcmp(got, wants[i].spans) != 0)
			fail_msg("%s\ngives %s\nwants %s\n%s", wants[i].lines, got, wants[i].spans,
			    reading.nfindings > 0 ? reading.findings[0].text : "");
		if (wants[i].finding != NULL ? !support_finding(&reading, NULL, wants[i].finding)
					     : reading.nfindings > 0)
			fail_msg("%s\nwants the finding %s, has %s", wants[i].lines,
			    wants[i].finding != NULL ? wants[i].finding : "(none)",
			    reading.nfindings > 0 ? reading.findings[0].text : "none");
		arena_free(arena);
	}
}

#define TRY(wants, options) try_all((wants), sizeof(wants) / sizeof *(wants), (options))

static void
ends_and_lengths_at_their_edges(void **state)
{
	static const struct want wants[] = {
	    {EIGHT "\r\nDURATION:PT1H", "0701T0800-0701T0900 named", NULL},
	    {"DTSTART:00000000T000000Z\r\nDURATION:PT1H", "", "is not a date"},
	    {"DTSTART:20260701T080000Z/PT1H\r\nDURATION:PT1H", "", "is not a date"},
	    {"DTSTART:20260701T080000Z\r\nDTEND:20260701T080000Z/PT1H", "", "is not a date"},
	    {EIGHT "\r\nRRULE:FREQ=DAILY;COUNT=2\r\nEXDATE:00000000T000000Z", "", "is not a date"},
	    {EIGHT "\r\nRRULE:FREQ=DAILY;COUNT=2\r\nEXDATE:20260702T080000Z/PT1H", "",
		"is not a date"},
	    {EIGHT "\r\nRDATE:00000000T000000Z", "", "is not a date"},
	    {EIGHT "\r\nRDATE:20260705T080000Z/00000000T000000Z", "", "is not a date"},
	    {"DTSTART:00010000T000000Z\r\nDURATION:PT1H", "", "no calendar has"},
	    /* By the wall clock a quarter of an hour later, in truth before the start: the hour is
	     * there twice, and the first of both is read. */
	    {"DTSTART:20261025T011500Z\r\nDTEND" LONDON "20261025T013000" JONES, "",
		"ends before it starts"},
	    {"DTSTART:20261025T011500Z\r\nDTEND" LONDON "20261025T011500" JONES, "",
		"ends before it starts"},
	    /* The clocks go forward between both: the end is there before the start. */
	    {"DTSTART" LONDON "20260329T013000\r\nDTEND" LONDON "20260329T020000" JONES, "",
		"ends before it starts"},
	    {"DTSTART" LONDON "20260701T000000\r\nDTEND" LONDON "20260701T170000" JONES WHOLE,
		"0630T2300-0701T1600 named", NULL},
	    {"DTSTART" LONDON "20260701T090000\r\nDTEND" LONDON "20260702T000000" JONES WHOLE,
		"0701T0800-0701T2300 named", NULL},
	    /* A day and a bad stamp are as good as no stamp. */
	    {EIGHT "\r\nDTSTAMP:20260230T000000Z" NEXT EIGHT " TBC\r\nDTSTAMP:20260101T000000Z",
		"0701T0800-0701T0900 tentative;0701T0800-0701T0900 tentative", "none is newer"},
	    {EIGHT "\r\nSTATUS:CONFIRMED", "0701T0800-0701T0900 named", NULL},
	    {EIGHT "\r\nSTATUS:IN-PROCESS", "0701T0800-0701T0900 tentative", NULL},
	    /* "Out of office" confirms leave, and a tentative one takes nobody off duty. */
	    {EIGHT " A/L\r\nX-MICROSOFT-CDO-BUSYSTATUS:OOF", "0701T0800-0701T0900 absence", NULL},
	    {EIGHT " A/L\r\nSTATUS:TENTATIVE", "0701T0800-0701T0900 tentative", NULL},
	};
	struct reading_options options = support_options();

	(void)state;
	TRY(wants, &options);
}

static void
dates_of_a_series_at_their_edges(void **state)
{
	static const struct want wants[] = {
	    {EIGHT "\r\nRDATE;VALUE=DATE:20260705\r\nRDATE;VALUE=DATE:20260706", "",
		"mixes whole days with times"},
	    {EIGHT "\r\nRDATE;VALUE=PERIOD:20260705T080000Z/20260705T250000Z", "",
		"no calendar has"},
	    {EIGHT "\r\nRDATE;VALUE=PERIOD:20260705T080000Z/20260705T070000Z", "",
		"ends before it starts"},
	    {EIGHT "\r\nRDATE;VALUE=PERIOD:20260705T080000Z/-PT1H", "", "ends before it starts"},
	    {EIGHT "\r\nRDATE;VALUE=PERIOD:20260705T080000Z/P367D", "", "more than 366 days"},
	    /* A PERIOD to 23:59 is to midnight; one without a length stays without. */
	    {EIGHT "\r\nRDATE;VALUE=PERIOD:20260705T080000Z/20260705T225900Z",
		"0701T0800-0701T0900 named;0705T0800-0705T2300 named", "read as midnight"},
	    {EIGHT "\r\nRDATE;VALUE=PERIOD:20260705T225900Z/PT1S",
		"0701T0800-0701T0900 named;0705T2259-0705T2259 named", NULL},
	    {EIGHT "\r\nRDATE;VALUE=PERIOD:20260705T225900Z/20260705T225900Z",
		"0701T0800-0701T0900 named", "no length"},
	    /* A part that the library leaves out of the event makes it unreadable. */
	    {EIGHT "\r\nRDATE;VALUE=PERIOD:20260705T080000Z/PT0S", "", "is not a date and time"},
	    /* The place of an RDATE that the rule has, too, and of one that is the start. */
	    {EIGHT "\r\nRRULE:FREQ=DAILY;COUNT=2\r\nRDATE:20260702T080000Z,20260701T080000Z",
		"0701T0800-0701T0900 named;0702T0800-0702T0900 named", "repeats in UTC"},
	    {EIGHT "\r\nRDATE;VALUE=PERIOD:20260701T080000Z/PT3H", "0701T0800-0701T1100 named",
		NULL},
	    {EIGHT "\r\nRDATE;VALUE=PERIOD:20260701T080000Z/20260701T110000Z",
		"0701T0800-0701T1100 named", NULL},
	    {EIGHT "\r\nRDATE;VALUE=PERIOD:20260705T080000Z/PT3H\r\nRDATE:20260705T080000Z",
		"0701T0800-0701T0900 named;0705T0800-0705T1100 named", NULL},
	    /* DTSTART keeps its own end: in the hour that is there twice it is the second. */
	    {"DTSTART" LONDON "20261024T210000\r\nDTEND:20261025T013000Z" JONES
	     "\r\nRRULE:FREQ=DAILY;COUNT=2\r\nRDATE" LONDON "20261024T210000",
		"1024T2000-1025T0130 named;1025T2100-1026T0130 named", NULL},
	    /* An event of days that were written as times is excluded by its day. */
	    {"DTSTART" LONDON "20260701T000000\r\nDTEND" LONDON "20260702T000000" JONES WHOLE
	     "\r\nRRULE:FREQ=DAILY;COUNT=3\r\nEXDATE;VALUE=DATE:20260702",
		"0630T2300-0701T2300 named;0701T2300-0702T2300 cancelled;0702T2300-0703T2300 named",
		NULL},
	    /* Several single days, out of order. */
	    {EIGHT "\r\nRDATE:20260706T080000Z,20260705T080000Z\r\n"
		   "EXDATE:20260706T080000Z,20260705T080000Z",
		"0701T0800-0701T0900 named;0705T0800-0705T0900 cancelled;"
		"0706T0800-0706T0900 cancelled",
		NULL},
	};
	struct reading_options options = support_options();

	(void)state;
	TRY(wants, &options);
}

#define SERIES "DTSTART:20260701T080000Z\r\nDTEND:20260701T090000Z" JONES
#define DAYS(n) SERIES "\r\nRRULE:FREQ=DAILY;COUNT=" n
#define LATER(day, from)                                                                           \
	"RECURRENCE-ID;RANGE=THISANDFUTURE:202607" day "T080000Z\r\nDTSTART:202607" from

static void
changes_of_later_shifts_at_their_edges(void **state)
{
	static const struct want wants[] = {
	    /* Two changes of all later shifts, out of order: each from its day on. */
	    {DAYS("4") NEXT LATER("03", "03T100000Z\r\nDTEND:20260703T110000Z")
		    JONES NEXT LATER("02", "02T090000Z\r\nDTEND:20260702T100000Z") JONES,
		"0701T0800-0701T0900 named;0702T0900-0702T1000 named;0703T1000-0703T1100 named;"
		"0704T1000-0704T1100 named",
		"repeats in UTC"},
	    /* Two that each go on by a rule of their own: from the first of them on all is open,
	     * whatever their order in the file. */
	    {DAYS("5") NEXT LATER("03", "03T100000Z\r\nDTEND:20260703T110000Z") JONES
		"\r\nRRULE:FREQ=DAILY" NEXT LATER("02", "02T090000Z\r\nDTEND:20260702T100000Z")
		    JONES "\r\nRRULE:FREQ=DAILY",
		"0701T0800-0701T0900 named;0702T0900-0702T1000 named;0703T1000-0703T1100 named;"
		"0704T0800-0704T0900 tentative;0705T0800-0705T0900 tentative",
		"More than one change"},
	    {DAYS("5") NEXT LATER("02", "02T090000Z\r\nDTEND:20260702T100000Z") JONES
		"\r\nRRULE:FREQ=DAILY" NEXT LATER("03", "03T100000Z\r\nDTEND:20260703T110000Z")
		    JONES "\r\nRRULE:FREQ=DAILY",
		"0701T0800-0701T0900 named;0702T0900-0702T1000 named;0703T1000-0703T1100 named;"
		"0704T0800-0704T0900 tentative;0705T0800-0705T0900 tentative",
		"More than one change"},
	    /* A shift deleted on the day on which a change misses: it is gone, and told of no
	     * shift. */
	    {DAYS("2") "\r\nEXDATE:20260702T080000Z,20260702T100000Z",
		"0701T0800-0701T0900 named;0702T0800-0702T0900 cancelled", "repeats in UTC"},
	    /* A miss outside the window is told of none of its shifts. */
	    {"DTSTART:20251230T080000Z\r\nDTEND:20251230T090000Z" JONES
	     "\r\nRRULE:FREQ=DAILY;COUNT=3\r\nEXDATE:20251231T100000Z",
		"0101T0800-0101T0900 named", "repeats in UTC"},
	    {"DTSTART:20261231T080000Z\r\nDTEND:20261231T090000Z" JONES
	     "\r\nRRULE:FREQ=DAILY;COUNT=3\r\nEXDATE:20270101T100000Z",
		"1231T0800-1231T0900 named", "repeats in UTC"},
	    /* A change of which it is not known what it changes. */
	    {DAYS("2") NEXT "RECURRENCE-ID:00000000T000000Z\r\n" EIGHT, "", "does not say which"},
	    {"RECURRENCE-ID:00000000T000000Z\r\n" EIGHT, "", "is not a date"},
	    {DAYS("2") NEXT "RECURRENCE-ID:20260702T080000Z/PT1H\r\n" EIGHT, "",
		"does not say which"},
	    {"RECURRENCE-ID:20260702T080000Z/PT1H\r\n" EIGHT, "", "is not a date"},
	    {DAYS("2") NEXT "RECURRENCE-ID:\r\n" EIGHT, "", "does not say which"},
	    /* A change of an unknown reach, of nothing. */
	    {"RECURRENCE-ID;RANGE=THISANDPRIOR:20260701T080000Z\r\n" EIGHT, "",
		"Calendars do not know that any more"},
	};
	struct reading_options options = support_options();

	(void)state;
	TRY(wants, &options);
}

static void
misses_are_told_only_of_shifts_of_the_window(void **state)
{
	static const char *const outside[] = {
	    "DTSTART:20251230T080000Z\r\nDTEND:20251230T090000Z" JONES
	    "\r\nRRULE:FREQ=DAILY;COUNT=3\r\nEXDATE:20251231T100000Z",
	    "DTSTART:20261231T080000Z\r\nDTEND:20261231T090000Z" JONES
	    "\r\nRRULE:FREQ=DAILY;COUNT=3\r\nEXDATE:20270101T100000Z",
	    DAYS("2") "\r\nEXDATE:20260702T080000Z,20260702T100000Z",
	};
	struct reading_options options = support_options();

	(void)state;
	for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading = support_event(arena, &options, outside[i]);

		if (support_finding(&reading, NULL, "at which it has none"))
			fail_msg("%s", outside[i]);
		arena_free(arena);
	}
}

static void
the_window_cuts_pieces_and_instances(void **state)
{
	static const struct want wants[] = {
	    /* The piece before the window, and the one after it, are nobody's business. */
	    {"DTSTART:20251231T200000Z\r\nDTEND:20260101T080000Z\r\nSUMMARY:Dr Smith 20-22\\, Dr "
	     "Patel 22-08",
		"1231T2200-0101T0800 named", "several people"},
	    {"DTSTART:20261231T200000Z\r\nDTEND:20270101T080000Z\r\nSUMMARY:Dr Smith 20-02\\, Dr "
	     "Patel 02-08",
		"1231T2000-0101T0200 named", "several people"},
	    /* Half an hour that the clocks pass over. */
	    {"DTSTART" LONDON "20260328T200000\r\nDTEND" LONDON
	     "20260329T080000\r\nSUMMARY:Dr Smith 20-01.30\\, Dr Patel 01.30-02\\, K Lee 02-08",
		"0328T2000-0329T0130 named;0329T0100-0329T0700 named", "several people"},
	    /* The first of the long shifts is named, in whatever order they come. */
	    {"DTSTART:20260701T080000Z\r\nDTEND:20260703T080000Z" JONES OTHER
	     "DTSTART:20260601T080000Z\r\nDTEND:20260603T080000Z" JONES,
		"0601T0800-0603T0800 named;0701T0800-0703T0800 named",
		"the first begins on 01/06/2026"},
	    {"DTSTART:20260601T080000Z\r\nDTEND:20260603T080000Z" JONES OTHER
	     "DTSTART:20260701T080000Z\r\nDTEND:20260703T080000Z" JONES,
		"0601T0800-0603T0800 named;0701T0800-0703T0800 named",
		"the first begins on 01/06/2026"},
	};
	struct reading_options options = support_options();

	(void)state;
	TRY(wants, &options);
}

static void
one_gap_is_told_once(void **state)
{
	static const char lines[] =
	    "DTSTART" LONDON "20260329T011000\r\nDTEND" LONDON "20260329T050000" JONES
	    "\r\nRDATE" LONDON "20260329T012000,20260329T013000";
	struct reading_options options = support_options();
	struct arena *arena = arena_new(0);
	struct reading reading = support_event(arena, &options, lines);
	unsigned told = 0;

	(void)state;
	for (size_t i = 0; i < reading.nfindings; i++)
		told += strstr(reading.findings[i].text, "does not exist") != NULL;
	assert_int_equal(reading.noccurrences, 3);
	assert_int_equal(told, 1);
	arena_free(arena);
}

static void
summer_in_doubt_at_the_window_and_at_one_end(void **state)
{
	static const struct want wants[] = {
	    /* By the other clock there is nothing left of it. */
	    {"DTSTART" LONDON "20260701T090000\r\nDTEND;TZID=GMT:20260701T083000" JONES,
		"0701T0800-0701T0830 tentative", "two clocks"},
	    /* Excluded, and before the window: nothing to ask. */
	    {"DTSTART;TZID=GMT:20260701T080000\r\nDTEND;TZID=GMT:20260701T090000" JONES
	     "\r\nRRULE:FREQ=DAILY;COUNT=1\r\nEXDATE;TZID=GMT:20260701T080000",
		"0701T0800-0701T0900 cancelled", NULL},
	    {"DTSTART;TZID=GMT:20250701T080000\r\nDTEND;TZID=GMT:20250701T090000" JONES, "", NULL},
	    {"DTSTART;TZID=GMT:20270701T080000\r\nDTEND;TZID=GMT:20270701T090000" JONES, "", NULL},
	};
	static const struct want edges[] = {
	    /* Only one of both readings is in the window. */
	    {"DTSTART;TZID=GMT:20260701T073000\r\nDTEND;TZID=GMT:20260701T083000" JONES,
		"0701T0730-0701T0830 tentative", "two clocks"},
	};
	struct reading_options options = support_options();

	(void)state;
	TRY(wants, &options);
	options.from = support_instant("20260701T073000Z");
	TRY(edges, &options);
}

static void
an_invitation_may_name_several(void **state)
{
#define DECLINED(who) "\r\nATTENDEE;PARTSTAT=DECLINED;CN=\"" who "\":mailto:x"
	static const struct want wants[] = {
	    {EIGHT DECLINED("A Smith / Kay Lee"), "0701T0800-0701T0900 tentative",
		"said no, or only maybe"},
	    {EIGHT DECLINED("A Smith"), "0701T0800-0701T0900 named", NULL},
	    {EIGHT DECLINED("A Smith A/L"), "0701T0800-0701T0900 tentative",
		"said no, or only maybe"},
	};
	struct reading_options options = support_options();
	struct buf buf = {0};
	struct want many;

	(void)state;
	TRY(wants, &options);
	/* Beyond a hundred, somebody may be among them whom nobody has looked at. */
	buf_add_text(&buf, EIGHT);
	for (int i = 0; i < 100; i++)
		buf_add_text(&buf, DECLINED("A Smith"));
	many = (struct want){buf.at, "0701T0800-0701T0900 named", NULL};
	try_all(&many, 1, &options);
	buf_add_text(&buf, DECLINED("A Smith") DECLINED("A Smith"));
	many = (struct want){buf.at, "0701T0800-0701T0900 tentative", "said no, or only maybe"};
	try_all(&many, 1, &options);
	buf_free(&buf);
}

static void
a_resource_is_nobody_who_declines(void **state)
{
	static const struct want wants[] = {
	    {EIGHT "\r\nATTENDEE;CUTYPE=ROOM;PARTSTAT=DECLINED;CN=Room 4:mailto:x",
		"0701T0800-0701T0900 named", NULL},
	    {EIGHT "\r\nATTENDEE;CUTYPE=RESOURCE;PARTSTAT=DECLINED;CN=Car:mailto:x",
		"0701T0800-0701T0900 named", NULL},
	    {EIGHT "\r\nATTENDEE;CUTYPE=GROUP;PARTSTAT=DECLINED;CN=Team:mailto:x",
		"0701T0800-0701T0900 tentative", "said no, or only maybe"},
	    {EIGHT "\r\nATTENDEE;PARTSTAT=DELEGATED;CN=J Jones:mailto:x",
		"0701T0800-0701T0900 tentative", "said no, or only maybe"},
	    {EIGHT "\r\nATTENDEE;PARTSTAT=ACCEPTED;CN=J Jones:mailto:x",
		"0701T0800-0701T0900 named", NULL},
	};
	struct reading_options options = support_options();

	(void)state;
	TRY(wants, &options);
}

static void
what_is_told_only_where_it_matters(void **state)
{
	static const struct want wants[] = {
	    /* Only the wall clock of the days is in the gap, not the end an hour later. */
	    {"DTSTART" LONDON "20260328T013000\r\nDURATION:P1DT1H" JONES " A/L",
		"0328T0130-0329T0230 absence", NULL},
	    {"DTSTART" LONDON "20260328T013000\r\nDTEND" LONDON "20260329T013000" JONES,
		"0328T0130-0329T0130 named", "clocks go forward"},
	    /* 1 July 2026 is a Wednesday. */
	    {"DTSTART:20260701T080000Z\r\nDTEND:20260701T090000Z\r\nSUMMARY:Thu EDT",
		"0701T0800-0701T0900 undecided", "names another day"},
	    {"DTSTART:20260701T080000Z\r\nDTEND:20260701T090000Z\r\nSUMMARY:Wed EDT",
		"0701T0800-0701T0900 team", NULL},
	    /* Nothing is left of a part that begins when its event has ended. */
	    {"DTSTART:20260701T080000Z\r\nDTEND:20260701T160000Z\r\n"
	     "SUMMARY:J Jones from 20:00",
		"0701T0800-0701T1600 undecided", "times"},
	    /* The first month of a rule is that of the window, too. */
	    {"DTSTART:20251215T080000Z\r\nDTEND:20251215T090000Z" JONES
	     "\r\nRRULE:FREQ=MONTHLY;COUNT=3",
		"0115T0800-0115T0900 named;0215T0800-0215T0900 named", "repeats in UTC"},
	    {"DTSTART" LONDON "20251215T080000\r\nDTEND" LONDON "20251215T090000" JONES
	     "\r\nRRULE:FREQ=MONTHLY;UNTIL=20260220",
		"0115T0800-0115T0900 named;0215T0800-0215T0900 named", NULL},
	};
	static const struct want in_utc[] = {
	    {EIGHT "\r\nRRULE:FREQ=DAILY;COUNT=2",
		"0701T0800-0701T0900 named;0702T0800-0702T0900 named", NULL},
	};
	struct reading_options options = support_options();

	(void)state;
	TRY(wants, &options);
	options.zone = zone_utc();
	TRY(in_utc, &options);
}

/* Samoa had no 30 December 2011: an all-day event on it is no shift, and not one of the 31st. */
static void
a_day_that_never_was_has_no_shift(void **state)
{
	static const struct want wants[] = {
	    {"DTSTART;VALUE=DATE:20111230" JONES, "", "has no length"},
	    {"DTSTART;VALUE=DATE:20111231" JONES, "1230T1000-1231T1000 named", NULL},
	};
	struct reading_options options = support_options();

	(void)state;
	options.zone = zonedb_find(support_zones(), "Pacific/Apia");
	options.from = support_instant("20111201T000000Z");
	options.until = support_instant("20120201T000000Z");
	TRY(wants, &options);
}

/* A calendar that is refused is not endless, whatever was read of it before. */
static void
a_refused_calendar_has_no_end_of_its_own(void **state)
{
	static const char endless[] = EIGHT "\r\nRRULE:FREQ=DAILY";
	static const char too_often[] =
	    OTHER EIGHT "\r\nRRULE:FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15";
	struct reading_options options = support_options();
	struct arena *arena = arena_new(0);
	struct reading reading = support_event(arena, &options, endless);

	(void)state;
	assert_true(reading.endless);
	assert_true(reading.horizon == options.until);
	reading = support_event(arena, &options, arena_printf(arena, "%s%s", endless, too_often));
	assert_true(reading.refused);
	assert_false(reading.endless);
	assert_true(reading.horizon == INSTANT_NONE);
	arena_free(arena);
}

/* Wherever the memory ends: refused, or whole. */
static void
memory_that_runs_out_refuses_at_every_step(void **state)
{
	static const char lines[] =
	    "DTSTART:20260101T170000Z\r\nDTEND:20260102T090000Z\r\nRRULE:FREQ="
	    "DAILY;COUNT=300\r\nSUMMARY:Dr Smith 17-21\\, Dr Patel 21-09";
	struct reading_options options = support_options();
	struct arena *all = arena_new(0);
	const size_t want = support_event(all, &options, lines).noccurrences;
	unsigned refused = 0, whole = 0;

	(void)state;
	for (size_t limit = 160 * 1024; limit < 640 * 1024; limit += 16 * 1024) {
		struct arena *arena = arena_new(limit);
		struct reading reading = support_event(arena, &options, lines);

		if (reading.refused) {
			assert_true(support_finding(&reading, NULL, "too much memory"));
			assert_int_equal(reading.noccurrences, 0);
			refused++;
		} else {
			assert_int_equal(reading.noccurrences, want);
			whole++;
		}
		arena_free(arena);
	}
	assert_true(refused > 0 && whole > 0 && want >= 300);
	arena_free(all);
}

/* Each series is within its own limit, and all of them are beyond that of a calendar. */
static void
more_shifts_than_a_calendar_may_have_refuse(void **state)
{
	struct reading_options options = support_options();
	struct arena *arena = arena_new(0);
	struct buf buf = {0};
	struct reading reading;

	(void)state;
	buf_add_text(&buf, EIGHT);
	for (int i = 0; i < 101; i++)
		buf_printf(&buf,
		    "\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:%d\r\nDTSTART:20260101T000000Z\r\n"
		    "DURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=2000;"
		    "BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23",
		    i);
	reading = support_event(arena, &options, buf.at);
	assert_true(reading.refused);
	assert_int_equal(reading.noccurrences, 0);
	assert_true(support_finding(&reading, NULL, "200000"));
	buf_free(&buf);
	arena_free(arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ends_and_lengths_at_their_edges),
	    cmocka_unit_test(what_is_told_only_where_it_matters),
	    cmocka_unit_test(a_day_that_never_was_has_no_shift),
	    cmocka_unit_test(a_refused_calendar_has_no_end_of_its_own),
	    cmocka_unit_test(memory_that_runs_out_refuses_at_every_step),
	    cmocka_unit_test(more_shifts_than_a_calendar_may_have_refuse),
	    cmocka_unit_test(dates_of_a_series_at_their_edges),
	    cmocka_unit_test(changes_of_later_shifts_at_their_edges),
	    cmocka_unit_test(misses_are_told_only_of_shifts_of_the_window),
	    cmocka_unit_test(the_window_cuts_pieces_and_instances),
	    cmocka_unit_test(one_gap_is_told_once),
	    cmocka_unit_test(summer_in_doubt_at_the_window_and_at_one_end),
	    cmocka_unit_test(an_invitation_may_name_several),
	    cmocka_unit_test(a_resource_is_nobody_who_declines),
	};

	reading_prepare();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
