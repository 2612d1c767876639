/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/base/civil.h"
#include "tests/unit/calendars/support.h"

/* One event, the instants it must give, and words of the finding it must have (NULL: no unreadable
 * one). */
struct want_event {
	const char *lines, *list, *finding;
};

static void
check(struct arena *arena, const struct reading *reading, const struct want_event *want)
{
	const char *got = support_list(arena, reading);

	if (reading->refused)
		fail_msg("%s\nis refused: %s", want->lines, reading->findings[0].text);
	if (strcmp(got, want->list) != 0)
		fail_msg("%s\ngives %s\nwants %s", want->lines, got, want->list);
	if (want->finding != NULL && !support_finding(reading, "a", want->finding))
		fail_msg("%s\nhas no finding \"%s\"", want->lines, want->finding);
	for (size_t i = 0; want->finding == NULL && i < reading->nfindings; i++) {
		if (reading->findings[i].level != FINDING_WARNING)
			fail_msg("%s\nis unreadable: %s", want->lines, reading->findings[i].text);
	}
}

static void
try_events(const struct want_event *events, size_t count, const struct reading_options *options)
{
	for (size_t i = 0; i < count; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading = support_event(arena, options, events[i].lines);

		check(arena, &reading, &events[i]);
		arena_free(arena);
	}
}

#define TRY(events, options) try_events((events), sizeof(events) / sizeof *(events), (options))
#define LONDON ";TZID=Europe/London:"

static void
clock_changes_follow_the_wall_clock(void **state)
{
	static const struct want_event events[] = {
	    /* A night shift is 13 hours long in autumn and 11 in spring. */
	    {"DTSTART" LONDON "20261024T200000\r\nDTEND" LONDON "20261025T080000",
		"20261024T190000Z-20261025T080000Z a", NULL},
	    {"DTSTART" LONDON "20260328T200000\r\nDTEND" LONDON "20260329T080000",
		"20260328T200000Z-20260329T070000Z a", NULL},
	    {"DTSTART" LONDON "20261017T200000\r\nDTEND" LONDON
	     "20261018T080000\r\nRRULE:FREQ=WEEKLY;COUNT=3",
		"20261017T190000Z-20261018T070000Z a;20261024T190000Z-20261025T080000Z a;"
		"20261031T200000Z-20261101T080000Z a",
		NULL},
	    /* Hours are exact where they are written as a duration; days are not. */
	    {"DTSTART" LONDON "20261024T200000\r\nDURATION:PT12H",
		"20261024T190000Z-20261025T070000Z a", NULL},
	    {"DTSTART" LONDON "20261024T200000\r\nDURATION:P1D",
		"20261024T190000Z-20261025T200000Z a", NULL},
	    {"DTSTART" LONDON "20261024T200000\r\nDURATION:P1DT1H",
		"20261024T190000Z-20261025T210000Z a", NULL},
	    /* A local time that does not exist is read with the offset before; of one that exists
	     * twice the first is taken.
	     */
	    {"DTSTART" LONDON "20260329T013000\r\nDTEND" LONDON "20260329T090000",
		"20260329T013000Z-20260329T080000Z a", "does not exist"},
	    {"DTSTART" LONDON "20260328T200000\r\nDTEND" LONDON "20260329T013000",
		"20260328T200000Z-20260329T013000Z a", "does not exist"},
	    {"DTSTART" LONDON "20261025T013000\r\nDTEND" LONDON "20261025T090000",
		"20261025T003000Z-20261025T090000Z a", NULL},
	    {"DTSTART" LONDON "20261024T200000\r\nDTEND" LONDON "20261025T013000",
		"20261024T190000Z-20261025T003000Z a", NULL},
	    /* UTC is exact, and Z wins over a zone beside it. */
	    {"DTSTART:20261024T200000Z\r\nDTEND:20261025T080000Z",
		"20261024T200000Z-20261025T080000Z a", NULL},
	    {"DTSTART" LONDON "20260701T080000Z\r\nDTEND" LONDON "20260701T090000Z",
		"20260701T080000Z-20260701T090000Z a", NULL},
	    /* A series in UTC moves against the wall clock, and says so. */
	    {"DTSTART:20261024T080000Z\r\nDTEND:20261024T090000Z\r\nRRULE:FREQ=DAILY;COUNT=2",
		"20261024T080000Z-20261024T090000Z a;20261025T080000Z-20261025T090000Z a",
		"repeats in UTC"},
	};
	struct reading_options options = support_options();

	(void)state;
	TRY(events, &options);
}

static void
zones_are_what_they_say_or_unknown(void **state)
{
	static const struct want_event events[] = {
	    {"DTSTART;TZID=GMT Standard Time:20260701T090000\r\n"
	     "DTEND;TZID=GMT Standard Time:20260701T100000",
		"20260701T080000Z-20260701T090000Z a", NULL},
	    {"DTSTART;TZID=W. Europe Standard Time:20260701T090000\r\nDURATION:PT1H",
		"20260701T070000Z-20260701T080000Z a", NULL},
	    {"DTSTART;TZID=tzone://Microsoft/Utc:20260701T090000\r\nDURATION:PT1H",
		"20260701T090000Z-20260701T100000Z a", NULL},
	    {"DTSTART;TZID=(UTC+00:00) Dublin, Edinburgh:20260701T090000\r\nDURATION:PT1H", "",
		"(UTC+00:00) Dublin, Edinburgh"},
	    {"DTSTART;TZID=\"/mozilla.org/20070129_1/America/"
	     "New_York\":20260701T090000\r\nDURATION:PT1H",
		"20260701T130000Z-20260701T140000Z a", NULL},
	    {"DTSTART;TZID=europe/LONDON:20260701T090000\r\nDURATION:PT1H",
		"20260701T080000Z-20260701T090000Z a", NULL},
	    {"DTSTART;TZID=tzone://Microsoft/Custom:20260701T090000\r\nDURATION:PT1H", "",
		"is unknown"},
	    {"DTSTART;TZID=Customized Time Zone:20260701T090000\r\nDURATION:PT1H", "",
		"is unknown"},
	    {"DTSTART;TZID=../../../etc/passwd:20260701T090000\r\nDURATION:PT1H", "", "is unknown"},
	    {"DTSTART:20260701T090000\r\nDTEND;TZID=Nowhere/At_All:20260701T100000", "",
		"is unknown"},
	    {"DTSTART" LONDON "20260701T090000\r\nDTEND;TZID=America/New_York:20260701T120000",
		"20260701T080000Z-20260701T160000Z a", NULL},
	    {"DTSTART;TZID=America/New_York:20260701T090000\r\nDTEND:20260701T170000",
		"20260701T130000Z-20260701T210000Z a", NULL},
	};
	struct reading_options options = support_options();

	(void)state;
	TRY(events, &options);
}

static void
whole_days_are_local(void **state)
{
	static const struct want_event events[] = {
	    {"DTSTART;VALUE=DATE:20261025", "20261024T230000Z-20261026T000000Z a", NULL},
	    {"DTSTART:20261025", "20261024T230000Z-20261026T000000Z a", NULL},
	    {"DTSTART;VALUE=DATE:20260701\r\nDTEND;VALUE=DATE:20260703",
		"20260630T230000Z-20260702T230000Z a", NULL},
	    {"DTSTART;VALUE=DATE:20260701\r\nDTEND;VALUE=DATE:20260701",
		"20260630T230000Z-20260701T230000Z a", "read as one day"},
	    {"DTSTART;VALUE=DATE:20260701\r\nDURATION:P2D", "20260630T230000Z-20260702T230000Z a",
		NULL},
	    {"DTSTART;VALUE=DATE:20260701\r\nDURATION:PT24H", "20260630T230000Z-20260701T230000Z a",
		NULL},
	    {"DTSTART;VALUE=DATE:20260701\r\nDURATION:PT8H", "", "mixes whole days"},
	    {"DTSTART;VALUE=DATE:20260701\r\nDTEND:20260701T170000", "", "mixes whole days"},
	    {"DTSTART:20260701T090000\r\nDTEND;VALUE=DATE:20260702", "", "mixes whole days"},
	    {"DTSTART;VALUE=DATE:20260701\r\nRRULE:FREQ=DAILY;UNTIL=20260702T235959Z",
		"20260630T230000Z-20260701T230000Z a;20260701T230000Z-20260702T230000Z a", NULL},
	    {"DTSTART;VALUE=DATE:20260701\r\nRRULE:FREQ=DAILY;COUNT=3\r\nEXDATE:20260702T000000Z",
		"20260630T230000Z-20260701T230000Z a;20260702T230000Z-20260703T230000Z a", NULL},
	};
	struct reading_options options = support_options();

	(void)state;
	TRY(events, &options);
}

static void
a_rota_says_what_a_whole_day_means(void **state)
{
	static const struct want_event around_the_clock[] = {
	    {"DTSTART;VALUE=DATE:20261024", "20261024T080000Z-20261025T090000Z a", NULL},
	    {"DTSTART;VALUE=DATE:20260701\r\nDTEND;VALUE=DATE:20260704",
		"20260701T080000Z-20260704T080000Z a", NULL},
	};
	static const struct want_event office_hours[] = {
	    {"DTSTART;VALUE=DATE:20260701", "20260701T080000Z-20260701T160000Z a", NULL},
	    {"DTSTART;VALUE=DATE:20261024\r\nDTEND;VALUE=DATE:20261026",
		"20261024T080000Z-20261024T160000Z a;20261025T090000Z-20261025T170000Z a", NULL},
	};
	struct reading_options options = support_options();

	(void)state;
	options.all_day_rule = true;
	options.all_day_start = 9 * 3600;
	options.all_day_hours = 24;
	TRY(around_the_clock, &options);
	options.all_day_hours = 8;
	TRY(office_hours, &options);
}

static void
shifts_longer_than_a_day_are_told_once(void **state)
{
	static const struct {
		const char *lines, *want;
	} cases[] = {
	    {"DTSTART:20260701T080000Z\r\nDTEND:20260702T080000Z\r\nSUMMARY:J Jones", NULL},
	    /* 25 hours on the night the clocks go back are a day. */
	    {"DTSTART;TZID=Europe/London:20261024T200000\r\n"
	     "DTEND;TZID=Europe/London:20261025T200000\r\n"
	     "SUMMARY:J Jones",
		NULL},
	    {"DTSTART:20260701T080000Z\r\nDTEND:20260702T080100Z\r\nSUMMARY:J Jones",
		"1 shift last longer than 24 hours; the first begins on 01/07/2026"},
	    {"DTSTART;TZID=Europe/London:20260701T080000\r\n"
	     "DTEND;TZID=Europe/London:20260703T080000\r\n"
	     "RRULE:FREQ=WEEKLY;COUNT=3\r\n"
	     "SUMMARY:EDT",
		"3 shifts last longer than 24 hours; the first begins on 01/07/2026"},
	    {"DTSTART;VALUE=DATE:20260701\r\nDTEND;VALUE=DATE:20260704\r\nSUMMARY:J Jones",
		"1 shift last longer than 24 hours"},
	    /* Nobody's, and who is away. */
	    {"DTSTART:20260701T080000Z\r\nDTEND:20260703T080000Z\r\nSUMMARY:no cover", NULL},
	    {"DTSTART:20260701T080000Z\r\nDTEND:20260713T080000Z\r\nSUMMARY:A/L – J Jones", NULL},
	};
	struct reading_options options = support_options();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading = support_event(arena, &options, cases[i].lines);

		assert_int_equal(reading.nfindings, cases[i].want != NULL);
		if (cases[i].want != NULL && !support_finding(&reading, "a", cases[i].want))
			fail_msg("%s\n%s", cases[i].lines, reading.findings[0].text);
		options.all_day_rule = true;
		options.all_day_start = 9 * 3600;
		options.all_day_hours = 24;
		if (strstr(cases[i].lines, "VALUE=DATE") != NULL)
			assert_int_equal(
			    support_event(arena, &options, cases[i].lines).nfindings, 0);
		options.all_day_rule = false;
		arena_free(arena);
	}
}

static void
what_cannot_be_understood_is_unreadable(void **state)
{
	static const struct want_event events[] = {
	    {"SUMMARY:x", "", "has no start"},
	    {"DTSTART:soon", "", "is not a date"},
	    {"DTSTART:20260230T090000Z\r\nDTEND:20260230T100000Z", "", "no calendar has"},
	    {"DTSTART:20260701T080000Z\r\nDTEND:20260701T240000Z", "", "no calendar has"},
	    {"DTSTART:20260701T0800Z", "", "is not a date"},
	    {"DTSTART:20260701T080000Z\r\nDTSTART:20260702T080000Z\r\nDURATION:PT1H", "",
		"more than once"},
	    {"DTSTART:20260701T080000Z\r\nDTEND:20260701T070000Z", "", "ends before it starts"},
	    /* Of two that differ the last would win. */
	    {"DTSTART:20260701T080000Z\r\nDURATION:PT1H\r\nSTATUS:CANCELLED\r\nSTATUS:CONFIRMED",
		"", "a STATUS more than once"},
	    {"DTSTART:20260701T080000Z\r\nDURATION:PT1H\r\nSTATUS:CONFIRMED\r\nSTATUS:TENTATIVE",
		"", "a STATUS more than once"},
	    {"DTSTART:20260701T080000Z\r\nDURATION:PT1H\r\nX-MICROSOFT-CDO-BUSYSTATUS:OOF\r\n"
	     "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
		"", "a BUSYSTATUS more than once"},
	    {"DTSTART:20260701T000000Z\r\nDURATION:P1D\r\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE\r\n"
	     "X-MICROSOFT-CDO-ALLDAYEVENT:FALSE",
		"", "an ALLDAYEVENT more than once"},
	    {"DTSTART:20260701T080000Z\r\nDURATION:-PT1H", "", "ends before it starts"},
	    {"DTSTART:20260701T080000Z\r\nDURATION:P999999999999W", "", "duration cannot be read"},
	    {"DTSTART:20260701T080000Z\r\nDURATION:P5", "", "duration cannot be read"},
	    {"DTSTART:20260701T080000Z\r\nDURATION:P400D", "", "more than 366 days"},
	    {"DTSTART:20260701T080000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=HOURLY", "",
		"finer than daily"},
	    {"DTSTART:20260701T080000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;INTERVAL=0", "",
		"cannot be read"},
	    {"DTSTART:20260701T080000Z\r\nDURATION:PT1H\r\nRRULE:", "", "cannot be read"},
	    {"DTSTART:20260701T080000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=2\r\nEXRULE:FREQ="
	     "DAILY",
		"", "EXRULE"},
	    {"DTSTART:20260701T080000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=2\r\nEXDATE:"
	     "yesterday",
		"", "is not a date"},
	    {"DTSTART:20260701T080000Z\r\nDURATION:PT1H\r\nEXDATE;TZID=Nowhere:20260701T080000", "",
		"is unknown"},
	};
	struct reading_options options = support_options();

	(void)state;
	TRY(events, &options);
}

/* A publisher may end a series before its first shift when all of it is deleted; programs differ in
 * whether the first is there all the same. */
static void
a_series_that_ends_before_it_begins_is_doubtful(void **state)
{
	static const struct {
		const char *lines, *classes;
	} cases[] = {
	    {"DTSTART;TZID=Europe/London:20260701T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;UNTIL=20260630T080000Z",
		"0701T0800 tentative"},
	    {"DTSTART;TZID=Europe/London:20260701T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;UNTIL=20260701T000000Z",
		"0701T0800 tentative"},
	    {"DTSTART;TZID=Europe/London:20260701T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;UNTIL=20260701T080000Z",
		"0701T0800 named"},
	    {"DTSTART;TZID=Europe/London:20260701T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;UNTIL=20260630",
		"0701T0800 tentative"},
	    {"DTSTART;TZID=Europe/London:20260701T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;UNTIL=20260701",
		"0701T0800 named"},
	    {"DTSTART;TZID=Europe/London:20260701T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;UNTIL=20260701T085959",
		"0701T0800 tentative"},
	    {"DTSTART;VALUE=DATE:20260701\r\nRRULE:FREQ=DAILY;UNTIL=20260630",
		"0630T2300 tentative"},
	    {"DTSTART;VALUE=DATE:20260701\r\nRRULE:FREQ=DAILY;UNTIL=20260701", "0630T2300 named"},
	    {"DTSTART;VALUE=DATE:20260701\r\nRRULE:FREQ=DAILY;UNTIL=20260701T080000Z",
		"0630T2300 named"},
	};
	struct reading_options options = support_options();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading = support_event(
		    arena, &options, arena_printf(arena, "SUMMARY:J Jones\r\n%s", cases[i].lines));

		if (strcmp(support_classes(arena, &reading), cases[i].classes) != 0)
			fail_msg("%s\ngives %s", cases[i].lines, support_classes(arena, &reading));
		assert_int_equal(support_finding(&reading, "a", "ends before it begins"),
		    strstr(cases[i].classes, "tentative") != NULL);
		arena_free(arena);
	}
}

/* One of them is enough: which of two is meant nobody knows, and CANCEL takes cover away. */
static void
a_second_method_cancels_as_the_first_does(void **state)
{
	static const char *const methods[] = {"METHOD:CANCEL\r\n",
	    "METHOD:PUBLISH\r\nMETHOD:CANCEL\r\n", "METHOD:CANCEL\r\nMETHOD:PUBLISH\r\n"};
	struct reading_options options = support_options();

	(void)state;
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading = support_read(arena, &options,
		    arena_printf(arena,
			"BEGIN:VCALENDAR\r\n%sBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260701T080000Z\r\n"
			"DURATION:PT1H\r\nSUMMARY:J Jones\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
			methods[i]));

		assert_string_equal(support_list(arena, &reading), "");
		arena_free(arena);
	}
}

static void
sets_are_rules_and_dates_less_exceptions(void **state)
{
	static const struct want_event events[] = {
	    {"DTSTART:20260701T080000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=3\r\nEXDATE:"
	     "20260702T080000Z",
		"20260701T080000Z-20260701T090000Z a;20260703T080000Z-20260703T090000Z a", NULL},
	    {"DTSTART" LONDON "20260701T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=3\r\n"
	     "EXDATE;TZID=America/New_York:20260702T040000",
		"20260701T080000Z-20260701T090000Z a;20260703T080000Z-20260703T090000Z a", NULL},
	    {"DTSTART" LONDON "20260701T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT="
	     "3\r\nEXDATE;VALUE=DATE:20260702",
		"20260701T080000Z-20260701T090000Z a;20260703T080000Z-20260703T090000Z a",
		"by its day alone"},
	    {"DTSTART:20260701T080000Z\r\nDURATION:PT1H\r\nRDATE:20260705T080000Z,"
	     "20260706T100000Z\r\nRDATE:20260705T080000Z",
		"20260701T080000Z-20260701T090000Z a;20260705T080000Z-20260705T090000Z a;"
		"20260706T100000Z-20260706T110000Z a",
		NULL},
	    {"DTSTART:20260701T080000Z\r\nDURATION:PT1H\r\n"
	     "RDATE;VALUE=PERIOD:20260705T080000Z/20260705T120000Z,20260706T080000Z/PT2H",
		"20260701T080000Z-20260701T090000Z a;20260705T080000Z-20260705T120000Z a;"
		"20260706T080000Z-20260706T100000Z a",
		NULL},
	    /* A PERIOD without the word is one all the same. */
	    {"DTSTART:20260701T080000Z\r\nDURATION:PT1H\r\nRDATE:20260705T080000Z/PT3H",
		"20260701T080000Z-20260701T090000Z a;20260705T080000Z-20260705T110000Z a", NULL},
	    {"DTSTART:20260701T080000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=2\r\nRRULE:FREQ="
	     "WEEKLY;COUNT=2",
		"20260701T080000Z-20260701T090000Z a;20260702T080000Z-20260702T090000Z a;"
		"20260708T080000Z-20260708T090000Z a",
		NULL},
	    /* The start counts, in the rule or not. */
	    {"DTSTART" LONDON
	     "20260107T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY;BYDAY=MO,FR;COUNT=3",
		"20260107T090000Z-20260107T100000Z a;20260109T090000Z-20260109T100000Z a;"
		"20260112T090000Z-20260112T100000Z a",
		NULL},
	    {"DTSTART" LONDON "20260603T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;UNTIL=20260604",
		"20260603T080000Z-20260603T090000Z a;20260604T080000Z-20260604T090000Z a", NULL},
	    {"DTSTART" LONDON
	     "20260603T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;UNTIL=20260604T080000Z",
		"20260603T080000Z-20260603T090000Z a;20260604T080000Z-20260604T090000Z a", NULL},
	    {"DTSTART" LONDON
	     "20260603T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;UNTIL=20260604T075959Z",
		"20260603T080000Z-20260603T090000Z a", NULL},
	    {"DTSTART" LONDON
	     "20260603T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;UNTIL=20260604T090000",
		"20260603T080000Z-20260603T090000Z a;20260604T080000Z-20260604T090000Z a", NULL},
	    {"DTSTART" LONDON
	     "20260603T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=1;UNTIL=20260704",
		"20260603T080000Z-20260603T090000Z a", "at the sooner"},
	    {"DTSTART" LONDON "20260603T090000\r\nRRULE:FREQ=DAILY;COUNT=3", "", "no length"},
	    {"DTSTART" LONDON "20260603T090000\r\nDTEND" LONDON "20260603T100000\r\nDURATION:PT2H",
		"20260603T080000Z-20260603T090000Z a", "disagree"},
	};
	struct reading_options options = support_options();

	(void)state;
	TRY(events, &options);
}

/* Several events; their list, and a finding of "a" or NULL. */
struct want_calendar {
	const char *body, *list, *finding;
};

#define EVENT(lines) "BEGIN:VEVENT\r\n" lines "\r\nEND:VEVENT\r\n"
#define SERIES                                                                                     \
	EVENT("UID:a\r\nDTSTART:20260701T080000Z\r\nDTEND:20260701T090000Z\r\nRRULE:FREQ=DAILY;"   \
	      "COUNT=4")

static void
changed_shifts_take_the_place_of_what_they_change(void **state)
{
	static const struct want_calendar calendars[] = {
	    {EVENT("UID:a\r\nRECURRENCE-ID:20260702T080000Z\r\nDTSTART:20260702T120000Z\r\nDTEND:"
		   "20260702T130000Z") SERIES,
		"20260701T080000Z-20260701T090000Z a;20260702T120000Z-20260702T130000Z a;"
		"20260703T080000Z-20260703T090000Z a;20260704T080000Z-20260704T090000Z a",
		NULL},
	    {SERIES EVENT("UID:a\r\nRECURRENCE-ID;TZID=America/"
			  "New_York:20260702T040000\r\nDTSTART:20260702T120000Z\r\n"
			  "DTEND:20260702T130000Z"),
		"20260701T080000Z-20260701T090000Z a;20260702T120000Z-20260702T130000Z a;"
		"20260703T080000Z-20260703T090000Z a;20260704T080000Z-20260704T090000Z a",
		NULL},
	    {SERIES EVENT("UID:a\r\nRECURRENCE-ID;VALUE=DATE:20260702\r\nDTSTART:"
			  "20260702T120000Z\r\nDTEND:20260702T130000Z"),
		"20260701T080000Z-20260701T090000Z a;20260702T120000Z-20260702T130000Z a;"
		"20260703T080000Z-20260703T090000Z a;20260704T080000Z-20260704T090000Z a",
		"by its day alone"},
	    {SERIES EVENT("UID:a\r\nRECURRENCE-ID:20260702T080000Z\r\nDTSTART:"
			  "20260702T080000Z\r\nDTEND:20260702T090000Z\r\n"
			  "STATUS:CANCELLED"),
		"20260701T080000Z-20260701T090000Z a;20260703T080000Z-20260703T090000Z a;"
		"20260704T080000Z-20260704T090000Z a",
		NULL},
	    /* From the third on an hour later and two hours long. */
	    {SERIES EVENT("UID:a\r\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260703T080000Z\r\nDTSTART:"
			  "20260703T090000Z\r\n"
			  "DTEND:20260703T110000Z"),
		"20260701T080000Z-20260701T090000Z a;20260702T080000Z-20260702T090000Z a;"
		"20260703T090000Z-20260703T110000Z a;20260704T090000Z-20260704T110000Z a",
		NULL},
	    /* One of those changed once more. */
	    {SERIES EVENT("UID:a\r\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260703T080000Z\r\nDTSTART:"
			  "20260703T090000Z\r\n"
			  "DTEND:20260703T100000Z")
		    EVENT("UID:a\r\nRECURRENCE-ID:20260704T080000Z\r\nDTSTART:"
			  "20260704T200000Z\r\nDTEND:20260704T210000Z"),
		"20260701T080000Z-20260701T090000Z a;20260702T080000Z-20260702T090000Z a;"
		"20260703T090000Z-20260703T100000Z a;20260704T200000Z-20260704T210000Z a",
		NULL},
	    /* A change that cannot be read leaves a hole, not the shift as it was. */
	    {SERIES EVENT("UID:a\r\nRECURRENCE-ID:20260702T080000Z\r\nDTSTART:"
			  "20260702T120000Z\r\nDTEND:20260702T110000Z"),
		"20260701T080000Z-20260701T090000Z a;20260703T080000Z-20260703T090000Z a;"
		"20260704T080000Z-20260704T090000Z a",
		"ends before it starts"},
	    /* A change of nobody knows what spoils the series. */
	    {SERIES EVENT("UID:a\r\nRECURRENCE-ID:whenever\r\nDTSTART:20260702T120000Z\r\nDTEND:"
			  "20260702T130000Z"),
		"", "does not say which shift"},
	    {SERIES EVENT("UID:a\r\nRECURRENCE-ID:20260702T080000Z\r\nDTSTART:"
			  "20260702T120000Z\r\nDTEND:20260702T130000Z\r\n"
			  "SEQUENCE:1") EVENT("UID:a\r\nRECURRENCE-ID:20260702T080000Z\r\nDTSTART:"
					      "20260702T150000Z\r\nDTEND:20260702T160000Z\r\n"
					      "SEQUENCE:2"),
		"20260701T080000Z-20260701T090000Z a;20260702T150000Z-20260702T160000Z a;"
		"20260703T080000Z-20260703T090000Z a;20260704T080000Z-20260704T090000Z a",
		"the newest was read"},
	};
	struct reading_options options = support_options();

	(void)state;
	for (size_t i = 0; i < sizeof calendars / sizeof *calendars; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading = support_read(arena, &options,
		    arena_printf(
			arena, "BEGIN:VCALENDAR\r\n%sEND:VCALENDAR\r\n", calendars[i].body));
		const char *got = support_list(arena, &reading);

		if (strcmp(got, calendars[i].list) != 0)
			fail_msg(
			    "%s\ngives %s\nwants %s", calendars[i].body, got, calendars[i].list);
		if (calendars[i].finding != NULL &&
		    !support_finding(&reading, "a", calendars[i].finding))
			fail_msg("%s\nhas no finding %s", calendars[i].body, calendars[i].finding);
		arena_free(arena);
	}
}

static void
keys_are_unique_and_stay(void **state)
{
	struct reading_options options = support_options();
	struct arena *arena = arena_new(0);
	struct reading reading = support_read(arena, &options,
	    "BEGIN:VCALENDAR\r\n" SERIES EVENT(
		"UID:b\r\nDTSTART:20260701T080000Z\r\nDTEND:20260701T090000Z\r\n"
		"SUMMARY:J Jones / Kay Lee")
		EVENT("UID:c\r\nDTSTART:20260701T080000Z\r\nDTEND:20260701T090000Z") EVENT(
		    "UID:c\r\nDTSTART:20260702T080000Z\r\nDTEND:20260702T090000Z") "END:"
										   "VCALENDAR\r\n");

	(void)state;
	assert_int_equal(reading.noccurrences, 8);
	for (size_t i = 0; i < reading.noccurrences; i++) {
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(
			    reading.occurrences[i].key, reading.occurrences[j].key);
	}
	assert_string_equal(reading.occurrences[0].key, "a#2026-07-01T08:00:00Z");
	assert_int_equal(reading.occurrences[0].recurrence, support_instant("20260701T080000Z"));
	assert_string_equal(reading.occurrences[1].key, "b");
	assert_string_equal(reading.occurrences[2].key, "b/1");
	assert_int_equal(reading.occurrences[1].recurrence, INT64_MIN);
	arena_free(arena);
}

static void
status_decides_about_what_is_tentative(void **state)
{
	static const struct {
		const char *lines;
		bool counts;
		enum reading_class want;
	} cases[] = {
	    {"SUMMARY:J Jones\r\nSTATUS:CONFIRMED", false, READING_NAMED},
	    {"SUMMARY:J Jones\r\nSTATUS:TENTATIVE", false, READING_TENTATIVE},
	    {"SUMMARY:J Jones\r\nSTATUS:TENTATIVE", true, READING_NAMED},
	    {"SUMMARY:J Jones\r\nX-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE", false, READING_TENTATIVE},
	    {"SUMMARY:J Jones TBC\r\nSTATUS:TENTATIVE", true, READING_TENTATIVE},
	    {"SUMMARY:J Jones\r\nTRANSP:TRANSPARENT\r\nX-MICROSOFT-CDO-BUSYSTATUS:FREE", false,
		READING_NAMED},
	    {"SUMMARY:J Jones\r\nX-MICROSOFT-CDO-BUSYSTATUS:OOF", false, READING_TENTATIVE},
	    {"SUMMARY:J Jones\r\nX-MICROSOFT-CDO-BUSYSTATUS:busy", false, READING_NAMED},
	    {"SUMMARY:J Jones\r\nX-MICROSOFT-CDO-BUSYSTATUS:WorkingElsewhere", false,
		READING_NAMED},
	    {"SUMMARY:J Jones\r\nX-MICROSOFT-CDO-BUSYSTATUS:UNAVAILABLE", false, READING_TENTATIVE},
	    {"SUMMARY:J Jones\r\nSTATUS:CONFIRMED\r\nSTATUS:CONFIRMED", false, READING_NAMED},
	    {"SUMMARY:EDT\r\nSTATUS:TENTATIVE", false, READING_UNDECIDED},
	    {"SUMMARY:NO COVER\r\nSTATUS:TENTATIVE", false, READING_NOBODY},
	    {"SUMMARY:J Jones\r\nSTATUS:CANCELLED", false, READING_CANCELLED},
	    {"SUMMARY:A/L J Jones\r\nSTATUS:CANCELLED", false, READING_CANCELLED},
	};
	struct reading_options options = support_options();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading;

		options.tentative_counts = cases[i].counts;
		reading = support_event(arena, &options,
		    arena_printf(arena, "DTSTART:20260701T080000Z\r\nDTEND:20260701T090000Z\r\n%s",
			cases[i].lines));
		assert_int_equal(reading.noccurrences, 1);
		if (reading.occurrences[0].class != cases[i].want)
			fail_msg("%s: %s", cases[i].lines,
			    reading_class_name(reading.occurrences[0].class));
		assert_int_equal(reading.counts[cases[i].want], 1);
		arena_free(arena);
	}
}

static void
the_horizon_is_the_end_of_what_is_said(void **state)
{
	struct reading_options options = support_options();
	struct arena *arena = arena_new(0);
	struct reading reading;

	(void)state;
	reading = support_read(arena, &options,
	    "BEGIN:VCALENDAR\r\n" EVENT(
		"UID:a\r\nDTSTART:20260701T080000Z\r\nDTEND:20260701T090000Z\r\nSUMMARY:TBC")
		EVENT("UID:b\r\n"
		      "DTSTART:20260801T080000Z\r\n"
		      "DTEND:20260801T090000Z\r\n"
		      "SUMMARY:Bank holiday") EVENT("UID:c\r\nDTSTART:20260901T080000Z\r\nDTEND:"
						    "20260901T090000Z\r\nSTATUS:CANCELLED")
		    EVENT("UID:d\r\nDTSTART:20260101T080000Z\r\nDTEND:20260101T090000Z\r\nSUMMARY:"
			  "Good Friday") "END:VCALENDAR\r\n");
	assert_int_equal(reading.first, support_instant("20260701T080000Z"));
	assert_int_equal(reading.horizon, support_instant("20260701T090000Z"));
	assert_false(reading.endless);
	reading = support_event(arena, &options,
	    "DTSTART:20260701T080000Z\r\nDTEND:20260701T090000Z\r\nRRULE:FREQ=MONTHLY");
	assert_true(reading.endless);
	assert_int_equal(reading.horizon, options.until);
	reading = support_event(arena, &options,
	    "DTSTART:20260701T080000Z\r\nDTEND:20260701T090000Z\r\nRRULE:FREQ=MONTHLY\r\nSUMMARY:"
	    "Team meeting");
	assert_false(reading.endless);
	assert_int_equal(reading.horizon, INT64_MIN);
	assert_int_equal(reading.first, INT64_MIN);
	arena_free(arena);
}

static void
findings_know_what_they_blind(void **state)
{
	struct reading_options options = support_options();
	struct arena *arena = arena_new(0);
	struct reading reading;

	(void)state;
	reading = support_event(arena, &options, "DTSTART:garbage");
	assert_int_equal(reading.nfindings, 1);
	assert_int_equal(reading.findings[0].level, FINDING_UNREADABLE);
	assert_true(reading.findings[0].blinds);
	assert_int_equal(reading.findings[0].start, INT64_MIN);
	assert_int_equal(reading.counts[READING_UNREADABLE], 1);
	reading =
	    support_event(arena, &options, "DTSTART:20260701T080000Z\r\nDTEND:20260701T070000Z");
	assert_true(reading.findings[0].blinds);
	assert_true(reading.findings[0].start <= support_instant("20260701T070000Z"));
	assert_true(reading.findings[0].end >= support_instant("20260702T080000Z"));
	/* An event of long ago blinds nobody now. */
	reading =
	    support_event(arena, &options, "DTSTART:20160701T080000Z\r\nDTEND:20160701T070000Z");
	assert_int_equal(reading.findings[0].level, FINDING_UNREADABLE);
	assert_false(reading.findings[0].blinds);
	arena_free(arena);
}

static void
limits_refuse_and_do_not_cut(void **state)
{
	struct reading_options options = support_options();
	struct arena *arena = arena_new(0);
	struct reading reading;

	(void)state;
	reading = support_event(arena, &options,
	    "DTSTART:20260101T000000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7");
	assert_true(reading.refused);
	assert_int_equal(reading.noccurrences, 0);
	assert_true(support_finding(&reading, "a", "2000 shifts"));
	arena_free(arena);
}

static void
memory_that_runs_out_refuses(void **state)
{
	struct reading_options options = support_options();

	(void)state;
	for (size_t limit = 512 * 1024; limit < 6 * 1024 * 1024; limit += 512 * 1024) {
		struct arena *arena = arena_new(limit);
		struct buf text = {0};
		struct reading reading;

		buf_add_text(&text, "BEGIN:VCALENDAR\r\n");
		for (int i = 0; i < 40; i++)
			buf_printf(&text,
			    "BEGIN:VEVENT\r\nUID:%d\r\nDTSTART:20260101T000000Z\r\nDURATION:"
			    "PT1H\r\n"
			    "RRULE:FREQ=DAILY;BYHOUR=0,1,2,3\r\nSUMMARY:J Jones\r\nEND:VEVENT\r\n",
			    i);
		buf_add_text(&text, "END:VCALENDAR\r\n");
		reading = support_read(arena, &options, text.at);
		assert_true(reading.refused);
		assert_true(support_finding(&reading, NULL, "too much memory"));
		assert_int_equal(reading.noccurrences, 0);
		buf_free(&text);
		arena_free(arena);
	}
}

/* Before the library has seen anything of the file. */
static void
memory_that_runs_out_in_the_first_pass_refuses(void **state)
{
	struct reading_options options = support_options();
	struct arena *arena = arena_new(256 * 1024);
	struct buf text = {0};
	struct reading reading;

	(void)state;
	buf_add_text(&text, "BEGIN:VCALENDAR\r\n");
	for (int i = 0; i < 20000; i++)
		buf_add_text(&text, "BEGIN:VEVENT\r\nEND:VEVENT\r\n");
	reading = support_read(arena, &options, text.at);
	assert_true(reading.refused);
	assert_true(support_finding(&reading, NULL, "too much memory"));
	/* The file breaks off, too; but no more of it was read. */
	assert_int_equal(reading.nfindings, 1);
	buf_free(&text);
	arena_free(arena);
}

static void
old_series_cost_nothing(void **state)
{
	struct reading_options options = support_options();
	struct arena *arena = arena_new(0);
	struct buf text = {0};
	struct reading reading;

	(void)state;
	buf_add_text(&text, "BEGIN:VCALENDAR\r\n");
	for (int i = 0; i < 300; i++)
		buf_printf(&text,
		    "BEGIN:VEVENT\r\nUID:%d\r\nDTSTART:00010101T000000Z\r\nDURATION:PT1H\r\n"
		    "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=9\r\nEND:VEVENT\r\n",
		    i);
	buf_add_text(&text, "END:VCALENDAR\r\n");
	reading = support_read(arena, &options, text.at);
	assert_true(reading.refused);
	assert_true(support_finding(&reading, NULL, "too much work"));
	buf_free(&text);
	arena_free(arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(clock_changes_follow_the_wall_clock),
	    cmocka_unit_test(zones_are_what_they_say_or_unknown),
	    cmocka_unit_test(whole_days_are_local),
	    cmocka_unit_test(a_rota_says_what_a_whole_day_means),
	    cmocka_unit_test(shifts_longer_than_a_day_are_told_once),
	    cmocka_unit_test(what_cannot_be_understood_is_unreadable),
	    cmocka_unit_test(a_series_that_ends_before_it_begins_is_doubtful),
	    cmocka_unit_test(a_second_method_cancels_as_the_first_does),
	    cmocka_unit_test(sets_are_rules_and_dates_less_exceptions),
	    cmocka_unit_test(changed_shifts_take_the_place_of_what_they_change),
	    cmocka_unit_test(keys_are_unique_and_stay),
	    cmocka_unit_test(status_decides_about_what_is_tentative),
	    cmocka_unit_test(the_horizon_is_the_end_of_what_is_said),
	    cmocka_unit_test(findings_know_what_they_blind),
	    cmocka_unit_test(limits_refuse_and_do_not_cut),
	    cmocka_unit_test(memory_that_runs_out_refuses),
	    cmocka_unit_test(memory_that_runs_out_in_the_first_pass_refuses),
	    cmocka_unit_test(old_series_cost_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
