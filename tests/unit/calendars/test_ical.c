/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/calendars/support.h"

/* The parts that are taken of a whole file: its name, its zone, the identifiers of its events. */

#define LONDON ";TZID=Europe/London:"

/* The description of the calendar itself: the first name, the first zone, and that there were
 * others. */
static void
several_calendars_are_described_together(void **state)
{
#define IN(zone, day)                                                                              \
	"BEGIN:VEVENT\r\nUID:" day "\r\nDTSTART" zone "202607" day "T080000\r\nDURATION:PT1H\r\n"  \
	"END:VEVENT\r\n"
#define CALENDAR(body) "BEGIN:VCALENDAR\r\n" body "END:VCALENDAR\r\n"
#define PARIS ";TZID=Europe/Paris:"
	static const struct {
		const char *file, *name, *zone;
	} cases[] = {
	    {CALENDAR("X-WR-CALNAME:One\r\n" IN(LONDON, "01"))
		    CALENDAR("X-WR-CALNAME:Two\r\n" IN(LONDON, "02")),
		"One", "Europe/London"},
	    {CALENDAR(IN(LONDON, "01")) CALENDAR("X-WR-CALNAME:Two\r\n" IN(PARIS, "02")), "Two",
		"Europe/London and others"},
	    {CALENDAR(IN(LONDON, "01") IN(PARIS, "02")) CALENDAR(IN(LONDON, "03")), NULL,
		"Europe/London and others"},
	    {CALENDAR(IN(":", "01")) CALENDAR(IN(PARIS, "02")), NULL,
		"Europe/London and others (floating times)"},
	    {CALENDAR(IN(PARIS, "01")) CALENDAR(""), NULL, "Europe/Paris"},
	    {CALENDAR("") CALENDAR(IN(PARIS, "01")), NULL, "Europe/Paris"},
	};
	struct reading_options options = support_options();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading = support_read(arena, &options, cases[i].file);

		assert_false(reading.refused);
		assert_string_equal(reading.zone_used, cases[i].zone);
		assert_int_equal(reading.calendar_name == NULL, cases[i].name == NULL);
		if (cases[i].name != NULL)
			assert_string_equal(reading.calendar_name, cases[i].name);
		arena_free(arena);
	}
}

static const char *
uid_of(struct arena *arena, const char *uid)
{
	struct reading_options options = support_options();
	struct reading reading = support_read(arena, &options,
	    arena_printf(arena,
		"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:%s\r\n"
		"DTSTART:20260701T080000Z\r\nDTEND:20260701T090000Z"
		"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
		uid));

	assert_int_equal(reading.noccurrences, 1);
	return reading.occurrences[0].uid;
}

/* A UID that is cut stays one of its own, and whole letters. */
static void
a_long_uid_is_cut_and_told_apart(void **state)
{
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t before = 200; before < 260; before++) {
		char one[400], other[400];
		const char *cut;

		memset(one, 'x', before);
		snprintf(one + before, sizeof one - before,
		    "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80%0100d1", 0);
		snprintf(other, sizeof other, "%.*s2", (int)strlen(one) - 1, one);
		cut = uid_of(arena, one);
		assert_true(strlen(cut) <= 255);
		assert_true(text_utf8_valid(cut, strlen(cut)));
		assert_string_equal(cut, uid_of(arena, one));
		assert_string_not_equal(cut, uid_of(arena, other));
	}
	arena_free(arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(several_calendars_are_described_together),
	    cmocka_unit_test(a_long_uid_is_cut_and_told_apart),
	};

	reading_prepare();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
