/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "calendars/latin1.h"
#include "calendars/lines.h"
#include "calendars/shape.h"
#include "tests/unit/calendars/support.h"

#define HEAD "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
#define GOOD                                                                                       \
	"BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260701T080000Z\r\nDTEND:20260701T090000Z\r\nSUMMARY:"  \
	"J Jones\r\nEND:VEVENT\r\n"
#define TAIL "END:VCALENDAR\r\n"
#define LIST "20260701T080000Z-20260701T090000Z a"

static struct reading
read_bytes(struct arena *arena, const char *bytes, size_t len)
{
	const struct reading_tools tools = {support_zones()};
	struct reading_options options = support_options();
	struct reading reading;

	reading_make(&tools, &options, (struct slice){bytes, len}, arena, &reading);
	return reading;
}

static void
what_follows_the_end_is_told_once(void **state)
{
	static const char text[] = HEAD GOOD TAIL "--boundary\r\n\r\n--boundary--\r\n";
	struct arena *arena = arena_new(0);
	struct reading reading = read_bytes(arena, text, sizeof text - 1);

	(void)state;
	assert_string_equal(support_list(arena, &reading), LIST);
	assert_int_equal(reading.nfindings, 1);
	assert_true(support_finding(&reading, "a", "After the end of the calendar"));
	arena_free(arena);
}

static void
what_is_no_whole_calendar_is_refused(void **state)
{
	static const struct {
		const char *bytes, *why;
	} cases[] = {
	    {"", "is empty"},
	    {" \r\n\t\r\n", "is empty"},
	    {"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"},
	    {"  <html>", "web page"},
	    {"HTTP/1.1 200 OK\r\n\r\n" HEAD GOOD TAIL, "Something else comes before"},
	    {GOOD, "no calendar round them"},
	    {HEAD GOOD, "breaks off"},
	    {HEAD "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:2026", "breaks off"},
	    {HEAD "BEGIN:VEVENT\r\nUID:a\r\n" TAIL, "closes what was not open"},
	    {HEAD GOOD "END:VEVENT\r\n" TAIL, "closes what was not open"},
	    {HEAD "BEGIN:X-A\r\nBEGIN:X-B\r\nBEGIN:X-C\r\nBEGIN:X-D\r\nBEGIN:X-E\r\n",
		"nested more than 5"},
	    {"\xff\xfe"
	     "B",
		"UTF-16"},
	    {"\xfe\xff"
	     "B",
		"UTF-16"},
	    {HEAD "CALSCALE:ISLAMIC\r\n" GOOD TAIL, "counts its days by ISLAMIC"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading = read_bytes(arena, cases[i].bytes, strlen(cases[i].bytes));

		assert_true(reading.refused);
		assert_int_equal(reading.noccurrences, 0);
		if (!support_finding(&reading, NULL, cases[i].why))
			fail_msg("%s: %s", cases[i].why, reading.findings[0].text);
		assert_true(strlen(reading.findings[0].remedy) > 5);
		arena_free(arena);
	}
}

static void
a_nul_byte_is_refused_wherever_it_is(void **state)
{
	static const char bytes[] = HEAD GOOD TAIL;

	(void)state;
	for (size_t at = 0; at < sizeof bytes - 1; at += 7) {
		struct arena *arena = arena_new(0);
		char *copy = malloc(sizeof bytes);
		struct reading reading;
		unsigned line = 1;

		memcpy(copy, bytes, sizeof bytes);
		for (size_t i = 0; i < at; i++)
			line += bytes[i] == '\n';
		copy[at] = '\0';
		reading = read_bytes(arena, copy, sizeof bytes - 1);
		assert_true(reading.refused);
		assert_true(support_finding(
		    &reading, NULL, arena_printf(arena, "Line %u holds a NUL byte", line)));
		free(copy);
		arena_free(arena);
	}
}

static void
sloppy_writing_is_read(void **state)
{
	static const struct {
		const char *bytes, *finding;
	} cases[] = {
	    {HEAD GOOD TAIL, NULL},
	    {"\xef\xbb\xbf" HEAD GOOD TAIL, NULL},
	    {"\r\n\r\n" HEAD GOOD TAIL "\r\n\r\n", NULL},
	    {"begin:vcalendar\nbegin:vevent\nuid:a\ndtstart:20260701t080000z\nDtEnd:"
	     "20260701T090000Z\nend:VEVENT\n"
	     "end:vcalendar",
		NULL},
	    {"BEGIN:VCALENDAR\rBEGIN:VEVENT\rUID:a\rDTSTART:20260701T080000Z\rDTEND:20260701T090000Z\rEND:VEVENT\rEND:VCALENDAR\r",
		NULL},
	    {HEAD "\r\n\r\n" GOOD "\n\n" TAIL, NULL},
	    {"BEGIN:VCALENDAR \r\nBEGIN:VEVENT\t\r\nUID:a\r\nDTSTART:20260701T080000Z \r\nDTEND: "
	     "20260701T090000Z\r\n"
	     "END:VEVENT \r\nEND:VCALENDAR ",
		NULL},
	    {HEAD "BEGIN:VEVENT\r\n"
		  "UI\r\n"
		  " D:a\r\n"
		  "DTSTART:2026070\r\n"
		  "\t1T080000Z\r\n"
		  "DTEND:20260701T090000Z\r\n"
		  "END:VEVENT\r\n" TAIL,
		NULL},
	    {HEAD GOOD TAIL "<html>oops</html>\r\n", "which is no calendar"},
	    {HEAD "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260701T080000Z\r\nDTEND:"
		  "20260701T090000Z\r\nDESCRIPTION:broken\r\n"
		  "in two\r\nEND:VEVENT\r\n" TAIL,
		"was passed over"},
	    {HEAD "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260701T080000Z\r\nDTEND:"
		  "20260701T090000Z\r\nBEGIN:VALARM\r\n"
		  "DTSTART:20300101T000000Z\r\nDURATION:PT5M\r\nEND:VALARM\r\nEND:VEVENT\r\n" TAIL,
		NULL},
	    {HEAD "BEGIN:VTODO\r\nUID:t\r\nDTSTART:20260701T080000Z\r\nDUE:20260701T100000Z\r\nEND:"
		  "VTODO\r\n" GOOD TAIL,
		NULL},
	    {HEAD TAIL HEAD GOOD TAIL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading = read_bytes(arena, cases[i].bytes, strlen(cases[i].bytes));

		if (strcmp(support_list(arena, &reading), LIST) != 0)
			fail_msg("%s\n%s", cases[i].bytes,
			    reading.nfindings > 0 ? reading.findings[0].text : "");
		if (cases[i].finding != NULL)
			assert_true(support_finding(&reading, "a", cases[i].finding));
		else
			assert_int_equal(reading.nfindings, 0);
		arena_free(arena);
	}
}

static void
letters_survive(void **state)
{
	static const struct {
		const char *bytes, *summary;
	} cases[] = {
	    {"SUMMARY:\xc3\x89ilis\r\n", "\xc3\x89ilis"},
	    {"SUMMARY:a\\\xc3\x89 b\\\\c \\t d\\\r\n", "a\\\xc3\x89 b\\c \\t d\\"},
	    {"SUMMARY:\xc9ilis \x80 \x93x\x94\r\n", "\xc3\x89ilis \xe2\x82\xac \"x\""},
	    {"SUMMARY:\xc3\r\n \x89ilis\r\n", "\xc3\x89ilis"},
	    {"SUMMARY;LANGUAGE=en;X-A=\"b:c\":a\\, b\\;c\\nd\r\n", "a, b;c d"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *arena = arena_new(0);
		const char *bytes = arena_printf(arena,
		    HEAD "BEGIN:VEVENT\r\n"
			 "UID:a\r\n"
			 "DTSTART:20260701T080000Z\r\n"
			 "DTEND:20260701T090000Z\r\n"
			 "%sEND:VEVENT\r\n" TAIL,
		    cases[i].bytes);
		struct reading reading = read_bytes(arena, bytes, strlen(bytes));

		assert_int_equal(reading.noccurrences, 1);
		assert_string_equal(reading.occurrences[0].summary, cases[i].summary);
		arena_free(arena);
	}
}

static void
add_many(struct buf *buf, const char *text, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_add_text(buf, text);
}

static void
check_limit(struct buf *buf, const char *why)
{
	struct arena *arena = arena_new(0);
	struct reading reading = read_bytes(arena, buf->at, buf->len);

	if (why == NULL && reading.refused)
		fail_msg("%s", reading.findings[0].text);
	if (why != NULL) {
		assert_true(reading.refused);
		if (!support_finding(&reading, NULL, why))
			fail_msg("%s: %s", why, reading.findings[0].text);
	}
	arena_free(arena);
	buf_free(buf);
}

static void
limits_are_kept(void **state)
{
	struct buf buf = {0};

	(void)state;
	buf_add_text(&buf,
	    HEAD "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260701T080000Z\r\nEXDATE:20260101T000000Z");
	add_many(&buf, ",20260101T000000Z", 499);
	buf_add_text(&buf, "\r\nEND:VEVENT\r\n" TAIL);
	check_limit(&buf, NULL);

	buf_add_text(&buf,
	    HEAD "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260701T080000Z\r\nEXDATE:20260101T000000Z");
	add_many(&buf, ",20260101T000000Z", 500);
	buf_add_text(&buf, "\r\nEND:VEVENT\r\n" TAIL);
	check_limit(&buf, "more than 500 dates");

	buf_add_text(&buf, HEAD "BEGIN:VEVENT\r\nUID:a\r\nDTSTART");
	add_many(&buf, ";X-A=1", 101);
	buf_add_text(&buf, ":20260701T080000Z\r\nEND:VEVENT\r\n" TAIL);
	check_limit(&buf, "more than 100 parameters");

	buf_add_text(&buf, HEAD "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260701T080000Z\r\nSUMMARY:");
	add_many(&buf, "xxxxxxxxxx", 7000);
	buf_add_text(&buf, "\r\nEND:VEVENT\r\n" TAIL);
	check_limit(&buf, "longer than 64 KB");

	buf_add_text(&buf, HEAD "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260701T080000Z\r\nRRULE:");
	add_many(&buf, "xxxxxxxxxx", 7000);
	buf_add_text(&buf, "\r\nEND:VEVENT\r\n" TAIL);
	check_limit(&buf, "longer than 64 KB");

	/* A property that is not used may be of any length. */
	buf_add_text(&buf,
	    HEAD "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260701T080000Z\r\nATTACH;ENCODING=BASE64:");
	add_many(&buf, "xxxxxxxxxx", 70000);
	buf_add_text(&buf, "\r\nEND:VEVENT\r\n" TAIL);
	check_limit(&buf, NULL);

	buf_add_text(&buf, HEAD);
	add_many(&buf, "junk\r\n", 1001);
	buf_add_text(&buf, TAIL);
	check_limit(&buf, "More than 1000 lines");

	buf_add_text(&buf, HEAD);
	add_many(&buf, "BEGIN:VTIMEZONE\r\nTZID:X\r\nEND:VTIMEZONE\r\n", 500);
	buf_add_text(&buf, TAIL);
	check_limit(&buf, NULL);
	buf_add_text(&buf, HEAD);
	add_many(&buf, "BEGIN:VTIMEZONE\r\nTZID:X\r\nEND:VTIMEZONE\r\n", 501);
	buf_add_text(&buf, TAIL);
	check_limit(&buf, "More than 500 time zones");

	buf_add_text(&buf, HEAD);
	add_many(&buf, "BEGIN:VEVENT\r\nEND:VEVENT\r\n", 50001);
	buf_add_text(&buf, TAIL);
	check_limit(&buf, "more than 50000 events");

	buf_add_text(&buf, HEAD);
	add_many(&buf, "X-A:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n", 220000);
	buf_add_text(&buf, TAIL);
	check_limit(&buf, "larger than 10 MB");

	buf_add_text(&buf, HEAD);
	add_many(&buf, "BEGIN:VEVENT\r\n", 100000);
	check_limit(&buf, "nested more than 5");
}

/* Nothing that is cut off, and nothing with one byte changed, is read as if it were whole; the
 * sanitizers watch the rest. */
static void
damage_does_no_harm(void **state)
{
	static const char bytes[] = HEAD "BEGIN:VTIMEZONE\r\n"
					 "TZID:Z1\r\n"
					 "BEGIN:STANDARD\r\n"
					 "DTSTART:19701025T020000\r\n"
					 "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"
					 "TZOFFSETFROM:+0100\r\n"
					 "TZOFFSETTO:+0000\r\n"
					 "END:STANDARD\r\n"
					 "END:VTIMEZONE\r\n"
					 "BEGIN:VEVENT\r\n"
					 "UID:a\r\n"
					 "DTSTART;TZID=Z1:20260701T080000\r\n"
					 "DURATION:PT12H\r\n"
					 "RRULE:FREQ=WEEKLY;BYDAY=MO,TU;COUNT=10\r\n"
					 "EXDATE;TZID=Z1:20260706T080000\r\n"
					 "RDATE;VALUE=PERIOD:20260705T080000Z/PT2H\r\n"
					 "SUMMARY:J Jones\r\n"
					 "END:VEVENT\r\n"
					 "BEGIN:VEVENT\r\n"
					 "UID:a\r\n"
					 "RECURRENCE-ID;TZID=Z1:20260707T080000\r\n"
					 "DTSTART;TZID=Z1:20260707T090000\r\n"
					 "DTEND;TZID=Z1:20260707T190000\r\n"
					 "END:VEVENT\r\n" TAIL;

	(void)state;
	for (size_t len = 0; len < sizeof bytes - 3; len++) {
		struct arena *arena = arena_new(0);
		char *copy = malloc(len + 1);

		memcpy(copy, bytes, len);
		assert_true(read_bytes(arena, copy, len).refused);
		free(copy);
		arena_free(arena);
	}
	for (size_t at = 0; at < sizeof bytes - 1; at++) {
		for (unsigned change = 1; change < 256; change <<= 1) {
			struct arena *arena = arena_new(0);
			char *copy = malloc(sizeof bytes - 1);

			memcpy(copy, bytes, sizeof bytes - 1);
			copy[at] = (char)(copy[at] ^ (char)change);
			read_bytes(arena, copy, sizeof bytes - 1);
			free(copy);
			arena_free(arena);
		}
	}
}

/* An event where none belongs is named, and the component around it continues after it. */
static void
events_inside_other_parts_are_named(void **state)
{
	static const char bytes[] =
	    HEAD "BEGIN:VTIMEZONE\r\nTZID:Z1\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
		 "BEGIN:VEVENT\r\nUID:hidden\r\nEND:VEVENT\r\n"
		 "RRULE:FREQ=YEARLY\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\nEND:"
		 "STANDARD\r\nEND:VTIMEZONE\r\n"
		 "BEGIN:VTODO\r\n" GOOD "END:VTODO\r\n" GOOD TAIL;
	struct arena *arena = arena_new(0);
	struct reading reading = read_bytes(arena, bytes, sizeof bytes - 1);

	(void)state;
	assert_string_equal(support_list(arena, &reading), LIST);
	assert_true(
	    support_finding(&reading, NULL, "inside some other part of the calendar (STANDARD)"));
	assert_true(
	    support_finding(&reading, NULL, "inside some other part of the calendar (VTODO)"));
	assert_int_equal(reading.counts[READING_UNREADABLE], 2);
	arena_free(arena);
}

static void
shapes_are_exact(void **state)
{
	(void)state;
	assert_int_equal(shape_of_time(slice_of("20260701")), SHAPE_DATE);
	assert_int_equal(shape_of_time(slice_of("20260701T080000")), SHAPE_TIME);
	assert_int_equal(shape_of_time(slice_of("20260701T080000Z")), SHAPE_TIME);
	assert_int_equal(shape_of_time(slice_of("20260701T080000Z/PT1H")), SHAPE_PERIOD);
	assert_int_equal(
	    shape_of_time(slice_of("20260701T080000Z/20260701T090000Z")), SHAPE_PERIOD);
	assert_int_equal(shape_of_time(slice_of("2026070")), SHAPE_BAD);
	assert_int_equal(shape_of_time(slice_of("20260701T0800")), SHAPE_BAD);
	assert_int_equal(shape_of_time(slice_of("20260701T080000X")), SHAPE_BAD);
	assert_int_equal(shape_of_time(slice_of("2026 701T080000")), SHAPE_BAD);
	assert_int_equal(shape_of_time(slice_of("-0260701T080000")), SHAPE_BAD);
	assert_int_equal(shape_of_time(slice_of("20260701/PT1H")), SHAPE_BAD);
	assert_int_equal(shape_of_time(slice_of("20260701T080000Z/")), SHAPE_BAD);
	assert_int_equal(shape_of_time(slice_of("")), SHAPE_BAD);
	assert_true(shape_is_duration(slice_of("PT1H")));
	assert_true(shape_is_duration(slice_of("+P1DT2H3M4S")));
	assert_true(shape_is_duration(slice_of("-P2W")));
	assert_false(shape_is_duration(slice_of("P")));
	assert_false(shape_is_duration(slice_of("PT")));
	assert_false(shape_is_duration(slice_of("P1DT")));
	assert_false(shape_is_duration(slice_of("P5")));
	assert_false(shape_is_duration(slice_of("PT1")));
	assert_false(shape_is_duration(slice_of("1H")));
	assert_false(shape_is_duration(slice_of("P12345678D")));
	assert_false(shape_is_duration(slice_of("P1H")));
	assert_true(shape_is_offset(slice_of("+0100")));
	assert_true(shape_is_offset(slice_of("-053000")));
	assert_false(shape_is_offset(slice_of("0100")));
	assert_false(shape_is_offset(slice_of("+1")));
}

static void
parameters_are_found_after_quotes(void **state)
{
	struct content_line line;

	(void)state;
	assert_true(
	    lines_split(SLICE("DTSTART;X=\"a;TZID=b:c\";TZID=\"Europe/London\":2026"), &line));
	assert_true(slice_is(line.name, "DTSTART"));
	assert_true(slice_is(line.value, "2026"));
	assert_true(slice_is(lines_param(&line, "tzid"), "Europe/London"));
	assert_int_equal(lines_param(&line, "VALUE").len, 0);
	assert_int_equal(line.nparams, 2);
	assert_false(lines_split(SLICE("no colon"), &line));
	assert_false(lines_split(SLICE(":x"), &line));
	assert_false(lines_split(SLICE("A B:x"), &line));
	assert_false(lines_split(SLICE("A;X=\"b:c"), &line));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_follows_the_end_is_told_once),
	    cmocka_unit_test(what_is_no_whole_calendar_is_refused),
	    cmocka_unit_test(a_nul_byte_is_refused_wherever_it_is),
	    cmocka_unit_test(sloppy_writing_is_read),
	    cmocka_unit_test(letters_survive),
	    cmocka_unit_test(limits_are_kept),
	    cmocka_unit_test(damage_does_no_harm),
	    cmocka_unit_test(events_inside_other_parts_are_named),
	    cmocka_unit_test(shapes_are_exact),
	    cmocka_unit_test(parameters_are_found_after_quotes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
