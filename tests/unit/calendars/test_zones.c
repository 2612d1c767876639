/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/calendars/support.h"

/* A calendar's own zones and names of zones at the edges of what they may say. */

#define SHIFT "20260701T090000\r\nDURATION:PT1H\r\nSUMMARY:J Jones\r\nEND:VEVENT\r\n"
#define OF_MINE "BEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=Mine:" SHIFT
#define FLOATING "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:" SHIFT
#define PART(lines, from, to)                                                                      \
	"BEGIN:STANDARD\r\n" lines "\r\nTZOFFSETFROM:" from "\r\nTZOFFSETTO:" to                   \
	"\r\nEND:STANDARD\r\n"
#define MINE(parts) "BEGIN:VTIMEZONE\r\nTZID:Mine\r\n" parts "END:VTIMEZONE\r\n" OF_MINE
#define SINCE "DTSTART:20200101T020000\r\n"

struct want {
	const char *body, *spans, *finding;
};

static struct reading
read_body(struct arena *arena, const char *body)
{
	struct reading_options options = support_options();

	return support_read(
	    arena, &options, arena_printf(arena, "BEGIN:VCALENDAR\r\n%sEND:VCALENDAR\r\n", body));
}

static void
try_all(const struct want *wants, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading = read_body(arena, wants[i].body);

		if (strcmp(support_spans(arena, &reading), wants[i].spans) != 0)
			fail_msg("%s\ngives %s\nwants %s", wants[i].body,
			    support_spans(arena, &reading), wants[i].spans);
		if (wants[i].finding != NULL ? !support_finding(&reading, NULL, wants[i].finding)
					     : reading.nfindings > 0)
			fail_msg("%s\nwants the finding %s, has %s", wants[i].body,
			    wants[i].finding,
			    reading.nfindings > 0 ? reading.findings[0].text : "none");
		arena_free(arena);
	}
}

static void
a_zone_is_read_or_unusable(void **state)
{
	static const struct want wants[] = {
	    /* The offset of July by a rule that ends before, at, and after it. */
	    {MINE(PART(SINCE "RRULE:FREQ=YEARLY;UNTIL=20250101T010000Z", "+0100", "+0200")),
		"0701T0700-0701T0800 named", NULL},
	    {MINE(PART(SINCE "RRULE:FREQ=YEARLY;UNTIL=20990101T000000Z", "+0100", "+0200")),
		"0701T0700-0701T0800 named", NULL},
	    {MINE(PART(SINCE "RRULE:FREQ=YEARLY;UNTIL=20250101T020000", "+0100", "+0200")
		     PART("DTSTART:20250601T020000", "+0200", "+0300")),
		"0701T0600-0701T0700 named", NULL},
	    {MINE(PART(SINCE "RRULE:FREQ=YEARLY;UNTIL=20990101T020000", "+0100", "+0200")
		     PART("DTSTART:20250601T020000", "+0200", "+0300")),
		"0701T0700-0701T0800 named", NULL},
	    {MINE(PART(SINCE "RRULE:FREQ=YEARLY;UNTIL=20250101", "+0100", "+0200")
		     PART("DTSTART:20250601T020000", "+0200", "+0300")),
		"0701T0600-0701T0700 named", NULL},
	    {MINE(PART(SINCE "RRULE:FREQ=YEARLY;UNTIL=20990101", "+0100", "+0200")
		     PART("DTSTART:20250601T020000", "+0200", "+0300")),
		"0701T0700-0701T0800 named", NULL},
	    /* Dates by the clock before them, or in UTC. */
	    {MINE(PART("DTSTART:20210101T000000\r\nRDATE:20260701T073000Z", "+0100", "+0200")
		     PART("DTSTART:20220101T000000", "+0200", "+0100")),
		"0701T0800-0701T0900 named", "does not exist"},
	    {MINE(PART(SINCE "RDATE:20260230T100000", "+0000", "+0100")), "",
		"dates cannot be read"},
	    {MINE(PART(SINCE "RRULE:FREQ=MONTHLY", "+0000", "+0100")), "",
		"more often than yearly"},
	    {MINE(PART(SINCE "RRULE:FREQ=MONTHLY\r\nRRULE:FREQ=YEARLY", "+0000", "+0100")), "",
		"more often than yearly"},
	    {MINE(PART(SINCE "RRULE:FREQ=NEVER", "+0000", "+0100") PART(SINCE, "+0000", "+0100")),
		"", "rule cannot be read"},
	    {MINE(PART("DTSTART:00010101T000000\r\nRRULE:FREQ=YEARLY;BYDAY=SU", "+0000", "+0100")),
		"", "too many changes"},
	    {MINE(PART(SINCE, "+1500", "+0100")), "", "beyond 14 hours"},
	    {MINE(PART(SINCE, "+0100", "-1500")), "", "beyond 14 hours"},
	    {MINE(PART("DTSTART:20200230T000000", "+0100", "+0100")), "", "lacks its start"},
	};

	(void)state;
	try_all(wants, sizeof wants / sizeof *wants);
}

#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

static void
names_are_read_up_to_their_limits(void **state)
{
	static const struct want wants[] = {
	    {"X-WR-TIMEZONE:\"Europe/London\"\r\n" FLOATING, "0701T0800-0701T0900 named", NULL},
	    {"X-WR-TIMEZONE:\"Europe/London\r\n" FLOATING, "0701T0800-0701T0900 named",
		"is unknown"},
	    {"X-WR-TIMEZONE:\"\"\r\n" FLOATING, "0701T0800-0701T0900 named", "is unknown"},
	    {"X-WR-TIMEZONE:\"\r\n" FLOATING, "0701T0800-0701T0900 named", "is unknown"},
	    {"BEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=/" HUNDRED HUNDRED "/Europe/London:" SHIFT, "",
		"is unknown"},
	    {"BEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=/" HUNDRED "/Europe/London:" SHIFT,
		"0701T0800-0701T0900 named", NULL},
	};
	static const char *const lengths[] = {HUNDRED HUNDRED, HUNDRED HUNDRED "x"};
	struct arena *arena = arena_new(0);

	(void)state;
	try_all(wants, sizeof wants / sizeof *wants);
	/* A name that is too long cannot be asked about. */
	for (size_t i = 0; i < 2; i++) {
		struct reading reading = read_body(
		    arena, arena_printf(arena, "BEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=%s:" SHIFT,
			       lengths[i]));

		assert_true(support_finding(&reading, NULL, "is unknown"));
		assert_int_equal(reading.nunknown_zones, 1 - i);
	}
	arena_free(arena);
}

static void
add_shift(struct buf *buf, unsigned zone)
{
	buf_printf(buf, "BEGIN:VEVENT\r\nUID:%u\r\nDTSTART;TZID=Z%u:" SHIFT, zone, zone);
}

/* Beyond 2000 names nothing is looked up, and nothing read by a guess. */
static void
names_beyond_the_limit_are_unknown(void **state)
{
	struct arena *arena = arena_new(0);
	struct buf buf = {0};
	struct reading reading;

	(void)state;
	for (unsigned i = 0; i < 2000; i++)
		add_shift(&buf, i);
	add_shift(&buf, 7);
	buf_add_text(&buf, "BEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=Europe/London:" SHIFT);
	reading = read_body(arena, buf.at);
	assert_false(reading.refused);
	assert_int_equal(reading.noccurrences, 0);
	assert_int_equal(reading.counts[READING_UNREADABLE], 2002);
	assert_int_equal(reading.nunknown_zones, 2000);
	assert_string_equal(reading.unknown_zones[0].name, "Z7");
	assert_int_equal(reading.unknown_zones[0].events, 2);
	/* Another calendar of the file has names of its own, but no more questions. */
	buf_reset(&buf);
	for (unsigned i = 0; i < 1999; i++)
		add_shift(&buf, i);
	buf_add_text(&buf, "END:VCALENDAR\r\nBEGIN:VCALENDAR\r\n");
	add_shift(&buf, 5000);
	add_shift(&buf, 5001);
	buf_add_text(&buf, "BEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=Europe/London:" SHIFT);
	reading = read_body(arena, buf.at);
	assert_int_equal(reading.noccurrences, 1);
	assert_int_equal(reading.nunknown_zones, 2000);
	buf_free(&buf);
	arena_free(arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_zone_is_read_or_unusable),
	    cmocka_unit_test(names_are_read_up_to_their_limits),
	    cmocka_unit_test(names_beyond_the_limit_are_unknown),
	};

	reading_prepare();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
