/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>
#include <unicode/ucal.h>
#include <unicode/uenum.h>
#include <unicode/ustring.h>

#include "calendars/zone_names.h"
#include "tests/unit/calendars/support.h"

/* Names of time zones that are no names of places, that are written in another way, or that nobody
 * defines. */

#define LONDON_RULES                                                                               \
	"BEGIN:STANDARD\r\nDTSTART:20001029T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0000\r\n"  \
	"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\n"            \
	"DTSTART:20000326T010000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\n"                    \
	"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\n"
#define FLAT_RULES(offset)                                                                         \
	"BEGIN:STANDARD\r\nDTSTART:20000101T000000\r\nTZOFFSETFROM:" offset                        \
	"\r\nTZOFFSETTO:" offset "\r\nEND:STANDARD\r\n"
#define ZONE(name, rules) "BEGIN:VTIMEZONE\r\nTZID:" name "\r\n" rules "END:VTIMEZONE\r\n"
#define EVENT(tzid, day, more)                                                                     \
	"BEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=" tzid ":2026" day "T090000\r\nDTEND;TZID=" tzid    \
	":2026" day "T170000\r\nSUMMARY:J Jones\r\n" more "END:VEVENT\r\n"
#define SUMMER(tzid) EVENT(tzid, "0701", "")
#define WINTER(tzid) EVENT(tzid, "1201", "")

struct want {
	const char *body, *classes, *finding, *unknown;
};

static void
try_all(const struct want *wants, size_t count, const struct reading_options *options)
{
	for (size_t i = 0; i < count; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading = support_read(arena, options,
		    arena_printf(arena, "BEGIN:VCALENDAR\r\n%sEND:VCALENDAR\r\n", wants[i].body));
		const char *got = support_classes(arena, &reading);
		const char *unknown = "";

		for (size_t z = 0; z < reading.nunknown_zones; z++)
			unknown = arena_printf(arena, "%s%s=%u;", unknown,
			    reading.unknown_zones[z].name, reading.unknown_zones[z].events);
		if (strcmp(got, wants[i].classes) != 0 || strcmp(unknown, wants[i].unknown) != 0)
			fail_msg("%s\ngives %s %s\nwants %s %s", wants[i].body, got, unknown,
			    wants[i].classes, wants[i].unknown);
		if (wants[i].finding != NULL ? !support_finding(&reading, "a", wants[i].finding)
					     : reading.nfindings != 0)
			fail_msg("%s\nwants the finding %s", wants[i].body, wants[i].finding);
		arena_free(arena);
	}
}

#define TRY(wants, options) try_all((wants), sizeof(wants) / sizeof *(wants), (options))

static void
the_calendar_says_what_a_name_of_no_place_means(void **state)
{
	static const struct want wants[] = {
	    {ZONE("GMT", LONDON_RULES) SUMMER("GMT"), "0701T0800 named", NULL, ""},
	    {ZONE("GMT", LONDON_RULES) WINTER("GMT"), "1201T0900 named", NULL, ""},
	    {ZONE("UTC", LONDON_RULES) SUMMER("UTC"), "0701T0800 named", NULL, ""},
	    {ZONE("Etc/GMT", LONDON_RULES) SUMMER("Etc/GMT"), "0701T0800 named", NULL, ""},
	    {ZONE("Greenwich", LONDON_RULES) SUMMER("Greenwich"), "0701T0800 named", NULL, ""},
	    {ZONE("WET", FLAT_RULES("+0000")) SUMMER("WET"), "0701T0900 named", NULL, ""},
	    {ZONE("CET", FLAT_RULES("+0100")) SUMMER("CET"), "0701T0800 named", NULL, ""},
	    {ZONE("EST", FLAT_RULES("-0400")) SUMMER("EST"), "0701T1300 named", NULL, ""},
	    {ZONE("gmt", LONDON_RULES) SUMMER("gmt"), "0701T0800 named", NULL, ""},
	    /* Of a place the world knows better. */
	    {ZONE("Europe/London", FLAT_RULES("+0000")) SUMMER("Europe/London"), "0701T0800 named",
		"not as it is in the world", ""},
	    {ZONE("GB", FLAT_RULES("+0000")) SUMMER("GB"), "0701T0800 named",
		"not as it is in the world", ""},
	    /* The definition must be usable. */
	    {ZONE("GMT", "") SUMMER("GMT"), "", "cannot be used", ""},
	};
	struct reading_options options = support_options();

	(void)state;
	TRY(wants, &options);
}

/* Under both readings, so that nobody believes one of them. */
/* holds: H03.1 */
static void
gmt_in_summer_is_for_a_person_to_decide(void **state)
{
	static const struct want wants[] = {
	    {WINTER("GMT"), "1201T0900 named", NULL, ""},
	    {SUMMER("GMT"), "0701T0800 tentative;0701T0900 tentative", "one of two clocks",
		"GMT=1;"},
	    {SUMMER("\"GMT\"") EVENT("GMT", "0702", ""),
		"0701T0800 tentative;0701T0900 tentative;0702T0800 tentative;0702T0900 tentative",
		"one of two clocks", "GMT=2;"},
	    {SUMMER("Greenwich"), "0701T0800 tentative;0701T0900 tentative", "one of two clocks",
		"Greenwich=1;"},
	    {SUMMER("EST"), "0701T1300 tentative;0701T1400 tentative", "one of two clocks",
		"EST=1;"},
	    /* Winter's shifts of a series are plain, summer's are not. */
	    {EVENT("GMT", "0316", "RRULE:FREQ=WEEKLY;COUNT=3\r\n"),
		"0316T0900 named;0323T0900 named;0330T0800 tentative;0330T0900 tentative",
		"one of two clocks", "GMT=1;"},
	    /* The night on which the clocks change. */
	    {"BEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=GMT:20260328T200000\r\nDTEND;TZID=GMT:"
	     "20260329T080000\r\nSUMMARY:J Jones\r\nEND:VEVENT\r\n",
		"0328T2000 tentative;0328T2000 tentative", "one of two clocks", "GMT=1;"},
	    {"BEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=Europe/London:20260701T090000\r\nDTEND;TZID="
	     "GMT:20260701T170000\r\nSUMMARY:J Jones\r\nEND:VEVENT\r\n",
		"0701T0800 tentative;0701T0800 tentative", "one of two clocks", "GMT=1;"},
	    {"X-WR-TIMEZONE:GMT\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260701T090000\r\nDTEND:"
	     "20260701T170000\r\nSUMMARY:J Jones\r\nEND:VEVENT\r\n",
		"0701T0800 tentative;0701T0900 tentative", "one of two clocks", "GMT=1;"},
	    /* Nobody means anything else by these. */
	    {SUMMER("UTC"), "0701T0900 named", NULL, ""},
	    {SUMMER("Etc/UTC"), "0701T0900 named", NULL, ""},
	};
	static const struct reading_zone london[] = {{"gmt", "Europe/London"}};
	static const struct reading_zone utc[] = {{" \"GMT\" ", "UTC"}};
	static const struct want as_london[] = {
	    {SUMMER("GMT"), "0701T0800 named", NULL, ""},
	    {WINTER("GMT"), "1201T0900 named", NULL, ""},
	};
	static const struct want as_utc[] = {{SUMMER("GMT"), "0701T0900 named", NULL, ""}};
	struct reading_options options = support_options();

	(void)state;
	TRY(wants, &options);
	options.zones = london;
	options.nzones = 1;
	TRY(as_london, &options);
	options.zones = utc;
	TRY(as_utc, &options);
}

/* A shift is told of if either of its readings is in the window. */
static void
gmt_at_the_edge_of_the_window(void **state)
{
	static const struct want inside[] = {
	    {SUMMER("GMT"), "0701T0800 tentative", "one of two clocks", "GMT=1;"}};
	static const struct want outside[] = {{SUMMER("GMT"), "", NULL, ""}};
	struct reading_options options = support_options();

	(void)state;
	options.until = support_instant("20260701T090000Z");
	TRY(inside, &options);
	options.until = support_instant("20260701T080000Z");
	TRY(outside, &options);
}

static void
windows_names_are_read_however_they_are_written(void **state)
{
	static const struct want wants[] = {
	    {SUMMER("GMT Standard Time"), "0701T0800 named", NULL, ""},
	    {SUMMER("gmt standard time"), "0701T0800 named", NULL, ""},
	    {SUMMER("GMT STANDARD TIME"), "0701T0800 named", NULL, ""},
	    {SUMMER("GMT Standard Time 1"), "0701T0800 named", NULL, ""},
	    {SUMMER("GMT Standard Time1"), "0701T0800 named", NULL, ""},
	    {SUMMER("\"Gmt Standard Time 12\""), "0701T0800 named", NULL, ""},
	    {SUMMER("w. europe standard time 2"), "0701T0700 named", NULL, ""},
	    {SUMMER("Russia Time Zone 3"), "0701T0500 named", NULL, ""},
	    {SUMMER("GMT Standard Time x"), "", "is unknown", "GMT Standard Time x=1;"},
	    {SUMMER("1"), "", "is unknown", "1=1;"},
	    {SUMMER("/example.org/1/Nowhere"), "", "is unknown", "/example.org/1/Nowhere=1;"},
	    {SUMMER("/example.org/1/Europe/London"), "0701T0800 named", NULL, ""},
	    /* The calendar's own of that name goes before. */
	    {ZONE("GMT Standard Time 1", FLAT_RULES("+0000")) SUMMER("GMT Standard Time 1"),
		"0701T0900 named", NULL, ""},
	};
	struct reading_options options = support_options();

	(void)state;
	TRY(wants, &options);
}

/* Every Windows name that ICU has is in our list, in any case. */
/* holds: H03.1 */
static void
no_windows_name_is_missing(void **state)
{
	UErrorCode error = U_ZERO_ERROR;
	UEnumeration *all = ucal_openTimeZones(&error);
	struct arena *arena = arena_new(0);
	const UChar *id;
	int32_t len;
	size_t count = 0;

	(void)state;
	while ((id = uenum_unext(all, &len, &error)) != NULL) {
		UChar windows[200];
		char name[201];
		UErrorCode none = U_ZERO_ERROR;
		int32_t n = ucal_getWindowsTimeZoneID(id, len, windows, 200, &none);

		if (U_FAILURE(none) || n <= 0)
			continue;
		windows[n < 200 ? n : 199] = 0;
		u_UCharsToChars(windows, name, n + 1);
		for (char *at = name; *at != '\0'; at++)
			*at = (char)(*at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at);
		if (zone_by_windows_name(support_zones(), arena, name) == NULL)
			fail_msg("no zone for %s", name);
		count++;
	}
	uenum_close(all);
	assert_true(count > 300);
	arena_free(arena);
}

/* holds: H03.1 */
static void
a_name_that_nobody_defines_is_decided_once(void **state)
{
	static const struct want undecided[] = {
	    {SUMMER("Fenmere Time"), "", "is unknown", "Fenmere Time=1;"},
	    {SUMMER("B") EVENT("A", "0702", "") EVENT("\"C\"", "0703", "") EVENT("C", "0704", ""),
		"", "is unknown", "C=2;A=1;B=1;"},
	    /* An event that cannot be read for another reason asks nothing. */
	    {"BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260230T090000Z\r\nDTEND;TZID=Nowhere:"
	     "20260701T170000\r\nEND:VEVENT\r\n",
		"", "no calendar has", ""},

	};
	static const struct reading_zone zones[] = {{"Fenmere Time", "America/New_York"},
	    {"Europe/London", "Europe/Berlin"}, {"GMT Standard Time", "Europe/Berlin"}};
	static const struct want decided[] = {
	    {SUMMER("Fenmere Time"), "0701T1300 named", NULL, ""},
	    {SUMMER("\" FENMERE TIME\""), "0701T1300 named", NULL, ""},
	    {"X-WR-TIMEZONE:fenmere time\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260701T090000\r\n"
	     "DTEND:20260701T170000\r\nSUMMARY:J Jones\r\nEND:VEVENT\r\n",
		"0701T1300 named", "name no time zone", ""},
	    /* A zone that the calendar defines needs no decision, and no decision changes it. */
	    {ZONE("Fenmere Time", LONDON_RULES) SUMMER("Fenmere Time"), "0701T0800 named", NULL,
		""},
	    {SUMMER("Europe/London"), "0701T0800 named", NULL, ""},
	    {SUMMER("GMT Standard Time"), "0701T0800 named", NULL, ""},
	    {SUMMER("Other Time"), "", "is unknown", "Other Time=1;"},
	};
	struct reading_options options = support_options();

	(void)state;
	TRY(undecided, &options);
	options.zones = zones;
	options.nzones = sizeof zones / sizeof *zones;
	TRY(decided, &options);
}

static void
two_definitions_of_one_name_must_agree(void **state)
{
	static const struct want wants[] = {
	    {ZONE("1", LONDON_RULES) ZONE("1", LONDON_RULES) SUMMER("1"), "0701T0800 named", NULL,
		""},
	    {ZONE("1", LONDON_RULES) ZONE("1", FLAT_RULES("+0000")) SUMMER("1"), "",
		"defined more than once", ""},
	    {ZONE("1", LONDON_RULES) ZONE(" 1", FLAT_RULES("+0000")) SUMMER("1"), "",
		"defined more than once", ""},
	    {ZONE("1", LONDON_RULES) ZONE(" 1", FLAT_RULES("+0000")) SUMMER("\" 1\""), "",
		"defined more than once", ""},
	    {ZONE("1", LONDON_RULES) ZONE("\"1\"", FLAT_RULES("+0000")) WINTER("1"), "",
		"defined more than once", ""},
	    {ZONE("1", LONDON_RULES) ZONE("1", "") SUMMER("1"), "", "cannot be used", ""},
	    {ZONE("GMT", LONDON_RULES) ZONE("GMT", FLAT_RULES("+0000")) SUMMER("GMT"), "",
		"defined more than once", ""},
	    {ZONE("1", LONDON_RULES) ZONE("2", FLAT_RULES("+0000")) SUMMER("1"), "0701T0800 named",
		NULL, ""},
	    /* They differ, but in no year that is read. */
	    {ZONE("1", FLAT_RULES("+0000")) ZONE("1",
		 "BEGIN:STANDARD\r\nDTSTART:20010101T000000\r\nTZOFFSETFROM:+0500\r\nTZOFFSETTO:"
		 "+0000\r\nEND:STANDARD\r\n") SUMMER("1"),
		"0701T0900 named", NULL, ""},
	    /* Of a place neither is used. */
	    {ZONE("Europe/London", LONDON_RULES) ZONE("Europe/London", FLAT_RULES("+0000"))
		    SUMMER("Europe/London"),
		"0701T0800 named", "not as it is in the world", ""},
	};
	struct reading_options options = support_options();

	(void)state;
	TRY(wants, &options);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_calendar_says_what_a_name_of_no_place_means),
	    cmocka_unit_test(gmt_in_summer_is_for_a_person_to_decide),
	    cmocka_unit_test(gmt_at_the_edge_of_the_window),
	    cmocka_unit_test(windows_names_are_read_however_they_are_written),
	    cmocka_unit_test(no_windows_name_is_missing),
	    cmocka_unit_test(a_name_that_nobody_defines_is_decided_once),
	    cmocka_unit_test(two_definitions_of_one_name_must_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
