/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <libical/ical.h>

#include "calendars/prescan.h"
#include "tests/unit/calendars/support.h"

/* No input is known that prescan.c and libical divide into different parts. This program is linked
 * with a libical that loses or changes a part (--wrap): nothing of such a calendar is used. */

enum damage { NONE, NO_CALENDAR, NO_EVENT, OTHER_CALENDAR, OTHER_EVENT, NO_MARK, WORD, BEYOND };

static enum damage damage;

icalcomponent *__real_icalparser_parse_string(const char *text);
icalcomponent *__wrap_icalparser_parse_string(const char *text);

static bool
begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* Parses ${text} with ${put} in place of where the first onset of its zone is. */
static icalcomponent *
parse_marked(const char *text, const char *put)
{
	char *copy = strdup(text), *at = strstr(copy, SCAN_FIRST_ONSET ":0");
	icalcomponent *component;

	if (at != NULL)
		memcpy(at, put, strlen(put));
	component = __real_icalparser_parse_string(copy);
	free(copy);
	return component;
}

icalcomponent *
__wrap_icalparser_parse_string(const char *text)
{
	bool event = begins(text, "BEGIN:VEVENT");

	switch (damage) {
	case NO_CALENDAR:
		return event ? __real_icalparser_parse_string(text) : NULL;
	case NO_EVENT:
		return event ? NULL : __real_icalparser_parse_string(text);
	case OTHER_CALENDAR:
		return __real_icalparser_parse_string("BEGIN:VTODO\r\nEND:VTODO\r\n");
	case OTHER_EVENT:
		return __real_icalparser_parse_string(
		    event ? "BEGIN:VTODO\r\nEND:VTODO\r\n" : text);
	case NO_MARK:
		return parse_marked(text, "X-NOTHING-HERE");
	case WORD:
		return parse_marked(text, SCAN_FIRST_ONSET ":x");
	case BEYOND:
		return parse_marked(text, SCAN_FIRST_ONSET ":1");
	case NONE:
		break;
	}
	return __real_icalparser_parse_string(text);
}

/* holds: H08.4 */
static void
a_calendar_of_two_readings_is_refused(void **state)
{
	static const char text[] =
	    "BEGIN:VCALENDAR\r\nX-WR-CALNAME:Rota\r\nBEGIN:VTIMEZONE\r\nTZID:Mine\r\n"
	    "BEGIN:STANDARD\r\nDTSTART:20200101T000000\r\nTZOFFSETFROM:+0000\r\n"
	    "TZOFFSETTO:+0000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
	    "BEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=Mine:20260701T080000\r\nDURATION:PT1H\r\n"
	    "SUMMARY:J Jones\r\nEND:VEVENT\r\n"
	    "BEGIN:VEVENT\r\nUID:b\r\nDTSTART:20260702T080000Z\r\nDURATION:PT1H\r\n"
	    "SUMMARY:J Jones\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
	struct reading_options options = support_options();

	(void)state;
	for (damage = NONE; damage <= BEYOND; damage++) {
		struct arena *arena = arena_new(0);
		struct reading reading = support_read(arena, &options, text);

		if (damage == NONE) {
			assert_string_equal(
			    support_classes(arena, &reading), "0701T0800 named;0702T0800 named");
		} else {
			assert_true(reading.refused);
			assert_true(support_finding(
			    &reading, NULL, "where each part of the calendar ends"));
			assert_int_equal(reading.nfindings, 1);
			assert_int_equal(reading.noccurrences, 0);
		}
		arena_free(arena);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_calendar_of_two_readings_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
